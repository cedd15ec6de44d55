"""What is measured: one row a question, with its sizes and its targets. Peers answer with a function of its name.

Names and shapes are Savina's where Savina has them (Imam and Sarkar, AGERE 2014); skynet is the well-known one of
a million actors that add up numbers. Messages are ints and small tuples, in every peer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["ROWS", "Row", "actors", "chosen"]

Targets = Mapping[str, float]

FASTER: Targets = {"pykka": 0.1, "asyncio": 0.5}
"""On every row they share: a tenth of Pykka's figure at most, half of plain asyncio's."""


@dataclass(frozen=True)
class Row:
    """One question: `title` asks it, `function` names what answers it, `per` says of what the figure is.

    `size` is how much is done (`quick`: in a smoke run), `among` how many other processes live meanwhile.
    `targets` says for a peer how large our figure may be over its figure at most, `limit` how large by itself.
    """

    name: str
    title: str
    function: str
    size: int
    quick: int
    per: str
    unit: Literal["s", "B", "%"] = "s"
    among: int = 0
    targets: Targets = field(default_factory=dict)
    limit: float | None = None

    def sizes(self, quick: bool) -> tuple[int, int]:
        """How much to do, among how many others."""
        return (self.quick, self.among // 1000) if quick else (self.size, self.among)


def _row(name: str, title: str, size: int, quick: int, per: str, beam: float | None = None) -> Row:
    targets = FASTER if beam is None else {**FASTER, "beam": beam}
    return Row(name, title, name.partition("_1m")[0], size, quick, per, targets=targets)


def _bytes(name: str, title: str, per: str, beam: float) -> Row:
    return Row(name, title, name, 100_000, 2_000, per, "B", targets={**FASTER, "beam": beam})


ROWS: tuple[Row, ...] = (
    _row("spawn", "spawn, idle", 100_000, 200, "process", beam=1.0),
    _bytes("bytes_process", "memory, idle process", "process", beam=1.0),
    _bytes("bytes_server", "memory, idle GenServer", "server", beam=0.5),
    _row("start", "start GenServer", 20_000, 100, "start", beam=1.0),
    _row("call", "call", 100_000, 200, "round trip", beam=2.0),
    _row("cast", "cast (Counting Actor)", 200_000, 400, "message", beam=2.0),
    _row("ring", "Thread Ring, 100 actors", 200_000, 400, "hop", beam=2.0),
    _row("pingpong", "Ping Pong", 100_000, 200, "round trip"),
    _row("fanin", "fan-in, 100 senders", 200_000, 400, "message"),
    _row("forkjoin", "Fork Join (actor creation)", 50_000, 200, "actor"),
    _row("big", "Big, 120 actors", 60_000, 480, "round trip"),
    _row("skynet", "skynet, 111,111 actors", 100_000, 100, "actor", beam=1.0),
    _row("skynet_1m", "skynet, 1,111,111 actors", 1_000_000, 1_000, "actor", beam=1.0),
    _row("restart", "crash and restart", 5_000, 20, "restart", beam=1.0),
    _row("selective", "selective receive, 1,000 waiting", 2_000, 20, "receive"),
    Row("message_among_1k", "message among 1,000", "message_among", 50_000, 200, "round trip", among=1_000),
    Row("message_among_1m", "message among 1,000,000", "message_among", 50_000, 200, "round trip", among=1_000_000),
    Row("spawn_among_1k", "spawn among 1,000", "spawn_among", 20_000, 200, "process", among=1_000),
    Row("spawn_among_1m", "spawn among 1,000,000", "spawn_among", 20_000, 200, "process", among=1_000_000),
)


def chosen(names: str | None, among: Sequence[Row] = ROWS) -> list[Row]:
    """The rows of a comma-separated list, in the table's order; all of them for None."""
    if names is None:
        return list(among)
    wanted = names.split(",")
    unknown = set(wanted) - {row.name for row in among}
    if unknown:
        known = ", ".join(row.name for row in among)
        raise ValueError(f"--rows: expected some of {known}, got {', '.join(sorted(unknown))}")
    return [row for row in among if row.name in wanted]


def actors(leaves: int) -> int:
    """How many actors a skynet with so many leaves has: 1 + 10 + 100 + … + leaves."""
    return leaves if leaves == 1 else leaves + actors(leaves // 10)
