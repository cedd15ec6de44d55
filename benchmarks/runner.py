"""Runs every row of every peer, each time in a fresh process on the same core, and interleaved.

In each round every row is asked of all peers, one right after the other, so that what else the machine does falls
on all alike; who comes first changes from round to round. A row that takes too long or fails is not asked again.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.peer import Absent, Peer
from benchmarks.results import Figure, Missing
from benchmarks.rows import Row

__all__ = ["measure", "present"]

ROOT = Path(__file__).resolve().parent.parent


def present(peers: Sequence[Peer]) -> Iterator[tuple[Peer, str] | Missing]:
    """Each peer with its version, or why it is not here."""
    for peer in peers:
        try:
            yield peer, peer.version()
        except Absent as absent:
            yield Missing(peer.name, None, str(absent))


def measure(
    rows: Sequence[Row], peers: Sequence[Peer], rounds: int, *, quick: bool, limit: float
) -> Iterator[Figure | Missing]:
    """One result after another; the order is that of the work. `limit` is in seconds for one measurement."""
    given_up: set[tuple[str, str]] = set()
    for number in range(rounds):
        turned = number % max(1, len(peers))
        for row in rows:
            for peer in [*peers[turned:], *peers[:turned]]:
                if (row.name, peer.name) in given_up:
                    continue
                result = _one(row, peer, number, quick, limit)
                if isinstance(result, Missing):
                    given_up.add((row.name, peer.name))
                yield result


def _one(row: Row, peer: Peer, number: int, quick: bool, limit: float) -> Figure | Missing:
    try:
        told = _tell(peer.command(row, quick), limit)
        if "absent" in told:
            raise Absent(str(told["absent"]))
    except Absent as absent:
        return Missing(peer.name, row.name, str(absent))
    return Figure(row.name, peer.name, number, int(told["size"]), float(told["value"]), float(told["cpu"]))


def _tell(command: Sequence[str], limit: float) -> dict[str, str | float]:
    """What the measuring process printed last."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        raise Absent(f"not done within {limit:g} s") from None
    if done.returncode or not done.stdout.strip():
        words = (done.stderr or done.stdout).strip().splitlines() or ["it printed nothing"]
        raise Absent(f"it failed: {words[-1][:200]}")
    told: dict[str, str | float] = json.loads(done.stdout.strip().splitlines()[-1])
    return told
