"""Sequence diagrams: what they tell, how long stories become short, where things stand, and how it is written down."""

from __future__ import annotations

import asyncio
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import actorbook as ab
from actorbook.core.ids import Home, Pid
from actorbook.observe.sequence_fold import fold, runs, shorten
from actorbook.observe.sequence_layout import lay_out
from actorbook.observe.sequence_story import Story, tell
from actorbook.observe.trace_event import TraceEvent
from tests.observe.test_trace import Till
from tests.running import virtual

HOME, FAR = Home("nb", 1), Home("far", 2)
A, B, C = Pid(HOME, 2), Pid(HOME, 3), Pid(FAR, 4)
NAMES = {A: "a", B: "b", C: "c", None: ""}


class Script:
    """Events as a trace would have them."""

    def __init__(self) -> None:
        self.events: list[TraceEvent] = []
        self.at = 0.0

    def add(self, kind: str, message: int, sender: Any, receiver: Any, what: str, text: str, cause: int) -> None:
        self.at += 0.001
        self.events.append(
            TraceEvent(len(self.events) + 1, self.at, kind, message, sender, receiver, what, text, text, cause,
                       NAMES[sender], NAMES[receiver])
        )  # fmt: skip

    def send(
        self, message: int, sender: Any, receiver: Any, text: str = "hi", what: str = "cast", cause: int = 0
    ) -> None:
        self.add("sent", message, sender, receiver, what, text, cause)

    def take(self, message: int, sender: Any, receiver: Any, what: str = "cast") -> None:
        self.add("received", message, sender, receiver, what, "", 0)

    def talk(
        self, message: int, sender: Any, receiver: Any, text: str = "hi", what: str = "cast", cause: int = 0
    ) -> None:
        self.send(message, sender, receiver, text, what, cause)
        self.take(message, sender, receiver, what)


def calls(count: int) -> Story:
    script = Script()
    for n in range(count):
        script.talk(2 * n + 1, A, B, f"add({n})", "call")
        script.talk(2 * n + 2, B, A, str(n), "reply", 2 * n + 1)
    return tell(script.events)


def test_a_message_leaves_at_one_step_and_arrives_at_another() -> None:
    script = Script()
    script.send(1, A, B)
    script.send(2, B, A)
    script.take(2, B, A)
    script.take(1, A, B)
    story = tell(script.events)

    assert [(a.source, a.target, a.sent, a.received) for a in story.arrows] == [(0, 1, 0, 3), (1, 0, 1, 2)]
    assert [line.name for line in story.lifelines] == ["a", "b"]


def test_processes_of_one_node_stand_together() -> None:
    script = Script()
    script.talk(1, A, C)
    script.talk(2, C, B)
    story = tell(script.events)

    assert [(line.name, line.node) for line in story.lifelines] == [("a", "nb"), ("b", "nb"), ("c", "far")]
    drawing = lay_out(story)
    assert [box.label for box in drawing.nodes] == ["nb", "far"]


def test_a_successor_goes_on_in_the_column_of_the_crashed_one() -> None:
    script = Script()
    script.talk(1, A, B, "boom")
    script.add("crashed", 0, None, B, "exit", "ValueError", 1)
    script.add("started", 2, A, C, "spawn_link", "B", 0)
    script.add("restarted", 0, B, C, "restart", "after", 0)
    story = tell(script.events)

    assert len(story.lifelines) == 2
    assert [(mark.line, mark.kind) for mark in story.marks] == [(1, "crashed"), (1, "restarted")]
    assert story.lifelines[1].pid == repr(C)
    lane = lay_out(story).lanes[1]
    assert [alive for _, _, alive in lane.lines] == [True, False, True]


def test_a_lost_message_ends_on_its_way_and_one_that_nobody_has_taken_is_open() -> None:
    script = Script()
    script.send(1, A, B)
    script.add("lost", 1, A, B, "cast", "no room", 0)
    script.send(2, A, B)
    lines = lay_out(tell(script.events)).lines

    assert [line.end for line in lines] == ["lost", "open"]
    assert "lost: no room" in lines[0].title


@pytest.mark.parametrize(
    ("word", "blocks"),
    [
        ("", []), ("abc", [1, 1, 1]), ("aa", [1, 1]), ("aaa", [3]), ("ababab", [3]), ("abcabcabcx", [3, 1]),
        ("xaaaay", [1, 4, 1]), ("aabaabaab", [3]),
    ],
)  # fmt: skip
def test_repetitions_are_found(word: str, blocks: list[int]) -> None:
    assert [run.times for run in runs(word)] == blocks


@given(st.text("abc", max_size=60))
def test_runs_say_the_same_as_what_they_stand_for(word: str) -> None:
    assert "".join(word[r.first : r.first + r.length] * r.times for r in runs(word)) == word


