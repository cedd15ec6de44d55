"""Supervisors: how many restarts are too many, restarts that fail, and supervisors under supervisors."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import now, passed, settle, virtual
from tests.workers import Hard, end, ids_of, pids, refusal, supervise, worker

Log = list[Any]


@rule(
    "SUP-24",
    "The restart beyond the limit is not done: all children stop in reverse, and the supervisor ends shutdown.",
)
@virtual
async def test_the_fourth_crash_within_five_seconds_ends_it() -> None:
    log: Log = []
    sup = await supervise([worker(id, log) for id in "abc"], max_restarts=3, max_seconds=5)
    ref = ab.monitor(sup)
    for _ in range(3):
        await end("b")
    assert ab.is_alive(sup)
    await end("b")
    assert ab.flush() == [ab.DOWN(ref, sup, "shutdown")]
    assert log[-3:] == ["stop b boom", "stop c shutdown", "stop a shutdown"]
    assert log.count("start b") == 4


@rule("SUP-25", "With a limit of zero the first end that asks for a restart ends the supervisor.")
@pytest.mark.parametrize("reason", ["normal", "boom"])
@virtual
async def test_an_intensity_of_zero_allows_no_restart(reason: str) -> None:
    log: Log = []
    sup = await supervise([worker("a", log), worker("t", log, restart="temporary")], max_restarts=0)
    ref = ab.monitor(sup)
    await end("t")
    assert ab.is_alive(sup)
    await end("a", reason)
    assert ab.flush() == [ab.DOWN(ref, sup, "shutdown")]
    assert log[2:] == ["stop t boom", f"stop a {reason}"]


@rule("SUP-26", "Restarts are counted in whole seconds: up to max_seconds apart they count together, one more and not.")
@pytest.mark.parametrize(
    ("apart", "alive"), [(0, False), (5, False), (5.74, False), (5.76, True), (6, True), (60, True)]
)
@virtual
async def test_the_window_counts_whole_seconds_inclusive(apart: float, alive: bool) -> None:
    assert now() % 1 == 0.25  # the test's clock begins at a quarter past a second
    sup = await supervise([worker("a", [])], max_restarts=1, max_seconds=5)
    await end("a")
    await asyncio.sleep(apart)
    await end("a")
    assert ab.is_alive(sup) is alive


@rule("SUP-27", "The count is the supervisor's, over all its children, and a restart is not delayed.")
@virtual
async def test_the_counter_is_the_supervisors_and_there_is_no_delay() -> None:
    sup = await supervise([worker(id, []) for id in "abc"], max_restarts=2)
    before = now()
    await end("a")
    await end("b")
    assert None not in pids(*"abc")
    await end("c")
    assert not ab.is_alive(sup)
    assert passed(before) == 0


@rule("SUP-28", "Stopping and restarting a child by hand never counts.")
@virtual
async def test_restarts_by_hand_do_not_count() -> None:
    sup = await supervise([worker("a", [])], max_restarts=1)
    for _ in range(5):
        await ab.Supervisor.terminate_child(sup, "a")
        await ab.Supervisor.restart_child(sup, "a")
    await end("a")
    assert ab.is_alive(sup)
    assert ab.whereis("a") is not None


@rule("SUP-29", "A restart that fails is tried again and each try counts: with a limit of 3 it is tried 3 times.")
@virtual
async def test_a_restart_that_fails_is_tried_again_and_each_try_counts() -> None:
    log: Log = []
    sup = await supervise([worker("a", log, ["ok", "bad", "bad", "bad", "bad"])], max_restarts=3)
    ref = ab.monitor(sup)
    await end("a")
    await settle()
    assert log == ["start a", "stop a boom", "bad a", "bad a", "bad a"]
    assert ab.flush() == [ab.DOWN(ref, sup, "shutdown")]


@rule(
    "SUP-30",
    "Between tries the supervisor answers: the child is restarting, and may not be restarted, deleted or added.",
)
@virtual
async def test_between_retries_the_supervisor_answers() -> None:
    state = {"bad": False}
    spec = Hard.child_spec(ab.share(state), id="a", name="a")
    sup = await supervise([spec], max_restarts=1000)
    state["bad"] = True
    await end("a")
    await asyncio.sleep(1.5)
    [child] = await ab.Supervisor.which_children(sup)
    assert child.pid == "restarting"
    assert await refusal(ab.Supervisor.restart_child(sup, "a")) == "restarting"
    assert await refusal(ab.Supervisor.delete_child(sup, "a")) == "restarting"
    assert await refusal(ab.Supervisor.start_child(sup, spec)) == "already_present"
    state["bad"] = False
    await asyncio.sleep(3)
    assert ab.whereis("a") is not None


@rule("SUP-30", "Terminating it ends the tries.")
@virtual
async def test_terminating_a_restarting_child_ends_the_tries() -> None:
    state = {"bad": False}
    sup = await supervise([Hard.child_spec(ab.share(state), id="a", name="a")], max_restarts=1000)
    state["bad"] = True
    await end("a")
    assert await ab.Supervisor.terminate_child(sup, "a") == "ok"
    state["bad"] = False
    await asyncio.sleep(10)
    [child] = await ab.Supervisor.which_children(sup)
    assert child.pid is None


@rule(
    "SUP-31",
    "When a sibling fails in a restart of all, those already restarted stop again and the whole group retries.",
)
@virtual
async def test_one_for_all_retries_the_whole_group() -> None:
    log: Log = []
    plans = {"b": ["ok", "bad"]}
    await supervise([worker(id, log, plans.get(id)) for id in "abc"], strategy="one_for_all")
    await end("c")
    await settle()
    assert log[3:] == [
        "stop c boom", "stop b shutdown", "stop a shutdown", "start a", "bad b",
        "stop a shutdown", "start a", "start b", "start c",
    ]  # fmt: skip


@rule("SUP-32", "Under rest_for_one the retry begins at the sibling that failed, and those before it are kept.")
@virtual
async def test_rest_for_one_retries_from_the_one_that_failed() -> None:
    log: Log = []
    plans = {"c": ["ok", "bad"]}
    await supervise([worker(id, log, plans.get(id)) for id in "abcd"], strategy="rest_for_one")
    await end("b")
    await settle()
    assert log[4:] == [
        "stop b boom", "stop d shutdown", "stop c shutdown", "start b", "bad c", "start c", "start d",
    ]  # fmt: skip
    assert None not in pids(*"abcd")


@rule("SUP-33", "A child that ignores when it is restarted stays without a process, and is not tried again.")
@virtual
async def test_ignore_on_a_restart_leaves_the_child_down() -> None:
    log: Log = []
    sup = await supervise([worker("a", log, ["ok", "ignore"])])
    await end("a")
    [child] = await ab.Supervisor.which_children(sup)
    assert (child.id, child.pid) == ("a", None)
    assert log == ["start a", "stop a boom", "ignore a"]


@rule(
    "SUP-34", "A nested supervisor over its limit ends shutdown; its parent restarts it if permanent, not if transient."
)
@pytest.mark.parametrize(("restart", "back"), [("permanent", True), ("transient", False)])
@virtual
async def test_a_nested_supervisor_over_its_limit_is_its_parents_affair(restart: Any, back: bool) -> None:
    nested = ab.Supervisor.child_spec([worker("a", [])], max_restarts=0, name="in", restart=restart)
    top = await supervise([nested])
    inner = ab.whereis("in")
    assert inner is not None
    ref = ab.monitor(inner)
    await end("a")
    assert ab.flush() == [ab.DOWN(ref, inner, "shutdown")]
    assert ab.is_alive(top)
    assert await ids_of(top) == ["in"]
    assert [pid is not None for pid in pids("in", "a")] == [back, back]


@rule("SUP-35", "A restarted nested supervisor has the children of its start; those added later are lost.")
@virtual
async def test_a_restarted_supervisor_forgets_what_was_added() -> None:
    nested = ab.Supervisor.child_spec([worker("a", [])], max_restarts=0, name="in")
    await supervise([nested])
    await ab.Supervisor.start_child("in", worker("added", []))
    await end("a")
    assert await ids_of("in") == ["a"]
    assert [pid is not None for pid in pids("a", "added")] == [True, False]
