"""Mailboxes with a limit: what each policy does, to whom, and what no limit holds back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.mailboxes import dropped, full, process_of, sleeper, waiting
from tests.running import idle, now, passed, real, reason_of_end, settle, virtual
from tests.servers import Server, started

ALL = ("fail", "drop_oldest", "drop_newest", "wait")
DROPPING = ("drop_oldest", "drop_newest")


# --- the policies -----------------------------------------------------------------------------------------


@virtual
async def test_fail_raises_in_the_sender_and_says_whose_mailbox_and_what_to_do() -> None:
    pid = full("fail")

    with pytest.raises(ab.MailboxFullError, match=r"is full: 2 messages wait; .*await ab\.offer") as refused:
        ab.send(pid, "more")

    assert refused.value.pid is pid
    assert isinstance(refused.value, RuntimeError)
    assert waiting(pid) == [0, 1]
    assert dropped(pid) == 1


@virtual
async def test_fail_not_caught_ends_the_sender_and_no_other() -> None:
    pid = full("fail")

    sender = ab.spawn(ab.send, pid, "more")

    reason = await reason_of_end(sender)
    assert isinstance(reason, ab.Crash)
    assert reason.type is ab.MailboxFullError
    assert ab.is_alive(pid)


@pytest.mark.parametrize(("policy", "kept"), [("drop_oldest", [2, 3]), ("drop_newest", [0, 1])])
@virtual
async def test_the_dropping_policies_drop_one_end_and_count(policy: Any, kept: list[int]) -> None:
    pid = full(policy)

    for n in (2, 3):
        ab.send(pid, n)

    assert waiting(pid) == kept
    assert dropped(pid) == 2


# --- what no limit holds back -------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ALL)
@virtual
async def test_exit_and_down_come_in_take_no_room_and_are_never_dropped(policy: Any) -> None:
    async def watches(peers: list[ab.Pid]) -> None:
        ab.flag(trap_exit=True)
        for peer in peers:
            ab.link(peer)
            ab.monitor(peer, tag="gone")
        await sleeper()

    peers = [ab.spawn(idle) for _ in range(3)]
    pid = ab.spawn(watches, peers, mailbox=ab.Mailbox(2, policy))
    await settle()
    ab.send(pid, 0)
    for peer in peers:
        ab.exit(peer, "kill")
    ab.send(pid, 1)
    assert dropped(pid) == 0
    if policy in DROPPING:
        ab.send(pid, 2)
        ab.send(pid, 3)

    kinds = [type(message).__name__ for message in waiting(pid)]

    assert kinds.count("EXIT") == kinds.count("tuple") == 3
    assert [message for message in waiting(pid) if isinstance(message, int)] == (
        [2, 3] if policy == "drop_oldest" else [0, 1]
    )


@pytest.mark.parametrize("policy", ALL)
@virtual
async def test_replies_and_results_of_tasks_always_arrive(policy: Any) -> None:
    async def asks(server: ab.Pid, log: list[Any]) -> None:
        task = ab.Task.async_(max, 1, 2)
        ref = ab.GenServer.send_request(server, "hello")
        ab.send(ab.self_(), "full")
        await ab.sleep(1)
        log.append(await task)
        log.append(await ab.GenServer.receive_response(ref))
        log.append(await ab.Task.completed(3))

    log: list[Any] = []
    pid = ab.spawn(asks, await started(), ab.share(log), mailbox=ab.Mailbox(1, policy))

    assert await reason_of_end(pid) == "normal"
    assert log == [2, ("reply", "hello"), 3]


@pytest.mark.parametrize("policy", ALL)
@virtual
async def test_a_full_server_answers_system_messages_and_stops(policy: Any) -> None:
    pid = await started(mailbox=ab.Mailbox(1, policy))
    await ab.sys.suspend(pid)
    ab.send(pid, "x")

    assert (await ab.sys.get_state(pid))["log"] == []
    await ab.stop(pid)

    assert not ab.is_alive(pid)


@virtual
async def test_a_full_child_is_shut_down_by_its_supervisor_and_a_full_machine_keeps_its_timers() -> None:
    class Light(ab.GenStateMachine):
        mailbox = ab.Mailbox(1, "drop_newest")

        def init(self) -> Any:
            return ab.statem.NextState("red", ab.statem.StateTimeout(1))

        def red(self, event: Any) -> Any:
            return ab.statem.NextState("green") if event.type == "state_timeout" else None

        def green(self, event: Any) -> None: ...

    sup = await ab.Supervisor.start([Light.child_spec(id="light", name="light")])
    assert sup is not None
    await ab.sys.suspend("light")
    ab.send("light", "x")
    await ab.sleep(2)
    await ab.sys.resume("light")
    await settle()
    assert (await ab.sys.get_state("light"))[0] == "green"

    await ab.sys.suspend("light")
    ab.send("light", "x")
    began = now()
    await ab.stop(sup)
    assert passed(began) == 0


@pytest.mark.parametrize("policy", ["fail", "drop_newest"])
@virtual
async def test_a_timer_whose_message_has_no_room_harms_nobody(policy: Any) -> None:
    pid = full(policy)

    ab.send_after(pid, "late", 1)
    await ab.sleep(2)

    assert waiting(pid) == [0, 1]
    assert dropped(pid) == 1


@real
async def test_a_thread_whose_message_has_no_room_goes_on() -> None:
    pid = full("fail")

    await asyncio.to_thread(ab.send, pid, "x")
    await asyncio.to_thread(ab.GenServer.cast, pid, "x")
    await settle()

    assert dropped(pid) == 2


@virtual
async def test_a_listener_without_room_is_no_failure_of_who_registers() -> None:
    pid = full("fail")
    ab.register(pid, "listener")
    await ab.Registry.start(keys="unique", name="names", listeners=["listener"])

    ab.Registry.register("names", "key", None)

    assert dropped(pid) == 1


# --- reading ------------------------------------------------------------------------------------------------


@virtual
async def test_selective_receive_is_right_while_the_oldest_are_dropped() -> None:
    log: list[Any] = []

    async def picks(log: list[Any]) -> None:
        log.append(await ab.receive(str))
        log.extend(ab.flush())

    pid = ab.spawn(picks, ab.share(log), mailbox=ab.Mailbox(3, "drop_oldest"))
    for n in range(3):
        ab.send(pid, n)
        await settle()
    ab.send(pid, 3)
    ab.send(pid, "x")
    await settle()

    assert log == ["x", 2, 3]


@virtual
async def test_demonitor_with_flush_and_a_cancelled_receive_leave_a_bounded_mailbox_in_order() -> None:
    log: list[Any] = []

    async def body(log: list[Any]) -> None:
        ref = ab.monitor(ab.spawn(ab.self_))
        await ab.sleep(0)
        ab.demonitor(ref, flush=True)
        task = asyncio.ensure_future(_receive())
        await asyncio.sleep(0)
        ab.send(ab.self_(), 1)
        ab.send(ab.self_(), 2)
        task.cancel()
        await asyncio.wait([task])
        log.extend(ab.flush())

    pid = ab.spawn(body, ab.share(log), mailbox=ab.Mailbox(2))
    await reason_of_end(pid)

    assert log == [1, 2]


async def _receive() -> Any:
    return await ab.receive()


# --- where a limit comes from ---------------------------------------------------------------------------------


class Few(Server):
    """A server with a limit."""

    mailbox = ab.Mailbox(5, "drop_oldest")


def bounds(pid: Any) -> Any:
    """The limit of a process."""
    info = ab.process_info(pid)
    assert info is not None
    return info["mailbox"]


@virtual
async def test_a_class_says_the_limit_of_its_processes_and_start_may_say_another() -> None:
    few, other = await Few.start(), await Few.start_link(mailbox=7)
    (crowd,) = await Few.start_many(1)
    agent = await ab.Agent.start(list, mailbox=3)

    assert bounds(few) == bounds(crowd) == ab.Mailbox(5, "drop_oldest")
    assert bounds(other) == ab.Mailbox(7, "fail")
    assert bounds(agent) == (3, "fail")
    assert bounds(await started()) is None


@virtual
async def test_a_child_spec_carries_the_limit_over_every_restart() -> None:
    sup = await ab.Supervisor.start([Server.child_spec(id="a", name="a", mailbox=ab.Mailbox(4, "wait"))])
    assert sup is not None
    assert bounds(ab.whereis("a")) == ab.Mailbox(4, "wait")

    ab.exit(ab.whereis("a"), "kill")  # type: ignore[arg-type]
    await settle()

    assert bounds(ab.whereis("a")) == ab.Mailbox(4, "wait")
    with pytest.raises(ValueError, match="1 or more"):
        Server.child_spec(mailbox=0)


@virtual
async def test_a_limit_and_its_count_stay_when_the_mailbox_was_empty() -> None:
    pid = await started(mailbox=ab.Mailbox(1, "drop_newest"))
    for _ in range(2):
        ab.send(pid, "x")
        ab.send(pid, "y")
        await settle()

    assert dropped(pid) == 2
    assert bounds(pid) == ab.Mailbox(1, "drop_newest")


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ((0,), ValueError, "expected 1 or more, got 0"),
        ((2.5,), TypeError, "as a whole number, got 2.5"),
        ((True,), TypeError, "got True"),
        (("many",), TypeError, "got 'many'"),
        ((1, "block"), ValueError, "one of fail, drop_oldest, drop_newest, wait, got 'block'"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(given: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        ab.Mailbox(*given)


@virtual
async def test_a_refused_limit_leaves_no_process_behind() -> None:
    before = len(process_of(ab.self_()).node.processes)
    with pytest.raises(ValueError, match="1 or more"):
        ab.spawn(idle, mailbox=0)
    with pytest.raises(TypeError, match="whole number"):
        await Server.start(mailbox="big")

    assert len(process_of(ab.self_()).node.processes) == before


# --- watching -------------------------------------------------------------------------------------------------


@virtual
async def test_those_who_watch_are_told_of_drops_once_a_second() -> None:
    pid = full("drop_newest", body=idle)
    for _ in range(2):
        for n in range(100):
            ab.send(pid, n)
        await ab.sleep(0.75)
    await ab.sleep(5)
    ab.send(pid, "late")

    texts = [event.text for event in ab.observe.events(kind="overflow", pid=pid)]

    assert [text.partition(" (")[0] for text in texts] == ["no room for 1", "no room for 199", "no room for 1"]
    assert "drop_newest, at most 2" in texts[0]
