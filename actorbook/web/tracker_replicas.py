"""The other replicas of a tracker: when each was last heard, and what that means (rule CH-71). Pure.

>>> replicas = Replicas(down_period=30, permdown_period=1200)
>>> replicas.heard("a", 1, now=0, clock=7), replicas.heard("a", 1, now=15, clock=7)
([('up', 1)], [])
>>> replicas.silent(now=46), replicas.heard("a", 1, now=50, clock=9), replicas.heard("a", 2, now=51, clock=1)
([('down', 1)], [('up', 1)], [('down', 1), ('permdown', 1), ('up', 2)])
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

__all__ = ["Replicas", "Verdict"]

Verdict = tuple[Literal["up", "down", "permdown"], Any]


class _Known(NamedTuple):
    """One incarnation of a node's replica. `clock`: how far its events go, as it said."""

    replica: Any
    heard: float
    clock: int
    up: bool


class Replicas:
    """By the names of their nodes; incarnations are compared, the later one is the greater."""

    def __init__(self, down_period: float, permdown_period: float) -> None:
        self._down = down_period
        self._permdown = permdown_period
        self._known: dict[str, _Known] = {}

    def heard(self, node: str, replica: Any, now: float, clock: int) -> list[Verdict]:
        """It said something: what this means for it, and for the one that was there before."""
        known = self._known.get(node)
        if known is not None and replica < known.replica:
            return []  # it is late, and long gone
        if known is not None and known.replica == replica:
            self._known[node] = _Known(replica, now, max(clock, known.clock), up=True)
            return [] if known.up else [("up", replica)]
        gone = self._lose(node)
        self._known[node] = _Known(replica, now, clock, up=True)
        return [*gone, ("up", replica)]

    def silent(self, now: float) -> list[Verdict]:
        """Who was not heard for too long."""
        verdicts: list[Verdict] = []
        for node, known in list(self._known.items()):
            silence = now - known.heard
            if silence > self._permdown:
                verdicts += self._lose(node)
            elif silence > self._down and known.up:
                self._known[node] = known._replace(up=False)
                verdicts.append(("down", known.replica))
        return verdicts

    def leaves(self, node: str, replica: Any) -> list[Verdict]:
        """It says that it will not be back."""
        return self._lose(node) if self.knows(node, replica) else []

    def _lose(self, node: str) -> list[Verdict]:
        known = self._known.pop(node, None)
        if known is None:
            return []
        down: list[Verdict] = [("down", known.replica)] if known.up else []
        return [*down, ("permdown", known.replica)]

    def knows(self, node: str, replica: Any) -> bool:
        """Whether this incarnation is the one that is known."""
        known = self._known.get(node)
        return known is not None and known.replica == replica

    def clocks(self) -> dict[str, tuple[Any, int]]:
        """Of those that are up: how far the events of each go."""
        return {node: (known.replica, known.clock) for node, known in self._known.items() if known.up}
