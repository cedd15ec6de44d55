"""What the details panel gets of a state machine: its graph laid out, live, and as text when it is large."""

from __future__ import annotations

import json
from typing import Any

import actorbook as ab
from actorbook.behaviours.statem import Event, NextState
from actorbook.notebook.machine import machine_of, machine_text
from actorbook.notebook.picture import Picture
from actorbook.notebook.protocol_details import Machine
from tests.running import settle, virtual


class Door(ab.GenStateMachine):
    def init(self) -> str:
        return "locked"

    @ab.cast
    def press(self, key: str) -> None: ...

    def locked(self, event: Event) -> Any:
        match event:
            case Event("cast", ("press", "1")):
                return NextState("open")
        return None

    def open(self, event: Event) -> Any:
        return NextState("locked") if event.type == "info" else None


class Count(ab.GenStateMachine):
    def init(self) -> int:
        return 0

    def handle_event(self, event: Event, state: int) -> Any:
        return NextState(state + 1)


def process(pid: Any) -> Any:
    from actorbook.core.running import current_node

    return current_node().local(pid)


def machine(pid: Any) -> Machine:
    found = machine_of(process(pid))
    assert found is not None
    return found


@virtual
async def test_a_machine_is_laid_out_inside_its_frame() -> None:
    drawn = machine(await Door.start())
    left, top, width, height = drawn["frame"]

    assert [place["name"] for place in drawn["places"]] == ["locked", "open"]
    for place in drawn["places"]:
        assert left < place["x"] - place["w"] / 2
        assert place["x"] + place["w"] / 2 < left + width
        assert top < place["y"] < top + height
    assert [(a["source"], a["target"], a["causes"], a["times"]) for a in drawn["arrows"]] == [
        ("locked", "open", ["press"], 0), ("open", "locked", ["info"], 0),
    ]  # fmt: skip
    assert all(len(arrow["curve"]) == 6 for arrow in drawn["arrows"])
    assert (drawn["current"], drawn["initial"], drawn["last"]) == ("locked", "locked", None)
    assert json.loads(json.dumps(drawn)) == drawn


@virtual
async def test_a_step_changes_what_is_lit_and_counted_and_nothing_else() -> None:
    pid: Any = await Door.start()
    before = machine(pid)
    for _ in range(120):
        pid.press("1")
        ab.send(pid, "shut")
    pid.press("1")
    await settle()
    after = machine(pid)

    assert after["current"] == "open"
    assert after["last"] == {"source": "locked", "target": "open", "cause": "press"}
    assert [arrow["times"] for arrow in after["arrows"]] == [121, 120]
    assert (after["places"], after["frame"]) == (before["places"], before["frame"])
    assert [(a["curve"], a["x"], a["y"]) for a in after["arrows"]] == [
        (a["curve"], a["x"], a["y"]) for a in before["arrows"]
    ]


@virtual
async def test_a_large_machine_is_text_round_its_present_state() -> None:
    pid = await Count.start()
    for _ in range(150):
        ab.send(pid, "tick")
    await settle()
    drawn = machine(pid)
    lines = drawn["text"].splitlines()

    assert (drawn["places"], drawn["arrows"], drawn["frame"]) == ([], [], [])
    assert drawn["last"] == {"source": "149", "target": "150", "cause": "info"}
    assert lines[0] == "… 222 lines above"
    assert lines[-1] == "  ● 150"
    assert len(lines) == 81


@virtual
async def test_only_machines_have_one() -> None:
    server = await ab.GenServer.start()

    assert machine_of(process(server)) is None
    assert machine_text(process(server)) == ""


@virtual
async def test_it_is_sent_while_its_row_is_selected_and_when_it_changed() -> None:
    pid: Any = await Door.start(name="door")
    picture = Picture(process(pid).node)
    key = picture.snapshot()["rows"][0]["key"]
    pid.press("1")
    await settle()
    unselected = picture.delta()
    picture.select(key)
    selected, quiet = picture.delta(), picture.delta()
    ab.send(pid, "shut")
    await settle()
    stepped = picture.delta()
    picture.select("")
    pid.press("1")
    await settle()
    left = picture.delta()

    assert unselected is not None
    assert unselected["details"] is None
    assert [row["sub"] for row in unselected["put"]] == ["Door · open"]
    assert selected is not None
    assert _seen(selected)["current"] == "open"
    assert quiet is None
    assert stepped is not None
    assert _seen(stepped)["current"] == "locked"
    assert left is not None
    assert left["details"] is None


def _seen(delta: Any) -> Any:
    return delta["details"]["machine"]
