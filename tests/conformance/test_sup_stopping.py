"""Supervisors: how they stop their children, and what stops them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import now, passed, settle, virtual
from tests.workers import Worker, end, pids, supervise, worker

Log = list[Any]


class Stubborn(Worker):
    """Takes a minute to end."""

    async def terminate(self, reason: Any) -> None:  # type: ignore[override]
        self.log.append(f"begins {self.id}")
        await asyncio.sleep(60)
        self.log.append(f"ends {self.id}")


def stubborn(id: str, log: Log, shutdown: Any, **options: Any) -> ab.ChildSpec:
    return Stubborn.child_spec(id, ab.share(log), id=id, name=id, shutdown=shutdown, **options)


async def stopped(sup: ab.Pid) -> float:
    """Stop a supervisor; how long that took."""
    before = now()
    await ab.stop(sup, timeout=None)
    return passed(before)


@rule("SUP-36", "Children are stopped one at a time in reverse order: each is dead before the next one hears of it.")
@virtual
async def test_children_stop_one_at_a_time_in_reverse() -> None:
    log: Log = []
    sup = await supervise([stubborn(id, log, "infinity") for id in "abc"])
    assert await stopped(sup) == 180
    assert log[3:] == [f"{what} {id}" for id in "cba" for what in ("begins", "ends")]


@rule("SUP-37", "A shutdown in seconds is the signal shutdown, so much patience, and then the kill.")
@virtual
async def test_a_child_that_takes_too_long_to_stop_is_killed() -> None:
    log: Log = []
    sup = await supervise([stubborn("a", log, 2)])
    child = ab.whereis("a")
    assert child is not None
    ref = ab.monitor(child)
    assert await stopped(sup) == 2
    assert log == ["start a", "begins a"]
    assert ab.flush() == [ab.DOWN(ref, child, "killed")]


@rule("SUP-37", "A child that does not trap exits dies of the signal at once.")
@virtual
async def test_a_child_that_does_not_trap_dies_at_once_with_shutdown() -> None:
    sup = await supervise([worker("a", [], trap=False)])
    child = ab.whereis("a")
    assert child is not None
    ref = ab.monitor(child)
    assert await stopped(sup) == 0
    assert ab.flush() == [ab.DOWN(ref, child, "shutdown")]


@rule("SUP-38", "brutal_kill kills without patience, infinity waits for as long as it takes, for a worker too.")
@pytest.mark.parametrize(
    ("shutdown", "seconds", "log_after", "reason"),
    [("brutal_kill", 0, [], "killed"), ("infinity", 60, ["begins a", "ends a"], "shutdown")],
)
@virtual
async def test_a_stop_without_patience_and_one_without_end(
    shutdown: Any, seconds: float, log_after: Log, reason: str
) -> None:
    log: Log = []
    sup = await supervise([stubborn("a", log, shutdown)])
    child = ab.whereis("a")
    assert child is not None
    ref = ab.monitor(child)
    assert await stopped(sup) == seconds
    assert log[1:] == log_after
    assert ab.flush() == [ab.DOWN(ref, child, reason)]


@rule(
    "SUP-39",
    "Children that end by themselves, with whatever reason, while all are stopped, neither hang nor fail that.",
)
@virtual
async def test_children_that_end_by_themselves_do_not_disturb_a_stop() -> None:
    class Odd(Worker):
        def terminate(self, reason: Any) -> None:
            raise KeyError(self.id)

    log: Log = []
    odd = [Odd.child_spec(id, ab.share(log), id=id, name=id) for id in "abc"]
    sup = await supervise([*odd, worker("d", log), stubborn("e", log, "infinity")])
    ref = ab.monitor(sup)
    ab.GenServer.cast("b", "odd")
    stopping = ab.spawn(_stops, sup)
    await settle()
    ab.GenServer.cast("d", "odd")
    ab.GenServer.cast("a", "odd")
    assert await ab.receive(timeout=100) == ab.DOWN(ref, sup, "normal")
    assert pids(*"abcde") == [None] * 5
    await settle()
    assert not ab.is_alive(stopping)


async def _stops(sup: ab.Pid) -> None:
    await ab.stop(sup)


class Loose(Worker):
    """Takes its link with the supervisor back."""

    def init(self, id: str, log: Log, plan: Any = None, trap: bool = True) -> Any:
        info = ab.process_info(ab.self_())
        assert info is not None
        for pid in info["links"]:
            ab.unlink(pid)
        return super().init(id, log, plan, trap)


@rule(
    "SUP-40",
    "A child that has unlinked itself can be terminated; its own end goes unnoticed, but is not counted active.",
)
@virtual
async def test_a_child_that_unlinked_can_still_be_terminated() -> None:
    log: Log = []
    sup = await supervise([Loose.child_spec(id, ab.share(log), id=id, name=id) for id in "ab"])
    assert await ab.Supervisor.terminate_child(sup, "a") == "ok"
    assert log[2:] == ["stop a shutdown"]
    gone = ab.whereis("b")
    await end("b")
    children = {child.id: child.pid for child in await ab.Supervisor.which_children(sup)}
    assert children == {"a": None, "b": gone}
    assert (await ab.Supervisor.count_children(sup))["active"] == 0


@rule(
    "SUP-41",
    "A supervisor traps exits, and ends with its parent, whatever the reason, normal included; so does its tree.",
)
@pytest.mark.parametrize("reason", ["normal", "shutdown", "boom"])
@virtual
async def test_a_supervisor_ends_with_its_parent_and_takes_the_tree_along(reason: str) -> None:
    async def parent(log: Log) -> None:
        await ab.Supervisor.start_link([worker("a", log), worker("b", log)], name="sup")
        raise ab.Exit(await ab.receive())

    log: Log = []
    father = ab.spawn(parent, ab.share(log))
    await settle()
    sup = ab.whereis("sup")
    assert sup is not None
    assert (ab.process_info(sup) or {})["trap_exit"] is True
    ref = ab.monitor(sup)
    ab.send(father, reason)
    assert await ab.receive(timeout=5) == ab.DOWN(ref, sup, reason)
    assert log[2:] == ["stop b shutdown", "stop a shutdown"]


@rule("SUP-42", "A shutdown signal from anybody but the parent is ignored, and so are stray messages and casts.")
@virtual
async def test_a_stranger_cannot_shut_a_supervisor_down() -> None:
    log: Log = []
    sup = await supervise([worker("a", log)])
    ab.exit(sup, "shutdown")
    ab.send(sup, "stray")
    ab.GenServer.cast(sup, "stray")
    await settle()
    assert ab.is_alive(sup)
    assert log == ["start a"]
    with pytest.raises(ab.SupervisorError, match=r"expected one of the functions of Supervisor"):
        raise ab.SupervisorError(*(await ab.GenServer.call(sup, "stray")))


@rule(
    "SUP-43",
    "A killed supervisor stops nobody in order: plain children die killed, trapping servers terminate with that.",
)
@virtual
async def test_a_killed_supervisor_stops_nobody_in_order() -> None:
    log: Log = []
    sup = await supervise([worker("a", log), worker("b", log, trap=False), worker("c", log)])
    child = ab.whereis("b")
    assert child is not None
    ref = ab.monitor(child)
    ab.exit(sup, "kill")
    await settle()
    assert log[3:] == ["stop a killed", "stop c killed"]
    assert ab.flush() == [ab.DOWN(ref, child, "killed")]
