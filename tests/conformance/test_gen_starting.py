"""Servers: how they start, and what is left of one that does not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import now, passed, reason_of_end, settle, virtual
from tests.servers import Server, fails, leaves, start_reason

Log = list[Any]


class Late(Server):
    """A server whose init takes three seconds."""

    async def init(self, *args: Any) -> Any:  # type: ignore[override]
        await asyncio.sleep(3)
        result = super().init(*args)
        self.log.append("init")
        return result


@rule("GEN-01", "A start returns when init has.")
@pytest.mark.parametrize("start", [Late.start, Late.start_link])
@virtual
async def test_start_returns_after_init(start: Any) -> None:
    log: Log = []
    before = now()
    pid = await start(ab.share(log), name="n")
    assert (log, passed(before)) == (["init"], 3)
    assert ab.whereis("n") == pid


@rule("GEN-01", "With a name that is taken it fails with already_started and the holder, and no init runs.")
@pytest.mark.parametrize("start", [Late.start, Late.start_link])
@virtual
async def test_a_taken_name_runs_no_init(start: Any) -> None:
    log: Log = []
    pid = await Late.start(ab.share(log), name="n")
    before = now()
    with pytest.raises(ab.StartError, match=r"the name 'n' is taken by") as failed:
        await start(ab.share(log), name="n")
    assert failed.value.reason == ("already_started", pid)
    assert (log, passed(before)) == (["init"], 0)


async def fate_of_a_start(then: Any, cls: Any = Late, **options: Any) -> tuple[Any, Any]:
    """What a start under the name n comes to, and the reason with which the process ended."""

    async def starts() -> None:
        try:
            raise ab.Exit(("returned", await cls.start(None, then, name="n", **options)))
        except ab.StartError as error:
            raise ab.Exit(("failed", error.reason, ab.whereis("n"))) from None

    _, starter = ab.spawn(starts, monitor=True)
    await settle()
    server = ab.monitor("n")
    downs = {down.ref: down.reason for down in (await ab.receive(timeout=60), await ab.receive(timeout=60))}
    return downs[starter], downs[server]


@rule(
    "GEN-02",
    "An init that answers Ignore starts nothing and ends normal; one that stops with r fails with r and ends so.",
)
@virtual
async def test_init_may_ignore_or_stop() -> None:
    assert await fate_of_a_start(lambda s: ab.Ignore()) == (("returned", None), "normal")
    assert await fate_of_a_start(lambda s: ab.Stop("bad luck")) == (("failed", "bad luck", None), "bad luck")


@rule("GEN-02", "In both cases the name is free when start returns.")
@pytest.mark.parametrize("answer", [ab.Ignore(), ab.Stop("bad luck")])
@pytest.mark.parametrize("start", [Server.start, Server.start_link])
@virtual
async def test_the_name_is_free_after_a_start_that_came_to_nothing(answer: Any, start: Any) -> None:
    for _ in range(2):
        if isinstance(answer, ab.Ignore):
            assert await start(None, lambda s: answer, name="n") is None
        else:
            with pytest.raises(ab.StartError):
                await start(None, lambda s: answer, name="n")
        assert ab.whereis("n") is None


@rule("GEN-03", "An init that raises, exits or returns junk fails the start with that, and terminate does not run.")
@pytest.mark.parametrize(
    ("then", "reason"),
    [
        (fails, ab.Crash(ValueError, "no")),
        (leaves, "left"),
        (lambda s: 5, ("bad_return_value", 5)),
        (lambda s: ab.Reply(5), ("bad_return_value", ab.Reply(5))),
    ],
)
@virtual
async def test_init_that_raises_exits_or_returns_junk_fails_the_start(then: Any, reason: Any) -> None:
    log: Log = []
    assert await start_reason(ab.share(log), then) == reason
    await settle()
    assert log == []
    assert await fate_of_a_start(then) == (("failed", reason, None), reason)


async def starts_linked(then: Any, trap: bool) -> None:
    """The body of a process that starts a linked server, and ends with what came of it."""
    ab.flag(trap_exit=trap)
    try:
        pid = await Server.start_link(None, then, name="n")
    except ab.StartError as error:
        dead = ab.whereis("n") is None
        await ab.sleep(1)
        raise ab.Exit((error.reason, dead, ab.flush())) from None
    await ab.sleep(1)
    raise ab.Exit(("went on", pid, ab.flush()))


@rule("GEN-04", "A linked start that fails ends a caller that does not trap, by the link, though it catches the error.")
@pytest.mark.parametrize(
    ("then", "reason"), [(lambda s: ab.Stop("bad"), "bad"), (leaves, "left"), (fails, ab.Crash(ValueError, "no"))]
)
@virtual
async def test_a_failed_start_link_ends_a_caller_that_does_not_trap(then: Any, reason: Any) -> None:
    assert await reason_of_end(ab.spawn(starts_linked, then, False)) == reason


@rule("GEN-04", "One that traps gets the error alone, from a child that is dead already; Ignore harms neither.")
@virtual
async def test_a_failed_start_link_leaves_no_exit_behind_and_ignore_harms_nobody() -> None:
    assert await reason_of_end(ab.spawn(starts_linked, lambda s: ab.Stop("bad"), True)) == ("bad", True, [])
    for trap in (True, False):
        pid = ab.spawn(starts_linked, lambda s: ab.Ignore(), trap)
        assert await reason_of_end(pid) == ("went on", None, [])


@rule("GEN-05", "A start that takes longer than its timeout fails with timeout, and what had begun is killed.")
@virtual
async def test_a_start_that_takes_too_long_is_killed() -> None:
    log: Log = []
    assert await fate_of_a_start(log.append, timeout=1) == (("failed", "timeout", None), "killed")
    await ab.sleep(10)
    assert log == []


@rule("GEN-05", "It leaves neither EXIT nor DOWN, and does not end a caller that is linked.")
@pytest.mark.parametrize("trap", [True, False])
@pytest.mark.parametrize("start", [Late.start, Late.start_link])
@virtual
async def test_a_start_that_timed_out_leaves_no_trace(trap: bool, start: Any) -> None:
    async def starts() -> None:
        ab.flag(trap_exit=trap)
        try:
            await start(name="n", timeout=1)
        except ab.StartError as error:
            await ab.sleep(10)
            raise ab.Exit((error.reason, ab.whereis("n"), ab.flush())) from None

    assert await reason_of_end(ab.spawn(starts)) == ("timeout", None, [])
