"""Monitors with a tag, and aliases that end by themselves: rules MON-11, MON-13, MON-14; timers that say their name."""

from __future__ import annotations

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import ends_with, idle, settle, virtual


@rule("MON-11", "A monitor with a tag announces the end as (tag, ref, pid, reason) instead of DOWN.")
@virtual
async def test_a_tag_takes_the_place_of_down() -> None:
    pid = ab.spawn(idle)
    ref = ab.monitor(pid, tag="gone")
    dead = ab.monitor("nobody", tag=("any", "value"))
    ab.exit(pid, "boom")

    assert ab.flush() == [
        (("any", "value"), dead, ("nobody", "nb@local"), "noproc"),
        ("gone", ref, pid, "boom"),
    ]
    late = ab.monitor(pid, tag="late")
    assert ab.demonitor(late, flush=True, info=True) is False
    assert ab.flush() == []


@rule("MON-13", "Of all messages to a reply alias only the first arrives.")
@virtual
async def test_a_reply_alias_lets_one_message_through() -> None:
    ref = ab.alias("reply")
    for word in ("first", "second"):
        ab.send(ref, word)

    assert ab.flush() == ["first"]
    assert ab.unalias(ref) is False


@rule("MON-14", "An alias made with a monitor: explicit_unalias outlives the DOWN and the demonitor.")
@virtual
async def test_an_explicit_alias_outlives_its_monitor() -> None:
    fired = ab.monitor(ab.spawn(ends_with, "boom"), alias="explicit_unalias")
    stopped = ab.monitor(ab.spawn(idle), alias="explicit_unalias")
    await settle()
    ab.demonitor(stopped)
    assert [type(message) for message in ab.flush()] == [ab.DOWN]
    for ref in (fired, stopped):
        ab.send(ref, "still here")
        ab.send(ref, "and here")
        assert ab.unalias(ref) is True
        ab.send(ref, "lost")

    assert ab.flush() == ["still here", "and here"] * 2


@rule("MON-14", "The mode demonitor ends the alias with demonitor or DOWN, and replies do not end the monitor.")
@virtual
async def test_an_alias_may_end_with_its_monitor() -> None:
    pid = ab.spawn(idle)
    fired, stopped = ab.monitor(pid, alias="demonitor"), ab.monitor(ab.spawn(idle), alias="demonitor")
    ab.send(fired, 1)
    ab.send(fired, 2)
    ab.demonitor(stopped)
    ab.send(stopped, "lost")
    ab.exit(pid, "boom")
    ab.send(fired, "lost")

    assert ab.flush() == [1, 2, ab.DOWN(fired, pid, "boom")]
    assert ab.unalias(fired) is False


@rule("MON-14", "In the mode reply_demonitor the first reply ends alias and monitor, so no DOWN follows.")
@virtual
async def test_the_first_reply_ends_alias_and_monitor() -> None:
    pid, other = ab.spawn(idle), ab.spawn(idle)
    replied, fired = ab.monitor(pid, alias="reply_demonitor"), ab.monitor(other, alias="reply_demonitor")
    ab.send(replied, "reply")
    ab.send(replied, "second")
    ab.exit(pid, "boom")
    ab.exit(other, "boom")
    ab.send(fired, "late")

    assert ab.flush() == ["reply", ab.DOWN(fired, other, "boom")]


@virtual
async def test_an_unknown_mode_is_an_error_that_names_the_modes() -> None:
    with pytest.raises(ValueError, match="expected one of explicit_unalias, demonitor, reply_demonitor, got 'reply'"):
        ab.monitor(ab.self_(), alias="reply")
    with pytest.raises(ValueError, match="expected one of explicit_unalias, reply, got 5"):
        ab.alias(5)  # type: ignore[arg-type]


@rule("TMR-01", 'send_after delivers the message as it is; start_timer wraps it as ("timeout", timer, message).')
@virtual
async def test_a_timer_delivers_the_bare_message_or_one_that_names_the_timer() -> None:
    message = ["a", 1]
    ab.send_after(ab.self_(), message, 1)
    timer = ab.start_timer(ab.self_(), message, 2)
    message.append("later")
    await ab.sleep(3)

    assert ab.flush() == [["a", 1], ("timeout", timer, ["a", 1])]
