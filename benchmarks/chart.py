"""The picture for the docs: our figure over each peer's, a line a row, on a logarithmic scale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.lineup import OURS, OURSELVES, PEERS
from benchmarks.results import Results
from benchmarks.rows import Row

__all__ = ["draw"]

COLOURS = {
    "asyncio": "#0072b2", "pykka": "#e69f00", "xoscar": "#009e73", "lapinbeam": "#cc79a7", "tapio": "#56b4e9",
    "beam": "#d55e00", "compiled": "#888888",
}  # fmt: skip
"""Okabe and Ito's, which people see apart whatever their eyes."""

MARKERS = {"asyncio": "s", "pykka": "^", "xoscar": "v", "lapinbeam": "D", "tapio": "P", "beam": "o", "compiled": "x"}


def draw(results: Results, path: Path) -> None:
    """Write an SVG; the same results give the same file."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows = [row for row in results.rows if not row.among and results.has(OURS.name, row)]
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "actorbook", "font.size": 10}):
        figure = Figure(figsize=(9, 1.4 + 0.36 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        _points(axes, results, rows)
        _dress(axes, rows)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def _points(axes: Any, results: Results, rows: list[Row]) -> None:
    for peer in PEERS:
        if peer in OURSELVES:
            continue
        found = [(y, verdict) for y, row in enumerate(rows) if (verdict := results.verdict(row, peer.name))]
        if found:
            x = [verdict.ratio.median for _, verdict in found]
            error = [min(verdict.ratio.mad, 0.99 * verdict.ratio.median) for _, verdict in found]
            colour, marker = COLOURS[peer.name], MARKERS[peer.name]
            y = [y for y, _ in found]
            axes.errorbar(x, y, xerr=error, fmt=marker, color=colour, label=peer.title, markersize=6, capsize=2)


def _dress(axes: Any, rows: list[Row]) -> None:
    for y, row in enumerate(rows):
        target = row.targets.get("beam")
        if target is not None:
            axes.plot([target], [y], marker="|", markersize=16, color=COLOURS["beam"], markeredgewidth=1.5)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.axvline(1, color="#666666", linewidth=1)
    axes.set_yticks(range(len(rows)), [row.title for row in rows])
    axes.invert_yaxis()
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("actorbook over the peer (left of 1: cheaper); bars: targets over the BEAM")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, 1.0 + 0.9 / max(1, len(rows))), ncols=6, frameon=False)
