"""Timers, beyond the rules: many of them, and destinations that cannot be."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.running import virtual


@virtual
async def test_send_after_delivers_the_bare_message_in_time_tmr_01() -> None:
    ab.send_after(ab.self_(), ["hello"], 3)
    await asyncio.sleep(2.9)
    assert ab.flush() == []
    await asyncio.sleep(0.2)
    assert ab.flush() == [["hello"]]


@virtual
async def test_many_cancelled_timers_are_swept() -> None:
    for _ in range(1000):
        ab.send_after(ab.self_(), "x", 1000).cancel()
    ab.send_after(ab.self_(), "y", 1)
    await asyncio.sleep(2)
    assert ab.flush() == ["y"]


@virtual
async def test_a_bad_destination_is_the_callers_error_at_once() -> None:
    with pytest.raises(TypeError, match=r"expected a Pid, a name or a pair"):
        ab.send_after(5, "x", 1)  # type: ignore[arg-type]


class _Curt(asyncio.SelectorEventLoop):
    """As uvloop: what is due already is no timer, but a plain handle that knows no `when()`."""

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> Any:
        if when <= self.time():
            return self.call_soon(callback, *args, context=context)
        return super().call_at(when, callback, *args, context=context)


def test_a_timer_that_is_late_already_stops_nothing_on_a_loop_like_uvloop() -> None:
    async def play() -> None:
        async with ab.Node():
            ab.send_after(ab.self_(), "late", 0)
            ab.send_after(ab.self_(), "later", 0.001)
            assert [await ab.receive(timeout=5), await ab.receive(timeout=5)] == ["late", "later"]

    with asyncio.Runner(loop_factory=_Curt) as runner:
        runner.run(play())
