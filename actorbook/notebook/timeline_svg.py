"""The timeline as a static SVG: no script, no kernel; what a saved notebook still shows."""

from __future__ import annotations

from html import escape
from math import sqrt

from .protocol_timeline import Timeline

__all__ = ["draw"]

_W, _LEFT, _TOP, _H = 720, 16, 12, 40
_SIGNS = {"crash": ("▲", "#c92a3a", 14), "restart": ("●", "#c77700", 25), "fault": ("◆", "#7a55c7", 25)}
_NAMES = "▲ crash   ● restart   ◆ fault"


def draw(told: Timeline) -> str:
    """Bars for how much happened when, and signs for what matters; empty for a run without events."""
    bars = told["bars"]
    if not bars:
        return ""
    most, step = max(bars), _W / len(bars)
    drawn = "".join(_bar(_LEFT + i * step, step, sqrt(count / most)) for i, count in enumerate(bars) if count)
    length = max(told["end"] - told["start"], 1e-9)
    signs = "".join(
        _sign(_LEFT + (mark["at"] - told["start"]) / length * _W, mark["kind"], mark["n"]) for mark in told["marks"]
    )
    ground = _TOP + _H
    said = f"events {told['first']:,} to {told['last']:,}, {(told['end'] - told['start']) / 1000:.1f} s   {_NAMES}"
    title = f"timeline: {said}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" width="{_W + 2 * _LEFT}" '
        f'height="106" viewBox="0 0 {_W + 2 * _LEFT} 106" style="display:block;max-width:100%;margin-top:6px;'
        f'font-family:system-ui,sans-serif;background:#fbfbfc;border:1px solid #d7dbe0;border-radius:10px">'
        f'{drawn}<path d="M{_LEFT},{ground}h{_W}" stroke="#d7dbe0"/>{signs}'
        f'<text x="{_LEFT}" y="96" font-size="11" fill="#667080" style="white-space:pre">{escape(said)}</text></svg>'
    )


def _bar(x: float, width: float, share: float) -> str:
    height = max(2.0, share * _H)
    return (
        f'<rect x="{x + width * 0.15:.1f}" y="{_TOP + _H - height:.1f}" width="{width * 0.7:.1f}" '
        f'height="{height:.1f}" rx="1" fill="#a9c1ee"/>'
    )


def _sign(x: float, kind: str, n: int) -> str:
    sign, colour, below = _SIGNS[kind]
    return (
        f'<text x="{x:.1f}" y="{_TOP + _H + below}" font-size="9" fill="{colour}" text-anchor="middle">'
        f"<title>{kind}, event {n:,}</title>{sign}</text>"
    )
