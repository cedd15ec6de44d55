"""Mailboxes with a limit: what each policy does, to whom, and what no limit holds back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.running import busy, idle, now, passed, real, reason_of_end, settle, virtual
from tests.servers import Log, Server, call_reason, started

ALL = ("fail", "drop_oldest", "drop_newest", "wait")
DROPPING = ("drop_oldest", "drop_newest")


async def sleeper() -> None:
    """The body of a process that reads nothing for a while, then all that there is, and goes on so."""
    while True:
        await ab.sleep(10)
        ab.flush()


def full(policy: Any, limit: int = 2, body: Any = sleeper) -> ab.Pid:
    """A process that has as many messages as it may have, counted from 0."""
    pid: ab.Pid = ab.spawn(body, mailbox=ab.Mailbox(limit, policy))
    for n in range(limit):
        ab.send(pid, n)
    return pid


def waiting(pid: ab.Pid) -> list[Any]:
    """The messages in a mailbox."""
    return list(pid_process(pid).mailbox or ())


def pid_process(pid: ab.Pid) -> Any:
    """The runtime's object."""
    from actorbook.core.running import current_node

    return current_node().local(pid)


def dropped(pid: ab.Pid) -> int:
    """How many found no room."""
    info = ab.process_info(pid)
    assert info is not None
    return int(info["messages_dropped"])


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


@virtual
async def test_wait_takes_the_message_and_gives_the_sender_no_turn_until_there_is_room() -> None:
    log: list[Any] = []

    async def sends(pid: ab.Pid, log: list[Any]) -> None:
        ab.send(pid, "a")
        log.append("sent")
        await ab.sleep(0)
        log.append(now())

    began, pid = now(), full("wait")
    sender = ab.spawn(sends, pid, ab.share(log))
    await ab.sleep(5)

    assert log == ["sent"]
    assert waiting(pid) == [0, 1, "a"]
    assert ab.process_info(sender)["status"] == "waiting"  # type: ignore[index]

    await ab.sleep(6)

    assert log == ["sent", began + 10]
    assert dropped(pid) == 0


@virtual
async def test_a_held_process_does_not_go_on_with_what_is_in_its_own_mailbox() -> None:
    log: list[Any] = []

    async def forwards(pid: ab.Pid, log: list[Any]) -> None:
        while True:
            log.append(await ab.receive())
            ab.send(pid, log[-1])

    pid = full("wait")
    sender = ab.spawn(forwards, pid, ab.share(log))
    for n in range(100):
        ab.send(sender, n)
    await settle()

    assert len(log) <= 2  # the one that was too much, and one that had been taken


@virtual
async def test_a_held_server_handles_no_message_but_obeys_the_system() -> None:
    log: Log = []
    pid = full("wait")
    server = await started(log)

    def sends(server: Any) -> None:
        ab.send(pid, "more")

    ab.send(server, sends)
    ab.send(server, "next")
    await settle()

    assert log == []
    state = await ab.sys.get_state(server)
    assert state["log"] == []
    await ab.stop(server)
    assert log == [("terminate", "normal")]


@virtual
async def test_a_held_async_callback_goes_on_when_there_is_room() -> None:
    log: Log = []
    pid = full("wait")
    server = await started(log)

    async def slowly(server: Any) -> None:
        ab.send(pid, "more")
        await asyncio.sleep(1)
        server.log.append("done")

    ab.send(server, slowly)
    ab.send(server, "next")
    await ab.sleep(5)
    assert log == []

    await ab.sleep(6)
    assert log == ["done", "next"]


@virtual
async def test_who_sends_to_two_full_mailboxes_waits_for_both() -> None:
    log: list[Any] = []

    async def sends(one: ab.Pid, other: ab.Pid, log: list[Any]) -> None:
        ab.send(one, "a")
        ab.send(other, "b")
        ab.send(one, "c")
        await ab.sleep(0)
        log.append("on")

    one, other = full("wait", body=idle), full("wait", body=idle)
    ab.spawn(sends, one, other, ab.share(log))
    await settle()
    for pid in (one, other):
        assert log == []
        ab.exit(pid, "kill")
        await settle()
    assert log == ["on"]


@virtual
async def test_a_held_process_can_be_killed_and_is_not_woken_after_death() -> None:
    async def sends(pid: ab.Pid) -> None:
        ab.send(pid, "a")
        await ab.sleep(0)
        raise AssertionError("the dead do not run")

    pid = full("wait")
    sender = ab.spawn(sends, pid)
    await settle()

    ab.exit(sender, "kill")
    await ab.sleep(11)

    assert not ab.is_alive(sender)
    assert waiting(pid) == []


