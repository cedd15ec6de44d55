"""What a run found, as plain data: figures round by round, and who or what is absent, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from benchmarks.rows import Row
from benchmarks.statistics import Spread, ratio, spread

__all__ = ["Clock", "Figure", "Missing", "Results", "Verdict"]

Clock = Literal["wall", "cpu"]


@dataclass(frozen=True)
class Figure:
    """One measurement: `value` seconds or bytes for one operation, `cpu` the seconds that really ran."""

    row: str
    peer: str
    round: int
    size: int
    value: float
    cpu: float = 0.0


@dataclass(frozen=True)
class Missing:
    """A peer (`row` is None) or one of its rows that could not be measured."""

    peer: str
    row: str | None
    reason: str


@dataclass(frozen=True)
class Verdict:
    """Our figure over a peer's, and whether the target is met (None: there is none)."""

    ratio: Spread
    target: float | None

    @property
    def met(self) -> bool | None:
        """The median decides."""
        return None if self.target is None else self.ratio.median <= self.target


@dataclass
class Results:
    """All of one run; complete or, after Ctrl-C, as far as it came."""

    rows: list[Row]
    machine: dict[str, Any]
    settings: dict[str, Any]
    clock: Clock = "wall"
    versions: dict[str, str] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    def values(self, row: Row, peer: str) -> list[float]:
        """The figures of one cell, in order of rounds, on the clock that was asked for."""
        cell = [figure for figure in self.figures if (figure.row, figure.peer) == (row.name, peer)]
        return [value for figure in cell if (value := self.value(row, figure)) > 0]

    def value(self, row: Row, figure: Figure) -> float:
        """A figure on the clock that was asked for; zero where the system could not tell."""
        return figure.cpu if row.unit != "B" and self.clock == "cpu" else figure.value

    def spread(self, row: Row, peer: str) -> Spread | None:
        """Median and deviation of one cell."""
        values = self.values(row, peer)
        return spread(values) if values else None

    def verdict(self, row: Row, peer: str, ours: str = "actorbook") -> Verdict | None:
        """Our cell over a peer's; None where one of them is empty."""
        found = ratio(self.values(row, ours), self.values(row, peer))
        return None if found is None else Verdict(found, row.targets.get(peer))

    def has(self, peer: str, row: Row | None = None) -> bool:
        """Whether anything (or anything of this row) was measured."""
        return any(figure.peer == peer and row in (None, _row(self.rows, figure.row)) for figure in self.figures)

    def load(self) -> float | None:
        """How much of the time the core was really ours, in the middle of all measurements."""
        timed = {row.name for row in self.rows if row.unit == "s"}
        shares = [f.cpu / f.value for f in self.figures if f.row in timed and f.cpu > 0 and f.value > 0]
        return spread(shares).median if shares else None

    def to_json(self) -> dict[str, Any]:
        """Everything, with medians and verdicts worked out."""
        return {
            "format": 1,
            "machine": self.machine,
            "settings": {**self.settings, "clock": self.clock},
            "versions": self.versions,
            "rows": [self._row_to_json(row) for row in self.rows],
            "missing": [{"peer": m.peer, "row": m.row, "reason": m.reason} for m in self.missing],
        }

    def _row_to_json(self, row: Row) -> dict[str, Any]:
        peers = {}
        for peer in self.versions:
            cell = [figure for figure in self.figures if (figure.row, figure.peer) == (row.name, peer)]
            if not cell:
                continue
            verdict = self.verdict(row, peer)
            peers[peer] = {
                "size": cell[0].size,
                "bytes" if row.unit == "B" else "wall": [figure.value for figure in cell],
                **({"cpu": [figure.cpu for figure in cell]} if row.unit != "B" else {}),
                **_named("", self.spread(row, peer)),
                **(_named("ratio_", verdict.ratio) if verdict and peer != "actorbook" else {}),
                **({"target": verdict.target, "met": verdict.met} if verdict and verdict.target else {}),
            }
        return {"row": row.name, "title": row.title, "per": row.per, "unit": row.unit, "peers": peers}


def _named(prefix: str, found: Spread | None) -> dict[str, float]:
    return {} if found is None else {f"{prefix}median": found.median, f"{prefix}mad": found.mad}


def _row(rows: list[Row], name: str) -> Row | None:
    return next((row for row in rows if row.name == name), None)
