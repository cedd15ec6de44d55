"""The run as a line, and the way along it: pure, events in and a message or the number of an event out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ..observe.event import Event, Events
from ..observe.lookback import chain, crash_after, crash_before
from .protocol_timeline import Link, Mark, Moment, Timeline

__all__ = ["SIGNS", "milliseconds", "timeline", "where_to"]

BARS = 120
_MARKS = 200
SIGNS = {
    "crashed": "crash", "gave_up": "crash", "node_crashed": "crash", "restarted": "restart", "injected": "fault",
    "killed": "fault", "partitioned": "fault",
}  # fmt: skip


def milliseconds(seconds: float) -> float:
    """As times travel."""
    return round(seconds * 1000, 1)


def timeline(events: Events, moment: int | None, live: bool = True) -> Timeline:
    """What the dock draws."""
    start, end = (events[0].at, events[-1].at) if events else (0.0, 0.0)
    width = max(end - start, 1e-9) / BARS
    bars = [0] * BARS
    for event in events:
        bars[min(BARS - 1, int((event.at - start) / width))] += 1
    marks = [Mark(n=e.n, at=milliseconds(e.at), kind=SIGNS[e.kind]) for e in events if e.kind in SIGNS]
    return Timeline(
        type="timeline", first=events[0].n if events else 0, last=events[-1].n if events else 0,
        start=milliseconds(start), end=milliseconds(end), bars=bars if events else [], marks=marks[-_MARKS:],
        moment=None if moment is None else _moment(events, moment), live=live,
    )  # fmt: skip


def _moment(events: Events, n: int) -> Moment | None:
    links = [
        Link(n=e.n, at=milliseconds(e.at), kind=e.kind, name=e.name or repr(e.pid), text=e.text)
        for e in chain(events, n)
    ]
    return Moment(n=n, at=links[-1]["at"], chain=links) if links else None


def where_to(events: Sequence[Event], moment: int | None, to: str, value: float) -> int | None:
    """The number of the event to look at; None is now. Past either end it stays there."""
    if not events or to == "live":
        return None
    first, last = events[0].n, events[-1].n
    here = last if moment is None else min(max(moment, first), last)
    match to:
        case "event":
            return min(max(int(value), first), last)
        case "time":
            place = bisect_right(events, value / 1000, key=lambda event: event.at)
            return events[max(0, place - 1)].n
        case "by":
            return min(max(here + int(value), first), last)
        case "crash":
            crash = crash_after(events, here) if value >= 0 else crash_before(events, here)
            return here if crash is None else crash.n
    raise ValueError(f"scrub: expected live, event, time, by or crash, got {to!r}")
