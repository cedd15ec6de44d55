"""A number for a key that is the same in every interpreter, today and tomorrow, which `hash()` is not.

>>> stable_hash("ada"), stable_hash(("room", 7)) == stable_hash(("room", 7.0))
(721391124, True)
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

from ..core.ids import Pid, Ref

__all__ = ["stable_hash"]


def stable_hash(key: Any) -> int:
    """A number from 0 to 2**32 - 1; equal keys have equal numbers.

    Keys are made of text, bytes, numbers, None, pids, refs, and tuples, lists and sets of these; anything else
    raises `TypeError`, since nothing about it is known to stay the same.
    """
    return crc32(_encoded(key))


def _encoded(key: Any) -> bytes:
    """The key as bytes; different keys of one kind give different bytes."""
    match key:
        case str():
            return b"s" + key.encode("utf-8", "surrogatepass")
        case bytes():
            return b"b" + key
        case int() | float():  # numbers that are equal are one key, as in a dict
            return f"n{int(key) if isinstance(key, int) or key.is_integer() else key!r}".encode()
        case None:
            return b"-"
        case Pid() | Ref():
            return f"{type(key).__name__} {key.home!r} {key.number}".encode()
        case tuple() | list() | set() | frozenset():
            return _all_encoded(key)
    raise TypeError(f"expected a key of text, numbers, pids or tuples of these, got {key!r}; use its name or number")


def _all_encoded(keys: tuple[Any, ...] | list[Any] | set[Any] | frozenset[Any]) -> bytes:
    """A sequence in its order, a set in an order of its own."""
    parts = map(_part, keys)
    return b"(" + b"".join(parts) if isinstance(keys, tuple | list) else b"{" + b"".join(sorted(parts))


def _part(key: Any) -> bytes:
    """One item, with its length, so that no two sequences run together."""
    encoded = _encoded(key)
    return b"%d:%b" % (len(encoded), encoded)
