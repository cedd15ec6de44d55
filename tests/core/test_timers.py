"""Timers, beyond the rules: many of them, and destinations that cannot be."""

from __future__ import annotations

import asyncio

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
