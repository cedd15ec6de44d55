"""Exit signals: what one does to its receiver, and with which reason a process ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import dead, ends_as_told, ends_with, idle, linked_to, reason_of_end, settle, trapping, virtual

Log = list[Any]


@rule(
    "SIG-03", "Who traps exits gets one EXIT for the death of each linked process, a normal end included, and goes on."
)
@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", 1), "boom", 42, None])
@virtual
async def test_who_traps_exits_gets_one_message_for_each_death(reason: Any) -> None:
    log: Log = []
    ends = ab.spawn(ends_as_told)
    other = ab.spawn(linked_to, ends, True, ab.share(log))
    await settle()
    ab.send(ends, reason)
    await settle()
    assert log == [ab.EXIT(ends, reason)]
    ab.send(other, "still there")
    await settle()
    assert log[1:] == ["still there"]


@rule("SIG-04", "A kill ends its receiver whatever that traps, and links and monitors of the victim hear killed.")
@pytest.mark.parametrize("body", [trapping, idle])
@virtual
async def test_kill_ends_anybody_and_the_others_hear_killed(body: Any) -> None:
    log: Log = []
    victim = ab.spawn(body)
    ab.spawn(linked_to, victim, True, ab.share(log))
    plain = ab.spawn(linked_to, victim)
    await settle()
    refs = [ab.monitor(victim), ab.monitor(plain)]
    ab.exit(victim, "kill")
    assert ab.flush() == [ab.DOWN(refs[0], victim, "killed"), ab.DOWN(refs[1], plain, "killed")]
    await settle()
    assert log == [ab.EXIT(victim, "killed")]


@rule("SIG-05", "Who ends itself with kill is heard as kill: a linked trapper survives it, others die with kill.")
@virtual
async def test_who_ends_itself_with_kill_is_heard_as_kill() -> None:
    log: Log = []
    ends = ab.spawn(ends_as_told)
    traps = ab.spawn(linked_to, ends, True, ab.share(log))
    plain = ab.spawn(linked_to, ends)
    await settle()
    ref = ab.monitor(plain)
    ab.send(ends, "kill")
    assert await ab.receive() == ab.DOWN(ref, plain, "kill")
    assert log == [ab.EXIT(ends, "kill")]
    assert ab.is_alive(traps)


@rule("SIG-06", "The signal normal, sent to another process, is ignored by it or, when it traps, told.")
@virtual
async def test_a_normal_signal_to_another_is_ignored_or_told() -> None:
    log: Log = []
    plain, traps = ab.spawn(idle), ab.spawn(trapping, ab.share(log))
    await settle()
    ab.exit(plain, "normal")
    ab.exit(traps, "normal")
    await settle()
    assert ab.is_alive(plain)
    assert log == [ab.EXIT(ab.self_(), "normal")]


@rule("SIG-07", "The signal normal, sent to oneself, ends a process that does not trap and is told to one that does.")
@virtual
async def test_a_normal_signal_to_oneself_ends_or_is_told() -> None:
    seen: Log = []

    async def plain(seen: Log) -> None:
        ab.exit(ab.self_(), "normal")
        seen.append("went on")

    async def traps(seen: Log) -> None:
        ab.flag(trap_exit=True)
        ab.exit(ab.self_(), "normal")
        seen.append(await ab.receive())

    pid, ref = ab.spawn(plain, ab.share(seen), monitor=True)
    assert await ab.receive() == ab.DOWN(ref, pid, "normal")
    assert seen == []
    pid = ab.spawn(traps, ab.share(seen))
    await settle()
    assert seen == [ab.EXIT(pid, "normal")]


@rule("SIG-08", "Any signal but kill reaches a trapper as EXIT with the sender's pid, without a link between them.")
@pytest.mark.parametrize("reason", ["shutdown", "boom", "killed", ("kill",), 0])
@virtual
async def test_a_signal_without_a_link_carries_the_senders_pid(reason: Any) -> None:
    log: Log = []
    pid = ab.spawn(trapping, ab.share(log))
    await settle()
    sender = ab.spawn(lambda: ab.exit(pid, reason))
    await settle()
    assert log == [ab.EXIT(sender, reason)]
    assert ab.is_alive(pid)


@rule("SIG-09", "A signal to a dead process is true and has no effect.")
@virtual
async def test_a_signal_to_the_dead_is_true_and_does_nothing() -> None:
    seen: Log = []

    async def signals(pid: ab.Pid, seen: Log) -> None:
        ab.flag(trap_exit=True)
        seen.extend(ab.exit(pid, reason) for reason in ("boom", "kill", "normal"))
        await ab.sleep(1)
        seen.extend(ab.flush())

    sender = ab.spawn(signals, await dead(), ab.share(seen))
    assert await reason_of_end(sender) == "normal"
    assert seen == [True, True, True]


@rule("SIG-10", "Of two signals in a row the first one's reason is the one that the process ends with.")
@pytest.mark.parametrize("second", ["second", "kill"])
@virtual
async def test_of_two_signals_the_first_is_the_reason(second: str) -> None:
    pid = ab.spawn(idle)
    ref = ab.monitor(pid)
    ab.exit(pid, "first")
    ab.exit(pid, second)
    await settle()
    assert ab.flush() == [ab.DOWN(ref, pid, "first")]


async def stubborn(ran: Log) -> None:
    while True:
        try:
            await ab.receive()
        except BaseException:  # noqa: BLE001  the body that catches everything
            ran.append("except")
        finally:
            ran.append("finally")
            await asyncio.sleep(1)


async def stubborn_elsewhere(ran: Log) -> None:
    try:
        await asyncio.sleep(100)
    except BaseException:  # noqa: BLE001  the body that catches everything
        ran.append("except")
    finally:
        ran.append("finally")


async def stubborn_deep_down(ran: Log) -> None:
    async def inner() -> None:
        try:
            await stubborn_elsewhere(ran)
        finally:
            ran.append("outer finally")

    await inner()


@rule(
    "SIG-11",
    "An exit signal is no exception: a victim that catches everything dies, and none of its cleanup runs.",
    differs="On CPython, whose frames can be let go; elsewhere a victim is closed, and its cleanup runs though it "
    "is dead to all others. Tasks of asyncio that it waits for are cancelled, and do clean up.",
)
@pytest.mark.parametrize("body", [stubborn, stubborn_elsewhere, stubborn_deep_down])
@pytest.mark.parametrize(("reason", "heard"), [("boom", "boom"), ("kill", "killed")])
@virtual
async def test_neither_except_nor_finally_of_a_victim_runs(body: Any, reason: str, heard: str) -> None:
    ran: Log = []
    pid = ab.spawn(body, ab.share(ran))
    await settle()
    ref = ab.monitor(pid)
    ab.exit(pid, reason)
    assert not ab.is_alive(pid)
    assert ab.flush() == [ab.DOWN(ref, pid, heard)]
    await asyncio.sleep(200)
    assert ran == []


@rule("SIG-12", "A signal acts when it arrives, not in mailbox order: messages that wait are lost with their reader.")
@virtual
async def test_a_signal_acts_on_arrival_and_unread_messages_are_lost() -> None:
    handled: Log = []

    async def reader(handled: Log) -> None:
        while True:
            handled.append(await ab.receive())

    pid = ab.spawn(reader, ab.share(handled))
    await settle()
    ab.send(pid, "before")
    await settle()
    for n in range(5):
        ab.send(pid, n)
    ab.exit(pid, "boom")
    await settle()
    assert handled == ["before"]
    assert not ab.is_alive(pid)


@rule("SIG-13", "What counts is the trap flag when a signal arrives; setting the flag returns its old value.")
@virtual
async def test_setting_the_trap_flag_returns_the_old_value() -> None:
    seen: Log = []

    async def body(seen: Log) -> None:
        seen.extend([ab.flag(trap_exit=True), ab.flag(trap_exit=True), ab.flag(trap_exit=False)])
        seen.append(ab.flag(trap_exit=False))

    ab.spawn(body, ab.share(seen))
    await settle()
    assert seen == [False, True, True, False]


@rule("SIG-13", "It does not matter what the flag was when the link was made.")
@pytest.mark.parametrize("traps_late", [True, False])
@virtual
async def test_the_trap_flag_is_judged_when_the_signal_arrives(traps_late: bool) -> None:
    async def changes_its_mind(peer: ab.Pid) -> None:
        ab.flag(trap_exit=not traps_late)
        ab.link(peer)
        await ab.receive()
        ab.flag(trap_exit=traps_late)
        raise ab.Exit(("told", await ab.receive()))

    peer = ab.spawn(idle)
    pid, ref = ab.spawn(changes_its_mind, peer, monitor=True)
    await settle()
    ab.send(pid, "change")
    await settle()
    ab.exit(peer, "boom")
    reason = ("told", ab.EXIT(peer, "boom")) if traps_late else "boom"
    assert await ab.receive() == ab.DOWN(ref, pid, reason)


async def calls_nobody() -> None:
    await ab.GenServer.call("nobody", 1)


def raises() -> None:
    raise ValueError("no")


async def raises_later() -> None:
    await ab.sleep(1)
    raise ValueError("no")


def leaves_the_interpreter() -> None:
    raise SystemExit(1)


@rule(
    "SIG-20",
    "A body that returns ends normal, `ab.Exit(r)` ends it with r, an exception with a description of itself.",
    differs="An error is a `Crash` (type, message, traceback as text), not a pair with a stack: a reason must hold no "
    "frames. Python has no throw, so there is no nocatch.",
)
@pytest.mark.parametrize(
    ("body", "args", "reason"),
    [
        (lambda: 5, (), "normal"),
        (idle, (), "normal"),
        (ends_with, ({"any": "value"},), {"any": "value"}),
        (ends_with, ("kill",), "kill"),
        (raises, (), ab.Crash(ValueError, "no")),
        (raises_later, (), ab.Crash(ValueError, "no")),
        (leaves_the_interpreter, (), ab.Crash(SystemExit, "1")),
        (calls_nobody, (), "noproc"),
    ],
)
@virtual
async def test_reasons_are_crashes_exits_and_normal(body: Any, args: Any, reason: Any) -> None:
    pid, ref = ab.spawn(body, *args, monitor=True)
    ab.send(pid, "end")
    down = await ab.receive(timeout=60)
    assert down == ab.DOWN(ref, pid, reason)
    if isinstance(reason, ab.Crash):
        assert f"in {body.__name__}" in down.reason.traceback


@rule("SIG-21", "The sender of a kill that asks at once finds its victim dead.")
@virtual
async def test_a_killed_process_is_not_alive_right_after() -> None:
    pid = ab.spawn(trapping)
    await settle()
    ab.exit(pid, "kill")
    assert not ab.is_alive(pid)
    assert ab.process_info(pid) is None
