"""Timers: rules TMR-01 to TMR-06."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.running import idle, settle, virtual


@virtual
async def test_send_after_delivers_the_bare_message_in_time_tmr_01() -> None:
    ab.send_after(ab.self_(), ["hello"], 3)
    await asyncio.sleep(2.9)
    assert ab.flush() == []
    await asyncio.sleep(0.2)
    assert ab.flush() == [["hello"]]


@virtual
async def test_cancel_tells_what_was_left_and_nothing_arrives_tmr_02() -> None:
    timer = ab.send_after(ab.self_(), "x", 10)
    await asyncio.sleep(4)
    assert timer.cancel() == pytest.approx(6, abs=0.01)
    assert timer.cancel() is False
    await asyncio.sleep(20)
    assert ab.flush() == []


@virtual
async def test_cancel_after_firing_is_false_and_the_message_stays_tmr_03() -> None:
    timer = ab.send_after(ab.self_(), "x", 1)
    await asyncio.sleep(2)
    assert timer.cancel() is False
    assert ab.flush() == ["x"]


@virtual
async def test_a_timer_is_dropped_with_its_target_and_a_name_is_looked_up_late_tmr_04() -> None:
    pid = ab.spawn(idle)
    timer = ab.send_after(pid, "x", 5)
    by_name = ab.send_after("later", "y", 5)
    ab.send_after("never", "z", 5)
    ab.exit(pid, "kill")
    assert timer.read() is False
    ab.register(ab.self_(), "later")
    assert by_name.read() == pytest.approx(5)
    await asyncio.sleep(6)
    assert ab.flush() == ["y"]


@virtual
async def test_timers_fire_in_time_order_whatever_the_order_of_setting_tmr_05() -> None:
    for seconds in (5, 1, 4, 2, 3, 0):
        ab.send_after(ab.self_(), seconds, seconds)
    await asyncio.sleep(6)
    assert ab.flush() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("seconds", [-1, -0.5, float("nan"), "1", None, True])
def test_a_time_that_is_none_is_refused_tmr_06(seconds: Any) -> None:
    @virtual
    async def body() -> None:
        with pytest.raises((TypeError, ValueError), match=r"expected .*seconds"):
            ab.send_after(ab.self_(), "x", seconds)
        with pytest.raises((TypeError, ValueError), match=r"expected .*seconds"):
            ab.sleep(seconds)
        await settle()
        assert ab.flush() == []

    body()


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