@virtual
async def test_who_sends_too_much_to_itself_is_not_held() -> None:
    async def talks_to_itself() -> None:
        for n in range(5):
            ab.send(ab.self_(), n)
        for n in range(5):
            assert await ab.receive() == n

    assert await reason_of_end(ab.spawn(talks_to_itself, mailbox=ab.Mailbox(1, "wait"))) == "normal"


@virtual
async def test_a_timed_receive_of_a_held_process_has_what_came_in_time() -> None:
    log: list[Any] = []

    async def sends(pid: ab.Pid, log: list[Any]) -> None:
        ab.send(pid, "a")
        log.append(await ab.receive(timeout=5))

    sender = ab.spawn(sends, full("wait"), ab.share(log))
    await ab.sleep(4)
    ab.send(sender, "in time")
    await ab.sleep(10)

    assert log == ["in time"]


# --- calls and casts ----------------------------------------------------------------------------------------


class Slow(ab.GenServer):
    """Takes a second for everything, and two messages may wait."""

    mailbox = ab.Mailbox(2, "wait")

    @ab.call
    async def add(self, n: int) -> int:
        await asyncio.sleep(1)
        return n + 1

    @ab.cast
    async def note(self, n: int) -> None:
        await asyncio.sleep(1)


async def slow(policy: Any) -> ab.Pid:
    """A server that is busy for a second, and whose mailbox is full."""
    pid = await Slow.start(mailbox=ab.Mailbox(2, policy))
    assert pid is not None
    pid.note(0)
    await settle()
    pid.note(1)
    pid.note(2)
    return pid


@virtual
async def test_a_cast_to_a_full_mailbox_raises_as_a_send_does() -> None:
    pid = await slow("fail")

    with pytest.raises(ab.MailboxFullError):
        pid.note(3)
    with pytest.raises(ab.MailboxFullError):
        ab.GenServer.cast(pid, "x")


@pytest.mark.parametrize("policy", ["fail", "drop_newest"])
@virtual
async def test_a_call_without_room_fails_at_once_and_leaves_nothing_behind(policy: Any) -> None:
    pid, began = await slow(policy), now()

    assert await call_reason(pid, "x") == "mailbox_full"
    with pytest.raises(ab.CallExit, match=r"the mailbox of .* is full"):
        await pid.add(1)

    assert passed(began) == 0
    assert dropped(pid) == 2
    assert ab.process_info(pid)["monitored_by"] == []  # type: ignore[index]


@virtual
async def test_a_call_that_is_dropped_as_the_oldest_fails_at_once() -> None:
    pid = await slow("drop_oldest")
    calls = [asyncio.ensure_future(pid.add(n)) for n in (1, 2)]
    await settle()

    pid.note(3)

    with pytest.raises(ab.CallExit) as failed:
        await calls[0]
    assert failed.value.reason == "mailbox_full"
    assert await calls[1] == 3


@virtual
async def test_a_call_under_wait_stays_outside_until_there_is_room_and_is_answered() -> None:
    pid = await slow("wait")
    calls = [asyncio.ensure_future(pid.add(n, timeout=None)) for n in range(4)]
    await settle()

    assert len(waiting(pid)) == 2
    began = now()
    assert await asyncio.gather(*calls) == [1, 2, 3, 4]
    assert passed(began) == 7


@virtual
async def test_a_call_under_wait_whose_caller_gave_up_never_gets_in() -> None:
    class Counting(Slow):
        def init(self) -> None:
            self.asked: list[int] = []

        @ab.call
        async def add(self, n: int) -> int:
            self.asked.append(n)
            return n

    pid = await Counting.start()
    assert pid is not None
    for n in range(3):
        pid.note(n)
    await settle()
    with pytest.raises(ab.CallExit) as failed:
        await pid.add(1, timeout=0.5)
    assert failed.value.reason == "timeout"

    assert await pid.add(2) == 2
    assert (await ab.sys.get_state(pid))["asked"] == [2]


@pytest.mark.parametrize("policy", ["fail", "drop_newest"])
@virtual
async def test_a_request_without_room_is_answered_by_an_error_as_one_to_the_dead(policy: Any) -> None:
    pid = await slow(policy)

    ref = ab.GenServer.send_request(pid, "x")

    assert await ab.GenServer.receive_response(ref) == ("error", ("mailbox_full", pid))
    assert ab.process_info(pid)["monitored_by"] == []  # type: ignore[index]
    assert ab.flush() == []


