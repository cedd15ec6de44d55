"""A graph laid out: the numbers that every drawing of it shares, in whatever language it is drawn.

They depend on which states and transitions there are, never on how often one was taken: a live picture holds still
while its counts grow. What was laid out once is kept, for a picture is asked for with every step of its machine.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from .layout import Box, Curve, Way, at, places, routes

if TYPE_CHECKING:
    from .graph import Graph, Transition

__all__ = ["LINE", "Arrow", "Plot", "plot"]

LINE = 13
_SMALL, _STEP, _COUNT = 6.1, 3, 4
_MARGIN, _DOT = 9, 34


class Arrow(NamedTuple):
    """A transition, its curve, and where its label stands."""

    transition: Transition
    curve: Curve
    label: Box

    def lines(self) -> list[str]:
        """The label: a cause a line, and behind the last one the count."""
        *causes, last = self.transition.causes
        times = self.transition.times
        return [*causes, " ".join(part for part in (last, f"×{times}" if times else "") if part)]


class Plot(NamedTuple):
    """Where the states stand, how the arrows run, and the frame round it all."""

    boxes: dict[str, Box]
    arrows: list[Arrow]
    frame: Box


def plot(graph: Graph) -> Plot:
    """Lay a graph out. A transition from a state to itself is not drawn."""
    drawn = [t for t in graph.transitions if t.source != t.target]
    boxes, curves, labels, frame = _laid_out(graph.states, graph.initial, tuple(map(_way, drawn)))
    return Plot(dict(boxes), [Arrow(*parts) for parts in zip(drawn, curves, labels, strict=True)], frame)


def _way(transition: Transition) -> Way:
    """The label's room, in steps: a cause that changes to one of about the same length moves nothing."""
    *causes, last = transition.causes
    letters = max(*map(len, causes), len(last) + _COUNT) if causes else len(last) + _COUNT
    width = ceil(letters / _STEP) * _STEP * _SMALL
    return Way(transition.source, transition.target, width, LINE * (len(causes) + 1) + 2)


@lru_cache(maxsize=64)
def _laid_out(
    states: tuple[str, ...], initial: str | None, ways: tuple[Way, ...]
) -> tuple[dict[str, Box], list[Curve], list[Box], Box]:
    boxes = places(states, ways, initial)
    curves = routes(boxes, ways)
    taken = [box._replace(w=box.w + 6, h=box.h + 6) for box in boxes.values()]
    labels = []
    for way, curve in zip(ways, curves, strict=True):
        labels.append(_room(curve, way, taken))
        taken.append(labels[-1])
    return boxes, curves, labels, _frame([*boxes.values(), *labels, *(Box(*at(c, 0.5), 0, 0) for c in curves)])


def _room(curve: Curve, way: Way, taken: list[Box]) -> Box:
    """A place on the curve where the label covers no state and no other label; else the middle."""
    tries = [
        Box(point.x, point.y + lift * way.h, way.w, way.h)
        for lift in (0, -0.6, 0.6, -1.2, 1.2)
        for point in (at(curve, t) for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73))
    ]
    free = (box for box in tries if not any(box.meets(other) for other in taken))
    return next(free, tries[0])


def _frame(inside: list[Box]) -> Box:
    """What holds them all, with room on the left for the dot from which the machine starts."""
    left, right = min(b.x - b.w / 2 for b in inside) - _DOT, max(b.x + b.w / 2 for b in inside) + _MARGIN
    top, bottom = min(b.y - b.h / 2 for b in inside) - _MARGIN, max(b.y + b.h / 2 for b in inside) + _MARGIN
    return Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
