"""State machines that note what they hear and do what an event's content says, state by state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import actorbook as ab
from actorbook.behaviours.statem import Event, KeepState, Reply, Stop

Log = list[Any]


def note(machine: Any, event: Event, state: Any) -> Any:
    """Append `a:name` to the machine's log, and return what the content has for this state.

    The content of such an event is `(name, {state: result})`; a result may be a function of machine and event.
    """
    name, results = event.content, {}
    if isinstance(name, tuple) and isinstance(name[-1], dict):
        name, results = name
    word = f"enter from {name}" if event.type == "enter" else name if name is not None else event.name or event.type
    machine.log.append(f"{state}:{word}")
    if event.type == "enter":
        results = machine.entering
    result = results.get(state)
    return result(machine, event) if callable(result) else result


class Machine(ab.GenStateMachine):
    """Method by method: states a, b and c."""

    def init(self, log: Log, first: Any = "a", entering: dict[Any, Any] | None = None, trap: bool = False) -> Any:
        self.log = log
        self.entering = entering or {}
        ab.flag(trap_exit=trap)
        return first

    def a(self, event: Event) -> Any:
        return note(self, event, "a")

    def b(self, event: Event) -> Any:
        return note(self, event, "b")

    def c(self, event: Event) -> Any:
        return note(self, event, "c")

    def terminate(self, reason: Any) -> None:
        self.log.append(f"{self.current_state}:terminate")


class Entering(Machine):
    """The same with enter calls."""

    state_enter = True


class OneHandler(ab.GenStateMachine):
    """All states in one method, so that any value is a state."""

    def init(self, log: Log, first: Any = 1) -> Any:
        self.log = log
        return first

    def handle_event(self, event: Event, state: Any) -> Any:
        return note(self, event, state)


async def start(log: Log, first: Any = "a", cls: type[ab.GenStateMachine] = Machine, **options: Any) -> ab.Pid:
    """A machine whose log is this very list."""
    pid = await cls.start(ab.share(log), first, **options)
    assert pid is not None
    return pid


async def suspended(log: Log, *casts: Any, **options: Any) -> ab.Pid:
    """A machine that has all the casts in its mailbox before it handles the first."""
    pid = await start(log, **options)
    await ab.sys.suspend(pid)
    for content in casts:
        ab.GenStateMachine.cast(pid, content)
    await ab.sys.resume(pid)
    return pid


async def crash(pid: Any, content: Any) -> Any:
    """The reason with which a machine ends when a call has this content."""
    with pytest.raises(ab.CallExit) as failed:
        await ab.GenStateMachine.call(pid, content, 60)
    return failed.value.reason


def answer(value: Any, then: Callable[..., Any] = KeepState, *rest: Any) -> Callable[[Any, Event], Any]:
    """A result that answers the call: `then(…, Reply(caller, value))`."""
    return lambda _, event: then(*rest, Reply(event.caller, value))


def stop_with(reason: Any, value: Any) -> Callable[[Any, Event], Any]:
    """A result that ends the machine and answers the call."""
    return lambda _, event: Stop(reason, Reply(event.caller, value))
