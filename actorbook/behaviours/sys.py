"""`ab.sys`: look into a running server and steer its loop, as Erlang's module `sys` does.

Each function takes a pid or a name, awaits the server's answer for up to `timeout` seconds and raises
`CallExit` when none comes. They work on servers, state machines and supervisors, running or suspended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.errors import CallExit, SysError
from .debug import Happening
from .protocol import ask_system
from .system import Refused

__all__ = [
    "change_code", "get_log", "get_state", "get_status", "install", "log", "no_debug", "remove", "replace_state",
    "resume", "statistics", "suspend", "terminate", "trace",
]  # fmt: skip


async def _ask(dest: Any, operation: str, argument: Any, timeout: float | None) -> Any:
    result = await ask_system(dest, operation, argument, timeout)
    if isinstance(result, Refused):
        raise SysError(result.reason, f"sys.{operation}: {result.reason}")
    return result


async def get_state(dest: Any, timeout: float | None = 5.0) -> Any:
    """A copy of the server's attributes: `state["n"]` or `state.n` (rule SYS-01).

    Of a state machine it is the pair (state, attributes): rule FSM-25.
    """
    return await _ask(dest, "get_state", None, timeout)


async def replace_state(dest: Any, function: Callable[[Any], Any], timeout: float | None = 5.0) -> Any:
    """Replace the server's attributes by `function(state)`; returns the new state.

    A function that raises leaves the old state and fails only the caller, with `SysError` (rule SYS-01).
    """
    return await _ask(dest, "replace_state", function, timeout)


async def suspend(dest: Any, timeout: float | None = 5.0) -> str:
    """Have the server handle no messages until `resume`; they wait, in order (rule SYS-02)."""
    result: str = await _ask(dest, "suspend", None, timeout)
    return result


async def resume(dest: Any, timeout: float | None = 5.0) -> str:
    """Have the server go on."""
    result: str = await _ask(dest, "resume", None, timeout)
    return result


async def get_status(dest: Any, timeout: float | None = 5.0) -> dict[str, Any]:
    """Class, running or suspended, parent and state (rule SYS-04)."""
    status: dict[str, Any] = await _ask(dest, "get_status", None, timeout)
    return status


async def statistics(dest: Any, on: bool | None = None, timeout: float | None = 5.0) -> Any:
    """Turn counting on or off, or get the counts: seconds, messages in and out (rule SYS-05)."""
    return await _ask(dest, "statistics", on, timeout)


async def trace(dest: Any, on: bool = True, timeout: float | None = 5.0) -> str:
    """Have the process print a line for each message in and each reply out, or stop that (rule SYS-07).

    >>> import actorbook as ab
    >>> class Echo(ab.GenServer):
    ...     def handle_call(self, request, caller):
    ...         return request
    >>> pid = await Echo.start(name="echo")
    >>> await ab.sys.trace(pid)
    'ok'
    >>> await ab.GenServer.call(pid, "hi")
    *DBG* echo <nb.2> got call hi from <nb.1>
    *DBG* echo <nb.2> sent hi to <nb.1>
    'hi'
    """
    result: str = await _ask(dest, "trace", on, timeout)
    return result


async def log(dest: Any, on: bool | int = True, timeout: float | None = 5.0) -> str:
    """Keep the last events of the process: ten, or as many as `on` says; False stops it (rule SYS-06)."""
    if on < 0:
        raise ValueError(f"sys.log: expected True, False or how many events to keep, got {on!r}")
    result: str = await _ask(dest, "log", on, timeout)
    return result


async def get_log(dest: Any, timeout: float | None = 5.0) -> list[Happening]:
    """The events that `log` kept, oldest first: items with `.direction`, `.kind`, `.content`, `.peer`."""
    events: list[Happening] = await _ask(dest, "log", None, timeout)
    return events


async def install(
    dest: Any,
    function: Callable[[Any, Happening, str], Any],
    state: Any = None,
    id: Any = None,
    timeout: float | None = 5.0,
) -> str:
    """Have `function(state, event, who)` see each event; what it returns is the next `state` (rule SYS-08).

    Returning `"done"`, or raising, removes it. `id` is the function itself unless given; one id is installed
    once.
    """
    if not callable(function):
        raise TypeError(f"sys.install: expected a function(state, event, who), got {function!r}")
    result: str = await _ask(dest, "install", (function if id is None else id, function, state), timeout)
    return result


async def remove(dest: Any, id: Any, timeout: float | None = 5.0) -> str:
    """Take an installed function away, by its id; an unknown one is no error."""
    result: str = await _ask(dest, "remove", id, timeout)
    return result


async def no_debug(dest: Any, timeout: float | None = 5.0) -> str:
    """Switch trace, log, statistics and all installed functions off."""
    result: str = await _ask(dest, "no_debug", None, timeout)
    return result


async def change_code(dest: Any, cls: type, extra: Any = None, timeout: float | None = 5.0) -> str:
    """Put a suspended process on the code of `cls`, whose `code_change(old)` adapts the state.

    Rules UPG-01, SYS-09: outside `suspend` it is refused. When `code_change` raises, or returns junk,
    `SysError` says so, and old code and state stay (UPG-03). Defining a class again does all of this by
    itself for the live processes of that class.
    """
    if not isinstance(cls, type):
        raise TypeError(f"sys.change_code: expected a class, got {cls!r}")
    result: str = await _ask(dest, "change_code", (cls, extra), timeout)
    return result


async def terminate(dest: Any, reason: Any, timeout: float | None = 5.0) -> str:
    """Have the process end with `reason`, running its `terminate`; waits until it has (rule GEN-22)."""
    try:
        return str(await _ask(dest, "terminate", reason, timeout))
    except CallExit as ended:
        if ended.reason != reason:
            raise
        return "ok"
