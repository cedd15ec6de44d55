"""The network between the nodes of a cluster: each way, what is on it, and a hand that cuts and mends."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..cluster.cluster import Cluster
from ..core.node import Node
from ..core.ports import Passage
from .nodes import cluster_of
from .protocol import Way

__all__ = ["Network", "steer"]

_SHOWN = 200
_ALL = 8


class Network:
    """What one picture knows of it; among many nodes only the ways that are cut, held or busy."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._sent: dict[tuple[str, str], int] = {}
        self._told: list[Way] = []

    def all(self) -> list[Way]:
        """As it is now, with rates unknown."""
        self._told = self._look(0.0)
        return self._told

    def news(self, seconds: float) -> list[Way] | None:
        """As it is now, when that differs from what was told last."""
        ways = self._look(seconds)
        if ways == self._told:
            return None
        self._told = ways
        return ways

    def busy(self) -> bool:
        """Something is on its way, so that it will look otherwise soon."""
        return any(way["rate"] or (way["flying"] and way["status"] == "open") for way in self._told)

    def _look(self, seconds: float) -> list[Way]:
        neighbours = self._node.neighbours
        if neighbours is None:
            return []
        few = len(neighbours.names) <= _ALL
        ways = [self._way(passage, seconds) for passage in neighbours.ways]
        return [way for way in ways if few or way["status"] in ("cut", "held") or way["flying"] or way["rate"]][:_SHOWN]

    def _way(self, passage: Passage, seconds: float) -> Way:
        pair = passage.source, passage.goal
        fresh = max(0, passage.sent - self._sent.get(pair, passage.sent))
        self._sent[pair] = passage.sent
        rate = round(fresh / seconds, 1) if seconds else 0.0
        return Way(source=passage.source, goal=passage.goal, status=passage.status, flying=passage.flying, rate=rate)


def steer(node: Node, args: Mapping[str, str]) -> str:
    """Do to the link between two nodes what a hand asks for: `args` are a, b, and what to `do`."""
    cluster, a, b, what = cluster_of(node), args.get("a", ""), args.get("b", ""), args.get("do", "")
    if what not in _DEEDS:
        raise ValueError(f"expected one of {', '.join(_DEEDS)}, got {what!r}")
    _DEEDS[what](cluster, a, b)
    return _SAID[what].format(a=a, b=b)


def _hold(cluster: Cluster, a: str, b: str) -> None:
    cluster.hold(a, b)
    cluster.hold(b, a)


def _heal(cluster: Cluster, a: str, b: str) -> None:
    """Open in both directions, and let go what is held."""
    cluster.heal({a}, {b})
    for source, goal in ((a, b), (b, a)):
        if any(way.status == "held" and (way.source, way.goal) == (source, goal) for way in cluster.ways):
            cluster.release(source, goal)


_DEEDS: dict[str, Callable[[Cluster, str, str], None]] = {
    "cut": lambda cluster, a, b: cluster.partition({a}, {b}),
    "cut there": lambda cluster, a, b: cluster.partition({a}, {b}, oneway=True),
    "cut back": lambda cluster, a, b: cluster.partition({b}, {a}, oneway=True),
    "hold": _hold,
    "heal": _heal,
}
_SAID = {
    "cut": "{a} and {b} are cut off from each other",
    "cut there": "nothing that {a} sends gets to {b}",
    "cut back": "nothing that {b} sends gets to {a}",
    "hold": "what {a} and {b} send each other is held back",
    "heal": "{a} and {b} reach each other again",
}
