"""Any Python value as a tree of short texts: what the State tab shows, folds and searches.

It is bounded in depth, in width and in all; and no `repr` of the user's can take the picture with it.

>>> tree = value_of("cart", {"tea": 2, "milk": [1, 2]})
>>> tree["text"], [(part["name"], part["text"]) for part in tree["parts"]]
("{'tea': 2, 'milk': [1, 2]}", [("'tea'", '2'), ("'milk'", '[1, 2]')])
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from reprlib import Repr
from typing import Any

from ...behaviours.report import Redacted
from ...core.ids import Pid, Ref
from ..protocol_details import Value

__all__ = ["short", "value_of"]

_DEEP, _WIDE, _ALL = 5, 50, 500


class _Brief(Repr):
    """The usual short forms, and an honest word about a `repr` that fails."""

    def repr_instance(self, x: Any, level: int) -> str:
        try:
            text = repr(x)
        except Exception as error:  # noqa: BLE001  # the user's repr may do anything
            return f"<{type(x).__name__}: its repr raised {type(error).__name__}>"
        return text if len(text) <= self.maxother else text[: self.maxother - 1] + "…"


_BRIEF = _Brief()
_BRIEF.maxlevel, _BRIEF.maxdict, _BRIEF.maxlist, _BRIEF.maxtuple, _BRIEF.maxset = 3, 6, 8, 8, 8
_BRIEF.maxstring, _BRIEF.maxother, _BRIEF.maxlong = 160, 160, 60


def short(value: Any) -> str:
    """One line, whatever it is."""
    if type(value) is dict:  # in its own order: reprlib would sort it
        shown = [f"{short(key)}: {_BRIEF.repr(item)}" for key, item in islice(value.items(), _BRIEF.maxdict)]
        return "{" + ", ".join(shown + ["…"] * (len(value) > _BRIEF.maxdict)) + "}"
    return _BRIEF.repr(value).replace("...", "…").replace("\n", " ")


def value_of(name: str, value: Any) -> Value:
    """`value` under this name, with its parts below it."""
    return _Walk().visit(name, value, 0)


class _Walk:
    """One walk, with what is left of its budget."""

    def __init__(self) -> None:
        self.left = _ALL
        self.above: set[int] = set()

    def visit(self, name: str, value: Any, deep: int) -> Value:
        """A value, and as many of its parts as the budget lets be seen."""
        self.left -= 1
        found = Value(name=name, text=short(value), kind=_kind(value), parts=[], more=0)
        if deep >= _DEEP or id(value) in self.above or isinstance(value, Redacted):
            return found
        self.above.add(id(value))
        try:
            self._unfold(value, found, deep)
        except Exception as error:  # noqa: BLE001  # a property, a length, an iterator of the user's
            found["text"] += f" <unfolding it raised {type(error).__name__}>"
        self.above.discard(id(value))
        return found

    def _unfold(self, value: Any, found: Value, deep: int) -> None:
        parts, count = _parts(value)
        for key, part in islice(parts, _WIDE):
            if self.left <= 0:
                break
            found["parts"].append(self.visit(key, part, deep + 1))
        found["more"] = max(0, count - len(found["parts"]))


def _kind(value: Any) -> str:
    """What colour it gets."""
    if isinstance(value, Redacted):
        return "redacted"
    if value is None or isinstance(value, bool | type(...)):
        return "constant"
    if isinstance(value, int | float | complex):
        return "number"
    if isinstance(value, str | bytes):
        return "text"
    return "pid" if isinstance(value, Pid | Ref) else "object"


def _parts(value: Any) -> tuple[Iterator[tuple[str, Any]], int]:
    """What a value is made of, by name, and how many there are; nothing of what is seen whole already."""
    if isinstance(value, str | bytes | bytearray | Pid | Ref | type) or value is None:
        return iter(()), 0
    if isinstance(value, Mapping):
        return ((short(key), part) for key, part in value.items()), len(value)
    if isinstance(value, list | tuple | set | frozenset):
        return _items(value)
    attributes = getattr(value, "__dict__", None)
    if isinstance(attributes, dict) and type(value).__module__ != "builtins":
        return ((str(key), part) for key, part in attributes.items()), len(attributes)
    return iter(()), 0


def _items(value: Any) -> tuple[Iterator[tuple[str, Any]], int]:
    """Those of a sequence, by number, and of a named tuple by name; one plain item is seen whole already."""
    names = getattr(type(value), "_fields", None)
    if isinstance(value, tuple) and names:
        return iter(zip(names, value, strict=False)), len(value)
    if len(value) < 2 and not any(map(_is_rich, value)):
        return iter(()), 0
    return ((str(index), part) for index, part in enumerate(value)), len(value)


def _is_rich(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple | set | frozenset) or hasattr(value, "__dict__")
