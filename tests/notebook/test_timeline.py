"""The line of the run: how much was when, what is marked, where a wish leads, and a picture that shows the past."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

import actorbook as ab
from actorbook.core.running import current_node
from actorbook.notebook.picture import Picture
from actorbook.notebook.timeline import BARS, timeline, where_to
from actorbook.notebook.timeline_svg import draw
from actorbook.observe import Event, Events
from tests.observe.test_history import Worker
from tests.running import virtual

EVENTS = Events(
    Event(n, n / 10, kind, None, "x", None, cause)
    for n, kind, cause in [
        (3, "started", None), (4, "crashed", None), (5, "restarted", 4), (6, "injected", None), (7, "crashed", 6),
    ]
)  # fmt: skip


def test_events_are_counted_in_stretches_and_what_matters_is_marked() -> None:
    told = timeline(EVENTS, 5)

    assert (told["first"], told["last"], told["start"], told["end"]) == (3, 7, 300.0, 700.0)
    assert (len(told["bars"]), sum(told["bars"])) == (BARS, 5)
    assert [(m["n"], m["kind"]) for m in told["marks"]] == [(4, "crash"), (5, "restart"), (6, "fault"), (7, "crash")]
    assert told["moment"] is not None
    assert [link["n"] for link in told["moment"]["chain"]] == [4, 5]
    assert timeline(EVENTS, None)["moment"] is None
    assert timeline(Events(), None)["bars"] == []


@pytest.mark.parametrize(
    ("moment", "to", "value", "there"),
    [
        (None, "by", -1, 6), (5, "by", 1, 6), (3, "by", -5, 3), (None, "by", 3, 7), (5, "live", 0, None),
        (None, "event", 0, 3), (None, "event", 99, 7), (None, "time", 450.0, 4), (None, "time", 1.0, 3),
        (4, "crash", 1, 7), (7, "crash", -1, 4), (4, "crash", -1, 4), (99, "by", 0, 7),
    ],
)  # fmt: skip
def test_a_wish_leads_to_an_event_and_past_the_ends_to_the_last_one(
    moment: int | None, to: str, value: float, there: int | None
) -> None:
    assert where_to(EVENTS, moment, to, value) == there


def test_an_unknown_wish_is_refused_and_nothing_has_no_past() -> None:
    with pytest.raises(ValueError, match="expected live, event, time, by or crash, got 'yesterday'"):
        where_to(EVENTS, None, "yesterday", 1)
    assert where_to([], None, "by", -1) is None


@virtual
async def test_a_picture_shows_the_moment_and_comes_back() -> None:
    with ab.observe.closely(states=True):
        await ab.Supervisor.start([Worker.child_spec(5, id="a", name="a")], name="shop")
        picture = Picture(current_node())
        picture.snapshot()
        ab.spawn(lambda: None)
        await ab.sleep(0)
        ab.whereis("a").crash()  # type: ignore[union-attr]
        await ab.sleep(0.1)
        await ab.Supervisor.start([], name="later")
        now = _rows(picture.delta())
        assert "later" in now

        picture.scrub("crash", -1)
        told: Any = picture.timeline()
        assert told["moment"]["chain"][0]["kind"] == "crashed"
        then: Any = picture.delta()
        assert [drop["key"] for drop in then["drop"]] == [now["later"]["key"]]
        assert _rows(then)["a"]["status"] == "exited"

        picture.scrub("by", -1)
        picture.select(_rows(then)["a"]["key"])
        details: Any = picture.delta()
        assert [(v["name"], v["text"]) for v in details["details"]["state"]["values"]] == [("n", "5")]

        picture.scrub("live", 0)
        assert "later" in _rows(picture.delta())
        told = picture.timeline()
        assert told["moment"] is None


def _rows(delta: Any) -> dict[str, Any]:
    return {row["name"]: row for row in delta["put"]}


def test_a_saved_notebook_shows_the_line_without_a_kernel() -> None:
    drawn = draw(timeline(EVENTS, None))

    root = fromstring(drawn)
    assert root.attrib["aria-label"].startswith("timeline: events 3 to 7, 0.4 s")
    assert len(root.findall("{*}rect")) == 5
    assert [t.findtext("{*}title") for t in root.findall("{*}text")][:4] == [
        "crash, event 4", "restart, event 5", "fault, event 6", "crash, event 7",
    ]  # fmt: skip
    assert draw(timeline(Events(), None)) == ""
