"""Servers: calls, replies and casts."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import dead, now, passed, reason_of_end, settle, trapping, virtual
from tests.servers import Server, Sleeper, call_reason, fails, leaves, started

Log = list[Any]


@rule("GEN-06", "A call waits 5 seconds unless told; then it fails with timeout, and the server lives and finishes.")
@virtual
async def test_a_call_times_out_and_the_server_lives_and_finishes() -> None:
    pid = await Sleeper.start()
    before = now()
    assert await call_reason(pid, 6) == "timeout"
    assert passed(before) == 5
    assert await ab.GenServer.call(pid, 1, None) == [6, 1]
    assert await ab.GenServer.call(pid, 60, 61) == [6, 1, 60]


@rule(
    "GEN-06",
    "Not caught, that ends the caller.",
    differs="The reason is the plain word, without the call beside it: it may hold anything, and ends up in logs.",
)
@virtual
async def test_a_timeout_not_caught_ends_the_caller() -> None:
    pid = await Sleeper.start()

    async def calls() -> None:
        await ab.GenServer.call(pid, 9, timeout=1)

    assert await reason_of_end(ab.spawn(calls)) == "timeout"


@rule("GEN-07", "A reply that comes after the timeout never enters the caller's mailbox.")
@virtual
async def test_a_late_reply_is_dropped() -> None:
    pid = await Sleeper.start()
    assert await call_reason(pid, 6, 1) == "timeout"
    await asyncio.sleep(10)
    assert await ab.GenServer.call(pid, 0) == [6, 0]
    assert ab.flush() == []


@rule("GEN-08", "A call to a dead pid, an unknown name or None fails with noproc, one to oneself with calling_self.")
@virtual
async def test_calls_to_nobody_and_to_oneself_fail_at_once() -> None:
    before = now()
    for nobody in (await dead(), "nobody", ("nobody", "nb@local"), None):
        assert await call_reason(nobody, 1) == "noproc"

    async def calls_itself(server: Any) -> Any:
        return await call_reason(ab.self_(), 1), await call_reason("me", 1)

    class Narcissus(Server):
        async def handle_call(self, request: Any, caller: ab.Caller) -> Any:
            return await request(self)

    pid = await Narcissus.start(name="me")
    assert await ab.GenServer.call(pid, calls_itself) == ("calling_self", "calling_self")
    assert passed(before) == 0


@rule("GEN-09", "When the server ends during a call, the caller fails at once with the server's reason.")
@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (fails, ab.Crash(ValueError, "no")),
        (leaves, "left"),
        (lambda s: ab.exit(ab.self_(), "kill"), "killed"),
        (lambda s: ab.Stop(), "normal"),
    ],
)
@virtual
async def test_a_server_that_ends_in_a_call_is_heard_at_once(request_: Any, reason: Any) -> None:
    before = now()
    assert await call_reason(await started(), request_) == reason
    assert passed(before) == 0
    assert ab.flush() == []


@rule("GEN-09", "So it does when somebody else ends it meanwhile.")
@pytest.mark.parametrize(("signal", "reason"), [("kill", "killed"), ("boom", "boom")])
@virtual
async def test_a_server_that_is_ended_in_a_call_is_heard_at_once(signal: str, reason: str) -> None:
    sleeper = await Sleeper.start()
    assert sleeper is not None

    async def ends_it() -> None:
        await ab.sleep(1)
        ab.exit(sleeper, signal)

    ab.spawn(ends_it)
    before = now()
    assert await call_reason(sleeper, 100, None) == reason
    assert passed(before) == 1


@rule("GEN-10", "A finished call leaves no monitor behind, and no DOWN when the server ends later.")
@virtual
async def test_a_finished_call_leaves_nothing_behind() -> None:
    def watched_by(server: Any) -> list[ab.Pid]:
        info = ab.process_info(pid)
        assert info is not None
        watchers: list[ab.Pid] = info["monitored_by"]
        return watchers

    pid = await started()
    assert await ab.GenServer.call(pid, watched_by) == [ab.self_()]
    assert await call_reason(pid, lambda s: ab.NoReply(), 1) == "timeout"
    own = ab.process_info(ab.self_())
    assert own is not None
    assert (watched_by(None), own["monitors"], own["links"]) == ([], [], [])
    ab.exit(pid, "kill")
    await settle()
    assert ab.flush() == []


def asks_another(server: Any) -> Any:
    """A request that is answered by another process, after a second."""
    caller = server.caller

    async def answers() -> None:
        await ab.sleep(1)
        ab.GenServer.reply(caller, "from elsewhere")

    ab.spawn(answers)
    return ab.NoReply()


@rule("GEN-11", "A call may be left open and answered later, by any process, while the server goes on.")
@virtual
async def test_a_reply_may_come_later_and_from_elsewhere() -> None:
    pid = await started()
    answer = asyncio.ensure_future(ab.GenServer.call(pid, asks_another))
    await settle()
    assert await ab.GenServer.call(pid, "meanwhile") == "meanwhile"
    assert not answer.done()
    assert await answer == "from elsewhere"


@rule("GEN-11", "A reply to a caller that is gone, gave up or has its answer harms nobody.")
@virtual
async def test_a_reply_to_nobody_is_harmless() -> None:
    pid = await started()
    assert await call_reason(pid, lambda s: ab.NoReply(), 1) == "timeout"
    gave_up = (await ab.sys.get_state(pid)).caller

    async def calls() -> None:
        await ab.GenServer.call(pid, lambda s: ab.NoReply(), None)

    client = ab.spawn(calls)
    await settle()
    gone = (await ab.sys.get_state(pid)).caller
    ab.exit(client, "kill")
    for caller in (gave_up, gave_up, gone):
        ab.GenServer.reply(caller, "too late")
    await settle()
    assert (ab.flush(), ab.is_alive(pid)) == ([], True)
    with pytest.raises(TypeError, match=r"reply: expected the caller that handle_call got, got 5"):
        ab.GenServer.reply(5, 1)  # type: ignore[arg-type]


class Slow(Server):
    async def terminate(self, reason: Any) -> None:  # type: ignore[override]
        self.log.append(("terminate", reason, ab.is_alive(ab.self_())))
        await asyncio.sleep(1)


@rule("GEN-12", "A stop with a reply runs terminate first, then replies, then ends; the caller gets its reply.")
@virtual
async def test_stop_with_a_reply_terminates_first_and_then_replies() -> None:
    log: Log = []
    pid = await Slow.start(ab.share(log))
    assert pid is not None
    ref = ab.monitor(pid)
    before = now()
    assert await ab.GenServer.call(pid, lambda s: ab.Stop("done", reply="bye")) == "bye"
    assert (log, passed(before)) == ([("terminate", "done", True)], 1)
    assert ab.flush() == [ab.DOWN(ref, pid, "done")]


@rule("GEN-13", "A stop without a reply fails the call with its reason.")
@pytest.mark.parametrize("reason", ["stopped", "normal", ("shutdown", 1)])
@virtual
async def test_stop_without_a_reply_fails_the_call(reason: Any) -> None:
    log: Log = []
    assert await call_reason(await started(log), lambda s: ab.Stop(reason)) == reason
    assert log == [("terminate", reason)]


@rule(
    "GEN-14",
    "What a callback raises is a crash, and never counts as what it returns.",
    differs="Erlang takes a thrown term for the return value. Python has only exceptions, and those are errors.",
)
@pytest.mark.parametrize("where", ["call", "cast", "info", "continue"])
@virtual
async def test_what_a_callback_raises_is_a_crash(where: str) -> None:
    def throws(server: Any) -> Any:
        raise ab.NoReply  # type: ignore[misc]

    def raises(server: Any) -> Any:
        raise LookupError("reply")

    for request, kind in ((throws, TypeError), (raises, LookupError)):
        pid = await started()
        ref = ab.monitor(pid)
        if where == "call":
            assert (await call_reason(pid, request)).type is kind
        elif where == "info":
            ab.send(pid, request)
        else:
            ab.GenServer.cast(pid, request if where == "cast" else lambda s, request=request: ab.Continue(request))
        down = await ab.receive(timeout=1)
        assert (down.ref, down.reason.type) == (ref, kind)


@rule("GEN-15", "Junk as a result ends the server with (bad_return_value, junk), after terminate; a caller hears it.")
@pytest.mark.parametrize("junk", [ab.Ignore(), ab.Continue(1), ab.Timeout(1), ab.Hibernate()])
@virtual
async def test_junk_from_a_call_terminates_and_is_heard(junk: Any) -> None:
    log: Log = []
    reason = ("bad_return_value", junk)
    assert await call_reason(await started(log), lambda s: junk) == reason
    assert log == [("terminate", reason)]


@rule("GEN-15", "The same holds for the other callbacks, which have no plain value to return.")
@pytest.mark.parametrize("where", ["cast", "info", "continue"])
@pytest.mark.parametrize("junk", ["junk", 0, ab.Reply(1), ab.Ignore()])
@virtual
async def test_junk_from_other_callbacks_terminates(where: str, junk: Any) -> None:
    log: Log = []
    pid = await started(log)
    ref = ab.monitor(pid)
    if where == "info":
        ab.send(pid, lambda s: junk)
    else:
        ab.GenServer.cast(pid, (lambda s: junk) if where == "cast" else lambda s: ab.Continue(lambda s: junk))
    await settle()
    reason = ("bad_return_value", junk)
    assert ab.flush() == [ab.DOWN(ref, pid, reason)]
    assert log == [("terminate", reason)]


@rule("GEN-16", "A cast to a dead, unknown or unreachable target is no error.")
@virtual
async def test_a_cast_to_nobody_is_no_error() -> None:
    seen: Log = []
    ab.spawn(trapping, ab.share(seen), name="somebody")
    for nobody in (await dead(), "nobody", ("nobody", "nb@local"), ("nobody", "elsewhere")):
        ab.GenServer.cast(nobody, 1)
    await settle()
    assert (seen, ab.flush()) == ([], [])
