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

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .errors import CallExit, Exit, NoProcessError

__all__ = ["Crash", "Lazy", "crash", "describe", "is_normal", "is_orderly", "reason_of"]


_TALKATIVE = (BaseExceptionGroup, SyntaxError, ImportError, NameError, AttributeError)


class Crash:
    """An exception that ended a process: its `type`, `message` and `traceback` as text; it holds no frames.

    Two crashes are equal when type and message are, wherever they were raised. The text is made when it is
    first read, from the lines that were running.
    """

    __slots__ = ("_traceback", "message", "type")
    __match_args__ = ("type", "message", "traceback")

    def __init__(self, type: type[BaseException], message: str, traceback: str | Lazy = "") -> None:
        self.type = type
        self.message = message
        self._traceback = traceback

    @property
    def traceback(self) -> str:
        """The formatted traceback, the runtime's own lines left out."""
        text = self._traceback = str(self._traceback)
        return text

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

    def __reduce__(self) -> tuple[Any, ...]:
        return Crash, (self.type, self.message, self.traceback)


class Lazy:
    """Text that is made when somebody reads it: most crashes of a restarted process nobody ever reads."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make

    def __str__(self) -> str:
        return self._make()


def crash(error: BaseException) -> Crash:
    """The `Crash` of an exception; its traceback is kept as places in the code, which hold no variables."""
    message = _message(error)
    if error.__cause__ is not None or error.__context__ is not None or not _is_plain(error):
        from traceback import format_exception

        return Crash(type(error), message, "".join(format_exception(type(error), error, _user_part(error))))
    name, places = _name(type(error)), list(_walk(_user_part(error)))
    return Crash(type(error), message, Lazy(lambda: _format(name, message, places)))


def _is_plain(error: BaseException) -> bool:
    """True when type, message and places say all; others (groups, syntax errors, notes) have more to tell."""
    return not isinstance(error, _TALKATIVE) and not hasattr(error, "__notes__")


def _walk(trace: Any) -> Iterator[tuple[Any, int]]:
    while trace is not None:
        yield trace.tb_frame.f_code, trace.tb_lasti
        trace = trace.tb_next


def _format(name: str, message: str, places: list[tuple[Any, int]]) -> str:
    """What `traceback.format_exception` would have said of them."""
    from traceback import StackSummary

    lines = StackSummary([_summary(*place) for place in places]).format()
    head = ["Traceback (most recent call last):\n"] if lines else []
    return "".join([*head, *lines, f"{name}: {message}\n" if message else f"{name}\n"])


def _summary(code: Any, lasti: int) -> Any:
    """One place with the columns that were running, where the code knows them."""
    from traceback import FrameSummary

    line = next((line for start, stop, line in code.co_lines() if start <= lasti < stop), None)
    _, last, column, end = next(islice(code.co_positions(), lasti // 2, None), (line, line, None, None))
    return FrameSummary(
        code.co_filename, line, code.co_name, lookup_line=False, end_lineno=last, colno=column, end_colno=end
    )


def _name(kind: type) -> str:
    """An exception class as tracebacks call it."""
    module = kind.__module__
    return kind.__qualname__ if module in ("builtins", "__main__") else f"{module}.{kind.__qualname__}"


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
    return isinstance(package, str) and package.startswith(("actorbook.core", "actorbook.behaviours", "actorbook.web"))


def reason_of(error: BaseException) -> Any:
    """The exit reason of a body that ended with `error`: rule SIG-20.

    A task group wraps what ended one of its tasks; when that is a single exit, it is the reason all the same.
    """
    if isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        inner = reason_of(error.exceptions[0])
        return crash(error) if isinstance(inner, Crash) else inner
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
