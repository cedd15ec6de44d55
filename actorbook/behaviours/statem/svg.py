"""A graph as a picture: `plot` says where, this says how it looks."""

from __future__ import annotations

from html import escape
from math import hypot
from typing import TYPE_CHECKING

from .layout import HEIGHT, Box, Point
from .plot import LINE, Arrow, plot

if TYPE_CHECKING:
    from .graph import Graph

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
    boxes, arrows, frame = plot(graph)
    parts = [_arrow(graph, arrow) for arrow in arrows]
    parts += [_start(boxes[graph.initial])] if graph.initial in boxes else []
    parts += [_card(state, box, state == graph.current) for state, box in boxes.items()]
    return _frame(graph, frame, "".join(parts))


def _frame(graph: Graph, frame: Box, body: str) -> str:
    """An `svg` that is as large as what is in it."""
    size = f'width="{frame.w:.0f}" height="{frame.h:.0f}"'
    view = f'viewBox="{frame.x - frame.w / 2:.0f} {frame.y - frame.h / 2:.0f} {frame.w:.0f} {frame.h:.0f}"'
    words = f"{graph.name}: {len(graph.states)} states" + (f", now {graph.current}" if graph.current else "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ab-sm" role="img" aria-label="{escape(words)}" {size} {view} '
        f'style="max-width:100%;height:auto"><style>{_STYLE}</style>{body}</svg>'
    )


# --- ink ------------------------------------------------------------------------------------------------


def _arrow(graph: Graph, arrow: Arrow) -> str:
    """A line with its head and its label; dashed as long as nobody went there."""
    a, b, c = arrow.curve
    kind = "last" if graph.is_last(arrow.transition) else "new" if graph.current and not arrow.transition.times else ""
    line = f'<path class="{kind}" d="M{a.x:.1f},{a.y:.1f} Q{b.x:.1f},{b.y:.1f} {c.x:.1f},{c.y:.1f}"/>'
    return f'<g class="{kind}">{line}{_head(b, c)}{_words(arrow)}</g>'


def _words(arrow: Arrow) -> str:
    """The label's lines, one below the other."""
    lines, (x, y, _, _) = arrow.lines(), arrow.label
    top = y + 4 - (len(lines) - 1) * LINE / 2
    spots = ((line, top + n * LINE) for n, line in enumerate(lines) if line)
    return "".join(f'<text class="l" x="{x:.1f}" y="{at:.1f}">{escape(line)}</text>' for line, at in spots)


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
