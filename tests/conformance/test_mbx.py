"""Mailboxes and names."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import dead, idle, linked_to, now, passed, real, reason_of_end, settle, virtual

Log = list[Any]
FALSY: list[Any] = [None, 0, "", [], False, 0.0, (), {}]


@rule("MBX-01", "What one process sends to another arrives in that order, by pid, name, pair or alias, exits included.")
@virtual
async def test_messages_and_exit_signals_keep_their_order_however_addressed() -> None:
    async def sends(places: list[Any]) -> None:
        for n in range(30):
            ab.send(places[n % len(places)], n)
            ab.exit(places[0], n)
        ab.link(places[0])
        ab.send(places[-1], "last words")
        raise ab.Exit("over")

    me = ab.self_()
    ab.register(me, "me")
    ab.flag(trap_exit=True)
    pid, ref = ab.spawn(sends, [me, "me", ("me", "nb@local"), ab.alias()], monitor=True)
    await settle()
    *heard, one, other = ab.flush()
    assert heard == [*(signal for n in range(30) for signal in (n, ab.EXIT(pid, n))), "last words"]
    assert {one, other} == {ab.EXIT(pid, "over"), ab.DOWN(ref, pid, "over")}


@rule(
    "MBX-01", "So do links and monitors: what is asked before an exit signal hears its reason, what comes after noproc."
)
@virtual
async def test_link_monitor_and_exit_signals_keep_their_order() -> None:
    ab.flag(trap_exit=True)
    pid = ab.spawn(idle)
    ab.link(pid)
    early = ab.monitor(pid)
    ab.exit(pid, "boom")
    late = ab.monitor(pid)
    ab.link(pid)
    told = [(ab.DOWN(early, pid, "boom")), ab.EXIT(pid, "boom"), ab.DOWN(late, pid, "noproc"), ab.EXIT(pid, "noproc")]
    assert ab.flush() == told


@rule("MBX-02", "Selective receive takes the first match in order of arrival; what it skips keeps its order.")
@virtual
async def test_selective_receive_keeps_the_order_of_what_it_skips() -> None:
    for message in ("a", 1, "b", 2, None):
        ab.send(ab.self_(), message)
    assert await ab.receive(int) == 1
    assert await ab.receive((int, type(None))) == 2
    assert await ab.receive(lambda m: m == "b") == "b"
    assert ab.flush() == ["a", None]


@rule("MBX-02", "The same holds for what comes while it waits.")
@virtual
async def test_what_comes_while_waiting_is_matched_in_order() -> None:
    got: Log = []

    async def body(got: Log) -> None:
        got.append(await ab.receive(lambda m: m == "key"))
        got.extend(ab.flush())

    pid = ab.spawn(body, ab.share(got))
    for message in (1, 2):
        ab.send(pid, message)
        await settle()
    ab.send(pid, "key")
    ab.send(pid, 3)
    await settle()
    assert got == ["key", 1, 2, 3]


class Echo(ab.GenServer):
    def init(self, log: Log) -> None:
        self.log = log

    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        return request

    def handle_cast(self, request: Any) -> None:
        self.log.append(("cast", request))

    def handle_info(self, message: Any) -> None:
        self.log.append(message)


@rule("MBX-02", "A message may be any value: one that is false in a condition arrives like any other.")
@pytest.mark.parametrize("value", FALSY, ids=repr)
@virtual
async def test_what_is_false_in_a_condition_is_a_message_like_any_other(value: Any) -> None:
    log: Log = []
    pid = await Echo.start(ab.share(log))
    assert pid is not None
    assert await ab.GenServer.call(pid, value) == value
    ab.GenServer.cast(pid, value)
    ab.send(pid, value)
    ab.send_after(pid, value, 1)
    me = ab.self_()
    ab.spawn(lambda: ab.send(me, value))
    assert await ab.receive() == value
    ab.send(me, value)
    assert await ab.receive(lambda m: m == value, timeout=0) == value
    await ab.sleep(2)
    assert log == [("cast", value), value, value]
    victim = ab.spawn(linked_to, pid)
    await settle()
    ref = ab.monitor(victim)
    ab.exit(pid, value)
    assert await ab.receive() == ab.DOWN(ref, victim, value)


@rule("MBX-03", "A receive with a timeout of zero scans the whole queue once, and then its time is up.")
@virtual
async def test_a_timeout_of_zero_scans_once() -> None:
    before = now()
    for message in ("a", "b", 1):
        ab.send(ab.self_(), message)
    assert await ab.receive(int, timeout=0) == 1
    with pytest.raises(TimeoutError):
        await ab.receive(int, timeout=0)
    assert ab.flush() == ["a", "b"]
    assert passed(before) == 0


@rule("MBX-03", "Any other timeout is over after its time, and no message is lost by it.")
@virtual
async def test_a_timeout_comes_after_its_time_and_loses_no_message() -> None:
    before = now()
    ab.send(ab.self_(), "skipped")
    with pytest.raises(TimeoutError):
        await ab.receive(int, timeout=2.5)
    assert passed(before) == pytest.approx(2.5, abs=0.01)
    assert await ab.receive() == "skipped"


@rule("MBX-03", "A process goes on after it, and takes what comes late.")
@virtual
async def test_a_process_whose_time_was_up_takes_the_next_message() -> None:
    seen: Log = []

    async def inside(seen: Log) -> None:
        try:
            await ab.receive(timeout=3)
        except TimeoutError:
            seen.append("timeout")
        seen.append(await ab.receive())

    pid = ab.spawn(inside, ab.share(seen))
    await ab.sleep(4)
    ab.send(pid, "late")
    await settle()
    assert seen == ["timeout", "late"]


@rule("MBX-04", "A message to a dead pid or to an unknown (name, node) vanishes; to an unknown name it is an error.")
@virtual
async def test_nobody_is_silence_by_pid_and_pair_but_an_error_by_name() -> None:
    ab.spawn(idle, name="somebody")
    assert ab.send(await dead(), 1) == 1
    assert ab.send(("nobody", "nb@local"), 1) == 1
    assert ab.send(("nobody", "elsewhere"), 1) == 1
    with pytest.raises(ValueError, match="nobody has the name 'nobody'; there are: somebody"):
        ab.send("nobody", 1)
    with pytest.raises(TypeError, match=r"expected a Pid, a name or a pair \(name, node\), got 5"):
        ab.send(5, 1)  # type: ignore[arg-type]
    await settle()
    assert ab.flush() == []


@rule("MBX-05", "A name is free, new to its process and not reserved, and its process lives; else registering fails.")
@virtual
async def test_names_that_cannot_be_are_refused_and_nothing_changes() -> None:
    one, two = ab.spawn(idle), ab.spawn(idle)
    ab.register(one, "n")
    with pytest.raises(ab.NameTakenError, match="'n' is taken by"):
        ab.register(two, "n")
    with pytest.raises(ab.NameTakenError, match="has the name 'n' already; unregister that first"):
        ab.register(one, "m")
    with pytest.raises(ValueError, match="not a living process"):
        ab.register(await dead(), "m")
    for reserved in ("", "undefined"):
        with pytest.raises(ValueError, match="is reserved; choose another"):
            ab.register(two, reserved)
    with pytest.raises(TypeError, match="expected the name as text, got 5"):
        ab.register(two, 5)  # type: ignore[arg-type]
    with pytest.raises(ab.NameTakenError):
        ab.spawn(idle, name="n")
    assert (ab.whereis("n"), ab.whereis("m")) == (one, None)


@rule("MBX-05", "Unregistering frees a name; a name that nobody has is an error.")
@virtual
async def test_a_name_is_freed_once() -> None:
    one, two = ab.spawn(idle, name="n"), ab.spawn(idle)
    assert ab.unregister("n") is True
    with pytest.raises(ab.UnknownNameError, match="unregister: nobody has the name 'n'"):
        ab.unregister("n")
    assert ab.register(two, "n") is True
    assert ab.register(one, "m") is True


async def _seconds_of_calls(server: ab.Pid, times: int, queued: int) -> None:
    """Queue messages in the own mailbox, then end with the processor time that calls take."""
    me = ab.self_()
    for n in range(queued):
        ab.send(me, n)
    before = process_time()
    for n in range(times):
        assert await ab.GenServer.call(server, n) == n
    seconds = process_time() - before
    info = ab.process_info(me)
    assert info is not None
    assert info["message_queue_len"] == queued
    raise ab.Exit(seconds)


@rule(
    "MBX-06", "A caller with 500,000 unread messages gets 10,000 calls answered in less than ten times the usual time."
)
@real
async def test_a_full_mailbox_of_the_caller_does_not_slow_its_calls_down() -> None:
    server = await Echo.start([])
    assert server is not None
    usual = await reason_of_end(ab.spawn(_seconds_of_calls, server, 10_000, 0))
    full = await reason_of_end(ab.spawn(_seconds_of_calls, server, 10_000, 500_000))
    assert full < 10 * usual


@rule("MBX-06", "What a waiting receive has passed over it does not look at again.")
@virtual
async def test_what_a_receive_has_looked_at_is_not_looked_at_again() -> None:
    looks: Log = []

    async def picky(looks: Log) -> None:
        await ab.receive(lambda m: looks.append(m) or m == "key")  # type: ignore[func-returns-value]

    pid = ab.spawn(picky, ab.share(looks))
    for n in range(1000):
        ab.send(pid, n)
        if n % 10 == 0:
            await settle()
    ab.send(pid, "key")
    await settle()
    assert looks == [*range(1000), "key"]
