"""Who holds which lock, as one node knows it: pure.

A lock belongs to a requester, a term that several processes may share; it is free when none of them holds it.

>>> book = LocksBook()
>>> book.take("disk", "ada", "p"), book.take("disk", "ada", "q"), book.take("disk", "bob", "r")
(True, True, False)
>>> book.give("disk", "ada", "p"), book.bury("q"), book.take("disk", "bob", "r")
(None, None, True)
"""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["LocksBook"]


class _Held(NamedTuple):
    requester: Any
    pids: dict[Any, None]


class LocksBook:
    """The locks of one node."""

    def __init__(self) -> None:
        self.held: dict[Any, _Held] = {}

    def take(self, resource: Any, requester: Any, pid: Any) -> bool:
        """A process wants a lock for a requester; to have it already is to get it."""
        held = self.held.setdefault(resource, _Held(requester, {}))
        if held.requester != requester:
            return False
        held.pids[pid] = None
        return True

    def give(self, resource: Any, requester: Any, pid: Any) -> None:
        """It gives the lock back, however often it took it; one that it does not hold is no error."""
        held = self.held.get(resource)
        if held is not None and held.requester == requester:
            held.pids.pop(pid, None)
            if not held.pids:
                del self.held[resource]

    def bury(self, pid: Any) -> None:
        """It ended, and gives all back."""
        for resource, held in list(self.held.items()):
            self.give(resource, held.requester, pid)

    def holds(self, pid: Any) -> bool:
        """Whether it has any."""
        return any(pid in held.pids for held in self.held.values())