@virtual
async def test_many_callers_that_give_up_outside_leave_no_trace() -> None:
    pid = full("wait", body=idle)
    for _ in range(300):
        assert await call_reason(pid, "x", timeout=0.01) == "timeout"

    assert len(pid_process(pid).mailbox._outside) <= 64


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


# --- offer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ALL)
@virtual
async def test_offer_waits_for_room_under_every_policy(policy: Any) -> None:
    began, pid = now(), full(policy)

    assert await ab.offer(pid, "more") == "more"

    assert passed(began) == 10
    assert waiting(pid) == ["more"]
    assert dropped(pid) == 0


@virtual
async def test_offers_come_in_first_come_first_in_and_no_more_than_there_is_room() -> None:
    pid = full("fail", limit=2)
    offers = [asyncio.ensure_future(_offer(pid, n)) for n in "abc"]

    await ab.sleep(11)
    assert [offer.done() for offer in offers] == [True, True, False]
    assert waiting(pid) == ["a", "b"]
    await ab.sleep(10)
    assert waiting(pid) == ["c"]
    await asyncio.gather(*offers)


async def _offer(pid: Any, message: Any, timeout: float | None = None) -> Any:
    return await ab.offer(pid, message, timeout)


@virtual
async def test_an_offer_that_waits_too_long_or_is_cancelled_sends_nothing() -> None:
    pid = full("fail")

    with pytest.raises(TimeoutError, match="had no room within 1"):
        await ab.offer(pid, "late", timeout=1)
    task = asyncio.ensure_future(_offer(pid, "cancelled"))
    await settle()
    task.cancel()
    await ab.sleep(11)

    assert waiting(pid) == []


@virtual
async def test_an_offer_to_the_dead_or_the_dying_vanishes() -> None:
    pid = full("fail", body=idle)
    task = asyncio.ensure_future(_offer(pid, "x"))
    await settle()

    ab.exit(pid, "kill")

    assert await task == "x"
    assert await ab.offer(pid, "y") == "y"
    with pytest.raises(ab.UnknownNameError):
        await ab.offer("nobody", "z")


@virtual
async def test_an_offer_goes_to_whoever_had_the_name_or_the_alias() -> None:
    async def gives(boss: ab.Pid) -> None:
        ab.send(boss, ab.alias())
        await sleeper()

    pid = ab.spawn(gives, ab.self_(), name="n", mailbox=1)
    alias = await ab.receive()
    ab.send("n", 0)
    tasks = [asyncio.ensure_future(_offer(dest, dest)) for dest in ("n", alias)]
    await settle()
    ab.unregister("n")

    await ab.sleep(11)
    assert waiting(pid) == ["n"]
    await ab.sleep(10)
    assert waiting(pid) == [alias]
    await asyncio.gather(*tasks)


@virtual
async def test_a_loop_of_offers_lets_others_run() -> None:
    log: list[str] = []

    async def pours(pid: ab.Pid) -> None:
        for _ in range(1000):
            await ab.offer(pid, "drop")
        log.append("over")

    pid = ab.spawn(sleeper)
    ab.spawn(pours, pid)
    ab.spawn(log.append, "another")
    await settle()

    assert log == ["another", "over"]


@virtual
async def test_a_slow_consumer_slows_a_fast_producer_down() -> None:
    async def consumes() -> None:
        while True:
            await ab.receive()
            await ab.sleep(1)

    async def produces(pid: ab.Pid, log: list[int]) -> None:
        for n in range(1000):
            ab.send(pid, n)
            log.append(n)
            await ab.sleep(0)

    log: list[int] = []
    pid = ab.spawn(consumes, mailbox=ab.Mailbox(10, "wait"))
    ab.spawn(produces, pid, ab.share(log))
    await ab.sleep(20.5)

    assert len(waiting(pid)) <= 11
    assert 30 <= len(log) <= 33


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
    before = len(pid_process(ab.self_()).node.processes)
    with pytest.raises(ValueError, match="1 or more"):
        ab.spawn(idle, mailbox=0)
    with pytest.raises(TypeError, match="whole number"):
        await Server.start(mailbox="big")

    assert len(pid_process(ab.self_()).node.processes) == before


# --- watching -------------------------------------------------------------------------------------------------


@virtual
async def test_those_who_watch_are_told_of_drops_once_a_second() -> None:
    pid = full("drop_newest", body=idle)
    for _ in range(3):
        for n in range(100):
            ab.send(pid, n)
        busy(1)

    texts = [event.text for event in ab.observe.events(kind="overflow", pid=pid)]

    assert [text.partition(" (")[0] for text in texts] == ["no room for 1", "no room for 100", "no room for 100"]
    assert "drop_newest, at most 2" in texts[0]
