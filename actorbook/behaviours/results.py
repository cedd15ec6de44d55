"""What callbacks may return, as values: replies, stops, and what to do next.

>>> Stop("shutdown", reply="bye")
Stop(reason='shutdown', reply='bye')
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

__all__ = [
    "NONE",
    "Continue",
    "Fail",
    "Hibernate",
    "Ignore",
    "NoReply",
    "Reply",
    "Stop",
    "Then",
    "Timeout",
    "Value",
    "is_result",
]


class _Nothing:
    """The absence of a value where None is one."""

    def __repr__(self) -> str:
        return "…"

    def __reduce__(self) -> str:
        return "NONE"  # a copy is the same: results may travel in messages


NONE: Any = _Nothing()


class Value:
    """A small immutable record, compared and shown by its fields, those in `__match_args__`, in that order."""

    __slots__: tuple[str, ...] = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()

    def _fields(self) -> Iterator[tuple[str, Any]]:
        for name in self.__match_args__:
            yield name, getattr(self, name)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and list(self._fields()) == list(other._fields())

    def __hash__(self) -> int:
        return hash((type(self), *self._fields()))

    def __repr__(self) -> str:
        fields = ", ".join(
            f"{name}={value!r}" for name, value in self._fields() if value is not NONE and value is not None
        )
        return f"{type(self).__name__}({fields})"


class Continue(Value):
    """Run `handle_continue(value)` before any message, even one that is queued already (rule GEN-18)."""

    __slots__ = ("value",)
    __match_args__: ClassVar[tuple[str, ...]] = ("value",)

    def __init__(self, value: Any = None) -> None:
        self.value = value


class Timeout(Value):
    """Call `handle_info("timeout")` after `seconds` of silence; any message cancels it for good.

    Rules GEN-19, GEN-20.
    """

    __slots__ = ("seconds",)
    __match_args__: ClassVar[tuple[str, ...]] = ("seconds",)

    def __init__(self, seconds: float) -> None:
        from ..core.timers import check_seconds

        self.seconds = check_seconds(seconds, "Timeout")


class Hibernate(Value):
    """Give memory back until the next message (rule GEN-32): the empty mailbox is dropped."""

    __slots__ = ()


Then = Continue | Timeout | Hibernate | None


def _check_then(then: Any, where: str) -> Then:
    if then is None or isinstance(then, Continue | Timeout | Hibernate):
        return then
    raise TypeError(f"{where}: expected Continue, Timeout or Hibernate as `then`, got {then!r}")


class Reply(Value):
    """Answer a call with `value`, then do `then`. A plain return value is the same without `then`."""

    __slots__ = ("then", "value")
    __match_args__: ClassVar[tuple[str, ...]] = ("value", "then")

    def __init__(self, value: Any, then: Then = None) -> None:
        self.value = value
        self.then = _check_then(then, "Reply")


class NoReply(Value):
    """Answer later, with `GenServer.reply(caller, value)`, or from another process (rule GEN-11)."""

    __slots__ = ("then",)
    __match_args__: ClassVar[tuple[str, ...]] = ("then",)

    def __init__(self, then: Then = None) -> None:
        self.then = _check_then(then, "NoReply")


class Stop(Value):
    """End the server with `reason` after `terminate`; a `reply` is sent in between (rules GEN-12, GEN-13)."""

    __slots__ = ("reason", "reply")
    __match_args__: ClassVar[tuple[str, ...]] = ("reason", "reply")

    def __init__(self, reason: Any = "normal", reply: Any = NONE) -> None:
        self.reason = reason
        self.reply = reply


class Ignore(Value):
    """Returned by `init`: do not start, and let nobody see a failure in that (rule GEN-02)."""

    __slots__ = ()


class Fail(Value):
    """Returned by `init`: the start fails with `reason`, yet nothing crashed and no link is harmed.

    What OTP 26 spells `{error, Reason}`; `Stop(reason)` ends the process with the reason instead.
    """

    __slots__ = ("reason",)
    __match_args__: ClassVar[tuple[str, ...]] = ("reason",)

    def __init__(self, reason: Any) -> None:
        self.reason = reason


def is_result(value: Any) -> bool:
    """True for the values of this module, which a call must not return as a bare reply."""
    return isinstance(value, Reply | NoReply | Stop | Ignore | Fail | Continue | Timeout | Hibernate)
