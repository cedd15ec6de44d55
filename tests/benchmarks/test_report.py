"""Medians, ratios and verdicts are right, and whatever is absent is said."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import page
from benchmarks.chart import draw
from benchmarks.peer import Absent, Peer, PythonPeer
from benchmarks.report import figure, notes, tables
from benchmarks.results import Figure, Missing, Results
from benchmarks.rows import ROWS, Row
from benchmarks.runner import measure, present
from benchmarks.statistics import Spread, ratio, spread

CALL = next(row for row in ROWS if row.name == "call")


def results(**peers: Sequence[float]) -> Results:
    """A run of the row `call` that found these seconds."""
    found = Results([CALL], {}, {"rounds": 3, "quick": False}, versions=dict.fromkeys(peers, "1"))
    for peer, values in peers.items():
        found.figures += [Figure("call", peer, n, CALL.size, value, value) for n, value in enumerate(values)]
    return found


@dataclass(frozen=True)
class Script(Peer):
    """A peer that is one line of Python."""

    line: str = ""

    def version(self) -> str:
        return "1"

    def command(self, row: Row, quick: bool) -> Sequence[str]:
        return [sys.executable, "-c", self.line]


def test_an_outlier_moves_neither_median_nor_deviation() -> None:
    assert spread([1.0, 1.25, 1.5, 1.25, 900.0]) == Spread(1.25, 0.25)


def test_a_ratio_compares_what_ran_in_the_same_round() -> None:
    assert ratio([2.0, 20.0, 2.0], [1.0, 10.0, 1.0]) == Spread(2.0, 0.0)
    assert ratio([1.0], []) is None


@pytest.mark.parametrize(("theirs", "met"), [(0.5, True), (0.4, False)])
def test_a_target_is_met_up_to_its_very_bound(theirs: float, met: bool) -> None:
    verdict = results(actorbook=[1.0] * 3, beam=[theirs] * 3).verdict(CALL, "beam")

    assert verdict is not None
    assert (verdict.target, verdict.met) == (2.0, met)


def test_tables_mark_what_is_met_and_what_is_missed() -> None:
    text = tables(results(actorbook=[4e-6] * 3, asyncio=[9e-6] * 3, beam=[1e-6] * 3))[0].to_markdown()

    assert "| call | 4 µs ±0% / round trip | 0.444 ±0% ✓ | 4 ±0% ✗ |" in text


def test_figures_are_told_in_the_unit_that_reads_best() -> None:
    shown = [figure(Spread(value, value / 10), unit) for value, unit in ((2.5e-7, "s"), (0.02, "s"), (2680.0, "B"))]

    assert shown == ["250 ns ±10%", "20 ms ±10%", "2.68 KB ±10%"]


def test_processor_time_is_used_where_it_is_asked_for() -> None:
    found = results(actorbook=[1.0])
    found.figures = [Figure("call", "actorbook", 0, 1, value=4.0, cpu=1.0)]

    assert found.values(CALL, "actorbook") == [4.0]
    assert found.load() == 0.25
    assert any("busy" in note for note in notes(found))
    found.clock = "cpu"
    assert found.values(CALL, "actorbook") == [1.0]


def test_whoever_is_not_installed_is_absent_with_what_would_help() -> None:
    missing = list(present([PythonPeer("pykka", "Pykka", "no-such-distribution")]))

    assert missing == [Missing("pykka", None, "not installed: `pip install no-such-distribution`, or `make bench`")]
    found = results()
    found.missing += [m for m in missing if isinstance(m, Missing)]
    assert "Absent: Pykka (all rows): not installed" in "\n".join(notes(found))


def test_a_peer_that_fails_or_hangs_is_said_once_and_not_asked_again() -> None:
    fails = Script("pykka", "Pykka", line="raise RuntimeError('boom')")
    hangs = Script("tapio", "tapio-py", line="import time; time.sleep(60)")
    fine = Script("beam", "BEAM", line='print(\'{"value": 1.5, "cpu": 1, "size": 3}\')')

    found = list(measure([CALL], [fails, hangs, fine], 2, quick=True, limit=0.5))

    assert [f for f in found if isinstance(f, Missing)] == [
        Missing("pykka", "call", "it failed: RuntimeError: boom"),
        Missing("tapio", "call", "not done within 0.5 s"),
    ]
    assert [f.value for f in found if isinstance(f, Figure)] == [1.5, 1.5]


def test_the_page_is_filled_between_its_marks_and_only_there() -> None:
    found = results(actorbook=[1.0], beam=[1.0])
    found.machine = dict.fromkeys(("processor", "cores", "memory_gib", "system", "machine", "python", "core"), "x")

    text = page.fill(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n", found)

    assert text.startswith(f"before\n{page.BEGIN}\n\nMeasured on x")
    assert text.endswith(f"{page.END}\nafter\n")
    assert "old" not in text
    assert page.fill(text, found) == text
    with pytest.raises(ValueError, match="put them back"):
        page.fill("no marks", found)


def test_the_page_of_the_docs_has_its_marks() -> None:
    text = page.PAGE.read_text(encoding="utf-8")

    assert text.index(page.BEGIN) < text.index(page.END)


def test_the_chart_is_a_picture_and_the_same_each_time(tmp_path: Path) -> None:
    pictures = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for path in pictures:
        draw(results(actorbook=[2.0] * 3, asyncio=[3.0] * 3, beam=[1.0] * 3), path)

    one, two = (path.read_text(encoding="utf-8") for path in pictures)
    assert one == two
    assert "<svg" in one
    assert "BEAM" in one


def test_the_beam_is_absent_with_the_way_to_install_it_where_there_is_no_erl(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.peers.beam import Beam

    monkeypatch.setenv("PATH", "")

    with pytest.raises(Absent, match="install Erlang"):
        Beam("beam", "BEAM").version()


def test_help_names_rows_and_peers() -> None:
    command = [sys.executable, "-m", "benchmarks", "--help"]
    shown = subprocess.run(command, cwd=page.DOCS.parent, capture_output=True, text=True, check=True).stdout

    assert "skynet" in shown
    assert "lapinbeam" in shown
