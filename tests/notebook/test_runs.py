"""Pause, step, chaos, save and open by magics, in a real kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actorbook.notebook.breaking import chance_from, seconds_from
from tests.notebook.kernel import Kernel, a_kernel
from tests.notebook.test_tracing import SHOP


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with a_kernel(tmp_path_factory.mktemp("kernel")) as running:
        running.run(SHOP)
        yield running


def test_a_paused_kernel_steps_and_says_which_and_is_never_stuck(kernel: Kernel) -> None:
    assert "not paused" in kernel.run("%actor step")
    assert "nothing runs and time stands still" in kernel.run("%actor pause")
    assert "the runtime is paused, so nothing will come" in kernel.run("await ab.whereis('till').add(1)")
    kernel.run("ab.send('till', 5); ab.send('till', 7)")
    assert "till" in kernel.run("%actor step")
    assert "7" in kernel.run("%actor step 5")
    assert "goes on" in kernel.run("%actor continue")
    assert "17" in kernel.run("await ab.whereis('till').add(5)")


def test_chaos_lasts_as_long_as_its_cell_which_may_await(kernel: Kernel) -> None:
    told = kernel.run(
        "%%actor chaos --kill-every 50ms --only till --seed 7\nawait ab.sleep(0.12)\n40 + 2", "dropped 0 and delayed"
    )

    assert "42" in told
    assert "killed " in told
    assert "injected" in kernel.run("%actor events --last 40")
    assert "no chaos runs" in kernel.run("%actor chaos --stop")


def test_chaos_for_a_time_is_updated_in_place(kernel: Kernel) -> None:
    kernel.watch("%actor chaos --drop 100% --only shop --for 200ms", "(seed 0)")
    assert "expected a time such as 2s" in kernel.run("%actor chaos --kill-every soon")
    assert "expected a share such as 5%" in kernel.run("%actor chaos --drop lots")
    assert "expected kill_every, drop or delay" in kernel.run("%actor chaos")


def test_the_past_is_told_in_words(kernel: Kernel) -> None:
    kernel.run("ab.whereis('till').crash(); await ab.sleep(0.05); n = ab.observe.events(kind='restarted')[-1].n")
    assert "sup  one_for_one" in kernel.run("%actor at n")
    told = kernel.run("%actor why n")
    assert "crashed" in told
    assert "restarted" in told
    assert "expected the number of an event" in kernel.run("%actor at 'noon'")
    assert "expected an event that is kept" in kernel.run("%actor at 999999")


def test_a_saved_run_opens_in_another_kernel_without_its_classes(kernel: Kernel, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    assert "events of nb@local are in" in kernel.run(f"%actor save {path}")
    with a_kernel(tmp_path) as other:
        told = other.run(f"%actor open {path}")
        assert "sup  one_for_one" in told
        assert "till  Till" in told
        assert "could not be read" in other.run("%actor open nowhere.jsonl")
        path.write_text("nonsense")
        assert "UsageError: %actor open: load: run.jsonl, line 1: expected JSON, got 'nonsense'" in other.run(
            f"%actor open {path}"
        )
    assert "could not be written" in kernel.run("%actor save /nowhere/run.jsonl")


@pytest.mark.parametrize(
    ("text", "seconds"), [("2s", 2.0), ("10ms", 0.01), ("1.5", 1.5), ("1m", 60.0), ("2min", 120.0)]
)
def test_times_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert seconds_from(text, "--for") == pytest.approx(seconds)
    assert chance_from("5%") == chance_from("0.05") == 0.05
