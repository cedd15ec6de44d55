"""A laid-out sequence diagram as an SVG without script, right on light and on dark pages.

Colours are variables. `theme="auto"` follows the page: JupyterLab's theme where it says one, else the reader's system.
"""

from __future__ import annotations

from html import escape

from .sequence_layout import Bar, Box, Drawing, Lane, Line, Stop

__all__ = ["THEMES", "draw"]

THEMES = ("auto", "light", "dark")
_LIGHT = (
    "--bg:#fbfbfc;--card:#fff;--line:#d7dbe0;--text:#1c2127;--muted:#667080;--accent:#2f6fde;--run:#2f9e62;"
    "--idle:#98a2b0;--warn:#b86e00;--bad:#c92a3a;--susp:#7a55c7;--halo:#fbfbfc"
)
_DARK = (
    "--bg:#171b21;--card:#1e242c;--line:#343c47;--text:#e7ebf0;--muted:#98a4b3;--accent:#6ea2ff;--run:#4cc38a;"
    "--idle:#7d8896;--warn:#f0a63a;--bad:#ff6b78;--susp:#b195ff;--halo:#171b21"
)
_RULES = """
.abseq{font:11px system-ui,'DejaVu Sans',sans-serif;background:var(--bg)}
.abseq{border:1px solid var(--line);border-radius:10px}
.abseq text{fill:var(--text)}
.abseq .mut,.abseq .tick{fill:var(--muted)}
.abseq .tick{font-size:10px;text-anchor:end;font-variant-numeric:tabular-nums}
.abseq .name{font-size:12.5px;font-weight:600;text-anchor:middle}
.abseq .pid{font-size:10px;fill:var(--muted);text-anchor:middle}
.abseq .head{fill:var(--card);stroke:var(--line)}
.abseq .node{fill:var(--idle);fill-opacity:.09;stroke:var(--line);stroke-dasharray:3 3}
.abseq .life{stroke:var(--idle);stroke-width:1.2}
.abseq .gone{stroke:var(--line);stroke-dasharray:1 5}
.abseq .bar{fill:var(--accent);fill-opacity:.28;stroke:var(--accent);stroke-opacity:.55}
.abseq .msg{stroke:var(--c);fill:none;stroke-width:1.4}
.abseq .tip{fill:var(--c)}.abseq .open-tip{stroke:var(--c);fill:none;stroke-width:1.4}
.abseq .lab{text-anchor:middle;paint-order:stroke;stroke:var(--halo);stroke-width:4px;stroke-linejoin:round}
.abseq .loop{fill:var(--accent);fill-opacity:.05;stroke:var(--accent);stroke-opacity:.5;stroke-dasharray:5 3}
.abseq .times{fill:var(--accent);font-weight:600}
.abseq .end{fill:var(--bad)}.abseq .ended{fill:var(--muted)}.abseq .again{fill:var(--warn)}
.abseq .m{--c:var(--accent)}.abseq .reply{--c:var(--muted)}.abseq .info{--c:var(--text)}
.abseq .exit,.abseq .down{--c:var(--bad)}.abseq .spawn,.abseq .spawn_link{--c:var(--run)}.abseq .system{--c:var(--susp)}
.abseq .reply .msg,.abseq .exit .msg,.abseq .down .msg{stroke-dasharray:5 3}
.abseq .spawn .msg,.abseq .spawn_link .msg,.abseq .open .msg{stroke-dasharray:2 3}
.abseq .lost{--c:var(--bad)}
.abseq .m:hover .msg{stroke-width:2.6}.abseq .m:hover .lab{font-weight:600}
"""


def draw(drawing: Drawing, theme: str = "auto", title: str = "sequence of messages") -> str:
    """The SVG. Raises `ValueError` for an unknown theme."""
    if theme not in THEMES:
        raise ValueError(f"svg(theme=…): expected one of {', '.join(THEMES)}, got {theme!r}")
    w, h = f"{drawing.width:g}", f"{drawing.height:g}"
    parts = [
        *map(_node, drawing.nodes), *map(_loop, drawing.loops), *(_life(lane) for lane in drawing.lanes),
        *map(_bar, drawing.bars),
        *(f'<text class="tick" x="62" y="{t.y + 3.5:g}">{escape(t.label)}</text>' for t in drawing.ticks),
        *map(_line, drawing.lines), *map(_stop, drawing.stops), *(_head(lane, drawing.top) for lane in drawing.lanes),
        *(f'<text class="mut" x="16" y="{n.y:g}">{escape(n.label)}</text>' for n in drawing.notes),
    ]  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="abseq" data-theme="{theme}" role="img" width="{w}" '
        f'height="{h}" viewBox="0 0 {w} {h}" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f"<style>{_style(theme)}</style>{''.join(parts)}</svg>"
    )


def _style(theme: str) -> str:
    own = f".abseq[data-theme={theme}]"
    if theme != "auto":
        return f"{own}{{{_DARK if theme == 'dark' else _LIGHT}}}{_RULES}"
    dark, light = ("[data-jp-theme-light=false]", ".vscode-dark"), ("[data-jp-theme-light=true]", ".vscode-light")
    return (
        f"{own}{{{_LIGHT}}}@media(prefers-color-scheme:dark){{{own}{{{_DARK}}}}}"
        f"{','.join(f'{page} {own}' for page in dark)}{{{_DARK}}}"
        f"{','.join(f'{page} {own}' for page in light)}{{{_LIGHT}}}{_RULES}"
    )


