"""`ab.sys`: look into a running server and steer its loop, as Erlang's module `sys` does.

Each function takes a pid or a name, awaits the server's answer for up to `timeout` seconds and raises
`CallExit` when none comes. They work on servers, state machines and supervisors, running or suspended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.errors import SysError
from ..core.timers import check_seconds
from .protocol import System, request
from .system import Refused, State

__all__ = ["get_state", "get_status", "replace_state", "resume", "statistics", "suspend"]


async def _ask(dest: Any, operation: str, argument: Any, timeout: float | None) -> Any:
    seconds = None if timeout is None else check_seconds(timeout, f"sys.{operation}(timeout=…)")
    result = await request(dest, lambda caller: System(caller, operation, argument), seconds)
    if isinstance(result, Refused):
        raise SysError(result.reason, f"sys.{operation}: {result.reason}")
    return result


async def get_state(dest: Any, timeout: float | None = 5.0) -> State:
    """A copy of the server's attributes: `state["n"]` or `state.n` (rule SYS-01)."""
    state: State = await _ask(dest, "get_state", None, timeout)
    return state


async def replace_state(dest: Any, function: Callable[[State], dict[str, Any]], timeout: float | None = 5.0) -> State:
    """Replace the server's attributes by `function(state)`; returns the new state.

    A function that raises leaves the old state and fails only the caller, with `SysError` (rule SYS-01).
    """
    state: State = await _ask(dest, "replace_state", function, timeout)
    return state


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
