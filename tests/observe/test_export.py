"""Events as data: Arrow, pandas, lines of JSON, and what is said when a library is not there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import actorbook as ab
from tests.running import virtual


@virtual
async def test_events_are_an_object_a_line() -> None:
    pid = ab.spawn(lambda: None, name="brief")
    await ab.sleep(0.01)
    lines = ab.observe.events(pid=pid).to_json_lines().splitlines()

    assert [json.loads(line)["kind"] for line in lines] == ["started", "exited"]
    assert set(json.loads(lines[0])) == {"n", "at", "kind", "pid", "name", "text", "cause"}


def test_lines_are_written_to_a_file_too(tmp_path: Path) -> None:
    event = ab.observe.Event(1, 0.5, "output", None, "écran", 'said "hi"')
    ab.observe.Events([event]).to_json_lines(tmp_path / "log.jsonl")

    written = (tmp_path / "log.jsonl").read_text(encoding="utf-8")
    assert json.loads(written) == {
        "n": 1, "at": 0.5, "kind": "output", "pid": "", "name": "écran", "text": 'said "hi"', "cause": None,
    }  # fmt: skip


def test_events_are_an_arrow_table() -> None:
    pytest.importorskip("pyarrow")
    events = ab.observe.Events([ab.observe.Event(1, 0.5, "output", None, "x", "hi")])

    assert events.to_arrow().to_pylist() == [
        {"n": 1, "at": 0.5, "kind": "output", "pid": "", "name": "x", "text": "hi", "cause": None}
    ]
    assert ab.observe.Events().to_arrow().num_rows == 0


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match="to_arrow: expected pyarrow to be installed; `pip install pyarrow`"):
        ab.observe.Events().to_arrow()
