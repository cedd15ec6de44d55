"""The tree as a static SVG: no script, no kernel; what a saved notebook still shows."""

from __future__ import annotations

from html import escape

from .rows import Row

__all__ = ["draw"]

_W, _H, _GAP, _STEP = 216, 46, 14, 260
_COLOURS = {
    "running": "#2f9e62", "waiting": "#98a2b0", "suspended": "#7a55c7", "restarting": "#c77700", "exited": "#c92a3a",
    "up": "#2f9e62", "cut": "#c77700", "down": "#c92a3a",
}  # fmt: skip
_STYLE = "font-family:system-ui,sans-serif;background:#fbfbfc;border:1px solid #d7dbe0;border-radius:10px"


def draw(rows: list[Row], title: str = "supervision tree") -> str:
    """An SVG of the rows, left to right, in the widget's light colours."""
    places = _places(rows)
    width = max((x for x, _ in places.values()), default=0) + _W + 24
    height = max((y for _, y in places.values()), default=0) + _H + 24
    lines = [_edge(places[row.parent], places[row.key]) for row in rows if row.parent in places]
    cards = [_card(row, *places[row.key]) for row in rows]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" style="{_STYLE};max-width:100%">'
        f"{''.join(lines)}{''.join(cards)}</svg>"
    )


def _places(rows: list[Row]) -> dict[str, tuple[int, int]]:
    """Where each row stands: leaves below each other, a parent at the middle of its first and last child."""
    depth: dict[str, int] = {}
    below: dict[str, list[str]] = {}
    for row in rows:
        depth[row.key] = depth.get(row.parent, -1) + 1
        below.setdefault(row.parent, []).append(row.key)
    places: dict[str, tuple[int, int]] = {}
    next_y = 24
    for row in reversed(rows):
        if row.key not in below:
            places[row.key] = (24 + depth[row.key] * _STEP, next_y)
            next_y += _H + _GAP
        else:
            ends = [places[key][1] for key in (below[row.key][0], below[row.key][-1])]
            places[row.key] = (24 + depth[row.key] * _STEP, sum(ends) // 2)
    top = next_y - _H - _GAP
    return {key: (x, 24 + top - y) for key, (x, y) in places.items()}


def _edge(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1, x2, y2 = start[0] + _W, start[1] + _H // 2, end[0], end[1] + _H // 2
    curve = f"M{x1},{y1} C{x1 + 26},{y1} {x2 - 26},{y2} {x2},{y2}"
    return f'<path d="{curve}" fill="none" stroke="#d7dbe0" stroke-width="1.2"/>'


def _card(row: Row, x: int, y: int) -> str:
    badges = [f"{row.mailbox:,} {'full' if row.full else 'queued'}"] if row.mailbox > 0 else []
    badges += [f"↻ {row.restarts}"] if row.restarts and row.kind != "more" else []
    tip = f"{row.cls} {row.pid} {row.status}" + (f"; last exit: {row.exits[0].reason}" if row.exits else "")
    return (
        f"<g><title>{escape(tip)}</title>"
        f'<rect x="{x}" y="{y}" width="{_W}" height="{_H}" rx="8" fill="#fff" stroke="#d7dbe0"/>'
        f'<rect x="{x}" y="{y}" width="5" height="{_H}" rx="2.5" fill="{_COLOURS[row.status]}"/>'
        + _text(x + 16, y + 20, _cut(row.name, 22), 'font-size="13" font-weight="600" fill="#1c2127"')
        + _text(x + 16, y + 37, _cut(row.sub, 30), 'font-size="11" fill="#667080"')
        + _text(x + _W - 8, y + 20, " ".join(badges), 'font-size="10.5" fill="#c77700" text-anchor="end"')
        + "</g>"
    )


def _text(x: int, y: int, text: str, style: str) -> str:
    return f'<text x="{x}" y="{y}" {style}>{escape(text)}</text>'


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
