"""The children of a dynamic supervisor: slots that are known by who lives in them, found and dropped in one step.

A slot keeps its place when its process is replaced. To those who draw, it goes by the pid that it began with,
as does the table; only a slot that was restarted has an entry in a second table, so a child costs one slot and
one entry. Nothing here depends on how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..core.ids import Pid
from ..core.process import ChildView
from .child_spec import Shutdown
from .children import Child, Tell

__all__ = ["DynamicChildren", "last_pid"]


def last_pid(child: Child) -> Pid:
    """Who lives in a slot, or lived there last: its address while it restarts (rule DYN-04)."""
    return child.pid if child.pid is not None else child.exits[0][0]


class DynamicChildren:
    """The slots in start order. `tell` hears of each slot before it changes: its key and its view."""

    __slots__ = ("_began", "_slots", "tell")

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self._slots: dict[Pid, Child] = {}
        self._began: dict[Pid, Pid] = {}

    def __len__(self) -> int:
        return len(self._slots)

    def __iter__(self) -> Iterator[Child]:
        return iter(self._slots.values())

    def __reversed__(self) -> Iterator[Child]:
        return reversed(self._slots.values())

    def views(self) -> Iterator[ChildView]:
        """The slots for those who look, who may stop early and change nothing meanwhile: no copy of the table."""
        return (child.view(pid) for pid, child in self._slots.items())

    def living(self) -> Iterator[tuple[Pid, Shutdown]]:
        """Who lives, and how long to wait for the end of each."""
        return ((child.pid, child.spec.shutdown) for child in self if child.pid is not None)

    def get(self, pid: Pid) -> Child | None:
        """The slot in which this process lives, or lived until the restart that is still to succeed."""
        child = self._slots.get(self._began.get(pid, pid))
        return child if child is not None and last_pid(child) is pid else None

    def of(self, pid: Pid) -> Child | None:
        """The slot in which this process lives."""
        child = self.get(pid)
        return child if child is not None and child.pid is pid else None

    def add(self, child: Child, pid: Pid) -> None:
        """A new slot, last in order, with its first process."""
        self.tell("slot", pid, None, None)
        child.live(pid)
        self._slots[pid] = child

    def changing(self, child: Child) -> None:
        """The slot is about to change."""
        key = self._key(child)
        if self._slots.get(key) is child:
            self.tell("slot", key, child.now(), None)

    def _key(self, child: Child) -> Pid:
        pid = last_pid(child)
        return self._began.get(pid, pid)

    def moved_in(self, child: Child, pid: Pid) -> None:
        """Another process lives in the slot now."""
        self.changing(child)
        before = last_pid(child)
        self._began[pid] = self._began.pop(before, before)
        child.live(pid)

    def drop(self, child: Child) -> None:
        """The slot is no more."""
        pid = last_pid(child)
        key = self._began.pop(pid, pid)
        if key in self._slots:
            self.tell("dropped", key, child.now(), None)
            del self._slots[key]
