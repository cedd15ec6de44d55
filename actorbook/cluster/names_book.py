"""Who has which name in the cluster, as one node knows it: pure. Each node claims names for its own processes only.

Two claims on one name are a clash: it happens when both sides of a cut gave the name away. The node of the
lowest name among the claimants judges it, so that one node does, and only one.

    >>> book = NamesBook("a")
    >>> book.claim("a", "leader", Claim("p", None, 1)); book.claim("b", "leader", Claim("q", None, 2))
    >>> book.clash("leader")
    (Claim(pid='p', resolve=None, token=1), 'b', Claim(pid='q', resolve=None, token=2))
"""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["Claim", "NamesBook"]


class Claim(NamedTuple):
    """A process has a name: what judges a clash, and the request by which it got it."""

    pid: Any
    resolve: Any
    token: Any


class NamesBook:
    """The claims of all nodes that are connected, this one's own among them."""

    def __init__(self, here: str) -> None:
        self.here = here
        self.claims: dict[str, dict[str, Claim]] = {here: {}}
        self._judged: set[tuple[str, Any, Any]] = set()

    @property
    def own(self) -> dict[str, Claim]:
        """What this node claims."""
        return self.claims[self.here]

    def holder(self, name: str) -> Claim | None:
        """Who has the name; while there is a clash, the claimant of the lowest node."""
        claimants = self._claimants(name)
        return self.claims[claimants[0]][name] if claimants else None

    def name_of(self, pid: Any) -> str | None:
        """The name that a process has."""
        held = ((name, claim.pid) for claims in self.claims.values() for name, claim in claims.items())
        return next((name for name, holder in held if holder is pid), None)

    def names(self) -> list[str]:
        """All names."""
        return sorted({name for claims in self.claims.values() for name in claims})

    def claim(self, node: str, name: str, claim: Claim, instead: Any = None) -> None:
        """A node claims a name, perhaps `instead` of the process that had it."""
        for claims in self.claims.values():
            if instead is not None and name in claims and claims[name].pid is instead:
                del claims[name]
        self.claims.setdefault(node, {})[name] = claim

    def replace(self, node: str, claims: dict[str, Claim]) -> None:
        """A node says all that it claims."""
        self.claims[node] = dict(claims)

    def release(self, node: str, name: str, pid: Any) -> bool:
        """A node gives a name up; False when it had not claimed it for that process."""
        held = self.claims.get(node, {}).get(name)
        if held is None or held.pid is not pid:
            return False
        del self.claims[node][name]
        return True

    def lose(self, node: str) -> list[str]:
        """A node is gone with all its claims: a clash with one of them is over, and may come again."""
        lost = self.claims.pop(node, {})
        pids = {claim.pid for claim in lost.values()}
        self._judged = {key for key in self._judged if not pids & set(key[1:])}
        return list(lost)

    def clash(self, name: str) -> tuple[Claim, str, Claim] | None:
        """A clash that this node is to judge, once: its own claim, and the node and claim of the other."""
        claimants = self._claimants(name)
        if len(claimants) < 2 or claimants[0] != self.here:
            return None
        mine, theirs = self.own[name], self.claims[claimants[1]][name]
        key = name, mine.pid, theirs.pid
        if key in self._judged:
            return None
        self._judged.add(key)
        return mine, claimants[1], theirs

    def _claimants(self, name: str) -> list[str]:
        return sorted(node for node, claims in self.claims.items() if name in claims)
