"""Supervisors: who is restarted after which end, together with whom."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import settle, virtual
from tests.workers import STRATEGIES, Worker, end, ids_of, pids, supervise, worker

Log = list[Any]
ORDERLY = ["normal", "shutdown", ("shutdown", 1)]
ABNORMAL = ["boom", "noproc", "kill", ("shutdown", 1, 2), 0, None]


async def after(restart: Any, reason: Any, strategy: str = "one_for_one") -> tuple[str, list[Any]]:
    """What becomes of a child that ends so, beside the ids that are left: restarted, stopped or forgotten."""
    sup = await supervise([worker("a", [], restart=restart), worker("b", [])], strategy=strategy)
    before, other = pids("a", "b")
    assert before is not None
    if reason == "kill":
        ab.exit(before, "kill")
        await settle()
    else:
        await end("a", reason)
    assert not ab.is_alive(before)
    if ab.whereis("a") is None:
        assert ab.whereis("b") == other
    children = {child.id: child.pid for child in await ab.Supervisor.which_children(sup)}
    assert children.get("a") == ab.whereis("a")
    return "restarted" if children.get("a") else "stopped" if "a" in children else "forgotten", await ids_of(sup)


@rule("SUP-13", "A permanent child is restarted whatever it ended with, normal and shutdown included.")
@pytest.mark.parametrize("reason", [*ORDERLY, *ABNORMAL])
@virtual
async def test_a_permanent_child_always_restarts(reason: Any) -> None:
    assert await after("permanent", reason) == ("restarted", ["b", "a"])


@rule("SUP-14", "A transient child is restarted after any end but normal, shutdown and (shutdown, x).")
@pytest.mark.parametrize("reason", ABNORMAL)
@virtual
async def test_a_transient_child_restarts_after_an_abnormal_end(reason: Any) -> None:
    assert await after("transient", reason) == ("restarted", ["b", "a"])


@rule("SUP-14", "After those it stays in the table without a process.")
@pytest.mark.parametrize("reason", ORDERLY)
@virtual
async def test_a_transient_child_that_ends_orderly_stays_down_and_keeps_its_spec(reason: Any) -> None:
    assert await after("transient", reason) == ("stopped", ["b", "a"])


@rule("SUP-15", "A temporary child is never restarted, and whatever it ended with, its spec is gone.")
@pytest.mark.parametrize("reason", [*ORDERLY, *ABNORMAL])
@virtual
async def test_a_temporary_child_never_restarts_and_is_forgotten(reason: Any) -> None:
    assert await after("temporary", reason) == ("forgotten", ["b"])


@rule("SUP-16", "one_for_one touches no child but the dead one.")
@virtual
async def test_one_for_one_touches_only_the_dead() -> None:
    log: Log = []
    await supervise([worker(id, log) for id in "abc"])
    before = pids(*"abc")
    await end("b")
    assert [x == y for x, y in zip(before, pids(*"abc"), strict=True)] == [True, False, True]
    assert log[3:] == ["stop b boom", "start b"]


@rule("SUP-17", "one_for_all stops the others with shutdown in reverse order, then starts all in the original order.")
@virtual
async def test_one_for_all_stops_the_others_in_reverse_and_starts_all() -> None:
    log: Log = []
    await supervise([worker(id, log) for id in "abc"], strategy="one_for_all")
    await end("b")
    assert log[3:] == ["stop b boom", "stop c shutdown", "stop a shutdown", "start a", "start b", "start c"]


@rule(
    "SUP-18", "rest_for_one does so with the children started later, added ones included; earlier ones keep their pids."
)
@virtual
async def test_rest_for_one_restarts_the_later_ones() -> None:
    log: Log = []
    sup = await supervise([worker(id, log) for id in "abc"], strategy="rest_for_one")
    await ab.Supervisor.start_child(sup, worker("d", log))
    first = ab.whereis("a")
    await end("b")
    assert log[4:] == ["stop b boom", "stop d shutdown", "stop c shutdown", "start b", "start c", "start d"]
    assert ab.whereis("a") == first


@rule("SUP-19", "A restart of a group starts the siblings too that were down: ended transient ones and stopped ones.")
@pytest.mark.parametrize("strategy", ["one_for_all", "rest_for_one"])
@virtual
async def test_a_group_restart_starts_those_who_were_down_too(strategy: str) -> None:
    log: Log = []
    sup = await supervise(
        [worker("a", log), worker("b", log, restart="transient"), worker("c", log)], strategy=strategy
    )
    await end("b", "normal")
    await ab.Supervisor.terminate_child(sup, "c")
    assert pids("b", "c") == [None, None]
    await end("a")
    assert None not in pids("a", "b", "c")


@rule("SUP-20", "Temporary siblings that a group restart stops do not come back, and their spec is gone.")
@pytest.mark.parametrize("strategy", ["one_for_all", "rest_for_one"])
@virtual
async def test_temporary_siblings_do_not_come_back(strategy: str) -> None:
    log: Log = []
    sup = await supervise([worker("a", log), worker("b", log, restart="temporary")], strategy=strategy)
    await end("a")
    assert await ids_of(sup) == ["a"]
    assert log[2:] == ["stop a boom", "stop b shutdown", "start a"]


@rule("SUP-21", "An end that asks for no restart leaves all siblings alone, whatever the strategy.")
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(
    ("restart", "reason"), [("transient", "normal"), ("transient", "shutdown"), ("temporary", "boom")]
)
@virtual
async def test_an_end_without_a_restart_leaves_all_siblings_alone(strategy: str, restart: Any, reason: Any) -> None:
    log: Log = []
    await supervise([worker("a", log), worker("b", log, restart=restart), worker("c", log)], strategy=strategy)
    before = pids("a", "c")
    await end("b", reason)
    assert pids("a", "c") == before
    assert log[3:] == [f"stop b {reason}"]


@rule("SUP-22", "A restart of a group counts once against the limit, however many children it restarts.")
@pytest.mark.parametrize("strategy", ["one_for_all", "rest_for_one"])
@virtual
async def test_a_group_restart_counts_once(strategy: str) -> None:
    log: Log = []
    sup = await supervise([worker(id, log) for id in "abcdef"], strategy=strategy, max_restarts=2)
    for _ in range(2):
        await end("a")
    assert ab.is_alive(sup)
    assert log.count("start f") == 3
    await end("a")
    assert not ab.is_alive(sup)


class Linked(Worker):
    """Links itself to `a`, and dies with it."""

    def init(self, id: str, log: Log, plan: Any = None, trap: bool = False) -> Any:
        peer = ab.whereis("a")
        if peer is not None:
            ab.link(peer)
        return super().init(id, log, plan, trap)


@rule("SUP-23", "Linked siblings that die together are one restart under one_for_all, and one each under one_for_one.")
@pytest.mark.parametrize(("strategy", "restarts"), [("one_for_all", 1), ("one_for_one", 2)])
@virtual
async def test_linked_siblings_that_die_together_count_by_strategy(strategy: str, restarts: int) -> None:
    log: Log = []
    specs = [Linked.child_spec(id, ab.share(log), None, False, id=id, name=id) for id in "ab"]
    sup = await supervise(specs, strategy=strategy, max_restarts=restarts - 1)
    await end("b")
    assert not ab.is_alive(sup)
    sup = await supervise(specs, strategy=strategy, max_restarts=restarts)
    await end("b")
    assert ab.is_alive(sup)
    assert None not in pids("a", "b")
