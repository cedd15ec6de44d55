"""The table of `top` as text and as HTML without script, right on light and on dark pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from ..core.ids import Pid
from .top_table import Top, TopRow

__all__ = ["html", "spark", "text"]

_HEADS = ("pid", "name", "class", "mailbox", "msg/s", "time", "late", "memory", "↻")
_LEFT = 3
_BARS = "▁▂▃▄▅▆▇█"
_LIGHT = "--bg:#fbfbfc;--line:#d7dbe0;--text:#1c2127;--muted:#667080;--accent:#2f6fde;--warn:#b86e00;--bad:#c92a3a"
_DARK = "--bg:#171b21;--line:#343c47;--text:#e7ebf0;--muted:#98a4b3;--accent:#6ea2ff;--warn:#f0a63a;--bad:#ff6b78"
_STYLE = f"""<style>.abtop{{{_LIGHT}}}@media(prefers-color-scheme:dark){{.abtop{{{_DARK}}}}}
[data-jp-theme-light=true] .abtop,.vscode-light .abtop{{{_LIGHT}}}
[data-jp-theme-light=false] .abtop,.vscode-dark .abtop{{{_DARK}}}
.abtop{{display:inline-block;border:1px solid var(--line);border-radius:10px;background:var(--bg);color:var(--text);
overflow:auto;max-width:100%;font:12px system-ui,'DejaVu Sans',sans-serif}}
.abtop table{{border-collapse:collapse;margin:0;border:0}}.abtop tr{{background:none!important}}
.abtop th,.abtop td{{padding:3px 12px;text-align:right;border:0;color:var(--text);white-space:nowrap;
font-variant-numeric:tabular-nums}}
.abtop th{{color:var(--muted);font-weight:500;border-bottom:1px solid var(--line)}}
.abtop .l{{text-align:left!important}}
.abtop .m{{color:var(--muted)}}.abtop .w{{color:var(--warn)}}.abtop .b{{color:var(--bad)}}
.abtop i{{display:inline-block;width:44px;height:6px;border-radius:3px;margin-left:7px;vertical-align:1px;
background:linear-gradient(90deg,var(--accent) var(--p),var(--line) var(--p))}}
.abtop svg{{vertical-align:-2px;margin-left:7px}}
.abtop caption{{caption-side:bottom;color:var(--muted);text-align:left;padding:5px 12px}}</style>"""


def text(table: Top) -> str:
    """Columns of text."""
    if not table.rows:
        return "no processes"
    cells = [_HEADS, *(_cells(row) for row in table.rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(_HEADS))]
    lines = [
        "  ".join(
            c.ljust(w) if i < _LEFT else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join([*lines, f"{_caption(table)}"])


def html(table: Top, history: Mapping[Pid, Sequence[float]] | None = None) -> str:
    """An HTML table; with `history` each rate has a line of its recent past."""
    left = ' class="l"'
    head = "".join(f"<th{left if i < _LEFT else ''}>{escape(h)}</th>" for i, h in enumerate(_HEADS))
    body = "".join(_html_row(row, (history or {}).get(row.pid, ())) for row in table.rows)
    return (
        f'{_STYLE}<div class="abtop"><table><caption>{escape(_caption(table))}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _html_row(row: TopRow, past: Sequence[float]) -> str:
    pid, name, cls, mailbox, rate, time, late, memory, restarts = map(escape, _cells(row))
    crowd = ' class="b"' if row.mailbox > 1000 else ' class="w"' if row.mailbox > 100 else ""
    bar = f'<i style="--p:{min(100, round(100 * row.time))}%"></i>' if row.time is not None else ""
    is_late = ' class="b"' if row.late else ""
    return (
        f'<tr><td class="l m">{pid}</td><td class="l"><b>{name}</b></td><td class="l m">{cls}</td>'
        f"<td{crowd}>{mailbox}</td><td>{rate}{_line(past)}</td><td>{time}{bar}</td><td{is_late}>{late}</td><td>{memory}</td>"
        f"<td>{restarts}</td></tr>"
    )


def _line(past: Sequence[float]) -> str:
    """A tiny line of the last rates."""
    if len(past) < 2 or not any(past):
        return ""
    most = max(past) or 1.0
    points = " ".join(f"{i * 44 / (len(past) - 1):.1f},{12 - 11 * value / most:.1f}" for i, value in enumerate(past))
    return (
        f'<svg width="44" height="13" aria-hidden="true"><polyline points="{points}" fill="none" '
        'stroke="var(--accent)" stroke-width="1.2"/></svg>'
    )


def spark(past: Sequence[float]) -> str:
    """The same in letters."""
    most = max(past, default=0.0) or 1.0
    return "".join(_BARS[min(7, int(8 * value / most))] for value in past)


def _cells(row: TopRow) -> tuple[str, ...]:
    return (
        repr(row.pid), row.name, row.cls, f"{row.mailbox:,}", _rate(row.rate), _share(row.time), _share(row.late),
        _bytes(row.memory), f"{row.restarts:,}" if row.restarts else "",
    )  # fmt: skip


def _rate(rate: float) -> str:
    return "" if not rate else f"{rate:.2g}" if rate < 10 else f"{rate:,.0f}"


def _share(share: float | None) -> str:
    return "–" if share is None else "" if share == 0 else f"{share:.1%}" if share >= 0.0005 else "<0.1%"


def _bytes(size: int | None) -> str:
    if size is None:
        return "–"
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"


def _caption(table: Top) -> str:
    shown = f"{len(table.rows):,} of {table.total:,} process{'' if table.total == 1 else 'es'}, by {table.sorted_by}"
    if not table.seconds:
        return f"{shown}; rates over the whole life; await ab.observe.sample() measures time"
    return f"{shown}; of the last {table.seconds:.2g} s"
