"""The tables: what was measured, ours over each peer, and which targets are met. The same for terminal and page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.lineup import OURS, OURSELVES, PEERS, TITLES, UNWATCHED, WATCHED
from benchmarks.results import Results, Verdict
from benchmarks.rows import Row
from benchmarks.statistics import Spread

__all__ = ["Table", "figure", "notes", "tables"]

MARKS = {True: " ✓", False: " ✗", None: ""}
STEPS = {
    "s": (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)),
    "B": (("KB", 1000.0), ("B", 1.0)),
    "%": (("%", 1.0),),
}


@dataclass(frozen=True)
class Table:
    """Cells of text under a heading."""

    title: str
    head: Sequence[str]
    lines: Sequence[Sequence[str]]

    def to_text(self) -> str:
        """Columns for a terminal."""
        widths = [max(map(len, column)) for column in zip(self.head, *self.lines, strict=True)]
        shown = [
            "  ".join([cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))])
            for cells in (self.head, *self.lines)
        ]
        return "\n".join([self.title, "", shown[0], "─" * len(shown[0]), *shown[1:]])

    def to_markdown(self) -> str:
        """The same for a page."""
        rule = ["---", *("---:" for _ in self.head[1:])]
        lines = [f"| {' | '.join(cells)} |" for cells in (self.head, rule, *self.lines)]
        return "\n".join([f"### {self.title}", "", *lines])


def figure(value: Spread, unit: str) -> str:
    """A figure in the unit that reads best, with its deviation as a part of it."""
    steps = STEPS[unit]
    name, size = next((step for step in steps if value.median >= step[1]), steps[-1])
    return f"{value.median / size:.3g} {name} ±{_percent(value)}"


def _percent(value: Spread) -> str:
    """The deviation as a part of the median."""
    return f"{value.mad / value.median if value.median else 0:.0%}"


def tables(results: Results) -> list[Table]:
    """All that the run has something for."""
    main = [row for row in results.rows if not row.among]
    made = [_ratios(results, main), _absolute(results, main), _scale(results), _observation(results)]
    return [table for table in made if table.lines]


def notes(results: Results) -> list[str]:
    """What a reader must know beside the tables: clock, load, and whatever is absent."""
    load = results.load()
    said = [f"Figures are medians ± median absolute deviations; rounds: {results.settings['rounds']}."]
    if results.settings["quick"]:
        said.append("Sizes are those of a quick run: it shows that all rows run, not how fast.")
    if results.clock == "cpu":
        said.append("Times are processor time: the machine was shared.")
    elif load is not None and load < 0.9:
        said.append(f"The core was ours for {load:.0%} of the time only: the machine was busy, trust ratios at most.")
    return [*said, *_smaller(results), *_absent(results)]


def _smaller(results: Results) -> list[str]:
    """Peers that were asked for less of the same, since the whole would take them too long."""
    sizes = {row.name: row.sizes(results.settings["quick"])[0] for row in results.rows}
    smaller = {figure.peer for figure in results.figures if figure.size < sizes[figure.row]}
    titles = [title for name, title in TITLES.items() if name in smaller]
    return [f"Sizes are smaller, for time or memory, in rows of {', '.join(titles)}."] if titles else []


def _absent(results: Results) -> list[str]:
    """Who is not here, and which rows a peer does not answer, by reason."""
    titles = {row.name: row.title for row in results.rows}
    grouped: dict[tuple[str, str], list[str]] = {}
    for missing in results.missing:
        if missing.peer not in (UNWATCHED.name, WATCHED.name):  # they answer those rows that could tell a difference
            grouped.setdefault((missing.peer, missing.reason), []).extend([titles[missing.row]] if missing.row else [])
    return [
        f"Absent: {_title(peer)} ({'; '.join(rows) or 'all rows'}): {reason}."
        for (peer, reason), rows in grouped.items()
    ]


def _title(name: str) -> str:
    return TITLES[name]


def _others(results: Results) -> list[str]:
    """The peers that were measured, ours left out."""
    own = {peer.name for peer in OURSELVES}
    return [name for name in TITLES if name not in own and results.has(name)]


def _ratios(results: Results, rows: Sequence[Row]) -> Table:
    others = _others(results)
    lines = []
    for row in rows:
        own = results.spread(row, OURS.name)
        if own is not None:
            cells = [_ratio(results.verdict(row, peer)) for peer in others]
            met = None if row.limit is None else own.median <= row.limit
            lines.append([row.title, f"{figure(own, row.unit)} / {row.per}{MARKS[met]}", *cells])
    head = ["", "actorbook", *(f"over {_title(peer)}" for peer in others)]
    return Table("actorbook over each peer: below 1 is cheaper; ✓ ✗ say whether a target is met", head, lines)


def _ratio(verdict: Verdict | None) -> str:
    if verdict is None:
        return "–"
    return f"{verdict.ratio.median:.3g} ±{_percent(verdict.ratio)}{MARKS[verdict.met]}"


def _absolute(results: Results, rows: Sequence[Row]) -> Table:
    peers = [OURS.name, *_others(results)] if results.has(OURS.name) else _others(results)
    lines = [
        [row.title, *(figure(cell, row.unit) if cell else "–" for cell in cells)]
        for row in rows
        if any(cells := [results.spread(row, peer) for peer in peers])
    ]
    return Table("All figures", ["", *map(_title, peers)], lines)


def _scale(results: Results) -> Table:
    """What a million other processes cost."""
    rows = {row.name: row for row in results.rows if row.among}
    lines = []
    for peer in PEERS:
        for kind, what in (("message_among", "round trip"), ("spawn_among", "spawn")):
            few, many = rows.get(f"{kind}_1k"), rows.get(f"{kind}_1m")
            if few is None or many is None:
                continue
            cells = [results.spread(few, peer.name), results.spread(many, peer.name)]
            if cells[0] and cells[1]:
                times = f"{cells[1].median / cells[0].median:.2f}"
                lines.append([f"{peer.title}, {what}", *(figure(cell, "s") for cell in cells if cell), times])
    return Table("Scale: the same among many other live processes", ["", "1,000", "1,000,000", "times"], lines)


def _observation(results: Results) -> Table:
    """What being observable costs with nobody looking, and what it costs to be looked at."""
    lines = []
    for row in results.rows:
        cells = [results.spread(row, peer.name) for peer in OURSELVES]
        verdicts = [results.verdict(row, peer.name) for peer in (UNWATCHED, WATCHED)]
        if cells[0] and any(verdicts):
            own, none, view = (figure(cell, row.unit) if cell else "–" for cell in cells)
            lines.append([row.title, own, none, _ratio(verdicts[0]), view, _ratio(verdicts[1])])
    head = ["", "recorder, no view", "no recorder", "times", "a view", "of the speed is kept"]
    return Table("Observation: with the recorder and no view, without, and with a picture on the screen", head, lines)
