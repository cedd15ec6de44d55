"""System requests: what a server's loop answers itself, running or suspended (rules SYS-01 to SYS-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.isolation import isolate, reveal
from ..core.process import Process
from ..core.reasons import describe, reason_of
from .protocol import System, answer

if TYPE_CHECKING:
    from .server import ServerBody

__all__ = ["Refused", "State", "Statistics", "handle"]


class State(dict[str, Any]):
    """A copy of a server's attributes: `state["n"]` and `state.n` are the same."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the state has no {name!r}; there are: {', '.join(self) or 'none'}") from None


class Statistics:
    """Messages in and replies out since they were turned on (rule SYS-05)."""

    __slots__ = ("messages_in", "messages_out", "since")

    def __init__(self, since: float) -> None:
        self.since = since
        self.messages_in = 0
        self.messages_out = 0

    def count(self, received: int, replied: int) -> None:
        """Add to both."""
        self.messages_in += received
        self.messages_out += replied


class Refused:
    """The answer to a request that failed: nothing has changed."""

    __slots__ = ("reason",)

    def __init__(self, reason: Any) -> None:
        self.reason = reason


def handle(body: ServerBody, process: Process, message: System) -> None:
    """Do what is asked and answer; `terminate` answers by ending."""
    if message.operation == "terminate":
        body.terminate(message.argument)
        return
    operation = _OPERATIONS.get(message.operation)
    if operation is None:
        result: Any = Refused(f"unknown_system_msg: {message.operation}")
    else:
        result = operation(body, process, message.argument)
    answer(process.node, message.caller, result)


def copy_of_state(server: Any) -> State:
    """The attributes of a server, each a copy; what cannot be copied is shown as text."""
    return State({name: reveal(value) for name, value in vars(server).items()})


def _get_state(body: ServerBody, process: Process, argument: Any) -> Any:
    return copy_of_state(body.server)


def _replace_state(body: ServerBody, process: Process, function: Any) -> Any:
    """Give the server new attributes; when the function raises, the old ones stay (rule SYS-01)."""
    try:
        new = function(copy_of_state(body.server))
        if not isinstance(new, dict):
            raise TypeError(f"replace_state: expected the function to return a dict of attributes, got {new!r}")
        attributes = isolate(dict(new))
    except Exception as error:
        return Refused(("callback_failed", describe(reason_of(error))))
    vars(body.server).clear()
    vars(body.server).update(attributes)
    return copy_of_state(body.server)


def _suspend(body: ServerBody, process: Process, argument: Any) -> Any:
    suspend(process)
    return "ok"


def _resume(body: ServerBody, process: Process, argument: Any) -> Any:
    resume(process)
    return "ok"


def suspend(process: Process) -> None:
    """From now on messages wait; twice is the same as once (rule SYS-02)."""
    if process.suspended:
        return
    process.suspended = True
    _note(process, "suspended")


def resume(process: Process) -> None:
    """Messages that waited run in order."""
    if not process.suspended:
        return
    process.suspended = False
    process.node.scheduler.ready(process)
    _note(process, "resumed")


def _note(process: Process, kind: str) -> None:
    if process.node.tracer is not None:
        process.node.tracer.record(kind, process.pid, process.name or process.label, None)


def _get_status(body: ServerBody, process: Process, argument: Any) -> Any:
    return {
        "module": body.cls.__name__,
        "status": "suspended" if process.suspended else "running",
        "parent": body.parent,
        "debug": "statistics" if body.statistics is not None else "none",
        "state": copy_of_state(body.server),
    }


def _statistics(body: ServerBody, process: Process, argument: Any) -> Any:
    if argument is True:
        body.statistics = Statistics(process.node.clock.now())
        return "ok"
    if argument is False:
        body.statistics = None
        return "ok"
    if body.statistics is None:
        return "no_statistics"
    counted = body.statistics
    seconds = process.node.clock.now() - counted.since
    return {"seconds": seconds, "messages_in": counted.messages_in, "messages_out": counted.messages_out}


_OPERATIONS = {
    "get_state": _get_state,
    "replace_state": _replace_state,
    "suspend": _suspend,
    "resume": _resume,
    "get_status": _get_status,
    "statistics": _statistics,
}
