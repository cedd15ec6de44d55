"""System requests: what a process's loop answers itself, running or suspended (rules SYS-01 to SYS-09)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..core.isolation import isolate, reveal
from ..core.process import Process
from ..core.reasons import describe, reason_of
from .attributes import attributes, put
from .debug import Debug, Installed
from .protocol import System, answer
from .report import shaped

if TYPE_CHECKING:
    from .loop import LoopBody

__all__ = ["Refused", "State", "copy_of_state", "handle", "replace_attributes", "resume", "suspend"]

_LOGGED = 10


class State(dict[str, Any]):
    """A copy of a server's attributes: `state["n"]` and `state.n` are the same, also to be set."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the state has no {name!r}; there are: {', '.join(self) or 'none'}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(type(self), name):  # a slot of a subclass; a method, which refuses
            super().__setattr__(name, value)
        else:
            self[name] = value


class Refused:
    """The answer to a request that failed: nothing has changed."""

    __slots__ = ("reason",)

    def __init__(self, reason: Any) -> None:
        self.reason = reason


def handle(body: LoopBody, process: Process, message: System) -> None:
    """Do what is asked and answer; `terminate` answers by ending, a code change when it is done."""
    if message.operation == "terminate":
        body.terminate(message.argument)
        return

    def done(result: Any) -> None:
        answer(process.node, message.caller, result)

    if message.operation in _CHANGES:
        _change(body, process, message, done)
        return
    operation = _OPERATIONS.get(message.operation)
    done(operation(body, process, message.argument) if operation else _unknown(message))


def _unknown(message: System) -> Refused:
    return Refused(f"unknown_system_msg: {message.operation}")


# --- state ----------------------------------------------------------------------------------------------


def copy_of_state(server: Any) -> State:
    """The attributes of a server, each a copy; what cannot be copied is shown as text."""
    return State({name: reveal(value) for name, value in attributes(server).items()})


def replace_attributes(server: Any, function: Callable[[State], Any]) -> State:
    """Give the server the attributes that `function(state)` returns."""
    new = function(copy_of_state(server))
    if not isinstance(new, dict):
        raise TypeError(f"replace_state: expected the function to return a dict of attributes, got {new!r}")
    put(server, isolate(dict(new)))
    return copy_of_state(server)


def _get_state(body: LoopBody, process: Process, argument: Any) -> Any:
    return body.visible_state()


def _replace_state(body: LoopBody, process: Process, function: Any) -> Any:
    """Give the process a new state; when the function raises, the old one stays (rule SYS-01)."""
    try:
        return body.replace_state(function)
    except Exception as error:
        return Refused(("callback_failed", describe(reason_of(error))))


def _get_status(body: LoopBody, process: Process, argument: Any) -> Any:
    status = {
        "module": body.cls.__name__,
        "status": "suspended" if process.suspended else "running",
        "parent": body.parent,
        "debug": body.debug.names() if body.debug is not None else [],
        "state": body.visible_state(),
    }
    more = {key: reveal(value) for key, value in body.status().items() if key not in status}
    return shaped(body.server, status | more)


# --- suspension and code --------------------------------------------------------------------------------


def _suspend(body: LoopBody, process: Process, argument: Any) -> Any:
    suspend(process)
    return "ok"


def _resume(body: LoopBody, process: Process, argument: Any) -> Any:
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


_CHANGES = ("change_code", "upgrade")


def _change(body: LoopBody, process: Process, message: System, done: Callable[[Any], None]) -> None:
    """Take up new code, which is allowed only while suspended: an upgrade sees to that itself (rule SYS-09)."""
    from . import upgrade

    if message.operation == "upgrade":
        upgrade.take_up(body, process, message.argument, done)
    elif not process.suspended:
        done(_unknown(message))
    else:
        cls, extra = message.argument
        upgrade.change(body, cls, extra, done)


# --- debugging ------------------------------------------------------------------------------------------


def _debug(body: LoopBody, change: Callable[[Debug], Any]) -> Any:
    """Change what is switched on; a process without any of it has no `Debug` at all."""
    debug = body.debug or Debug()
    result = change(debug)
    body.debug = None if debug.idle() else debug
    return result


def _statistics(body: LoopBody, process: Process, argument: Any) -> Any:
    now = process.node.clock.now()
    if argument is None:
        debug = body.debug
        if debug is None or debug.since is None:
            return "no_statistics"
        counts = debug.counts
        return {"seconds": now - debug.since, "messages_in": counts["in"], "messages_out": counts["out"]}

    def switch(debug: Debug) -> str:
        debug.since = now if argument else None
        debug.counts = {"in": 0, "out": 0}
        return "ok"

    return _debug(body, switch)


def _trace(body: LoopBody, process: Process, on: Any) -> Any:
    def switch(debug: Debug) -> str:
        debug.traced = bool(on)
        return "ok"

    return _debug(body, switch)


def _log(body: LoopBody, process: Process, argument: Any) -> Any:
    if argument is None:
        return list(body.debug.log) if body.debug is not None and body.debug.log is not None else []

    def switch(debug: Debug) -> str:
        size = _LOGGED if argument is True else argument
        debug.log = deque(debug.log or (), maxlen=size) if argument else None
        return "ok"

    return _debug(body, switch)


def _install(body: LoopBody, process: Process, argument: Any) -> Any:
    id, function, state = argument

    def add(debug: Debug) -> str:
        debug.functions.setdefault(id, Installed(function, state))
        return "ok"

    return _debug(body, add)


def _remove(body: LoopBody, process: Process, id: Any) -> Any:
    def drop(debug: Debug) -> str:
        debug.functions.pop(id, None)
        return "ok"

    return _debug(body, drop)


def _no_debug(body: LoopBody, process: Process, argument: Any) -> Any:
    body.debug = None
    return "ok"


_OPERATIONS = {
    "get_state": _get_state,
    "replace_state": _replace_state,
    "suspend": _suspend,
    "resume": _resume,
    "get_status": _get_status,
    "statistics": _statistics,
    "trace": _trace,
    "log": _log,
    "install": _install,
    "remove": _remove,
    "no_debug": _no_debug,
}
