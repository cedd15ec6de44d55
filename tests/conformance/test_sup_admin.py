"""Supervisors: the functions that look at children, start, stop, restart and delete them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import dead, reason_of_end, virtual
from tests.workers import Hard, end, ids_of, refusal, supervise, worker

Log = list[Any]


async def one_of_each() -> ab.Pid:
    """A supervisor with a worker that runs, one that is stopped, one that is restarting, and a supervisor."""
    state = {"bad": False}
    hard = Hard.child_spec(ab.share(state), id="h", name="h")
    sup = await supervise([worker("a", []), ab.Supervisor.child_spec([], id="s"), hard], max_restarts=1000)
    await ab.Supervisor.start_child(sup, worker("b", []))
    await ab.Supervisor.terminate_child(sup, "a")
    state["bad"] = True
    await end("h")
    await asyncio.sleep(1.5)
    return sup


@rule("SUP-44", "which_children lists id, pid (or None, or restarting), type and modules, the newest child first.")
@virtual
async def test_which_children_lists_the_newest_first() -> None:
    children = await ab.Supervisor.which_children(await one_of_each())
    assert [tuple(child) for child in children] == [
        ("b", ab.whereis("b"), "worker", ("Worker",)),
        ("h", "restarting", "worker", ("Hard",)),
        ("s", children[2].pid, "supervisor", ("Supervisor",)),
        ("a", None, "worker", ("Worker",)),
    ]
    assert ab.is_alive(children[2].pid)  # type: ignore[arg-type]
    assert children[0].id == "b"


@rule(
    "SUP-45",
    "count_children counts specs, supervisors and workers, stopped and restarting ones too; active are the alive.",
)
@virtual
async def test_count_children_counts_specs_and_who_is_alive() -> None:
    sup = await one_of_each()
    assert await ab.Supervisor.count_children(sup) == {"specs": 4, "active": 2, "supervisors": 1, "workers": 3}


@rule(
    "SUP-46", "terminate_child is ok, again too, and keeps the spec unless temporary; only an id that is there will do."
)
@virtual
async def test_terminate_child_is_idempotent_and_keeps_the_spec_unless_temporary() -> None:
    log: Log = []
    sup = await supervise([worker("a", log), worker("b", log), worker("t", log, restart="temporary")])
    assert [await ab.Supervisor.terminate_child(sup, "a") for _ in range(2)] == ["ok", "ok"]
    assert await ab.Supervisor.terminate_child(sup, "t") == "ok"
    assert log[3:] == ["stop a shutdown", "stop t shutdown"]
    for unknown in ("t", "x", ab.whereis("b"), ["no hash"]):
        assert await refusal(ab.Supervisor.terminate_child(sup, unknown)) == "not_found"
    assert await ids_of(sup) == ["b", "a"]


@rule("SUP-47", "restart_child refuses a running or unknown child; a start that fails is told, and the spec stays.")
@virtual
async def test_restart_child_refuses_or_fails_and_keeps_the_spec() -> None:
    sup = await supervise([worker("a", [], ["ok", "bad", "ok"])])
    assert await refusal(ab.Supervisor.restart_child(sup, "a")) == "running"
    assert await refusal(ab.Supervisor.restart_child(sup, "x")) == "not_found"
    await ab.Supervisor.terminate_child(sup, "a")
    assert await refusal(ab.Supervisor.restart_child(sup, "a")) == "bad"
    assert await ids_of(sup) == ["a"]
    pid = await ab.Supervisor.restart_child(sup, "a")
    assert pid is not None
    assert pid == ab.whereis("a")


@rule("SUP-48", "delete_child wants the child stopped; then its id is free.")
@virtual
async def test_delete_child_wants_it_stopped_and_frees_the_id() -> None:
    sup = await supervise([worker("a", [])])
    assert await refusal(ab.Supervisor.delete_child(sup, "a")) == "running"
    await ab.Supervisor.terminate_child(sup, "a")
    assert await ab.Supervisor.delete_child(sup, "a") == "ok"
    assert await refusal(ab.Supervisor.delete_child(sup, "a")) == "not_found"
    assert await ids_of(sup) == []
    assert isinstance(await ab.Supervisor.start_child(sup, worker("a", [])), ab.Pid)


@rule(
    "SUP-49",
    "start_child refuses an id that is there, running or stopped, keeps no spec that failed, and appends last.",
)
@virtual
async def test_start_child_knows_the_ids_and_appends_last() -> None:
    sup = await supervise([worker("a", [])])
    spec = worker("a", [])
    assert await refusal(ab.Supervisor.start_child(sup, spec)) == ("already_started", ab.whereis("a"))
    await ab.Supervisor.terminate_child(sup, "a")
    assert await refusal(ab.Supervisor.start_child(sup, spec)) == "already_present"
    assert await refusal(ab.Supervisor.start_child(sup, worker("b", [], ["bad"]))) == "bad"
    assert await ids_of(sup) == ["a"]
    assert await ab.Supervisor.start_child(sup, worker("c", [])) == ab.whereis("c")
    assert await ids_of(sup) == ["c", "a"]


ASKS: list[Callable[[Any], Any]] = [
    ab.Supervisor.which_children,
    ab.Supervisor.count_children,
    lambda sup: ab.Supervisor.start_child(sup, worker("a", [])),
    lambda sup: ab.Supervisor.terminate_child(sup, "a"),
    lambda sup: ab.Supervisor.restart_child(sup, "a"),
    lambda sup: ab.Supervisor.delete_child(sup, "a"),
]


@rule("SUP-50", "Each of these functions, asked of a supervisor that is not there, ends the caller with noproc.")
@pytest.mark.parametrize("ask", ASKS)
@virtual
async def test_a_missing_supervisor_is_noproc(ask: Callable[[Any], Any]) -> None:
    async def asks(sup: Any) -> None:
        await ask(sup)

    for sup in ("nobody", await dead()):
        with pytest.raises(ab.CallExit, match="no process") as failed:
            await ask(sup)
        assert failed.value.reason == "noproc"
        assert await reason_of_end(ab.spawn(asks, sup)) == "noproc"
