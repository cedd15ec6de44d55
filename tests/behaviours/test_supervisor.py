"""Supervisors: which children restart, in which order, and when to give up. Rules SUP-01 to SUP-43."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.running import settle, virtual

Log = list[Any]
GROUPS = ["one_for_one", "one_for_all", "rest_for_one"]


class Worker(ab.GenServer):
    """Notes its starts and its ends; `plan` says for each start in turn what happens: ok, ignore, or a failure."""

    def init(self, id: str, log: Log, plan: list[str] | None = None, trap: bool = True) -> Any:
        self.id, self.log = id, log
        ab.flag(trap_exit=trap)
        step = plan.pop(0) if plan else "ok"
        log.append(f"{step} {id}" if step != "ok" else f"start {id}")
        return None if step == "ok" else ab.Ignore() if step == "ignore" else ab.Stop(step)

    def handle_cast(self, request: Any) -> Any:
        return ab.Stop(request)

    def terminate(self, reason: Any) -> None:
        self.log.append(f"stop {self.id} {reason}")


def worker(id: str, log: Log, plan: list[str] | None = None, trap: bool = True, **options: Any) -> ab.ChildSpec:
    return Worker.child_spec(id, ab.share(log), ab.share(plan), trap, id=id, name=id, **options)


async def supervise(children: Any, **options: Any) -> ab.Pid:
    pid = await ab.Supervisor.start(children, **options)
    assert pid is not None
    return pid


async def end(id: str, reason: Any = "boom") -> None:
    """Have a worker end itself."""
    ab.GenServer.cast(id, reason)
    await settle()


def pids(*ids: str) -> list[ab.Pid | None]:
    return [ab.whereis(id) for id in ids]


@virtual
async def test_strategies_limits_and_options_are_checked_sup_01_sup_03() -> None:
    for options, word in [
        ({"strategy": "one_for_none"}, "invalid_strategy"),
        ({"max_restarts": -1}, "invalid_intensity"),
        ({"max_restarts": 1.5}, "invalid_intensity"),
        ({"max_seconds": 0}, "invalid_period"),
        ({"auto_shutdown": "sometimes"}, "invalid_auto_shutdown"),
    ]:
        with pytest.raises(ab.ChildSpecError, match=r"supervisor: expected .* to be .*, got ") as failed:
            await ab.Supervisor.start([], **options)  # type: ignore[arg-type]
        assert failed.value.reason[0] == word
    with pytest.raises(TypeError, match=r"expected the options strategy, .*, got max_restart$"):
        await ab.Supervisor.start([], max_restart=1)


def test_specs_have_the_defaults_of_the_rule_sup_02() -> None:
    from actorbook.behaviours.child_spec import check_child

    spec = check_child(Worker.child_spec("a", []))
    assert (spec.restart, spec.type, spec.shutdown, spec.significant) == ("permanent", "worker", 5.0, False)
    assert spec.modules == ("Worker",)
    nested = check_child(ab.Supervisor.child_spec([]))
    assert (nested.type, nested.shutdown) == ("supervisor", "infinity")


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"start": (Worker.start_link,)}, "missing_id"),
        ({"id": None, "start": (Worker.start_link,)}, "missing_id"),
        ({"id": "a"}, "missing_start"),
        ({"id": "a", "start": "Worker"}, "invalid_mfa"),
        ({"id": "a", "start": (Worker.start_link,), "restart": "always"}, "invalid_restart_type"),
        ({"id": "a", "start": (Worker.start_link,), "shutdown": -1}, "invalid_shutdown"),
        ({"id": "a", "start": (Worker.start_link,), "shutdown": "soon"}, "invalid_shutdown"),
        ({"id": "a", "start": (Worker.start_link,), "type": "boss"}, "invalid_child_type"),
        (5, "invalid_child_spec"),
        (int, "invalid_child_spec"),
    ],
)
def test_a_bad_child_spec_is_refused_in_one_clear_line_sup_04(fields: Any, word: str) -> None:
    @virtual
    async def body() -> None:
        for attempt in (
            lambda: ab.Supervisor.start([fields]),
            lambda: ab.Supervisor.start_child("sup", fields),
        ):
            with pytest.raises(ab.ChildSpecError, match=r"child spec.*expected .*got") as failed:
                await attempt()
            reason = failed.value.reason
            assert (reason[0] if isinstance(reason, tuple) else reason) == word
            assert "\n" not in str(failed.value)

    body()


@virtual
async def test_duplicate_ids_start_nothing_sup_05() -> None:
    log: Log = []
    with pytest.raises(ab.ChildSpecError, match=r"expected unique ids, got 'a' twice") as failed:
        await supervise([worker("a", log), worker("b", log), worker("a", log)])
    assert failed.value.reason == ("duplicate_child_name", "a")
    assert log == []


@virtual
async def test_children_start_in_order_and_stop_in_reverse_sup_07_sup_36() -> None:
    log: Log = []
    sup = await supervise([worker(id, log) for id in "abc"])
    assert log == ["start a", "start b", "start c"]
    await ab.stop(sup)
    assert log[3:] == ["stop c shutdown", "stop b shutdown", "stop a shutdown"]


@virtual
async def test_a_child_that_fails_at_boot_stops_those_before_it_sup_08() -> None:
    log: Log = []
    with pytest.raises(ab.SupervisorError, match=r"its child 'c' failed with bad") as failed:
        await supervise([worker("a", log), worker("b", log), worker("c", log, ["bad"]), worker("d", log)])
    assert failed.value.reason == ("shutdown", ("failed_to_start_child", "c", "bad"))
    assert log == ["start a", "start b", "bad c", "stop b shutdown", "stop a shutdown"]


@virtual
async def test_a_failure_at_boot_is_told_by_every_supervisor_above_it_sup_08() -> None:
    inner = ab.ChildSpec("inner", (ab.Supervisor.start_link, ([worker("a", [], ["bad"])],)), type="supervisor")  # type: ignore[arg-type]
    with pytest.raises(ab.SupervisorError) as failed:
        await supervise([inner])
    because = ("shutdown", ("failed_to_start_child", "a", "bad"))
    assert failed.value.reason == ("shutdown", ("failed_to_start_child", "inner", because))


@virtual
async def test_a_start_function_that_raises_exits_or_returns_junk_is_a_start_error_sup_09() -> None:
    def raises() -> None:
        raise ValueError("no")

    def exits() -> None:
        raise ab.Exit("left")

    for start, reason in [
        (raises, ab.Crash(ValueError, "no")),
        (exits, "left"),
        (lambda: 5, ("bad_return_value", 5)),
    ]:
        with pytest.raises(ab.SupervisorError) as failed:
            await supervise([{"id": "a", "start": (start,)}])
        assert failed.value.reason == ("shutdown", ("failed_to_start_child", "a", reason))


@virtual
async def test_info_of_a_start_is_handed_back_sup_10() -> None:
    log: Log = []

    async def start() -> Any:
        return await Worker.start_link("a", log), "info"

    sup = await supervise([])
    pid, info = await ab.Supervisor.start_child(sup, {"id": "a", "start": (start,)})
    assert (ab.is_alive(pid), info) == (True, "info")
    await ab.Supervisor.terminate_child(sup, "a")
    _, info = await ab.Supervisor.restart_child(sup, "a")
    assert info == "info"


@virtual
async def test_an_ignored_child_keeps_its_spec_unless_temporary_sup_11() -> None:
    log: Log = []
    sup = await supervise(
        [worker("a", log, ["ignore"]), worker("b", log, ["ignore"], restart="temporary"), worker("c", log)]
    )
    children = await ab.Supervisor.which_children(sup)
    assert [(child.id, child.pid is None) for child in children] == [("c", False), ("a", True)]


@virtual
async def test_a_slow_child_init_makes_questions_wait_sup_12() -> None:
    class Slow(ab.GenServer):
        async def init(self) -> None:
            await asyncio.sleep(10)

    sup = await supervise([])
    starting = asyncio.ensure_future(_starts(sup, Slow))
    await settle()
    loop = asyncio.get_running_loop()
    before = loop.time()
    assert len(await ab.Supervisor.which_children(sup)) == 1
    assert loop.time() - before == pytest.approx(10, abs=0.1)
    await starting


async def _starts(sup: ab.Pid, child: Any) -> Any:
    return await ab.Supervisor.start_child(sup, child)


@pytest.mark.parametrize(
    ("restart", "reason", "again"),
    [
        ("permanent", "normal", True),
        ("permanent", "shutdown", True),
        ("permanent", "boom", True),
        ("transient", "normal", False),
        ("transient", "shutdown", False),
        ("transient", ("shutdown", 1), False),
        ("transient", "boom", True),
        ("transient", "noproc", True),
        ("temporary", "normal", False),
        ("temporary", "boom", False),
    ],
)
@pytest.mark.parametrize("strategy", GROUPS)
def test_who_restarts_after_which_end_sup_13_14_15_21(strategy: str, restart: Any, reason: Any, again: bool) -> None:
    @virtual
    async def body() -> None:
        log: Log = []
        sup = await supervise([worker("a", log, restart=restart), worker("b", log)], strategy=strategy)
        before = pids("a", "b")
        await end("a", reason)
        after = pids("a", "b")
        assert (after[0] is not None) is again
        assert after[0] != before[0]
        if not again:
            assert after[1] == before[1]
        ids = [child.id for child in await ab.Supervisor.which_children(sup)]
        assert ids == (["b"] if restart == "temporary" else ["b", "a"])

    body()


@virtual
async def test_one_for_one_touches_only_the_dead_sup_16() -> None:
    log: Log = []
    await supervise([worker(id, log) for id in "abc"])
    before = pids(*"abc")
    await end("b")
    after = pids(*"abc")
    assert [x == y for x, y in zip(before, after, strict=True)] == [True, False, True]
    assert log[3:] == ["stop b boom", "start b"]


@virtual
async def test_one_for_all_stops_the_others_in_reverse_and_starts_all_sup_17() -> None:
    log: Log = []
    await supervise([worker(id, log) for id in "abc"], strategy="one_for_all")
    await end("b")
    assert log[3:] == ["stop b boom", "stop c shutdown", "stop a shutdown", "start a", "start b", "start c"]


@virtual
async def test_rest_for_one_restarts_the_later_ones_sup_18() -> None:
    log: Log = []
    sup = await supervise([worker(id, log) for id in "abc"], strategy="rest_for_one")
    await ab.Supervisor.start_child(sup, worker("d", log))
    first = ab.whereis("a")
    await end("b")
    assert log[4:] == ["stop b boom", "stop d shutdown", "stop c shutdown", "start b", "start c", "start d"]
    assert ab.whereis("a") == first


@virtual
async def test_a_group_restart_starts_those_who_were_down_too_sup_19() -> None:
    log: Log = []
    sup = await supervise(
        [worker("a", log), worker("b", log, restart="transient"), worker("c", log)], strategy="one_for_all"
    )
    await end("b", "normal")
    await ab.Supervisor.terminate_child(sup, "c")
    assert pids("b", "c") == [None, None]
    await end("a")
    assert None not in pids("a", "b", "c")


@virtual
async def test_temporary_siblings_do_not_come_back_sup_20() -> None:
    log: Log = []
    sup = await supervise([worker("a", log), worker("b", log, restart="temporary")], strategy="one_for_all")
    await end("a")
    assert [child.id for child in await ab.Supervisor.which_children(sup)] == ["a"]


@virtual
async def test_a_group_restart_counts_once_sup_22() -> None:
    log: Log = []
    sup = await supervise([worker(id, log) for id in "abcdef"], strategy="one_for_all", max_restarts=2)
    for _ in range(2):
        await end("c")
    assert ab.is_alive(sup)
    await end("c")
    assert not ab.is_alive(sup)


@pytest.mark.parametrize(("strategy", "restarts"), [("one_for_all", 1), ("one_for_one", 2)])
def test_linked_siblings_that_die_together_count_by_strategy_sup_23(strategy: str, restarts: int) -> None:
    class Linked(Worker):
        def init(self, id: str, log: Log, plan: Any = None, trap: bool = False) -> Any:
            peer = ab.whereis("a")
            if peer is not None:
                ab.link(peer)
            return super().init(id, log, plan, trap)

    @virtual
    async def body() -> None:
        log: Log = []
        specs = [Linked.child_spec(id, ab.share(log), None, False, id=id, name=id) for id in "ab"]
        sup = await supervise(specs, strategy=strategy, max_restarts=restarts - 1)
        await end("b")
        assert not ab.is_alive(sup)
        sup = await supervise(specs, strategy=strategy, max_restarts=restarts)
        await end("b")
        assert ab.is_alive(sup)
        assert None not in pids("a", "b")

    body()


@virtual
async def test_the_fourth_crash_within_five_seconds_ends_it_sup_24() -> None:
    log: Log = []
    sup = await supervise([worker("a", log), worker("b", log)])
    ref = ab.monitor(sup)
    for _ in range(3):
        await end("a")
    assert ab.is_alive(sup)
    await end("a")
    assert ab.flush() == [ab.DOWN(ref, sup, "shutdown")]
    assert log[-2:] == ["stop a boom", "stop b shutdown"]


@virtual
async def test_an_intensity_of_zero_allows_no_restart_sup_25() -> None:
    log: Log = []
    sup = await supervise([worker("a", log)], max_restarts=0)
    await end("a", "normal")
    assert (ab.is_alive(sup), ab.whereis("a")) == (False, None)


@pytest.mark.parametrize(("apart", "alive"), [(5, False), (5.74, False), (6, True)])
def test_the_window_counts_whole_seconds_inclusive_sup_26(apart: float, alive: bool) -> None:
    @virtual
    async def body() -> None:  # the test's clock begins at a quarter past a second
        log: Log = []
        sup = await supervise([worker("a", log)], max_restarts=1, max_seconds=5)
        await end("a")
        await asyncio.sleep(apart)
        await end("a")
        assert ab.is_alive(sup) is alive

    body()


@virtual
async def test_the_counter_is_the_supervisors_and_there_is_no_delay_sup_27_sup_28() -> None:
    log: Log = []
    sup = await supervise([worker("a", log), worker("b", log)], max_restarts=2)
    for _ in range(5):
        await ab.Supervisor.terminate_child(sup, "a")
        await ab.Supervisor.restart_child(sup, "a")
    now = asyncio.get_running_loop().time()
    await end("a")
    await end("b")
    assert None not in pids("a", "b")
    assert asyncio.get_running_loop().time() - now < 0.01
    await end("a")
    assert not ab.is_alive(sup)


@virtual
async def test_a_restart_that_fails_is_tried_again_and_each_try_counts_sup_29() -> None:
    log: Log = []
    sup = await supervise([worker("a", log, ["ok", "bad", "bad", "bad", "bad"])], max_restarts=3)
    ref = ab.monitor(sup)
    await end("a")
    await settle()
    assert log == ["start a", "stop a boom", "bad a", "bad a", "bad a"]
    assert ab.flush() == [ab.DOWN(ref, sup, "shutdown")]


@virtual
async def test_between_retries_the_supervisor_answers_sup_30() -> None:
    class Hard(ab.GenServer):
        async def init(self, plan: Any) -> Any:
            await asyncio.sleep(1)
            return ab.Stop("bad") if plan["bad"] else None

        def handle_cast(self, request: Any) -> Any:
            return ab.Stop(request)

    plan = {"bad": False}
    spec = Hard.child_spec(ab.share(plan), id="a", name="a")
    sup = await supervise([spec], max_restarts=1000)
    plan["bad"] = True
    await end("a")
    await asyncio.sleep(1.5)
    [child] = await ab.Supervisor.which_children(sup)
    assert child.pid == "restarting"
    counts = await ab.Supervisor.count_children(sup)
    assert counts == {"specs": 1, "active": 0, "supervisors": 0, "workers": 1}
    for attempt, reason in [
        (lambda: ab.Supervisor.restart_child(sup, "a"), "restarting"),
        (lambda: ab.Supervisor.delete_child(sup, "a"), "restarting"),
        (lambda: ab.Supervisor.start_child(sup, spec), "already_present"),
    ]:
        with pytest.raises(ab.SupervisorError) as failed:
            await attempt()  # type: ignore[no-untyped-call]
        assert failed.value.reason == reason
    assert await ab.Supervisor.terminate_child(sup, "a") == "ok"
    plan["bad"] = False
    await asyncio.sleep(10)
    [child] = await ab.Supervisor.which_children(sup)
    assert child.pid is None


@virtual
async def test_one_for_all_retries_the_whole_group_sup_31() -> None:
    log: Log = []
    plans = {"b": ["ok", "bad"]}
    await supervise([worker(id, log, plans.get(id)) for id in "abc"], strategy="one_for_all")
    await end("c")
    await settle()
    assert log[3:] == [
        "stop c boom", "stop b shutdown", "stop a shutdown", "start a", "bad b",
        "stop a shutdown", "start a", "start b", "start c",
    ]  # fmt: skip


@virtual
async def test_rest_for_one_retries_from_the_one_that_failed_sup_32() -> None:
    log: Log = []
    plans = {"c": ["ok", "bad"]}
    await supervise([worker(id, log, plans.get(id)) for id in "abcd"], strategy="rest_for_one")
    await end("b")
    await settle()
    assert log[4:] == [
        "stop b boom", "stop d shutdown", "stop c shutdown", "start b", "bad c", "start c", "start d",
    ]  # fmt: skip


@virtual
async def test_ignore_on_a_restart_leaves_the_child_down_sup_33() -> None:
    log: Log = []
    sup = await supervise([worker("a", log, ["ok", "ignore"])])
    await end("a")
    [child] = await ab.Supervisor.which_children(sup)
    assert (child.id, child.pid) == ("a", None)
    assert log == ["start a", "stop a boom", "ignore a"]


@pytest.mark.parametrize(("restart", "back"), [("permanent", True), ("transient", False)])
def test_a_nested_supervisor_over_its_limit_is_its_parents_affair_sup_34_sup_35(restart: Any, back: bool) -> None:
    @virtual
    async def body() -> None:
        log: Log = []
        nested = ab.Supervisor.child_spec([worker("a", log)], max_restarts=0, name="in", restart=restart)
        top = await supervise([nested])
        await ab.Supervisor.start_child("in", worker("added", log))
        await end("a")
        assert ab.is_alive(top)
        assert (ab.whereis("in") is not None) is back
        assert (ab.whereis("a") is not None) is back
        assert ab.whereis("added") is None

    body()


class Stubborn(Worker):
    async def terminate(self, reason: Any) -> None:  # type: ignore[override]
        self.log.append(f"begins {self.id}")
        await asyncio.sleep(60)
        self.log.append(f"ends {self.id}")


@pytest.mark.parametrize(
    ("shutdown", "seconds", "log_after"),
    [(2, 2, ["begins a"]), ("brutal_kill", 0, []), ("infinity", 60, ["begins a", "ends a"])],
)
def test_how_long_a_stop_waits_sup_37_sup_38(shutdown: Any, seconds: float, log_after: Log) -> None:
    @virtual
    async def body() -> None:
        log: Log = []
        sup = await supervise([Stubborn.child_spec("a", ab.share(log), name="a", shutdown=shutdown)])
        child = ab.whereis("a")
        assert child is not None
        ref = ab.monitor(child)
        now = asyncio.get_running_loop().time()
        await ab.stop(sup, timeout=None)
        assert asyncio.get_running_loop().time() - now == pytest.approx(seconds, abs=0.1)
        assert log[1:] == log_after
        reason = "shutdown" if shutdown == "infinity" else "killed"
        assert ab.flush() == [ab.DOWN(ref, child, reason)]

    body()


@virtual
async def test_children_that_end_by_themselves_do_not_disturb_a_stop_sup_39() -> None:
    class Odd(Worker):
        def terminate(self, reason: Any) -> None:
            raise KeyError(self.id)

    log: Log = []
    sup = await supervise([Odd.child_spec(id, ab.share(log), id=id, name=id) for id in "abc"])
    ab.GenServer.cast("b", "odd")
    await ab.stop(sup)
    assert pids(*"abc") == [None, None, None]


@virtual
async def test_a_child_that_unlinked_can_still_be_terminated_sup_40() -> None:
    class Loose(Worker):
        def init(self, id: str, log: Log, plan: Any = None, trap: bool = True) -> Any:
            for pid in ab.process_info(ab.self_())["links"]:  # type: ignore[index]
                ab.unlink(pid)
            return super().init(id, log, plan, trap)

    log: Log = []
    sup = await supervise([Loose.child_spec(id, ab.share(log), id=id, name=id) for id in "ab"])
    assert await ab.Supervisor.terminate_child(sup, "a") == "ok"
    gone = ab.whereis("b")
    await end("b")
    children = {child.id: child.pid for child in await ab.Supervisor.which_children(sup)}
    assert children == {"a": None, "b": gone}
    assert (await ab.Supervisor.count_children(sup))["active"] == 0


@pytest.mark.parametrize("reason", ["normal", "boom"])
def test_a_supervisor_ends_with_its_parent_and_takes_the_tree_along_sup_41(reason: str) -> None:
    async def parent(log: Log) -> None:
        await ab.Supervisor.start_link([worker("a", log)], name="sup")
        raise ab.Exit(await ab.receive())

    @virtual
    async def body() -> None:
        log: Log = []
        father = ab.spawn(parent, ab.share(log))
        await settle()
        sup = ab.whereis("sup")
        assert sup is not None
        ref = ab.monitor(sup)
        ab.send(father, reason)
        assert await ab.receive(timeout=5) == ab.DOWN(ref, sup, reason)
        assert log == ["start a", "stop a shutdown"]

    body()


@virtual
async def test_a_stranger_cannot_shut_a_supervisor_down_sup_42() -> None:
    log: Log = []
    sup = await supervise([worker("a", log)])
    ab.exit(sup, "shutdown")
    ab.send(sup, "stray")
    ab.GenServer.cast(sup, "stray")
    await settle()
    assert ab.is_alive(sup)
    with pytest.raises(ab.SupervisorError, match=r"expected one of the functions of Supervisor"):
        raise ab.SupervisorError(*(await ab.GenServer.call(sup, "stray")))


@virtual
async def test_a_killed_supervisor_stops_nobody_in_order_sup_43() -> None:
    log: Log = []
    sup = await supervise([worker("a", log), worker("b", log, None, False)])
    child = ab.whereis("b")
    assert child is not None
    ref = ab.monitor(child)
    ab.exit(sup, "kill")
    await settle()
    assert log[2:] == ["stop a killed"]
    assert ab.flush() == [ab.DOWN(ref, child, "killed")]
