"""State machines, their time-outs: rules FSM-11 to FSM-17."""

from __future__ import annotations

from typing import Any

import actorbook as ab
from actorbook.behaviours.statem import (
    Cancel,
    EventTimeout,
    KeepState,
    NextEvent,
    NextState,
    Postpone,
    StateTimeout,
    Timeout,
    Update,
)
from actorbook.core.running import current_node
from tests.conformance.machines import Log, start, suspended
from tests.conformance.rules import rule
from tests.running import settle, virtual


async def told(log: Log, *steps: tuple[float, Any]) -> Log:
    """Start a machine, cast each content after its seconds, wait, and return the log with times in seconds."""
    pid = await start(log)
    for seconds, content in steps:
        await ab.sleep(seconds)
        ab.GenStateMachine.cast(pid, content)
        await settle()
    await ab.sleep(100)
    return log


def doing(name: str, *actions: Any, state: str = "a") -> Any:
    """An event that keeps the state and does the actions."""
    return (name, {state: KeepState(*actions)})


@rule(
    "FSM-11",
    "A state time-out ends with its state and survives going to the same one; set by the result that changes the state"
    " it belongs to the new state.",
)
@virtual
async def test_a_state_time_out_belongs_to_the_state() -> None:
    to_b = ("to b", {"a": NextState("b", StateTimeout(3, "of b"))})
    same = ("same", {"b": NextState("b")})

    assert await told([], (0, doing("set", StateTimeout(2, "of a"))), (1, to_b), (1, same), (5, "late")) == [
        "a:set", "a:to b", "b:same", "b:of b", "b:late",
    ]  # fmt: skip


@rule(
    "FSM-12",
    "An event time-out is cancelled by any event: from outside, inserted, retried, or another time-out.",
)
@virtual
async def test_any_event_cancels_an_event_time_out() -> None:
    silent = doing("set", EventTimeout(2, "silence"))
    inserted = doing("set", EventTimeout(2, "silence"), NextEvent("internal", "inserted"))
    other = doing("set", EventTimeout(2, "silence"), Timeout("t", 1, "t"))
    zero = doing("set", Timeout("t", 0, "t"), EventTimeout(0, "silence"))
    retried = ("set", {"a": NextState("b", EventTimeout(2, "silence"))})

    assert await told([], (0, silent)) == ["a:set", "a:silence"]
    assert await told([], (0, silent), (1, "x")) == ["a:set", "a:x"]
    assert await told([], (0, inserted)) == ["a:set", "a:inserted"]
    assert await told([], (0, other)) == ["a:set", "a:t"]
    assert await told([], (0, zero)) == ["a:set", "a:t"]
    assert await told([], (0, ("p", {"a": Postpone()})), (0, retried)) == ["a:p", "a:set", "b:p"]


@rule("FSM-13", "Named time-outs outlive their state, replace one of the same name, and leave other names alone.")
@virtual
async def test_named_time_outs_are_independent_of_state_and_of_each_other() -> None:
    first = doing("first", Timeout("x", 2, "x1"), Timeout("y", 3, "y1"))
    again = ("again", {"b": KeepState(Timeout("x", 5, "x2"))})

    assert await told([], (0, first), (0, ("to b", {"a": NextState("b")})), (1, again), (4, "now")) == [
        "a:first", "a:to b", "b:again", "b:y1", "b:now", "b:x2",
    ]  # fmt: skip


@rule(
    "FSM-14",
    "A time-out without an end, or Cancel, stops one that runs and is no error when none does; Update changes the"
    " content and keeps the time, and comes at once when none runs.",
)
@virtual
async def test_time_outs_are_cancelled_and_updated() -> None:
    first = doing("set", StateTimeout(2, "s"), Timeout("x", 2, "x"), Timeout("y", 2, "y"), Timeout("z", 2, "z"))
    change = doing("change", Cancel("state_timeout"), Timeout("x", "infinity"), Timeout("y", None), Update("z", "new"))
    none = doing("none", Cancel("state_timeout"), Cancel("timeout"), Cancel("x"), StateTimeout("infinity"))

    assert await told([], (0, first), (1.5, change), (0.4, "before"), (0.2, "after")) == [
        "a:set", "a:change", "a:before", "a:new", "a:after",
    ]  # fmt: skip
    assert await told([], (0, none), (0, doing("update", Update("x", "at once"))), (0, "x")) == [
        "a:none", "a:update", "a:at once", "a:x",
    ]  # fmt: skip


@rule(
    "FSM-15",
    "Time-outs of zero seconds come after inserted and postponed events, in the order of the actions, and before any"
    " message that still is in the mailbox.",
)
@virtual
async def test_zero_time_outs_come_between_the_queue_and_the_mailbox() -> None:
    log: Log = []
    change = NextState(
        "b", Timeout("t", 0, "t"), StateTimeout(0, "s"), Timeout("u", 0, "u"), NextEvent("internal", "i")
    )
    await suspended(log, ("p", {"a": Postpone()}), ("go", {"a": change}), "mail")
    await settle()

    assert log == ["a:p", "a:go", "b:i", "b:p", "b:t", "b:s", "b:u", "b:mail"]


@rule(
    "FSM-16",
    "An event time-out of zero seconds comes only when no event is queued, yet before a message in the mailbox.",
)
@virtual
async def test_an_event_time_out_of_zero_beats_the_mailbox_but_not_the_queue() -> None:
    log: Log = []
    alone, queued = EventTimeout(0, "zero"), NextEvent("internal", "i")
    await suspended(log, doing("one", alone), "mail", doing("two", alone, queued), "last")
    await settle()

    assert log == ["a:one", "a:zero", "a:mail", "a:two", "a:i", "a:last"]


@rule(
    "FSM-17",
    "A bare number is an event time-out with that number as its content; a time-out can be set to a time of the clock.",
)
@virtual
async def test_bare_numbers_and_absolute_times() -> None:
    log: Log = []
    pid = await start(log)
    now = current_node().clock.now()
    ab.GenStateMachine.cast(pid, doing("bare", 2))
    ab.GenStateMachine.cast(pid, doing("bare", 2.5))
    await ab.sleep(2.4)
    assert log == ["a:bare", "a:bare"]
    await ab.sleep(0.2)
    assert log[2:] == ["a:2.5"]
    past, later = Timeout("past", now + 1, "past", absolute=True), StateTimeout(now + 10, "later", absolute=True)
    ab.GenStateMachine.cast(pid, doing("absolute", past, later))
    await ab.sleep(now + 9.9 - current_node().clock.now())
    assert log[3:] == ["a:absolute", "a:past"]
    await ab.sleep(0.2)

    assert log[5:] == ["a:later"]
