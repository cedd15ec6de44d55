"""Timers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import idle, run, virtual


@rule(
    "TMR-02",
    "Cancelling tells the time that was left, and nothing arrives; cancelled already, or fired, it is False.",
    differs="The time left is in seconds, as a float, as all durations here; a timer is an object, so none is unknown.",
)
@virtual
async def test_cancel_tells_what_was_left_and_nothing_arrives() -> None:
    timer, fires = ab.send_after(ab.self_(), "x", 10), ab.send_after(ab.self_(), "y", 1)
    await ab.sleep(4)
    left = timer.cancel()
    assert left == pytest.approx(6, abs=0.01)
    assert isinstance(left, float)
    assert [timer.cancel(), fires.cancel()] == [False, False]
    await ab.sleep(20)
    assert ab.flush() == ["y"]


@rule("TMR-03", "After it fired, cancelling is False and takes no message back: to drop that is the caller's affair.")
@virtual
async def test_cancel_after_firing_is_false_and_the_message_stays() -> None:
    timer = ab.send_after(ab.self_(), "x", 1)
    await ab.sleep(2)
    assert timer.cancel() is False
    assert timer.read() is False
    assert ab.flush() == ["x"]


@rule("TMR-04", "A timer is dropped when its target process ends.")
@virtual
async def test_a_timer_is_dropped_with_its_target() -> None:
    pid = ab.spawn(idle)
    timer = ab.send_after(pid, "x", 5)
    assert timer.read() == pytest.approx(5)
    ab.exit(pid, "kill")
    assert [timer.read(), timer.cancel()] == [False, False]
    await ab.sleep(6)
    assert ab.flush() == []


@rule("TMR-04", "A name is looked up when the time is up; that nobody has it then is no error.")
@virtual
async def test_a_name_is_looked_up_late_and_nobody_is_no_error() -> None:
    first = ab.spawn(idle, name="changes hands")
    timers = [ab.send_after(name, name, 5) for name in ("changes hands", "never")]
    ab.exit(first, "kill")
    assert timers[0].read() == pytest.approx(5)
    ab.register(ab.self_(), "changes hands")
    await ab.sleep(6)
    assert ab.flush() == ["changes hands"]
    assert [timer.read() for timer in timers] == [False, False]


@rule("TMR-05", "Timers of different times fire in order of time, whatever the order in which they were set.")
@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10_000), unique=True, max_size=20))
def test_timers_fire_in_time_order_whatever_the_order_of_setting(milliseconds: list[int]) -> None:
    async def body() -> None:
        for n in milliseconds:
            ab.send_after(ab.self_(), n, n / 1000)
        await ab.sleep(11)
        assert ab.flush() == sorted(milliseconds)

    run(body)


@rule(
    "TMR-06",
    "A time that is negative or no number is refused where it is given, and sets no timer.",
    differs="Fractions are welcome: durations are seconds, where Erlang counts whole milliseconds.",
)
@pytest.mark.parametrize("seconds", [-1, -0.5, float("nan"), "1", None, True])
@virtual
async def test_a_time_that_is_none_is_refused(seconds: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"expected .*seconds"):
        ab.send_after(ab.self_(), "x", seconds)
    with pytest.raises((TypeError, ValueError), match=r"expected .*seconds"):
        ab.start_timer(ab.self_(), "x", seconds)
    with pytest.raises((TypeError, ValueError), match=r"expected .*seconds"):
        ab.sleep(seconds)
    ab.send_after(ab.self_(), "half a second", 0.5)
    await ab.sleep(0.6)
    assert ab.flush() == ["half a second"]
