"""The measurements run: every row of ours and of plain asyncio, in small."""

from __future__ import annotations

import asyncio
import json
import logging
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from subprocess import PIPE

import pytest

from benchmarks import lineup
from benchmarks.child import measured
from benchmarks.meter import Meter
from benchmarks.rows import ROWS, Row, actors, chosen

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parents[2]
ASYNCIO_CANNOT = {"selective"}


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


async def once(name: str, row: Row) -> Meter:
    """One row of one peer, as its own process would run it, taken apart in the end."""
    peer = import_module(f"benchmarks.peers.{name}")
    meters: list[Meter] = []

    async def play() -> None:
        meters.append(await measured(peer, row, quick=True))

    await peer.stage(play)
    return meters[0]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_we_answer_every_row(row: Row) -> None:
    meter = asyncio.run(once("actorbook", row))

    assert meter.size == row.quick
    assert meter.value > 0 or row.unit == "B"  # in this old process memory is taken from what was free


@pytest.mark.parametrize("row", [row for row in ROWS if row.function not in ASYNCIO_CANNOT], ids=lambda row: row.name)
def test_plain_asyncio_answers_every_row_that_it_can(row: Row) -> None:
    meter = asyncio.run(once("asyncio", row))

    assert meter.value > 0 or row.unit == "B"


def test_every_function_of_a_row_that_is_watched_is_there_unwatched_too() -> None:
    unwatched = import_module("benchmarks.peers.unwatched")

    assert {row.name for row in ROWS if hasattr(unwatched, row.function)} >= {"spawn", "cast", "restart"}


def test_a_run_tells_ratios_and_writes_all_figures_without_naming_the_machine(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    words = ["--quick", "--rounds", "2", "--rows", "call,bytes_process", "--peers", "actorbook,asyncio"]
    command = [sys.executable, "-m", "benchmarks", *words, "--json", str(file)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    told = json.loads(file.read_text(encoding="utf-8"))
    cells = {row["row"]: row["peers"] for row in told["rows"]}
    assert len(cells["call"]["actorbook"]["wall"]) == len(cells["call"]["asyncio"]["cpu"]) == 2
    assert cells["bytes_process"]["asyncio"]["bytes"][0] > 1000
    assert {"ratio_median", "ratio_mad", "target", "met"} <= set(cells["call"]["asyncio"])
    assert "over asyncio" in done.stdout
    assert "[8/8]" in done.stderr
    assert platform.node() not in json.dumps(told["machine"]).split()
    assert str(ROOT) not in file.read_text(encoding="utf-8")


def test_ctrl_c_leaves_a_table_of_what_there_is() -> None:
    words = ["--quick", "--rounds", "1000", "--rows", "cast", "--peers", "asyncio,actorbook"]
    command = [sys.executable, "-m", "benchmarks", *words]

    with subprocess.Popen(command, cwd=ROOT, stdout=PIPE, stderr=PIPE, text=True) as run:
        assert run.stderr is not None
        while "[2/" not in run.stderr.readline():
            assert run.poll() is None
        run.send_signal(signal.SIGINT)
        shown, told = run.communicate(timeout=30)

    assert run.returncode == 130
    assert "incomplete" in told
    assert "cast" in shown


def test_a_row_or_a_peer_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"expected some of spawn, .*got nonsense"):
        chosen("call,nonsense")
    with pytest.raises(ValueError, match=r"expected some of actorbook, .*got nonsense"):
        lineup.chosen("nonsense")


def test_a_skynet_of_a_hundred_thousand_leaves_has_111_111_actors() -> None:
    assert actors(100_000) == 111_111
