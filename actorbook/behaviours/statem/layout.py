"""Where the states of a graph stand and how its arrows run: states on an oval, arrows bent round what is in the way.

Pure numbers, for machines of up to a dozen states or so; beyond that any picture is a tangle, and the text is better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from math import cos, hypot, pi, sin
from typing import NamedTuple

__all__ = ["HEIGHT", "Box", "Curve", "Point", "Way", "at", "places", "routes"]

HEIGHT = 34
_PAD, _LETTER = 26, 7.7
_PIECES = 8
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


class Way(NamedTuple):
    """An arrow that is to be drawn, and the room that its label needs."""

    source: str
    target: str
    w: float = 0.0
    h: float = 0.0


Curve = tuple[Point, Point, Point]


def places(states: Sequence[str], ways: Sequence[Way], first: str | None = None) -> dict[str, Box]:
    """Each state on an oval, the first one on the left, then clockwise."""
    order = _order(states, ways, first)
    count = len(order)
    wide = max(len(state) for state in order) * _LETTER + _PAD
    label = max((way.w for way in ways), default=0.0)
    across = 0.0 if count == 1 else max((wide + label) / 2 + 24, count * 31)
    down = 0.0 if count <= 2 else max(76.0, count * 22)
    angles = {state: 2 * pi * n / count for n, state in enumerate(order)}
    return {
        state: Box(-across * cos(angle), -down * sin(angle), len(state) * _LETTER + _PAD, HEIGHT)
        for state, angle in angles.items()
    }


def _order(states: Sequence[str], ways: Sequence[Way], first: str | None) -> list[str]:
    """The states round the oval so that arrows are short: as in the source, or as one leads to the next, improved."""
    pairs = {frozenset((way.source, way.target)) for way in ways}
    starts = [_first(states, first), _first(_walk(states, ways, first), first)]
    return min((_improved(order, pairs) for order in starts), key=lambda order: _length(order, pairs))


def _first(states: Sequence[str], first: str | None) -> list[str]:
    return sorted(states, key=lambda state: state != first) or ["–"]


def _walk(states: Sequence[str], ways: Sequence[Way], first: str | None) -> list[str]:
    """Each state followed by where it leads, as deep as that goes."""
    seen: dict[str, None] = {}
    todo = [*reversed(states), *([] if first is None else [first])]
    while todo:
        state = todo.pop()
        if state not in seen and state in states:
            seen[state] = None
            todo += [way.target for way in reversed(ways) if way.source == state]
    return list(seen)


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


def routes(boxes: dict[str, Box], ways: Sequence[Way]) -> list[Curve]:
    """A curve for each way, one after the other: each takes the bend that is least in the way of what is there."""
    curves: list[Curve] = []
    lines: list[Line] = []
    for way in ways:
        others = [box for state, box in boxes.items() if state not in way[:2]]
        tries = [_curve(boxes[way.source], boxes[way.target], bend) for bend in _BENDS]
        costs = [_cost(_line(curve), others, lines) + n for n, curve in enumerate(tries)]
        curves.append(tries[costs.index(min(costs))])
        lines.append(_line(curves[-1]))
    return curves


class Line(NamedTuple):
    """A curve in straight pieces, and what holds it."""

    points: list[Point]
    middle: Point
    extent: Box


def _line(curve: Curve) -> Line:
    points = [at(curve, n / _PIECES) for n in range(_PIECES + 1)]
    return Line(points, points[_PIECES // 2], _extent(points))


def _extent(points: Sequence[Point]) -> Box:
    left, right = min(p.x for p in points), max(p.x for p in points)
    top, bottom = min(p.y for p in points), max(p.y for p in points)
    return Box((left + right) / 2, (top + bottom) / 2, right - left + 1, bottom - top + 1)


def _cost(line: Line, boxes: list[Box], lines: list[Line]) -> float:
    """A state that is crossed is the worst, then an arrow that is followed closely, then one that is crossed."""
    hit = sum(any(box.holds(point, 8) for point in line.points) for box in boxes)
    near = sum(_apart(line, other) < 26 for other in lines)
    crossed = sum(_crossings(line, other) for other in lines if line.extent.meets(other.extent))
    return 40 * hit + 12 * near + 3 * crossed


def _apart(one: Line, other: Line) -> float:
    return hypot(one.middle.x - other.middle.x, one.middle.y - other.middle.y)


def _crossings(one: Line, other: Line) -> int:
    """How often two lines cross; only pieces that come near the other line are looked at closely."""
    pieces = [piece for piece in pairwise(one.points) if _extent(piece).meets(other.extent)]
    return sum(_cross(piece, two) for piece in pieces for two in pairwise(other.points))


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
