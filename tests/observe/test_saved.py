"""A run in a file: what is opened is what was saved, and what is no such file is told in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import actorbook as ab
from actorbook.core.reasons import describe
from actorbook.observe import Tree
from tests.observe.test_history import Worker
from tests.running import virtual


async def _run() -> None:
    await ab.Supervisor.start(
        [Worker.child_spec(n, id=n, name=f"w{n}") for n in range(3)], strategy="rest_for_one", name="shop"
    )
    await ab.DynamicSupervisor.start(name="dynamic")
    for n in range(4):
        ab.whereis(f"w{n % 3}").crash()  # type: ignore[union-attr]
        await ab.DynamicSupervisor.start_child("dynamic", Worker.child_spec(n))
        await ab.sleep(2)


def _in_words(tree: Tree) -> Tree:
    """A tree as a file can hold it: pids and reasons as text, times to a tenth of a millisecond."""
    exits = tuple((repr(pid), describe(reason), round(at, 4)) for pid, reason, at in tree.exits)
    pid = repr(tree.pid) if tree.pid else None
    return tree._replace(pid=pid, exits=exits, children=tuple(map(_in_words, tree.children)))  # type: ignore[arg-type]


@virtual
async def test_every_event_of_a_saved_run_has_its_tree(tmp_path: Path) -> None:
    with ab.observe.closely():
        await _run()
        count = ab.observe.save(tmp_path / "run.jsonl")
        run = ab.observe.load(tmp_path / "run.jsonl")

    assert count == len(ab.observe.events()) == len(run.events())
    for event in ab.observe.events():
        assert str(run.at(event.n)) == str(ab.observe.at(event.n))
        assert _in_words(run.at(event.n)) == _in_words(ab.observe.at(event.n))
        assert [(e.n, e.kind, e.text, e.cause) for e in run.why(event.n)] == [
            (e.n, e.kind, e.text, e.cause) for e in ab.observe.why(event)
        ]
    crash, saved = ab.observe.next_crash(), run.next_crash()
    assert crash is not None
    assert saved is not None
    assert crash.n == saved.n
    assert run.at(pid="shop").name == "shop"
    assert repr(run) == f"<Saved run run.jsonl: events 1 to {count} of nb@local>"


@virtual
async def test_a_part_of_a_run_is_a_run_too(tmp_path: Path) -> None:
    await _run()
    assert ab.observe.save(tmp_path / "run.jsonl", last=5) == 5
    run = ab.observe.load(tmp_path / "run.jsonl")

    assert [e.n for e in run.events()] == [e.n for e in ab.observe.events(last=5)]
    assert str(run.at(run.first)) == str(ab.observe.at(run.first))
    with pytest.raises(LookupError, match="expected an event that is kept, got 1;"):
        run.at(1)


@virtual
async def test_what_is_no_saved_run_is_told_in_one_line(tmp_path: Path) -> None:
    await _run()
    ab.observe.save(tmp_path / "run.jsonl")
    good = (tmp_path / "run.jsonl").read_text().splitlines()
    head, third = json.loads(good[0]), json.loads(good[2])
    wrong = {
        "": "expected JSON",
        "[1]": "expected an object",
        '{"a": 1}': "expected a run that %actor save wrote",
        "\n".join([json.dumps(head | {"version": 9}), *good[1:]]): "expected version 1, got 9",
        "\n".join(good[:-1]): "is it cut off",
        "\n".join([*good[:2], good[2][:50], *good[3:]]): "line 3: expected JSON",
        "\n".join([*good[:2], json.dumps(third | {"n": "x"}), *good[3:]]): "'n' is missing or wrong",
        "\n".join([*good[:2], json.dumps(third | {"put": [1]}), *good[3:]]): "'put' is missing or wrong",
        "[" * 100_000: "expected JSON",
    }
    for text, told in wrong.items():
        (tmp_path / "bad.jsonl").write_text(text)
        with pytest.raises(ValueError, match=told) as caught:
            ab.observe.load(tmp_path / "bad.jsonl")
        assert "\n" not in str(caught.value)
    (tmp_path / "bad.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="no text"):
        ab.observe.load(tmp_path / "bad.jsonl")
