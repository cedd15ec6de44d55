"""The measurements, side by side: `python -m benchmarks --help`, or `make bench`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import lineup, rows
from benchmarks.machine import facts, pin
from benchmarks.page import PAGE, WEB_PAGE, renew
from benchmarks.peer import Peer
from benchmarks.report import figure, notes, tables
from benchmarks.results import Figure, Missing, Results
from benchmarks.rows import Row
from benchmarks.runner import measure, present
from benchmarks.statistics import Spread
from benchmarks.web.lineup import WEB_PEERS, underneath
from benchmarks.web.rows import WEB_ROWS

__all__ = ["main"]


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What to measure, and where to put it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--web", action="store_true", help="the web layer: servers and their clients, not actors")
    parser.add_argument("--rows", metavar="A,B", help=f"some of {_names(rows.ROWS)}; --web: {_names(WEB_ROWS)}")
    parser.add_argument("--peers", metavar="A,B", help=f"some of {_names(lineup.PEERS)}; --web: {_names(WEB_PEERS)}")
    parser.add_argument("--rounds", type=int, default=5, help="how often all is repeated (default 5)")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it runs, not how fast")
    parser.add_argument("--limit", type=float, default=120, help="seconds for one measurement (default 120)")
    parser.add_argument(
        "--clock", choices=("wall", "cpu"), default="wall", help="cpu: processor time, on a busy machine"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    parser.add_argument(
        "--docs", action="store_true", help="renew docs/explanation/speed.md and its chart, or speed-web.md"
    )
    given = parser.parse_args(words)
    try:
        given.rows = rows.chosen(given.rows, WEB_ROWS if given.web else rows.ROWS)
        given.peers = lineup.chosen(given.peers, WEB_PEERS if given.web else lineup.PEERS)
    except ValueError as error:
        parser.error(str(error))
    return given


def _names(listed: Sequence[Row | Peer]) -> str:
    return ", ".join(each.name for each in listed)


def main(words: Sequence[str] | None = None) -> int:
    """Measure, show, write; after Ctrl-C with what there is. The exit code is 130 then."""
    given = arguments(words)
    settings = {"rounds": given.rounds, "quick": given.quick, "limit_seconds": given.limit, "collector": "on"}
    results = Results(given.rows, facts(pin()), settings, given.clock)
    if given.web:
        results.machine |= {"core": "server and clients on a core each", "underneath": underneath()}
    code = 0
    try:
        _run(results, given)
    except KeyboardInterrupt:
        _say("\nstopped: what follows is incomplete")
        code = 130
    print("\n\n".join(table.to_text() for table in tables(results)), *notes(results), sep="\n\n")
    if given.json:
        given.json.write_text(json.dumps(results.to_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if given.docs and not code:
        renew(results, WEB_PAGE if given.web else PAGE)
    return code


def _run(results: Results, given: argparse.Namespace) -> None:
    here = _who_is_here(results, given.peers)
    total = given.rounds * len(given.rows) * len(here)
    by_name = {row.name: row for row in given.rows}
    for found in measure(given.rows, here, given.rounds, quick=given.quick, limit=given.limit):
        if isinstance(found, Figure):
            results.figures.append(found)
            row = by_name[found.row]
            text = figure(Spread(results.value(row, found), 0.0), row.unit).removesuffix(" ±0%")
        else:
            results.missing.append(found)
            total -= given.rounds - 1
            text = f"absent: {found.reason}"
        _say(f"[{_done(results)}/{total}] {found.row:<17} {found.peer:<10} {text}")


def _done(results: Results) -> int:
    return len(results.figures) + sum(missing.row is not None for missing in results.missing)


def _who_is_here(results: Results, peers: Sequence[Peer]) -> list[Peer]:
    here = []
    for found in present(peers):
        if isinstance(found, Missing):
            results.missing.append(found)
            _say(f"{found.peer}: absent, {found.reason}")
        else:
            here.append(found[0])
            results.versions[found[0].name] = found[1]
            _say(f"{found[0].name}: {found[1]}")
    return here


def _say(text: str) -> None:
    """Progress, beside the tables."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
