"""Why a process ended, as plain values (rules SIG-20, GEN-28, SUP-14).

`"normal"`, `"shutdown"` and `("shutdown", x)` are orderly ends; everything else is abnormal. An exception
becomes a `Crash`, which keeps words only: no frame, no local variable and so no memory stays alive in a
reason.

    >>> is_orderly(("shutdown", "tired")), is_orderly("killed")
    (True, False)
    >>> crash(ValueError("no such row"))
    Crash(ValueError: no such row)
"""

from __future__ import annotations

from typing import Any

from .errors import CallExit, Exit, NoProcessError

__all__ = ["Crash", "crash", "describe", "is_normal", "is_orderly", "reason_of"]


class Crash:
    """An exception that ended a process: its `type`, `message` and formatted `traceback`; it holds no frames.

    Two crashes are equal when type and message are, wherever they were raised.
    """

    __slots__ = ("message", "traceback", "type")
    __match_args__ = ("type", "message", "traceback")

    def __init__(self, type: type[BaseException], message: str, traceback: str = "") -> None:
        self.type = type
        self.message = message
        self.traceback = traceback

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Crash) and (self.type, self.message) == (other.type, other.message)

    def __hash__(self) -> int:
        return hash((self.type, self.message))

    def __repr__(self) -> str:
        return f"Crash({self})"

    def __str__(self) -> str:
        return f"{self.type.__name__}: {self.message}" if self.message else self.type.__name__

    def __deepcopy__(self, memo: Any) -> Crash:
        return self


def crash(error: BaseException) -> Crash:
    """The `Crash` of an exception, with its traceback as text, the runtime's own frames left out."""
    from traceback import format_exception

    lines = format_exception(type(error), error, _user_part(error))
    return Crash(type(error), _message(error), "".join(lines))


def _message(error: BaseException) -> str:
    """`str(error)`, even of an exception whose `__str__` fails."""
    try:
        return str(error)
    except Exception:
        return "<no text: its __str__ raised>"


def _user_part(error: BaseException) -> Any:
    """The traceback from the first frame that is not the runtime's."""
    trace = error.__traceback__
    while trace is not None and _is_runtime(trace.tb_frame.f_globals.get("__package__")):
        trace = trace.tb_next
    return trace or error.__traceback__


def _is_runtime(package: Any) -> bool:
    return isinstance(package, str) and package.startswith(("actorbook.core", "actorbook.behaviours"))


def reason_of(error: BaseException) -> Any:
    """The exit reason of a body that ended with `error`: rule SIG-20."""
    if isinstance(error, Exit | CallExit | NoProcessError):
        return error.reason
    return "interrupted" if isinstance(error, KeyboardInterrupt) else crash(error)


def is_normal(reason: Any) -> bool:
    """True for `"normal"` alone."""
    return isinstance(reason, str) and reason == "normal"


def is_orderly(reason: Any) -> bool:
    """True for the ends that nobody needs to hear about: normal, shutdown, and shutdown with a word."""
    if isinstance(reason, tuple):
        return len(reason) == 2 and isinstance(reason[0], str) and reason[0] == "shutdown"
    return isinstance(reason, str) and reason in ("normal", "shutdown")


def describe(reason: Any, limit: int = 160) -> str:
    """A reason in one line of at most `limit` characters, as event logs and trees show it."""
    try:
        text = str(reason) if isinstance(reason, str | Crash) else repr(reason)
    except Exception:
        text = f"<{type(reason).__name__}>"
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
