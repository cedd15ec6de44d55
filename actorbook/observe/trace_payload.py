"""What is kept of a message that is traced: a bounded copy, and one bounded line. Pure, and never fails.

A message belongs to its receiver, which may change it, and may be as large as it likes; so a trace keeps neither the
message nor its text, but the beginning of both.

    >>> bounded({"rows": list(range(100)), "name": "x" * 10_000})["rows"][:3]
    [0, 1, 2]
    >>> line(("row", 118_203, "a" * 10_000), 40)
    "('row', 118203, 'aaaaaaaaaaaaaaaaaaaaaa…"
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from ..core.ids import Pid, Ref
from ..core.messages import DOWN, EXIT
from ..core.reasons import Crash
from ..core.waits import Asked

__all__ = ["bounded", "line", "read"]

_ITEMS, _DEPTH, _LETTERS = 24, 4, 400
_PLAIN = (int, float, complex, bool, type(None), Pid, Ref, Crash)


class Elided(str):
    """What stands where something was left out."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def read(message: Any) -> tuple[str, Any]:
    """What sort of message it is (call, cast, system, exit, down, info), and what is in it."""
    sort = getattr(type(message), "sort", None)
    if isinstance(message, Asked) or sort == "cast":
        return str(sort or "call"), getattr(message, "request", message)
    if sort == "system" and hasattr(message, "operation"):
        return "system", message.operation
    if isinstance(message, EXIT):
        return "exit", message.reason
    if isinstance(message, DOWN):
        return "down", message.reason
    return "info", message


def bounded(value: Any, depth: int = _DEPTH) -> Any:
    """A copy of plain data with at most so many items and levels; of anything else its text."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is str or kind is bytes:
        return value if len(value) <= _LETTERS else _cut(value)
    if depth <= 0:
        return Elided("…")
    if kind is dict:
        return _pairs(value, depth)
    if kind in (list, tuple, set, frozenset):
        return _items(kind, value, depth)
    return Elided(_spelled(value, depth))


def line(value: Any, limit: int = 120) -> str:
    """The value in one line of at most `limit` characters."""
    small = bounded(value)
    text = " ".join((str(small) if isinstance(small, Crash | str) and type(value) is not str else _repr(small)).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _pairs(value: dict[Any, Any], depth: int) -> dict[Any, Any]:
    pairs = {bounded(key, 1): bounded(item, depth - 1) for key, item in islice(value.items(), _ITEMS)}
    return pairs if len(value) <= _ITEMS else {**pairs, Elided("…"): Elided(f"{len(value) - _ITEMS:,} more")}


def _items(kind: type, value: Any, depth: int) -> Any:
    items = [bounded(item, depth - 1) for item in islice(value, _ITEMS)]
    if len(value) > _ITEMS:
        items.append(Elided(f"… {len(value) - _ITEMS:,} more"))
    try:
        return kind(items)
    except TypeError:  # of a set: what an item became cannot be hashed
        return Elided(_repr(items))


def _cut(value: str | bytes) -> Any:
    return Elided(_repr(value[:_LETTERS])[:-1] + f"… {len(value) - _LETTERS:,} more") if value else value


def _spelled(value: Any, depth: int) -> str:
    """A request by method as it was written; of other objects their own text, cut."""
    method, args, kwargs = (getattr(value, name, None) for name in ("method", "args", "kwargs"))
    if isinstance(method, str) and isinstance(args, tuple) and isinstance(kwargs, dict):
        given: Iterable[str] = [
            *(_repr(bounded(item, depth - 1)) for item in islice(args, _ITEMS)),
            *(f"{name}={_repr(bounded(item, depth - 1))}" for name, item in islice(kwargs.items(), _ITEMS)),
        ]
        return f"{method}({', '.join(given)})"
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        fields = zip(value._fields, value, strict=False)
        text = f"{type(value).__name__}({', '.join(f'{k}={_repr(bounded(v, depth - 1))}' for k, v in fields)})"
    else:
        text = _repr(value)
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"


def _repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception:  # noqa: BLE001  whatever the user's __repr__ does, looking must never fail
        return f"<{type(value).__name__}>"
