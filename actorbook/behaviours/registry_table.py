"""The table of a registry: entries by key and by holder, as plain data, and keys that match strictly.

    >>> table = Table()
    >>> for key in (1, 1.0, True, (1,), (1.0,)):
    ...     _ = table.add(key, "pid", None)
    >>> [entry.key for entry in table.find(1)], [entry.key for entry in table.find((1.0,))]
    ([1], [(1.0,)])

Each entry is found by either way at the cost of a dictionary, and a holder's end costs what it held: a topic
with 100,000 subscribers is no slower to leave than one with ten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..core.ids import Pid, Ref

__all__ = ["Entry", "Table", "exact"]

_UNLIKE_ALL_OTHERS = {str, Pid, Ref, type(None)}


def exact(key: Any) -> Any:
    """What stands for `key` in a dictionary: equal only for keys equal in value *and* type (rule REG-03).

    Python holds 1, 1.0 and True for equal; Erlang's `=:=` does not. Plain data may be a key, lists and dicts
    too; objects of other classes are compared by their own `==` and must be hashable.
    """
    kind = type(key)
    if kind in _UNLIKE_ALL_OTHERS:
        return key
    if isinstance(key, tuple | list):
        return kind, tuple(map(exact, key))
    if isinstance(key, set | frozenset):
        return kind, frozenset(map(exact, key))
    if isinstance(key, dict):
        return kind, frozenset((exact(name), exact(value)) for name, value in key.items())
    try:
        hash(key)
    except TypeError:
        raise TypeError(f"key: expected plain data or an object that can be hashed, got {key!r}") from None
    return kind, key


class Entry:
    """One registration; `mark` stands for its key."""

    __slots__ = ("key", "mark", "pid", "value")

    def __init__(self, key: Any, mark: Any, pid: Pid, value: Any) -> None:
        self.key = key
        self.mark = mark
        self.pid = pid
        self.value = value


_Entries = dict[Entry, None]  # a set that keeps the order


class Table:
    """All entries, in order of registration under each key. Whether a key may have two is not decided here."""

    __slots__ = ("_by_key", "_by_pid", "count")

    def __init__(self) -> None:
        self._by_key: dict[Any, _Entries] = {}
        self._by_pid: dict[Pid, dict[Any, _Entries]] = {}
        self.count = 0

    def __iter__(self) -> Iterator[Entry]:
        """Every entry, those of one key together; the table may change meanwhile."""
        return (entry for entries in list(self._by_key.values()) for entry in list(entries))

    def find(self, key: Any) -> list[Entry]:
        """The entries under a key."""
        return list(self._by_key.get(exact(key), ()))

    def held(self, pid: Pid, key: Any) -> list[Entry]:
        """The entries of one process under a key."""
        return list(self._by_pid.get(pid, {}).get(exact(key), ()))

    def of(self, pid: Pid) -> list[Entry]:
        """The entries of one process, those of one key together."""
        return [entry for entries in self._by_pid.get(pid, {}).values() for entry in entries]

    def add(self, key: Any, pid: Pid, value: Any) -> Entry:
        """Enter one more."""
        entry = Entry(key, exact(key), pid, value)
        self._by_key.setdefault(entry.mark, {})[entry] = None
        self._by_pid.setdefault(pid, {}).setdefault(entry.mark, {})[entry] = None
        self.count += 1
        return entry

    def drop(self, entries: Iterable[Entry]) -> None:
        """Take entries out, and every dictionary that they leave empty."""
        for entry in entries:
            held = self._by_pid[entry.pid]
            _discard(self._by_key, entry)
            _discard(held, entry)
            if not held:
                del self._by_pid[entry.pid]
            self.count -= 1


def _discard(shelf: dict[Any, _Entries], entry: Entry) -> None:
    """Take an entry from under its mark."""
    entries = shelf[entry.mark]
    del entries[entry]
    if not entries:
        del shelf[entry.mark]
