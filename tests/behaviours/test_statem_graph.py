"""State machines drawn: what is learned from the source and from a life, and how it is told."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import actorbook as ab
from actorbook.behaviours.statem import Event, Graph, NextState, Postpone, Reply, Timeout, Transition, graph
from actorbook.behaviours.statem.layout import Point, Way, places, routes
from actorbook.behaviours.statem.plot import plot
from tests.conformance.machines import OneHandler, start
from tests.running import settle, virtual


class Link(ab.GenStateMachine):
    """A connection, written in all the ways that transitions are written."""

    def init(self, first: str | None = None) -> Any:
        return first if first is not None else NextState("down", Timeout("retry", 1))

    @ab.call
    def connect(self) -> None: ...

    def down(self, event: Event) -> Any:
        match event:
            case Event("call", "connect"):
                return NextState("dialling", Reply(event.caller, "ok"))
            case Event("timeout", name="retry"):
                return NextState("dialling")
        return None

    def dialling(self, event: Event) -> Any:
        match event.type, event.content:
            case "info", ("answer", code):
                return NextState("up" if code == 0 else "down")
            case _, "busy":
                return self.again()
        return None

    def up(self, event: Event) -> Any:
        if event.type == "info" and event.content == "lost":
            return self.again()
        if event.content != "stay":
            return NextState("up")
        return Postpone()

    def again(self) -> Any:
        return NextState("down", Timeout("retry", 5))


class Lamp(ab.GenStateMachine):
    """One method for all states."""

    def init(self) -> Any:
        return "off"

    def handle_event(self, event: Event, state: Any) -> Any:
        match event, state:
            case Event("cast", "flip"), "off":
                return NextState("on")
            case Event("cast", "flip"), "on" | "blinking":
                return NextState("off")
        if state == "on":
            return NextState("blinking") if event.content == "blink" else None
        return NextState(("broken", 7)) if event.content == "hit" else None


def ways(drawn: Graph) -> set[tuple[Any, ...]]:
    return {tuple(transition) for transition in drawn.transitions}


def test_the_source_tells_states_transitions_and_events() -> None:
    drawn = graph(Link)

    assert (drawn.name, drawn.states, drawn.initial) == ("Link", ("down", "dialling", "up"), "down")
    assert (drawn.current, drawn.last) == (None, None)
    assert ways(drawn) == {
        ("down", "dialling", "connect / retry", 0), ("dialling", "up", "answer", 0),
        ("dialling", "down", "answer / busy", 0), ("up", "down", "lost", 0),
    }  # fmt: skip


def test_the_source_of_one_handler_tells_its_states_by_what_it_compares() -> None:
    drawn = graph(Lamp)

    assert set(drawn.states) == {"off", "on", "blinking"}
    assert ways(drawn) == {
        ("off", "on", "flip", 0), ("on", "off", "flip", 0), ("blinking", "off", "flip", 0),
        ("on", "blinking", "blink", 0),
    }  # fmt: skip


def test_a_class_without_source_is_drawn_by_its_methods() -> None:
    made: dict[str, Any] = {}
    exec("def a(self, event): return None\ndef b(self, event): return None\ndef helps(self, x): return x", made)
    cls = type("Made", (ab.GenStateMachine,), {name: made[name] for name in ("a", "b", "helps")})

    assert graph(cls) == Graph("Made", ("a", "b"), ())


@virtual
async def test_a_live_machine_adds_what_it_did() -> None:
    pid: Any = await Link.start(name="link")
    assert graph("link").current == "down"
    await pid.connect()
    for message in (("answer", 1), "x"):
        ab.send(pid, message)
    await settle()
    await pid.connect()
    ab.send(pid, ("answer", 0))
    await settle()
    drawn = graph(pid)

    assert drawn.current == "up"
    assert drawn.last == Transition("dialling", "up", "info", 1)
    assert {("down", "dialling", "connect / retry", 2), ("dialling", "down", "answer / busy", 1)} <= ways(drawn)
    assert json.loads(json.dumps(drawn.as_dict()))["last"] == {
        "source": "dialling", "target": "up", "cause": "info", "times": 1,
    }  # fmt: skip


@virtual
async def test_states_that_only_life_knows_are_drawn_and_many_are_not_kept() -> None:
    pid = await start([], 0, OneHandler)
    for n in range(500):
        ab.GenStateMachine.cast(pid, ("go", {n: NextState(n + 1)}))
    await settle()
    drawn = graph(pid)

    assert drawn.current == "500"
    assert drawn.last == Transition("499", "500", "", 0)
    assert len(drawn.transitions) == 200
    assert drawn.transitions[0] == Transition("0", "1", "go", 1)


@virtual
async def test_only_machines_have_a_graph() -> None:
    server = await ab.GenServer.start(name="server")
    with pytest.raises(TypeError, match=r"expected a state machine, .* runs GenServer"):
        graph(server)
    with pytest.raises(TypeError, match="expected a subclass of GenStateMachine"):
        graph(ab.GenServer)
    with pytest.raises(ValueError, match="no living process 'nobody'"):
        graph("nobody")


ODD = Graph(
    "Odd",
    ("wait: now", "end", "(<1>, 'b')"),
    (Transition("wait: now", "end", 'say "x"; #1', 2), Transition("end", "(<1>, 'b')", "", 0)),
    "wait: now",
    "end",
    Transition("wait: now", "end", "say", 2),
)


def test_text_and_mermaid_mark_the_present_state_and_the_last_transition() -> None:
    assert ODD.to_text().splitlines() == [
        "Odd",
        "  ○ wait: now",
        '    └─ say "x"; #1 ×2 → end  ◀ last',
        "  ● end",
        "    └─ → (<1>, 'b')",
        "  ○ (<1>, 'b')",
    ]
    assert ODD.to_mermaid().splitlines() == [
        "stateDiagram-v2",
        "    direction LR",
        '    state "wait#58; now" as s0',
        '    state "end" as s1',
        "    state \"(#60;1#62;, 'b')\" as s2",
        "    [*] --> s0",
        "    s0 --> s1: say #34;x#34;#59; #35;1 ×2 ◀ last",
        "    s1 --> s2",
        "    classDef current fill:#23804d,stroke:#1b633c,color:#ffffff,font-weight:bold",
        "    class s1 current",
    ]


def test_the_picture_is_whole_and_names_what_it_shows() -> None:
    for drawn in (ODD, graph(Link), graph(Lamp), Graph("Empty", (), ()), Graph("One", ("only",), (), "only", "only")):
        svg = ET.fromstring(drawn.to_svg())
        words = {text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")}
        assert set(drawn.states) <= words
        assert {line for arrow in plot(drawn).arrows for line in arrow.lines() if line} <= words
        assert not re.search(r"nan|inf|http(?!://www.w3.org/2000/svg)", drawn.to_svg())
    lit = [group for group in ET.fromstring(ODD.to_svg()) if group.get("class") == "on"]
    assert [text.text for group in lit for text in group.iter("{http://www.w3.org/2000/svg}text")] == ["end"]


def test_states_never_overlap_and_arrows_go_round_them() -> None:
    for count in range(1, 13):
        states = tuple(f"state number {n}" for n in range(count))
        ring = tuple(Transition(states[n], states[(n + 1) % count], "next") for n in range(count))
        back = tuple(Transition(state, states[0], "reset") for state in states[2:])
        ways = [Way(*t[:2], 40, 15) for t in ring + back if t.source != t.target]
        boxes = places(states, ways, states[0])
        listed = list(boxes.values())
        assert not any(one.meets(other) for n, one in enumerate(listed) for other in listed[:n])
        for way, curve in zip(ways, routes(boxes, ways), strict=True):
            others = [box for state, box in boxes.items() if state not in way[:2]]
            assert not any(box.holds(point) for box in others for point in curve[::2])


def test_neither_counts_nor_a_cause_of_the_same_length_move_the_picture() -> None:
    once = Graph("Two", ("a", "b"), (Transition("a", "b", "there", 0), Transition("b", "a", "back / home", 0)), "a")
    often = once._replace(
        transitions=(Transition("a", "b", "forth", 9_999), Transition("b", "a", "back / away", 1)), current="b"
    )

    assert plot(often).boxes == plot(once).boxes
    assert [arrow[1:] for arrow in plot(often).arrows] == [arrow[1:] for arrow in plot(once).arrows]
    assert plot(often).frame == plot(once).frame
    assert plot(often).arrows[1].lines() == ["back", "away ×1"]
    assert plot(once._replace(transitions=(Transition("a", "b", "a longer cause"),))).frame != plot(once).frame


def test_a_label_covers_no_state_and_all_is_inside_the_frame() -> None:
    for drawn in (ODD, graph(Link), graph(Lamp)):
        boxes, arrows, frame = plot(drawn)
        assert not any(arrow.label.meets(box) for arrow in arrows for box in boxes.values())
        assert all(frame.holds(Point(x, y)) for x, y, _, _ in [*boxes.values(), *(arrow.label for arrow in arrows)])


def test_a_notebook_gets_text_picture_and_mermaid() -> None:
    bundle = graph(Link)._repr_mimebundle_()

    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml", "text/vnd.mermaid"}
    assert bundle["text/plain"] == repr(graph(Link))
