"""When a process's own code may be cut short, and how a person is told where it was."""

from __future__ import annotations

import copy
import sys
import time
from types import FrameType
from typing import Any

import pytest

import actorbook as ab
from actorbook.core.frames import at_liberty, is_in_cell, place_of, waits_for_events
from tests.running import settle, virtual

seen: list[tuple[bool, str]] = []


def look() -> None:
    """What the watchdog would say if it came just now; this line itself is somebody's own code."""
    frame = sys._getframe()
    seen.append((at_liberty(frame), place_of(frame).function))


class Peeping:
    """Is looked at wherever the runtime calls it."""

    def __deepcopy__(self, memo: Any) -> Peeping:
        look()
        return self


class Finalised:
    def __del__(self) -> None:
        look()


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    seen.clear()


@virtual
async def test_a_callback_a_helper_and_what_the_library_calls_back_may_be_cut_short() -> None:
    async def later() -> None:
        look()

    for call in (look, later, lambda: sorted([2, 1], key=lambda n: look() or n), look):
        ab.spawn(call)
    await settle()

    assert [free for free, _ in seen] == [True, True, True, True, True]
    assert {name for _, name in seen} == {"look"}


@virtual
async def test_the_copy_of_a_message_may_be_cut_short_that_of_an_exit_reason_may_not() -> None:
    def sends() -> None:
        ab.send(ab.self_(), [Peeping()])
        raise ab.Exit([Peeping()])

    ab.spawn(sends)
    await settle()

    assert seen[0][0]
    assert len(seen) > 1
    assert not any(free for free, _ in seen[1:])


@virtual
async def test_a_finaliser_is_not_cut_short_since_it_would_swallow_that() -> None:
    ab.spawn(lambda: Finalised() and None)
    await settle()

    assert seen == [(False, "look")]


@virtual
async def test_the_runtimes_own_lines_are_never_cut_short_whoever_called_them() -> None:
    calls: list[tuple[str, bool]] = []

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        module = frame.f_globals.get("__name__", "")
        if module != __name__:
            calls.append((f"{module}.{frame.f_code.co_name}", at_liberty(frame)))
        return trace

    def busy() -> None:
        sys.settrace(trace)
        try:
            ab.send(ab.spawn(time.time), copy.copy([1]))
            ab.exit(ab.spawn(settle), "kill")
            ab.send_after(ab.self_(), ab.EXIT(ab.self_(), 1), 1)
        finally:
            sys.settrace(None)

    await settle()
    busy()  # as a cell does, while the loop is at rest and has to be woken
    ab.spawn(busy)
    await settle()

    free = {name for name, free in calls if free}
    assert {"actorbook.core.host.wake", "asyncio.base_events.call_soon", "actorbook.core.exits.end"} <= {
        name for name, _ in calls
    }
    assert {name for name in free if name.startswith("actorbook")} == set()
    # what a person's own line calls; asyncio's and heapq's lines belong to the runtime here
    # (a clock of one's own, below a compiled core that has no frames, is no matter: it goes with no watchdog)
    assert free <= {"copy.copy", "namedtuple_EXIT.<lambda>", "tests.running.time"}


def test_places_are_told_in_words_and_by_the_persons_own_line() -> None:
    place = place_of(sys._getframe(), lambda file: "cell [7]")

    assert str(place).startswith(f"{place.function}, line {place.line} of cell [7]: place = place_of(")
    assert place.function.startswith("test_places_are_told")
    assert place_of(sys._getframe()).file == "test_frames.py"
    assert str(place_of(None)) == "code without a name"


def test_a_loop_at_rest_and_a_cell_are_recognised() -> None:
    frame = sys._getframe()

    assert not waits_for_events(frame)
    assert not waits_for_events(None)
    assert not is_in_cell(frame)
