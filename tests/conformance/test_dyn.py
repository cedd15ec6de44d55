"""Dynamic supervisors keep the rules DYN-01 to DYN-09."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import idle, settle, virtual

Log = list[Any]
DYNAMIC = ab.DynamicSupervisor


class Guest(ab.GenServer):
    """Notes its starts and ends; `plan` says for each start in turn what happens: ok, ignore, or a failure."""

    def init(self, *args: Any, log: Log, plan: list[str] | None = None, trap: bool = True) -> Any:
        ab.flag(trap_exit=trap)
        self.log = log
        step = plan.pop(0) if plan else "ok"
        log.append((step, *args))
        return None if step == "ok" else ab.Ignore() if step == "ignore" else ab.Stop(step)

    def handle_cast(self, request: Any) -> Any:
        return ab.Stop(request)

    def terminate(self, reason: Any) -> None:
        self.log.append(("end", reason))


def guest(*args: Any, log: Log, plan: list[str] | None = None, **options: Any) -> ab.ChildSpec:
    return Guest.child_spec(*args, log=ab.share(log), plan=ab.share(plan), **options)


async def supervise(**options: Any) -> ab.Pid:
    pid = await DYNAMIC.start(**options)
    assert pid is not None
    return pid


async def end(pid: ab.Pid, reason: Any = "boom") -> None:
    ab.GenServer.cast(pid, reason)
    await settle()


async def refusal(attempt: Any) -> Any:
    with pytest.raises(ab.SupervisorError) as failed:
        await attempt
    assert "\n" not in str(failed.value)
    return failed.value.reason


async def pids(sup: ab.Pid) -> list[Any]:
    return [child.pid for child in await DYNAMIC.which_children(sup)]


def now() -> float:
    return asyncio.get_running_loop().time()


class Hard(ab.GenServer):
    """Fails to start, after a second, except for the first time."""

    async def init(self, starts: list[int]) -> Any:
        starts.append(1)
        if len(starts) > 1:
            await asyncio.sleep(1)
            return ab.Stop("bad")
        return None

    def handle_cast(self, request: Any) -> Any:
        return ab.Stop(request)


async def restarting(sup: ab.Pid) -> ab.Pid:
    """A child that is just now being restarted, in vain."""
    child: ab.Pid = await DYNAMIC.start_child(sup, Hard.child_spec(ab.share([])))
    await end(child)
    await asyncio.sleep(1.5)
    return child


@rule("DYN-01", "It starts empty; children have no id; three restarts in five seconds, and any number of children.")
@virtual
async def test_it_starts_empty_with_the_defaults_and_its_children_have_no_id() -> None:
    log: Log = []
    sup = await supervise()
    assert await DYNAMIC.which_children(sup) == []
    assert ab.observe.tree(sup).intensity == (3, 5, 0)
    started = [await DYNAMIC.start_child(sup, guest(log=log, id="same")) for _ in range(300)]
    children = await DYNAMIC.which_children(sup)
    assert [child.pid for child in children] == started[::-1]
    assert {(child.id, child.type, child.modules) for child in children} == {(None, "worker", ("Guest",))}
    assert await DYNAMIC.count_children(sup) == {"specs": 300, "active": 300, "supervisors": 0, "workers": 300}
    for _ in range(3):
        await end((await pids(sup))[0])
    assert ab.is_alive(sup)
    await end((await pids(sup))[0])
    assert not ab.is_alive(sup)


@rule("DYN-02", "A full supervisor refuses with max_children; a child that is restarting still takes its place.")
@virtual
async def test_a_full_supervisor_refuses_and_who_restarts_still_takes_a_place() -> None:
    log: Log = []
    sup = await supervise(max_children=1, max_restarts=1000)
    child = await restarting(sup)
    assert await pids(sup) == ["restarting"]
    assert await refusal(DYNAMIC.start_child(sup, guest(log=log))) == "max_children"
    assert await DYNAMIC.count_children(sup) == {"specs": 1, "active": 0, "supervisors": 0, "workers": 1}
    await DYNAMIC.terminate_child(sup, child)
    assert ab.is_alive(await DYNAMIC.start_child(sup, guest(log=log)))
    assert await refusal(DYNAMIC.start_child(sup, guest(log=log))) == "max_children"


@rule(
    "DYN-03",
    "What a start gives is handed on: a pid, a pid with more, nothing when ignored; a failure with its reason.",
    differs="Junk is told as ('bad_return_value', junk) and an exception as a Crash; Python throws nothing else.",
)
@virtual
async def test_what_a_start_gives_is_handed_on() -> None:
    def raises() -> None:
        raise ValueError("no")

    def exits() -> None:
        raise ab.Exit("left")

    def more() -> Any:
        return ab.spawn(idle, link=True), "more"

    log: Log = []
    sup = await supervise()
    assert ab.is_alive(await DYNAMIC.start_child(sup, {"id": 1, "start": (lambda: ab.spawn(idle, link=True),)}))
    pid, info = await DYNAMIC.start_child(sup, {"id": 1, "start": (more,)})
    assert (ab.is_alive(pid), info) == (True, "more")
    assert await DYNAMIC.start_child(sup, guest(log=log, plan=["ignore"])) is None
    nested = ab.Supervisor.child_spec([guest(log=log, plan=["bad"], id="in")])
    for spec, reason in [
        ({"id": 1, "start": (raises,)}, ab.Crash(ValueError, "no")),
        ({"id": 1, "start": (exits,)}, "left"),
        ({"id": 1, "start": (lambda: 5,)}, ("bad_return_value", 5)),
        (guest(log=log, plan=["full"]), "full"),
        (nested, ("shutdown", ("failed_to_start_child", "in", "bad"))),
    ]:
        assert await refusal(DYNAMIC.start_child(sup, spec)) == reason
    assert (await DYNAMIC.count_children(sup))["specs"] == 2


@rule("DYN-04", "terminate_child stops and forgets a child, also one that is restarting; then it is not found.")
@virtual
async def test_a_child_is_terminated_once_even_while_it_restarts() -> None:
    log: Log = []
    sup = await supervise(max_restarts=1000)
    child = await DYNAMIC.start_child(sup, guest(log=log))
    assert await DYNAMIC.terminate_child(sup, child) == "ok"
    assert log == [("ok",), ("end", "shutdown")]
    assert await refusal(DYNAMIC.terminate_child(sup, child)) == "not_found"

    child = await restarting(sup)
    assert await pids(sup) == ["restarting"]
    assert await DYNAMIC.terminate_child(sup, child) == "ok"
    began = now()
    assert await DYNAMIC.which_children(sup) == []
    await asyncio.sleep(10)
    assert await DYNAMIC.which_children(sup) == []
    assert now() - began == pytest.approx(10)  # no try is on its way any more, so nobody had to wait for one
    assert await refusal(DYNAMIC.terminate_child(sup, child)) == "not_found"


class Slow(ab.GenServer):
    """Takes its time to end."""

    def init(self, seconds: float) -> None:
        ab.flag(trap_exit=True)
        self.seconds = seconds

    async def terminate(self, reason: Any) -> None:
        await ab.sleep(self.seconds)


@rule("DYN-05", "At the end all children are told at once, each is given its own time, and no more than that.")
@virtual
async def test_children_stop_in_parallel_each_with_its_own_patience() -> None:
    sup = await supervise()
    ends: dict[str, float] = {}
    refs = {}
    for name, takes, shutdown in [
        ("quick", 1, 5.0),
        ("late", 60, 2.0),
        ("later", 60, 3),
        ("slowest", 4, "infinity"),
        ("brutal", 60, "brutal_kill"),
    ]:
        child = await DYNAMIC.start_child(sup, Slow.child_spec(takes, shutdown=shutdown))
        refs[ab.monitor(child)] = name
    for _ in range(300):
        await DYNAMIC.start_child(sup, {"id": 1, "start": (lambda: ab.spawn(idle, link=True),)})
    began = now()
    ab.spawn(ab.stop, sup)
    reasons = {}
    for _ in refs:
        down = await ab.receive(ab.DOWN)
        ends[refs[down.ref]], reasons[refs[down.ref]] = now() - began, down.reason
    assert {name: round(after, 2) for name, after in ends.items()} == {
        "quick": 1, "late": 2, "later": 3, "slowest": 4, "brutal": 0,
    }  # fmt: skip
    assert reasons == {
        "quick": "shutdown", "late": "killed", "later": "killed", "slowest": "shutdown", "brutal": "killed",
    }  # fmt: skip
    await settle()
    assert not ab.is_alive(sup)


@rule("DYN-06", "extra_arguments go before a child's own, at each restart too; one then ignored is forgotten.")
@virtual
async def test_extra_arguments_go_first_and_who_is_ignored_at_a_restart_is_forgotten() -> None:
    log: Log = []
    extra = ["x"]
    sup = await supervise(extra_arguments=("first", extra))
    extra.append("changed later")
    child = await DYNAMIC.start_child(sup, guest("own", log=log, plan=["ok", "ok", "ignore"]))
    await end(child)
    [again] = await pids(sup)
    assert again != child
    await end(again)
    started = [entry for entry in log if entry[0] != "end"]
    assert started == [(step, "first", ["x"], "own") for step in ("ok", "ok", "ignore")]
    assert await DYNAMIC.which_children(sup) == []


@rule("DYN-07", "No child may be significant, and no automatic shutdown can be asked for.")
@virtual
async def test_significance_and_automatic_shutdown_are_refused() -> None:
    log: Log = []
    sup = await supervise()
    with pytest.raises(ab.ChildSpecError, match=r"expected significant to be False .*, got True") as failed:
        await DYNAMIC.start_child(sup, guest(log=log, restart="transient", significant=True))
    assert failed.value.reason == ("invalid_significant", True)
    for options, word in [
        ({"auto_shutdown": "any_significant"}, "invalid_auto_shutdown"),
        ({"strategy": "one_for_all"}, "invalid_strategy"),
        ({"max_children": -1}, "invalid_max_children"),
        ({"max_restarts": -1}, "invalid_intensity"),
        ({"extra_arguments": 5}, "invalid_extra_arguments"),
    ]:
        with pytest.raises(ab.ChildSpecError, match=r"supervisor: expected .* to be .*, got ") as failed:
            await supervise(**options)
        assert failed.value.reason[0] == word
    assert log == []


@rule(
    "DYN-08",
    "Children are known by pid: what goes by an id is refused with simple_one_for_one, a stranger is not found.",
    differs="A child that is dead already is not found, as in Elixir's DynamicSupervisor, where Erlang says ok.",
)
@virtual
async def test_ids_are_refused_and_strangers_are_not_found() -> None:
    log: Log = []
    sup = await supervise()
    child = await DYNAMIC.start_child(sup, guest(log=log, id="a", restart="temporary"))
    for attempt in (
        DYNAMIC.terminate_child(sup, "a"),  # type: ignore[arg-type]
        ab.Supervisor.terminate_child(sup, "a"),
        ab.Supervisor.restart_child(sup, "a"),
        ab.Supervisor.restart_child(sup, child),
        ab.Supervisor.delete_child(sup, "a"),
    ):
        assert await refusal(attempt) == "simple_one_for_one"
    assert await refusal(DYNAMIC.terminate_child(sup, ab.self_())) == "not_found"
    await end(child)
    assert await refusal(DYNAMIC.terminate_child(sup, child)) == "not_found"


class Payload:
    """Something whose end can be seen."""


@rule("DYN-09", "What a temporary child was started with is not kept; what may be needed for a restart is.")
@virtual
async def test_arguments_of_temporary_children_are_not_kept() -> None:
    async def start(payload: Payload) -> ab.Pid:
        pid: ab.Pid = ab.spawn(idle, link=True)
        return pid

    async def left_after(restart: str) -> bool:
        payload = Payload()
        seen = weakref.ref(payload)
        spec = {"id": 1, "start": (start, (ab.share(payload),)), "restart": restart}
        child = await DYNAMIC.start_child(sup, spec)
        del payload, spec
        await settle()
        gc.collect()
        assert ab.is_alive(child)
        return seen() is not None

    sup = await supervise()
    assert [await left_after(restart) for restart in ("temporary", "permanent", "transient")] == [False, True, True]
