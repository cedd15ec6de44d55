"""Where the states of a graph stand and how its arrows run: states on an oval, arrows bent round what is in the way.

Pure numbers, for machines of up to a dozen states or so; beyond that any picture is a tangle, and the text is better.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["HEIGHT", "SMALL", "Box", "Curve", "Point", "at", "places", "routes"]

HEIGHT, SMALL = 36, 6.1
_PAD, _LETTER = 28, 7.6
_BENDS = (1.0, 0.35, 1.8, -0.7, -1.5, 2.6)


class Point(NamedTuple):
    """A place on the picture."""

    x: float
    y: float


class Box(NamedTuple):
    """What takes room: its middle and its size."""

    x: float
    y: float
    w: float
    h: float

    def holds(self, point: Point, gap: float = 0.0) -> bool:
        """Whether a point is inside, or nearer than `gap`."""
        return abs(point.x - self.x) < self.w / 2 + gap and abs(point.y - self.y) < self.h / 2 + gap

    def meets(self, other: Box) -> bool:
        """Whether two boxes overlap."""
        return abs(self.x - other.x) < (self.w + other.w) / 2 and abs(self.y - other.y) < (self.h + other.h) / 2


Curve = tuple[Point, Point, Point]


def places(graph: Graph) -> dict[str, Box]:
    """Each state on an oval, the first one on the left, then clockwise."""
    states = _order(graph)
    count = len(states)
    wide = max(len(state) for state in states) * _LETTER + _PAD
    label = max((len(t.label) for t in graph.transitions), default=0) * SMALL
    across = 0.0 if count == 1 else max((wide + label) / 2 + 36, count * 40)
    down = 0.0 if count <= 2 else max(92.0, count * 31)
    angles = {state: 2 * pi * n / count for n, state in enumerate(states)}
    return {
        state: Box(-across * cos(angle), -down * sin(angle), len(state) * _LETTER + _PAD, HEIGHT)
        for state, angle in angles.items()
    }


def _order(graph: Graph) -> list[str]:
    """The states round the oval so that arrows are short: as in the source, or as one leads to the next, improved."""
    pairs = {frozenset((t.source, t.target)) for t in graph.transitions if t.source != t.target}
    starts = [_first(graph.states, graph.initial), _first(_walk(graph), graph.initial)]
    return min((_improved(order, pairs) for order in starts), key=lambda order: _length(order, pairs))


def _first(states: Iterator[str] | tuple[str, ...], first: str | None) -> list[str]:
    return sorted(states, key=lambda state: state != first) or ["–"]


def _walk(graph: Graph) -> Iterator[str]:
    """Each state followed by where it leads, as deep as that goes."""
    seen: dict[str, None] = {}
    todo = [*reversed(graph.states), *([] if graph.initial is None else [graph.initial])]
    while todo:
        state = todo.pop()
        if state not in seen and state in graph.states:
            seen[state] = None
            todo += [t.target for t in reversed(graph.transitions) if t.source == state]
    yield from seen


def _improved(order: list[str], pairs: set[frozenset[str]]) -> list[str]:
    """Swap two, or move one elsewhere, as long as that helps. The first one stays; large graphs stay as they are."""
    best = _length(order, pairs)
    better = len(order) <= 16
    while better:
        better = False
        for one, other in combinations(range(1, len(order)), 2):
            for changed in (_swapped(order, one, other), _moved(order, one, other), _moved(order, other, one)):
                length = _length(changed, pairs)
                if length < best:
                    order, best, better = changed, length, True
    return order


def _swapped(order: list[str], one: int, other: int) -> list[str]:
    changed = list(order)
    changed[one], changed[other] = order[other], order[one]
    return changed


def _moved(order: list[str], one: int, other: int) -> list[str]:
    changed = list(order)
    changed.insert(other, changed.pop(one))
    return changed


def _length(order: list[str], pairs: set[frozenset[str]]) -> int:
    """How far apart on the oval the ends of all arrows are."""
    place = {state: n for n, state in enumerate(order)}
    steps = (abs(place[one] - place[other]) for one, other in pairs)
    return sum(min(step, len(order) - step) ** 2 for step in steps)


# --- arrows ---------------------------------------------------------------------------------------------


def routes(boxes: dict[str, Box], ways: list[tuple[str, str]]) -> list[Curve]:
    """A curve for each way, one after the other: each takes the bend that is least in the way of what is there."""
    curves: list[Curve] = []
    lines: list[list[Point]] = []
    for source, target in ways:
        others = [box for state, box in boxes.items() if state not in (source, target)]
        tries = [_curve(boxes[source], boxes[target], bend) for bend in _BENDS]
        costs = [_cost(_line(curve), others, lines) + n for n, curve in enumerate(tries)]
        curves.append(tries[costs.index(min(costs))])
        lines.append(_line(curves[-1]))
    return curves


def _cost(line: list[Point], boxes: list[Box], lines: list[list[Point]]) -> float:
    """A state that is crossed is the worst, then an arrow that is followed closely, then one that is crossed."""
    hit = sum(any(box.holds(point, 8) for point in line) for box in boxes)
    middle = line[len(line) // 2]
    near = sum(hypot(middle.x - other[len(other) // 2].x, middle.y - other[len(other) // 2].y) < 26 for other in lines)
    crossed = sum(_cross(one, two) for other in lines for one in pairwise(line) for two in pairwise(other))
    return 40 * hit + 12 * near + 3 * crossed


def _line(curve: Curve) -> list[Point]:
    return [at(curve, n / 12) for n in range(13)]


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two pieces of line cross."""
    (a, b), (c, d) = one, other
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)


def _curve(source: Box, target: Box, bend: float) -> Curve:
    """From box to box, bent to its left, so that there and back are two. It begins and ends at the boxes' rims."""
    a, b = Point(source.x, source.y), Point(target.x, target.y)
    far = hypot(b.x - a.x, b.y - a.y) or 1.0
    out = max(30.0, 0.2 * far) * bend
    bent = Point((a.x + b.x) / 2 + (b.y - a.y) / far * out, (a.y + b.y) / 2 - (b.x - a.x) / far * out)
    whole = (a, bent, b)
    leaves = next((t for t in _steps() if not source.holds(at(whole, t), 2)), 0.0)
    comes = next((t for t in _steps() if not target.holds(at(whole, 1 - t), 5)), 0.0)
    return _part(whole, leaves, 1 - comes)


def _steps() -> Iterator[float]:
    return (n / 100 for n in range(100))


def at(curve: Curve, t: float) -> Point:
    """The point at `t` from 0 to 1 of a quadratic curve."""
    a, b, c = curve
    p, q, r = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return Point(p * a.x + q * b.x + r * c.x, p * a.y + q * b.y + r * c.y)


def _part(curve: Curve, start: float, end: float) -> Curve:
    """The piece between two `t`: the same curve, cut."""
    a, b, c = curve
    p, q, r = (1 - start) * (1 - end), start * (1 - end) + end * (1 - start), start * end
    return at(curve, start), Point(p * a.x + q * b.x + r * c.x, p * a.y + q * b.y + r * c.y), at(curve, end)
