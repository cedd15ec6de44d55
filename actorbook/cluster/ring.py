"""A hash ring: which target a key belongs to, so that a change of the targets moves few keys. Pure.

Every target has many points on a circle of numbers; a key belongs to the target of the next point. Take one of
n targets away and only its own keys move, to all the others; add one and it takes about 1/n of the keys, from
all of them.

    >>> ring = Ring(["a", "b", "c"])
    >>> keys = [f"user {n}" for n in range(1000)]
    >>> smaller = ring.over(["a", "b"])
    >>> {ring.owner(key) for key in keys if ring.owner(key) != smaller.owner(key)}
    {'c'}

With a bound no target gets more than its share: who is full passes a key on to the next on the circle.

    >>> ring.owner("user 6"), ring.free("user 6", {"a": 0, "b": 0, "c": 5}.__getitem__, 1.25)
    ('c', 'a')

Places are made with `stable_hash`, so every interpreter has the same ring. Source: Karger et al., "Consistent
Hashing and Random Trees"; the bound is from Mirrokni et al., "Consistent Hashing with Bounded Loads".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator
from math import ceil
from operator import itemgetter
from typing import Any, NamedTuple

from ..behaviours.stable_hash import stable_hash

__all__ = ["Ring", "capacity"]

_POINTS = 100  # a target: its share of the circle is then right to about a tenth
_WORD = 0xFFFFFFFF


class _Point(NamedTuple):
    """A target's point. Should two meet, then the order is by their targets' numbers, on every ring the same."""

    place: int
    rank: int
    target: Any


class Ring:
    """Targets on a circle. It never changes: `over` gives the ring of other targets.

    Targets are what `stable_hash` takes: text, numbers, pids, or tuples of these.
    """

    __slots__ = ("_places", "_points", "targets")

    def __init__(self, targets: Iterable[Hashable] = ()) -> None:
        self.targets: tuple[Any, ...] = tuple(dict.fromkeys(targets))
        self._lay([point for target in self.targets for point in _points(target)])

    def _lay(self, points: list[_Point]) -> None:
        self._points = sorted(points, key=itemgetter(0, 1))
        self._places = [point.place for point in self._points]

    def over(self, targets: Iterable[Hashable]) -> Ring:
        """The ring of these targets, itself when it is; the places of those that stay are not computed again."""
        wanted = tuple(dict.fromkeys(targets))
        if wanted == self.targets:
            return self
        ring = Ring()
        ring.targets = wanted
        kept = set(wanted)
        points = [point for point in self._points if point.target in kept]
        known = set(self.targets)
        ring._lay(points + [point for target in wanted if target not in known for point in _points(target)])
        return ring

    def owner(self, key: Any) -> Any:
        """The target of a key; `ValueError` when there are no targets."""
        for target in self.walk(key):
            return target
        raise ValueError("ring: expected targets, got none; a key needs one to belong to")

    def walk(self, key: Any) -> Iterator[Any]:
        """All targets, each once: the owner of the key, then those that stand in for it, in the circle's order."""
        start = bisect_right(self._places, _spread(stable_hash(key)))
        seen: set[Any] = set()
        for step in range(len(self._points)):
            target = self._points[(start + step) % len(self._points)].target
            if target not in seen:
                seen.add(target)
                yield target
                if len(seen) == len(self.targets):
                    return

    def free(self, key: Any, load: Callable[[Any], float], bound: float) -> Any:
        """The first target on the key's walk that may take one more; there always is one (see `capacity`)."""
        loads = {target: load(target) for target in self.targets}
        most = capacity(sum(loads.values()), len(loads), bound)
        for target in self.walk(key):
            if loads[target] < most:
                return target
        return self.owner(key)

    def __repr__(self) -> str:
        return f"Ring({list(self.targets)!r})"


def capacity(total: float, targets: int, bound: float) -> int:
    """How much each of `targets` may have once one more has come to a `total`: `bound` times the average, rounded up.

    With a bound of 1 or more they cannot all be full: together they may have more than there is.
    """
    return ceil(bound * (total + 1) / targets) if targets else 0


def _points(target: Any) -> list[_Point]:
    rank = stable_hash(target)
    return [_Point(_spread(stable_hash((target, number))), rank, target) for number in range(_POINTS)]


def _spread(number: int) -> int:
    """Scatter over the circle: the checksums of similar keys are similar. The finish of MurmurHash3."""
    number = (number ^ number >> 16) * 0x85EBCA6B & _WORD
    number = (number ^ number >> 13) * 0xC2B2AE35 & _WORD
    return number ^ number >> 16