def test_a_call_and_its_answer_many_times_over_are_told_once_with_a_count() -> None:
    story = fold(calls(1000))

    assert [arrow.text for arrow in story.arrows] == ["add(0)", "0"]
    assert [loop.repeats for loop in story.loops] == [1000]
    assert lay_out(story).loops[0].label == "× 1,000"


def test_what_is_too_long_loses_its_middle_and_says_how_much() -> None:
    script = Script()
    for n in range(1000):
        script.talk(n + 1, (A, B, C)[n * n % 7 % 3], (B, C)[n % 2], f"{n * n % 11}x")
    whole = tell(script.events)
    story = shorten(whole, 100)

    assert len(story.times) <= 110
    assert story.left_out == 2000 - len(story.times)
    assert story.arrows[0].text == whole.arrows[0].text
    assert story.arrows[-1].text == whole.arrows[-1].text
    assert f"… {story.left_out:,} steps are left out …" in [note.label for note in lay_out(story).notes]


def test_ten_thousand_messages_between_a_hundred_processes_are_a_picture_of_bounded_size() -> None:
    pids = [Pid(HOME, n) for n in range(10, 110)]
    NAMES.update({pid: f"p{pid.number}" for pid in pids})
    script = Script()
    for n in range(10_000):
        script.talk(n + 1, pids[n * 7919 % 100], pids[n * 104_729 % 97], f"m{n * 31 % 17}")
    diagram = ab.observe.sequence(script.events)
    svg = diagram.svg()

    assert len(svg) < 300_000
    assert len(diagram.layout().lanes) == 40
    assert diagram.layout().lanes[-1].name.endswith(" others")
    assert len(diagram.mermaid()) < 50_000
    assert len(diagram.text().splitlines()) < 900


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), max_size=40))
def test_any_story_can_be_drawn_and_time_never_runs_up(messages: list[tuple[int, int, bool]]) -> None:
    pids = [Pid(HOME, n) for n in range(10, 16)]
    NAMES.update({pid: f"p{pid.number}" for pid in pids})
    script = Script()
    for n, (source, target, taken) in enumerate(messages, 1):
        (script.talk if taken else script.send)(n, pids[source], pids[target])
    diagram = ab.observe.sequence(script.events)
    drawing = diagram.layout()

    assert all(line.y2 >= line.y1 for line in drawing.lines)
    assert all(line.y2 <= drawing.height for line in drawing.lines)
    ET.fromstring(diagram.svg())
    assert diagram.text()
    assert diagram.mermaid().startswith("sequenceDiagram")


def test_what_people_send_is_no_markup() -> None:
    script = Script()
    script.talk(1, A, B, "<script>alert(1)</script> & ; #1")
    diagram = ab.observe.sequence(script.events)

    assert "<script" not in diagram.svg()
    ET.fromstring(diagram.svg())
    assert diagram.mermaid().splitlines()[-1].endswith("p0-)p1: ‹script›alert(1)‹/script› & , no. 1")


def test_a_theme_is_light_dark_or_that_of_the_page() -> None:
    diagram = ab.observe.sequence([])
    assert "prefers-color-scheme" in diagram.svg()
    assert "prefers-color-scheme" not in diagram.svg("dark")
    with pytest.raises(ValueError, match=r"svg\(theme=…\): expected one of auto, light, dark, got 'pink'"):
        diagram.svg("pink")


@virtual
async def test_a_trace_shows_itself_as_its_diagram() -> None:
    till = await Till.start(name="till")
    async with ab.observe.trace("till", limit=3) as trace:
        await till.add(5)
    bundle = trace._repr_mimebundle_()

    assert set(bundle) == {"text/html", "image/svg+xml", "text/plain"}
    assert "the trace stopped itself: limit: 3 events" in bundle["image/svg+xml"]
    assert bundle["text/plain"].splitlines() == [
        "              cell         till",
        "   0.000       │── add(5) ─▶│",
        "   0.000       │┄╌╌╌╌ 5 ╌╌╌╌│",
        "the trace stopped itself: limit: 3 events",
    ]


@virtual
async def test_slow_messages_slant_and_cross() -> None:
    async with ab.Cluster.simulated(["a", "b"], latency=0.1):
        await ab.sleep(1)
        one, other = await Till.start(node="a", name="one"), await Till.start(node="b", name="other")
        async with ab.observe.trace([one, other]) as trace:
            await asyncio.gather(one.add(1), other.add(2))
    lines = ab.observe.sequence(trace).layout().lines

    assert all(line.y2 - line.y1 > 20 for line in lines[:2])
    assert "taken after 100.0 ms" in lines[0].title


def test_the_log_of_lives_can_be_drawn_too() -> None:
    events = [
        ab.observe.Event(1, 0.1, "started", A, "a", None), ab.observe.Event(2, 0.2, "exited", A, "a", "normal"),
    ]  # fmt: skip
    assert [stop.kind for stop in ab.observe.sequence(events).layout().stops] == ["started", "exited"]
