"""Pools: who gets what, what a crash means, how workers come and go, and having one for oneself."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.cluster.actors import Counter, Hand
from tests.conformance.test_upg import Cells
from tests.running import now, passed, reason_of_end, settle, virtual

POOL = ab.Pool


class Worker(ab.GenServer):
    """Works for a while, says who it is, and writes down what it did."""

    def init(self, *args: Any, log: list[Any] | None = None) -> None:
        self.args, self.log = args, log if log is not None else []

    @ab.call
    def who(self) -> ab.Pid:
        return ab.self_()

    async def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        match request:
            case "crash":
                raise RuntimeError("boom")
            case float():
                await ab.sleep(request)
        self.log.append(request)
        return ab.self_()

    async def handle_cast(self, request: Any) -> None:
        await self.handle_call(request, None)  # type: ignore[arg-type]

    def handle_info(self, message: Any) -> None:
        self.log.append(message)


async def start(size: int = 3, **options: Any) -> ab.Pid:
    pid = await POOL.start(options.pop("child", Worker), size=size, name="pool", **options)
    assert pid is not None
    return pid


def ask(request: Any, key: Any = None) -> ab.Pid:
    """A process that calls the pool, and ends with the answer, or with what the call failed with."""
    pid: ab.Pid = ab.spawn(_ask, request, key)
    return pid


async def _ask(request: Any, key: Any) -> None:
    raise ab.Exit(("answer", await POOL.call("pool", request, key, timeout=100)))


# --- who gets what


@virtual
async def test_the_workers_are_children_of_a_supervisor_and_take_turns() -> None:
    sup = await start(3)
    workers = POOL.workers("pool")

    assert [await POOL.call("pool", "x") for _ in range(5)] == [*workers, *workers[:2]]
    assert [child.pid for child in await ab.Supervisor.which_children("pool")] == list(reversed(workers))
    tree = ab.observe.tree(sup)
    assert (tree.kind, tree.cls, [child.name for child in tree.children]) == (
        "supervisor", "pool round_robin", ["0", "1", "2"],
    )  # fmt: skip
    assert POOL.workers(sup) == workers


@virtual
async def test_workers_get_their_arguments_from_start_or_from_a_spec() -> None:
    await POOL.start(Worker, 1, 2, size=1, name="pool")
    await POOL.start(Worker.child_spec(3, log=[4]), size=1, name="other")

    assert (await ab.sys.get_state(POOL.pick("pool"))).args == (1, 2)
    state = await ab.sys.get_state(POOL.pick("other"))
    assert (state.args, state.log) == ((3,), [4])


@virtual
async def test_the_least_busy_is_asked() -> None:
    await start(3, strategy="least_mailbox")
    workers = POOL.workers("pool")
    for worker, requests in zip(workers, (3, 1, 2), strict=True):
        for _ in range(requests):
            ab.GenServer.cast(worker, 1.0)
    await settle()

    assert POOL.pick("pool") is workers[1]
    ask(1.0), ask(1.0)
    await settle()
    assert sorted(ab.process_info(pid)["message_queue_len"] for pid in workers) == [1, 2, 2]  # and each is at one


@virtual
async def test_two_choices_and_random_draw_from_the_nodes_luck() -> None:
    for strategy in ("random", "two_choices"):
        pid = await start(4, strategy=strategy)
        assert {POOL.pick(pid) for _ in range(200)} == set(POOL.workers(pid))
        await ab.stop(pid)


@virtual
async def test_a_key_has_its_worker_also_after_that_was_replaced_and_few_move_when_one_goes() -> None:
    await start(4, strategy="hash", max_restarts=100)
    keys = range(200)
    before = {key: POOL.workers("pool").index(POOL.pick("pool", key)) for key in keys}
    assert set(before.values()) == {0, 1, 2, 3}
    for worker in POOL.workers("pool"):
        ab.exit(worker, "kill")
    await settle()
    assert {key: POOL.workers("pool").index(POOL.pick("pool", key)) for key in keys} == before
    await POOL.resize("pool", 3)
    after = {key: POOL.workers("pool").index(POOL.pick("pool", key)) for key in keys}

    assert {key for key in keys if before[key] != after[key]} == {key for key in keys if before[key] == 3}


@virtual
async def test_a_bound_takes_keys_away_from_who_has_too_much_to_do() -> None:
    await start(4, strategy="hash", bound=1.25)
    for _ in range(40):
        POOL.cast("pool", 1.0, key="the one that all want")
    await settle()

    assert {ab.process_info(pid)["message_queue_len"] for pid in POOL.workers("pool")} <= set(range(13))
    with pytest.raises(ValueError, match="expected a key"):
        POOL.pick("pool")


@virtual
async def test_a_via_name_makes_everything_that_sends_work() -> None:
    log: list[Any] = []
    await start(1, child=Worker.child_spec(log=ab.share(log)))
    via = POOL.via("pool")
    worker = ab.whereis(via)

    assert via == ("via", POOL, ("pool", None))
    assert await ab.GenServer.call(via, "call") is worker
    ab.send(via, "send")
    ab.GenServer.cast(via, "cast")
    ab.send_after(via, "later", 1)
    ref = ab.GenServer.send_request(via, "request")
    assert await ab.GenServer.receive_response(ref) == ("reply", worker)
    POOL.send(("pool", None), "by the module")
    POOL.cast("pool", "cast 2")
    assert await POOL.pick("pool").who() is worker
    await ab.sleep(1)
    assert log == ["call", "send", "cast", "request", "by the module", "cast 2", "later"]
    with pytest.raises(ValueError, match=r"Pool: expected .* as an address"):
        POOL.register_name(("pool", None), ab.self_())


@virtual
async def test_without_a_pool_or_a_living_worker_a_call_is_noproc_and_a_cast_is_nothing() -> None:
    for missing in ("pool", ab.self_()):
        with pytest.raises(ab.CallExit, match="no pool") as failed:
            await POOL.call(missing, "x")
        assert failed.value.reason == "noproc"
        POOL.cast(missing, "x")
    await start(1)
    ab.exit(POOL.pick("pool"), "kill")
    with pytest.raises(ab.CallExit, match="no worker of the pool 'pool' is alive"):
        await POOL.call("pool", "x")
    await settle()
    assert await POOL.call("pool", "x") in POOL.workers("pool")


@virtual
async def test_bad_options_start_nothing() -> None:
    for options, words in [
        ({"size": 0}, "size to be a whole number, 1 or more, got 0"),
        ({"size": True}, "got True"),
        ({"strategy": "best"}, "expected one of round_robin, random, least_mailbox, two_choices, hash"),
        ({"bound": 2}, "only 'hash' can be bounded"),
        ({"bound": 0.5, "strategy": "hash"}, "expected 1 or more times the average"),
        ({"max_queue": -1}, "max_queue to be a whole number, 0 or more"),
        ({"child": Worker.child_spec(restart="transient")}, "restart='permanent', got 'transient'"),
        ({"max_restarts": -1}, "max_restarts"),
    ]:
        with pytest.raises(ValueError, match=words):
            await start(**{"size": 1, **options})
    with pytest.raises(TypeError, match=r"expected the options size, strategy, bound, .* got colour"):
        await start(colour="red")
    with pytest.raises(TypeError, match="expected the class of the workers"):
        await POOL.start()
    assert ab.whereis("pool") is None


@virtual
async def test_workers_with_a_limit_refuse_what_is_too_much_and_still_go_without_loss() -> None:
    log: list[Any] = []
    await start(2, child=Worker.child_spec(log=ab.share(log), mailbox=ab.Mailbox(1)))
    asked = [ask(1.0) for _ in range(2)]
    await settle()
    asked += [ask(1.0) for _ in range(2)]
    await settle()
    with pytest.raises(ab.CallExit) as failed:
        await POOL.call("pool", "too much")
    assert failed.value.reason == "mailbox_full"
    await POOL.resize("pool", 1)
    await ab.sleep(2)
    assert log == [1.0] * 4


# --- crashes


@virtual
async def test_who_waits_for_a_crashed_worker_hears_why_and_the_others_go_on() -> None:
    await start(2)
    first, second = POOL.workers("pool")
    waiting = [ab.spawn(_ask, request, None, monitor=True) for request in (1.0, 1.0, "crash", "ok", "ok", "ok")]
    reasons = {}
    for _ in waiting:
        down = await ab.receive(ab.DOWN)
        reasons[down.pid] = down.reason
    got = [reasons[pid] for pid, _ in waiting]

    assert got[0] == ("answer", first)
    assert got[1] == got[3] == got[5] == ("answer", second)
    assert [reason.message for reason in (got[2], got[4])] == ["boom", "boom"]
    assert first not in POOL.workers("pool")
    assert len(POOL.workers("pool")) == 2


# --- more and fewer


@virtual
async def test_who_goes_gets_nothing_new_finishes_its_mailbox_and_nothing_is_lost() -> None:
    log: list[Any] = []
    await start(3, child=Worker.child_spec(log=ab.share(log)))
    workers = POOL.workers("pool")
    started = now()
    asked = [ab.spawn(_ask, request, None, monitor=True)[0] for request in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)]
    await settle()
    assert await POOL.resize("pool", 1) == 3

    assert passed(started) == 9.0  # the last one to go had 3.0 and 6.0 to do
    assert POOL.workers("pool") == workers[:1]
    assert [ab.is_alive(pid) for pid in workers] == [True, False, False]
    downs = {down.pid: down.reason for down in ab.flush()}
    assert [downs[pid] for pid in asked] == [("answer", pid) for pid in workers * 2]


@virtual
async def test_the_pool_serves_and_restarts_while_workers_go() -> None:
    await start(3, max_restarts=10)
    workers = POOL.workers("pool")
    ab.GenServer.cast(workers[2], 10.0)
    await settle()
    resizing = ab.spawn(_resize, 2, monitor=True)[0]
    await settle()
    started = now()
    assert POOL.workers("pool") == workers[:2]
    assert {await POOL.call("pool", "x") for _ in range(4)} == set(workers[:2])
    ab.exit(workers[0], "kill")
    await settle()
    assert len(POOL.workers("pool")) == 2
    assert await POOL.resize("pool", 3) == 2
    assert passed(started) == 0
    assert len(await ab.Supervisor.which_children("pool")) == 4

    assert (await ab.receive(ab.DOWN)).pid is resizing
    assert passed(started) == 10
    assert len(await ab.Supervisor.which_children("pool")) == 3


async def _resize(size: int) -> None:
    await POOL.resize("pool", size)


@virtual
async def test_a_worker_that_crashes_while_it_is_to_go_is_not_replaced() -> None:
    await start(2)
    _, second = POOL.workers("pool")
    ab.GenServer.cast(second, 1.0)
    ab.GenServer.cast(second, "crash")
    await settle()

    assert await POOL.resize("pool", 1) == 2
    assert await ab.Supervisor.count_children("pool") == {"specs": 1, "active": 1, "supervisors": 0, "workers": 1}


@virtual
async def test_who_waits_for_workers_to_go_hears_of_it_also_when_one_is_stopped_by_hand() -> None:
    await start(2)
    ab.GenServer.cast(POOL.workers("pool")[1], 100.0)
    await settle()
    resizing = ab.spawn(_resize, 1)
    await settle()
    assert await ab.Supervisor.terminate_child("pool", 1) == "ok"

    assert await reason_of_end(resizing) in ("normal", "noproc")
    assert len(await ab.Supervisor.which_children("pool")) == 1


class Hard(ab.GenServer):
    """Starts as often as there is something in `plan`."""

    def init(self, plan: list[str]) -> Any:
        return ab.Stop("no more") if not plan else plan.clear()


@virtual
async def test_when_a_new_worker_does_not_start_none_stays() -> None:
    plan = ["once"]
    await POOL.start(Hard, ab.share(plan), size=1, name="pool")
    with pytest.raises(ab.SupervisorError) as failed:
        await POOL.resize("pool", 3)
    await settle()

    assert failed.value.reason == "no more"
    assert len(POOL.workers("pool")) == len(await ab.Supervisor.which_children("pool")) == 1


@virtual
async def test_only_resize_changes_the_number_of_workers() -> None:
    await start(2)
    for what, argument in (("start_child", Worker), ("delete_child", 0)):
        with pytest.raises(ab.SupervisorError) as failed:
            await getattr(ab.Supervisor, what)("pool", argument)
        assert failed.value.reason == "pool"
    with pytest.raises(ValueError, match="1 or more, got 0"):
        await POOL.resize("pool", 0)


@virtual
async def test_a_pool_that_is_stopped_ends_all_also_those_about_to_go() -> None:
    pid = await start(3)
    workers = POOL.workers("pool")
    for worker in workers:
        ab.GenServer.cast(worker, 3.0)
    await settle()
    resizing = ab.spawn(_resize, 1)
    await settle()
    await ab.stop(pid)
    await settle()

    assert not any(map(ab.is_alive, [*workers, resizing]))


# --- having one for oneself


async def _holds(seconds: float, timeout: float | None = 5.0) -> None:
    async with POOL.checkout("pool", timeout) as worker:
        since = now()
        await ab.sleep(seconds)
    raise ab.Exit((worker, since))


@virtual
async def test_who_finds_all_out_waits_in_line() -> None:
    await start(2)
    started = now()
    clients = [ab.spawn(_holds, 1.0, monitor=True)[0] for _ in range(5)]
    reasons = {}
    for _ in clients:
        down = await ab.receive(ab.DOWN)
        reasons[down.pid] = down.reason
    got = [reasons[pid] for pid in clients]

    assert [round(since - started, 6) for _, since in got] == [0, 0, 1, 1, 2]
    assert {worker for worker, _ in got[:2]} == {worker for worker, _ in got[2:4]} == set(POOL.workers("pool"))


@virtual
async def test_more_than_max_queue_do_not_wait_but_are_told() -> None:
    await start(1, max_queue=1)
    ab.spawn(_holds, 1.0), ab.spawn(_holds, 1.0)
    await settle()
    with pytest.raises(ab.PoolFullError, match="all workers are out, and 1 wait already"):
        async with POOL.checkout("pool"):
            pass
    await ab.sleep(2)
    async with POOL.checkout("pool") as worker:
        assert worker is POOL.pick("pool")


@virtual
async def test_with_a_max_queue_of_zero_the_free_are_had_and_nobody_waits() -> None:
    await start(1, max_queue=0)
    async with POOL.checkout("pool"):
        with pytest.raises(ab.PoolFullError):
            await POOL.checkout("pool").__aenter__()
    async with POOL.checkout("pool"):
        pass


@virtual
async def test_who_gives_up_waiting_does_not_get_a_worker_later() -> None:
    await start(1)
    ab.spawn(_holds, 2.0)
    await settle()
    with pytest.raises(ab.CallExit, match="no worker of 'pool' was free within 1") as failed:
        async with POOL.checkout("pool", timeout=1):
            pass
    assert failed.value.reason == "timeout"
    await ab.sleep(1.5)
    started = now()
    async with POOL.checkout("pool"):
        assert passed(started) == 0


@virtual
async def test_a_worker_comes_back_when_its_holder_fails_or_is_killed_and_killed_waiters_get_none() -> None:
    await start(1)
    holder = ab.spawn(_holds, 100.0)
    waiter = ab.spawn(_holds, 100.0)
    await settle()
    ab.exit(waiter, "kill")
    ab.exit(holder, "kill")
    with pytest.raises(ZeroDivisionError):
        async with POOL.checkout("pool", timeout=1):
            raise ZeroDivisionError
    async with POOL.checkout("pool", timeout=1) as worker:
        assert worker is POOL.pick("pool")


@virtual
async def test_a_worker_that_crashes_while_it_is_out_is_replaced_and_lent_again() -> None:
    await start(1)
    waiter = ab.spawn(_holds, 0.0)
    async with POOL.checkout("pool") as worker:
        waiter = ab.spawn(_holds, 0.0)
        with pytest.raises(ab.CallExit):
            await ab.GenServer.call(worker, "crash")
        got, _ = await reason_of_end(waiter)
    assert got is POOL.pick("pool") is not worker


@virtual
async def test_a_worker_that_is_out_goes_when_it_comes_back() -> None:
    await start(2)
    async with POOL.checkout("pool") as one, POOL.checkout("pool") as other:
        resizing = ab.spawn(_resize, 1)
        await settle()
        assert ab.is_alive(resizing)
        assert await ab.GenServer.call(one, 1.0) is one
        assert await ab.GenServer.call(other, 1.0) is other
        assert POOL.workers("pool") == [one]
    await settle()
    assert not ab.is_alive(other)
    assert not ab.is_alive(resizing)


@virtual
async def test_new_workers_go_to_those_who_wait() -> None:
    await start(1)
    async with POOL.checkout("pool"):
        waiter = ab.spawn(_holds, 0.0)
        await settle()
        await POOL.resize("pool", 2)
        worker, _ = await reason_of_end(waiter)
        assert worker is POOL.workers("pool")[1]


@virtual
async def test_who_is_out_counts_as_busier() -> None:
    await start(2, strategy="least_mailbox")
    async with POOL.checkout("pool") as worker:
        assert worker not in {POOL.pick("pool") for _ in range(4)}


@virtual
async def test_one_checkout_is_for_one_block() -> None:
    await start(2)
    checkout = POOL.checkout("pool")
    async with checkout:
        with pytest.raises(RuntimeError, match="in use"):
            await checkout.__aenter__()
    async with checkout:
        pass


# --- where it lives


@virtual
async def test_a_pool_is_a_child_like_any_supervisor() -> None:
    await ab.Supervisor.start([POOL.child_spec(Worker, 1, size=2, name="pool", strategy="random")], name="shop")
    (child,) = await ab.Supervisor.which_children("shop")
    assert (child.id, child.type, child.pid) == ("pool", "supervisor", ab.whereis("pool"))
    before = POOL.workers("pool")
    ab.exit(child.pid, "kill")
    await settle()
    assert len(set(POOL.workers("pool")) - set(before)) == 2


@virtual
async def test_a_pool_of_another_node_serves_there_and_lends_to_all() -> None:
    async with ab.Cluster.simulated(["a"], latency=0.01):
        pid = await POOL.start(Counter, 3, size=2, max_queue=0, name="pool", node="a")
        hand = await Hand.on("a")
        workers = await hand.do(POOL.workers, "pool")
        assert [await hand.do(POOL.call, "pool", "self") for _ in range(3)] == [*workers, workers[0]]
        async with POOL.checkout(("pool", "a")) as one, POOL.checkout(pid) as other:
            assert {one, other} == set(workers)
            assert await one.add(1) == 4
            with pytest.raises(ab.PoolFullError):
                await POOL.checkout(pid).__aenter__()
        async with POOL.checkout(pid):
            pass
        with pytest.raises(ab.CallExit, match="on this node"):
            await POOL.call(("pool", "a"), "x")


# --- new code


@virtual
async def test_a_pool_whose_class_is_defined_again_keeps_its_workers_and_its_size() -> None:
    cells = Cells()
    cells.run("class Crew(ab.Pool):\n    size = 2")
    pid = await cells.Crew.start(Worker, name="pool")
    await POOL.resize("pool", 3)
    workers = POOL.workers("pool")
    cells.run("class Crew(ab.Pool):\n    size = 2\n    strategy = 'least_mailbox'\n    max_queue = 0")
    await settle()

    assert POOL.workers(pid) == workers
    assert ab.observe.tree(pid).cls == "pool least_mailbox"
    assert await POOL.resize("pool", 4) == 3