def _node(box: Box) -> str:
    return (
        f'<rect class="node" x="{box.x:g}" y="{box.y:g}" width="{box.w:g}" height="{box.h:g}" rx="9"/>'
        f'<text class="mut" x="{box.x + 10:g}" y="{box.y + 16:g}">{escape(box.label)}</text>'
    )


def _loop(box: Box) -> str:
    return (
        f'<rect class="loop" x="{box.x:g}" y="{box.y:g}" width="{box.w:g}" height="{box.h:g}" rx="6"/>'
        f'<text class="times" x="{box.x + 8:g}" y="{box.y + 13:g}">{escape(box.label)}</text>'
    )


def _life(lane: Lane) -> str:
    return "".join(
        f'<path class="{"life" if alive else "gone"}" d="M{lane.x:g},{y1:g}V{y2:g}"/>' for y1, y2, alive in lane.lines
    )


def _head(lane: Lane, top: float) -> str:
    y = top - 52
    return (
        f"<g><title>{escape(f'{lane.name} {lane.pid} {lane.node}'.strip())}</title>"
        f'<rect class="head" x="{lane.x - 52:g}" y="{y:g}" width="104" height="40" rx="8"/>'
        f'<text class="name" x="{lane.x:g}" y="{y + 18:g}">{escape(_cut(lane.name, 14))}</text>'
        f'<text class="pid" x="{lane.x:g}" y="{y + 32:g}">{escape(lane.pid)}</text></g>'
    )


def _bar(bar: Bar) -> str:
    return f'<rect class="bar" x="{bar.x - 3:g}" y="{bar.y1:g}" width="6" height="{bar.y2 - bar.y1:g}" rx="2"/>'


def _line(line: Line) -> str:
    end = "" if line.end == "arrived" else f" {line.end}"
    path, tip, x, y = _self(line) if line.loop else _straight(line)
    return (
        f'<g class="m {line.what}{end}" data-message="{line.number}"><title>{escape(line.title)}</title>'
        f'<path class="msg" d="{path}"/>{tip}<text class="lab" x="{x:g}" y="{y:g}">{escape(line.label)}</text></g>'
    )


def _straight(line: Line) -> tuple[str, str, float, float]:
    """The way, its tip, and where its label stands: above the middle, of a steep one at its start."""
    way = 1 if line.x2 >= line.x1 else -1
    x1, x2 = line.x1 + 3 * way, line.x2 - 3 * way
    path, fall = f"M{x1:g},{line.y1:g}L{x2:g},{line.y2:g}", line.y2 - line.y1
    if fall < 24:
        return path, _tip(line, x2, way), round((x1 + x2) / 2, 1), round((line.y1 + line.y2) / 2 - 6, 1)
    return path, _tip(line, x2, way), round(x1 + way * (len(line.label) * 3 + 14), 1), line.y1 - 3


def _tip(line: Line, x: float, way: int) -> str:
    y = line.y2
    if line.end == "lost":
        return f'<path class="open-tip" d="M{x - 4:g},{y - 4:g}l8,8m0,-8l-8,8"/>'
    slope = (line.y2 - line.y1) / max(abs(line.x2 - line.x1), 1)
    dx, dy = 8 * way, 8 * slope
    if line.what in ("call", "exit", "down"):
        return f'<path class="tip" d="M{x:g},{y:g}L{x - dx:g},{y - dy - 4:g}V{y - dy + 4:g}z"/>'
    return f'<path class="open-tip" d="M{x - dx:g},{y - dy - 4:g}L{x:g},{y:g}L{x - dx:g},{y - dy + 4:g}"/>'


def _self(line: Line) -> tuple[str, str, float, float]:
    """Out to the right and back."""
    x, y1, y2 = line.x1 + 3, line.y1, line.y2
    path = f"M{x:g},{y1:g}h22q8,0 8,{(y2 - y1) / 2:g}t-8,{(y2 - y1) / 2:g}h-20"
    tip = f'<path class="open-tip" d="M{x + 9:g},{y2 - 4:g}L{x + 2:g},{y2:g}L{x + 9:g},{y2 + 4:g}"/>'
    return path, tip, x + 26 + len(line.label) * 2.8, y1 - 6


def _stop(stop: Stop) -> str:
    x, y = stop.x, stop.y
    shape = {
        "started": f'<circle cx="{x:g}" cy="{y:g}" r="4.5" fill="var(--card)" stroke="var(--run)" stroke-width="2"/>',
        "restarted": f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="var(--warn)"/>',
        "exited": f'<path d="M{x - 7:g},{y:g}h14" stroke="var(--muted)" stroke-width="2.4"/>',
        "crashed": f'<path d="M{x - 5:g},{y - 5:g}l10,10m0,-10l-10,10" stroke="var(--bad)" stroke-width="2.6"/>',
    }[stop.kind]
    how = {"crashed": "end", "restarted": "again"}.get(stop.kind, "ended")
    label, below = escape(stop.label), 15 if stop.kind == "restarted" else 3.5
    return (
        f'<g class="stop"><title>{escape(stop.title)}</title>{shape}'
        f'<text class="lab {how}" style="text-anchor:start" x="{x + 12:g}" y="{y + below:g}">{label}</text></g>'
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
