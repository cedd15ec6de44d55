"""A graph as a picture: `layout` says where, this says how it looks."""

from __future__ import annotations

from html import escape
from math import hypot
from typing import TYPE_CHECKING

from .layout import HEIGHT, SMALL, Box, Curve, Point, at, places, routes

if TYPE_CHECKING:
    from .graph import Graph, Transition

__all__ = ["draw"]

_STYLE = """
.ab-sm{--bg:var(--jp-layout-color1,#fff);--ink:var(--jp-ui-font-color1,#1c2127);--dim:var(--jp-ui-font-color2,#5b6675);
--line:var(--jp-border-color1,#b4bcc8);--card:var(--jp-layout-color2,#f4f6f8);--live:#23804d;--on:#fff;--last:#b36b00;
font-family:var(--jp-ui-font-family,system-ui,sans-serif);background:var(--bg);border-radius:10px}
@media(prefers-color-scheme:dark){.ab-sm{--bg:var(--jp-layout-color1,#14171c);--ink:var(--jp-ui-font-color1,#e8ebef);
--dim:var(--jp-ui-font-color2,#a4adba);--line:var(--jp-border-color1,#59626f);--card:var(--jp-layout-color2,#20252c);
--live:#38b174;--on:#0b1a11;--last:#f0a33a}}
.ab-sm rect{fill:var(--card);stroke:var(--line);stroke-width:1.2}.ab-sm text{fill:var(--ink);text-anchor:middle}
.ab-sm .s{font-size:13px;font-weight:600}.ab-sm .l{font-size:11px;fill:var(--dim);stroke:var(--bg);stroke-width:4;
paint-order:stroke;stroke-linejoin:round}.ab-sm path{fill:none;stroke:var(--line);stroke-width:1.4}
.ab-sm polygon,.ab-sm circle{fill:var(--line)}.ab-sm .new{stroke-dasharray:4 4}
.ab-sm .on rect{fill:var(--live);stroke:var(--live)}.ab-sm .on text{fill:var(--on)}
.ab-sm .last path{stroke:var(--last);stroke-width:2.4}.ab-sm .last polygon{fill:var(--last)}
.ab-sm .last text{fill:var(--last);font-weight:600}
""".replace("\n", "")


def draw(graph: Graph) -> str:
    """The picture, complete: it needs no script and no other file."""
    boxes = places(graph)
    ways = [t for t in graph.transitions if t.source != t.target]
    curves = routes(boxes, [(t.source, t.target) for t in ways])
    taken = [Box(b.x, b.y, b.w + 6, b.h + 6) for b in boxes.values()]
    labels = []
    for transition, curve in zip(ways, curves, strict=True):
        labels.append(_room(curve, transition.label, taken))
        taken.append(labels[-1])
    parts = [_arrow(graph, *drawn) for drawn in zip(ways, curves, labels, strict=True)]
    parts += [_start(boxes[graph.initial])] if graph.initial in boxes else []
    parts += [_card(state, box, state == graph.current) for state, box in boxes.items()]
    extent = [*boxes.values(), *labels, *(Box(*at(curve, 0.5), 0, 0) for curve in curves)]
    return _frame(graph, extent, "".join(parts))


def _frame(graph: Graph, inside: list[Box], body: str) -> str:
    """An `svg` that is as large as what is in it."""
    left, right = min(b.x - b.w / 2 for b in inside) - 44, max(b.x + b.w / 2 for b in inside) + 24
    top, bottom = min(b.y - b.h / 2 for b in inside) - 24, max(b.y + b.h / 2 for b in inside) + 24
    size = f'width="{right - left:.0f}" height="{bottom - top:.0f}"'
    view = f'viewBox="{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"'
    words = f"{graph.name}: {len(graph.states)} states" + (f", now {graph.current}" if graph.current else "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ab-sm" role="img" aria-label="{escape(words)}" {size} {view} '
        f'style="max-width:100%;height:auto"><style>{_STYLE}</style>{body}</svg>'
    )


def _room(curve: Curve, label: str, taken: list[Box]) -> Box:
    """A place on the curve where the label covers no state and no other label; else the middle."""
    width = len(label) * SMALL + 6
    places = [
        Box(point.x, point.y + lift, width, 15)
        for lift in (0, -9, 9, -18, 18)
        for point in (at(curve, t) for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73))
    ]
    free = (place for place in places if not any(place.meets(box) for box in taken))
    return next(free, places[0])


# --- ink ------------------------------------------------------------------------------------------------


def _arrow(graph: Graph, transition: Transition, curve: Curve, label: Box) -> str:
    """A line with its head and its label; dashed as long as nobody went there."""
    a, b, c = curve
    kind = "last" if graph.is_last(transition) else "new" if graph.current and not transition.times else ""
    words = f'<text class="l" x="{label.x:.1f}" y="{label.y + 4:.1f}">{escape(transition.label)}</text>'
    line = f'<path class="{kind}" d="M{a.x:.1f},{a.y:.1f} Q{b.x:.1f},{b.y:.1f} {c.x:.1f},{c.y:.1f}"/>'
    return f'<g class="{kind}">{line}{_head(b, c)}{words if transition.label else ""}</g>'


def _head(before: Point, tip: Point) -> str:
    """The head of an arrow that comes from `before`."""
    far = hypot(tip.x - before.x, tip.y - before.y) or 1.0
    x, y = (tip.x - before.x) / far, (tip.y - before.y) / far
    corners = [
        tip,
        Point(tip.x - 9 * x + 4 * y, tip.y - 9 * y - 4 * x),
        Point(tip.x - 9 * x - 4 * y, tip.y - 9 * y + 4 * x),
    ]
    return f'<polygon points="{" ".join(f"{p.x:.1f},{p.y:.1f}" for p in corners)}"/>'


def _start(box: Box) -> str:
    """The dot from which the machine starts."""
    x = box.x - box.w / 2
    line = f'<path d="M{x - 24:.1f},{box.y:.1f} H{x - 5:.1f}"/>'
    return f'<circle cx="{x - 27:.1f}" cy="{box.y:.1f}" r="5"/>{line}{_head(Point(x - 24, box.y), Point(x - 2, box.y))}'


def _card(state: str, box: Box, current: bool) -> str:
    return (
        f'<g class="{"on" if current else ""}"><rect x="{box.x - box.w / 2:.1f}" y="{box.y - box.h / 2:.1f}" '
        f'width="{box.w:.1f}" height="{box.h}" rx="{HEIGHT / 2:g}"/>'
        f'<text class="s" x="{box.x:.1f}" y="{box.y + 4.5:.1f}">{escape(state)}</text></g>'
    )
