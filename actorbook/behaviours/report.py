"""How a process that ends abnormally is reported, and what its class lets others see (rules GEN-28, GEN-33)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from reprlib import Repr
from typing import TYPE_CHECKING, Any

from ..core.reasons import Crash, Lazy, describe
from .results import NONE

if TYPE_CHECKING:
    from .loop import LoopBody

__all__ = ["REDACTED", "Redacted", "crash_report", "end_report", "shaped"]

_PRIVATE = ("state", "message", "postponed", "timeouts")
_BRIEF = Repr()
_BRIEF.maxlevel, _BRIEF.maxdict, _BRIEF.maxlist, _BRIEF.maxtuple, _BRIEF.maxset = 4, 12, 8, 8, 8
_BRIEF.maxstring, _BRIEF.maxother = 80, 120


class Redacted:
    """What stands in place of a value that its class does not let others see."""

    def __repr__(self) -> str:
        return "<redacted>"


REDACTED = Redacted()


def shaped(server: Any, status: dict[str, Any]) -> dict[str, Any]:
    """`status` as the class's `redact` and `format_status` show it; when that fails nothing of the state is shown."""
    try:
        secret = server.redact
        formatted = server.format_status(
            status | {"state": _redacted(status["state"], secret)} if secret else dict(status)
        )
        if isinstance(formatted, dict) and set(status) <= set(formatted):
            return formatted
        problem = f"returned {describe(formatted, 40)}"
    except Exception as error:
        problem = f"failed with {describe(error, 40)}"
    hidden = f"<{type(server).__name__}.format_status {problem}>"
    return {key: hidden if key in _PRIVATE else value for key, value in status.items()}


def _redacted(state: Any, secret: AbstractSet[str]) -> Any:
    """The attributes of a server, or the pair (state, attributes) of a machine, without those that are secret."""
    if type(state) is tuple and len(state) == 2:
        return state[0], _redacted(state[1], secret)
    if not isinstance(state, dict):
        return state
    return {name: REDACTED if name in secret else value for name, value in state.items()}


def crash_report(body: LoopBody, reason: Any, last: Any) -> Lazy:
    """One line, and below it traceback, last message and state."""
    return Lazy(lambda: _crash_report(body, reason, last))


def end_report(reason: Any) -> Lazy:
    """The same for a process without state."""
    return Lazy(lambda: "\n".join([f"ended with {describe(reason)}", *_traceback(reason)]))


def _crash_report(body: LoopBody, reason: Any, last: Any) -> str:
    status = shaped(body.server, body.status() | {"reason": reason} | ({} if last is NONE else {"message": last}))
    shown = status["reason"]
    lines = [f"ended with {describe(shown)}", *_traceback(shown)]
    if "message" in status:
        lines.append(f"last message: {_BRIEF.repr(status['message'])}")
    return "\n".join([*lines, f"state: {_BRIEF.repr(status['state'])}"])


def _traceback(reason: Any) -> list[str]:
    return [reason.traceback.rstrip()] if isinstance(reason, Crash) and reason.traceback else []
