"""Puts tables and chart into the docs, between two marks; what stands around them is written by people."""

from __future__ import annotations

from pathlib import Path

from benchmarks.chart import draw
from benchmarks.lineup import TITLES
from benchmarks.report import notes, tables
from benchmarks.results import Results

__all__ = ["PAGE", "WEB_PAGE", "fill", "renew"]

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "explanation" / "speed.md"
WEB_PAGE = DOCS / "explanation" / "speed-web.md"
CHART = DOCS / "images" / "speed.svg"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def renew(results: Results, page: Path = PAGE) -> None:
    """Write a page anew; the one of the actors has a chart, too."""
    if page == PAGE:
        draw(results, CHART)
    page.write_text(fill(page.read_text(encoding="utf-8"), results, chart=page == PAGE), encoding="utf-8")


def fill(page: str, results: Results, *, chart: bool = True) -> str:
    """The page with this run's part between the marks."""
    before, mark, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"expected {BEGIN} and {END} in the page, got neither or one; put them back")
    picture = f"![What actorbook costs over each peer, row by row](../images/{CHART.name})"
    shown = [BEGIN, _on_what(results), *([picture] if chart else [])]
    parts = [*shown, *(table.to_markdown() for table in tables(results))]
    return before + "\n\n".join([*parts, "\n".join(f"- {note}" for note in notes(results)), END]) + after


def _on_what(results: Results) -> str:
    """Machine and versions in a sentence each."""
    facts = results.machine
    who = ", ".join(f"{title} {results.versions[name]}" for name, title in TITLES.items() if name in results.versions)
    below = f"; all on {facts['underneath']}" if "underneath" in facts else ""
    return (
        f"Measured on {facts['processor']} ({facts['cores']} cores, {facts['memory_gib']} GiB, {facts['system']} "
        f"{facts['machine']}), {facts['python']}, {facts['core']}. Versions: {who}{below}."
    )
