"""What a shard of a tracker shows: the entries of all replicas that are up, by topic, its own by process. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.ids import Pid
from .presence_state import Change, Dot, Entry

__all__ = ["Diff", "Table", "diff_of"]

Presences = list[tuple[Any, dict[str, Any]]]
Diff = dict[str, tuple[Presences, Presences]]


class Table:
    """Read by those who list, written by the shard alone."""

    __slots__ = ("_mine", "_topics")

    def __init__(self) -> None:
        self._topics: dict[str, dict[Dot, Entry]] = {}
        self._mine: dict[Pid, dict[tuple[str, Any], Dot]] = {}

    def listed(self, topic: str) -> Presences:
        """Key and meta of each entry, in order of arrival."""
        return [(entry.key, entry.meta) for entry in self._topics.get(topic, {}).values()]

    def show(self, change: Change) -> None:
        """Take up what is new, and take out what is gone."""
        for dot, entry in change.left.items():
            shown = self._topics[entry.topic]
            del shown[dot]
            if not shown:
                del self._topics[entry.topic]
        for dot, entry in change.joined.items():
            self._topics.setdefault(entry.topic, {})[dot] = entry

    # --- the shard's own processes ----------------------------------------------------------------------

    def mine(self, pid: Pid, topic: str, key: Any) -> tuple[Dot, Entry] | None:
        """The entry of a process of this node under that key, and its dot."""
        dot = self._mine.get(pid, {}).get((topic, key))
        return None if dot is None else (dot, self._topics[topic][dot])

    def dots(self, pid: Pid) -> list[Dot]:
        """All dots of a process of this node."""
        return list(self._mine.get(pid, {}).values())

    def own(self, change: Change) -> None:
        """Note which process has which of the shard's own entries."""
        for entry in change.left.values():
            held = self._mine[entry.pid]
            del held[entry.topic, entry.key]
            if not held:
                del self._mine[entry.pid]
        for dot, entry in change.joined.items():
            self._mine.setdefault(entry.pid, {})[entry.topic, entry.key] = dot


def diff_of(change: Change) -> Diff:
    """A change as people hear of it: for each topic who joined and who left, as pairs of key and meta."""
    diff: Diff = {}
    for side, entries in enumerate((change.joined, change.left)):
        _sort(diff, side, entries.values())
    return diff


def _sort(diff: Diff, side: int, entries: Iterable[Entry]) -> None:
    for entry in entries:
        diff.setdefault(entry.topic, ([], []))[side].append((entry.key, entry.meta))
