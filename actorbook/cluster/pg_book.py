"""Who is in which group, as one node knows it: pure. Each node speaks for its own processes, and for no others.

So there is nothing to agree upon: what a node says replaces what it said before, and what it said is gone when
it is. Every change says what listeners are to hear.

    >>> book = Book()
    >>> book.join("g", ["p", "p", "q"]), book.leave("g", ["p", "x"])
    (('join', 'g', ['p', 'p', 'q']), ('leave', 'g', ['p']))
    >>> book.members("g")
    ['p', 'q']
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["Book", "Change"]

Change = tuple[str, Any, list[Any]]
Groups = dict[Any, list[Any]]


class Book:
    """The groups of one scope on one node: its `local` members, and those of each peer."""

    def __init__(self) -> None:
        self.local: Groups = {}
        self.peers: dict[Any, Groups] = {}

    # --- reading ----------------------------------------------------------------------------------------

    def members(self, group: Any) -> list[Any]:
        """All members, as often as they joined; the own node's come first."""
        return [pid for groups in self._all() for pid in groups.get(group, ())]

    def groups(self) -> list[Any]:
        """All groups that have members."""
        return list(dict.fromkeys(group for groups in self._all() for group in groups))

    def _all(self) -> list[Groups]:
        return [self.local, *self.peers.values()]

    # --- this node --------------------------------------------------------------------------------------

    def join(self, group: Any, pids: Iterable[Any]) -> Change:
        """Local processes join."""
        return _add(self.local, group, list(pids))

    def leave(self, group: Any, pids: Iterable[Any]) -> Change:
        """Local processes leave, each once for each time it is named; who is no member is left out."""
        return _take(self.local, group, pids)

    def bury(self, pid: Any) -> list[Change]:
        """A local process ended: it leaves as often as it had joined."""
        times = [(group, members.count(pid)) for group, members in self.local.items() if pid in members]
        return [self.leave(group, [pid] * count) for group, count in times]

    # --- other nodes ------------------------------------------------------------------------------------

    def sync(self, peer: Any, groups: Groups) -> list[Change]:
        """A peer says all it has: what it said before is replaced."""
        before = self.peers.get(peer, {})
        self.peers[peer] = {group: list(pids) for group, pids in groups.items()}
        changes = [("leave", group, _without(before[group], groups.get(group, []))) for group in before]
        changes += [("join", group, _without(groups[group], before.get(group, []))) for group in groups]
        return [change for change in changes if change[2]]

    def apply(self, peer: Any, change: Change) -> Change | None:
        """A peer says what changed there; of a stranger it means nothing yet."""
        if peer not in self.peers:
            return None
        what, group, pids = change
        return (_add if what == "join" else _take)(self.peers[peer], group, list(pids))

    def drop(self, peer: Any) -> list[Change]:
        """A peer is gone."""
        return [("leave", group, pids) for group, pids in self.peers.pop(peer, {}).items()]


def _add(groups: Groups, group: Any, pids: list[Any]) -> Change:
    if pids:
        groups.setdefault(group, []).extend(pids)
    return "join", group, pids


def _take(groups: Groups, group: Any, pids: Iterable[Any]) -> Change:
    members = groups.get(group, [])
    taken = []
    for pid in pids:
        if pid in members:
            members.remove(pid)
            taken.append(pid)
    if not members:
        groups.pop(group, None)
    return "leave", group, taken


def _without(some: list[Any], others: list[Any]) -> list[Any]:
    """What is in the one list more often than in the other."""
    rest = list(others)
    left = []
    for pid in some:
        if pid in rest:
            rest.remove(pid)
        else:
            left.append(pid)
    return left
