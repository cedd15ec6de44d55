"""Traces: what is sent and taken, by whom, because of what; that they stop themselves, and leave nothing behind."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from actorbook.core.bounded import Bounded
from actorbook.core.mailbox import Queue
from actorbook.core.running import current_node
from tests.running import idle, settle, virtual


class Till(ab.GenServer):
    def init(self) -> None:
        self.total = 0

    @ab.call
    def add(self, cents: int) -> int:
        self.total += cents
        return self.total

    @ab.cast
    def crash(self) -> None:
        raise ValueError("no")

    def handle_info(self, message: Any) -> None:
        self.total = message


class Shop(ab.GenServer):
    @ab.call
    async def buy(self, cents: int) -> Any:
        return await ab.whereis("till").add(cents)


def told(trace: ab.observe.Trace, *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(event, field) for field in fields) for event in trace]


@virtual
async def test_a_call_is_seen_on_its_way_there_and_back() -> None:
    till = await Till.start(name="till")
    async with ab.observe.trace("till") as trace:
        await till.add(5)

    assert told(trace, "kind", "message", "sender_name", "receiver_name", "what", "text") == [
        ("sent", 1, "cell", "till", "call", "add(5)"),
        ("received", 1, "cell", "till", "call", ""),
        ("sent", 2, "till", "cell", "reply", "5"),
        ("received", 2, "till", "cell", "reply", ""),
    ]
    assert trace.events[0].sender is ab.self_()
    assert trace.events[0].receiver is till


@virtual
async def test_each_message_knows_the_one_that_was_handled_when_it_was_sent() -> None:
    await Till.start(name="till")
    shop = await Shop.start(name="shop")
    async with ab.observe.trace("*") as trace:
        await shop.buy(5)

    sent = [(e.message, e.cause, e.text) for e in trace if e.kind == "sent"]
    assert sent == [(1, 0, "buy(5)"), (2, 1, "add(5)"), (3, 2, "5"), (4, 3, "5")]
    assert [e.message for e in trace.events.chain(4)] == [1, 2, 3, 4]
    with pytest.raises(KeyError, match="no message 9"):
        trace.events.chain(9)


@virtual
async def test_the_payload_is_a_copy_that_the_receiver_cannot_change() -> None:
    async def spoil() -> None:
        (await ab.receive()).clear()

    pid = ab.spawn(spoil)
    with ab.observe.trace(pid) as trace:
        ab.send(pid, [1, 2])
        await settle()

    assert trace.events[0].payload == [1, 2]


@virtual
async def test_only_what_concerns_the_targets_is_seen() -> None:
    till = await Till.start(name="till")
    other = await Till.start(name="other")
    async with ab.observe.trace("till") as trace:
        await other.add(1)
        await till.add(1)

    assert {e.receiver_name for e in trace if e.kind == "sent"} == {"till", "cell"}


@virtual
async def test_targets_are_pids_names_globs_classes_and_supervisors_with_all_below() -> None:
    shop = await ab.Supervisor.start([Till.child_spec(name="till 1"), Till.child_spec(name="till 2")], name="shop")
    lone = await Till.start(name="lone")
    await Shop.start(name="other")
    for targets, count in (
        (lone, 1), ("lone", 1), ("till *", 2), (Till, 3), (["lone", "till 1"], 2), ("shop", 2), (shop, 2), ("*", 3),
        (ab.GenServer, 3),
    ):  # fmt: skip
        async with ab.observe.trace(targets) as trace:
            for name in ("till 1", "till 2", "lone"):
                ab.send(name, 1)

        assert sum(e.kind == "sent" for e in trace) == count, targets


@virtual
async def test_a_target_that_is_nobody_is_an_error_that_says_so() -> None:
    with pytest.raises(ValueError, match=r"trace: no living process 'tilt'; .*; expected a pid, a name, a glob"):
        ab.observe.trace("tilt")
    with pytest.raises(ValueError, match=r"trace\(limit=…\): expected 1 or more, got 0"):
        ab.observe.trace("*", limit=0)
    with pytest.raises(ValueError, match=r"trace\(rate=…\): expected 1 or more, got True"):
        ab.observe.trace("*", rate=True)

    assert current_node().tap is None


@virtual
async def test_a_crash_and_its_restart_are_seen_and_the_successor_is_followed() -> None:
    await ab.Supervisor.start([Till.child_spec(name="till")], name="shop")
    first = ab.whereis("till")
    async with ab.observe.trace(first) as trace:
        first.crash()
        await ab.sleep(0.01)
        await ab.whereis("till").add(1)

    kinds = [e.kind for e in trace if e.kind not in ("sent", "received")]
    assert kinds == ["crashed", "restarted"]
    crash = next(e for e in trace if e.kind == "crashed")
    assert (crash.text, crash.cause) == ("ValueError: no", 1)
    assert [e.text for e in trace if e.what == "call" and e.kind == "sent"] == ["add(1)"]
    exits = next(e for e in trace if e.what == "exit" and e.kind == "sent")
    assert (exits.sender, exits.receiver_name, exits.cause) == (first, "shop", 1)


@virtual
async def test_what_nobody_reads_is_lost_and_said_to_be() -> None:
    sleeper = ab.spawn(idle)
    await settle()
    with ab.observe.trace(sleeper) as trace:
        ab.send(sleeper, "unread")
        ab.exit(sleeper, "kill")
        ab.send(sleeper, "too late")
        ab.GenServer.cast(sleeper, "too late")

    lost = [(e.message, e.text) for e in trace if e.kind == "lost"]
    assert lost == [(1, "never read: the process ended"), (2, "nobody there"), (3, "nobody there")]


@virtual
async def test_a_full_mailbox_loses_what_its_policy_says() -> None:
    for policy, gone in (("drop_newest", [2]), ("drop_oldest", [1]), ("fail", [2])):
        pid = ab.spawn(idle, mailbox=ab.Mailbox(1, policy))
        await settle()
        with ab.observe.trace(pid) as trace:
            ab.send(pid, "one")
            try:
                ab.send(pid, "two")
            except ab.MailboxFullError:
                assert policy == "fail"
        assert [e.message for e in trace if e.kind == "lost" and e.text == "no room"] == gone, policy


@virtual
async def test_a_call_that_waits_for_room_is_one_message() -> None:
    till = await Till.start(mailbox=ab.Mailbox(1, "wait"))
    current_node().local(till).suspended = True  # type: ignore[union-attr]
    ab.GenServer.cast(till, "fills it")
    async with ab.observe.trace(till) as trace:
        asking = ab.Task.async_(lambda: till.add(1))
        await settle()
        ab.exit(till, "kill")
        await settle()
        del asking
    assert [e.text for e in trace if e.kind == "sent" and e.what == "call"] == ["add(1)"]


@virtual
async def test_a_trace_stops_itself_at_its_limit_and_says_so() -> None:
    pid = ab.spawn(idle)
    trace = ab.observe.trace(pid, limit=3)
    for n in range(10):
        ab.send(pid, n)

    assert (len(trace), trace.running, trace.tripped) == (3, False, "limit: 3 events")
    assert repr(trace) == f"<Trace of {pid}: 3 events; stopped itself: limit: 3 events>"
    assert current_node().tap is None
    await settle()
    assert ab.process_info(pid)["message_queue_len"] == 10


@virtual
async def test_a_trace_stops_itself_when_too_much_comes_in_a_second() -> None:
    pid = ab.spawn(idle)
    trace = ab.observe.trace(pid, rate=5)
    for n in range(5):
        ab.send(pid, n)
    await ab.sleep(1.0)
    for n in range(3):
        ab.send(pid, n)
    assert trace.running

    for n in range(3):
        ab.send(pid, n)
    assert trace.tripped == "rate: more than 5 events in a second"


@virtual
async def test_events_can_be_awaited_as_they_come() -> None:
    till = await Till.start(name="till")
    trace = ab.observe.trace("till", limit=4)
    ab.send_after(till, 1, 5.0)
    ab.send_after(till, 2, 10.0)

    seen = [(e.kind, e.sender, e.text) async for e in trace]

    assert seen == [("sent", None, "1"), ("received", None, ""), ("sent", None, "2"), ("received", None, "")]


@virtual
async def test_nothing_is_left_of_a_trace_that_is_over() -> None:
    node = current_node()
    waiting, limited = ab.spawn(idle), ab.spawn(idle, mailbox=9)
    await settle()
    ab.send(waiting, 1)
    ab.send(limited, 1)
    transport, listeners = node.transport, len(node.tracer.listeners)  # type: ignore[union-attr]
    first, second = ab.observe.trace(waiting), ab.observe.trace("*")
    assert type(node.local(waiting).mailbox) is not Queue  # type: ignore[union-attr]
    ab.send(waiting, 2)
    first.stop()
    assert node.tap is not None
    second.stop().stop()

    assert node.tap is None
    assert node.transport is transport
    assert len(node.tracer.listeners) == listeners  # type: ignore[union-attr]
    assert type(node.local(waiting).mailbox) is Queue  # type: ignore[union-attr]
    assert type(node.local(limited).mailbox) is Bounded  # type: ignore[union-attr]
    assert list(node.local(waiting).mailbox) == [1, 2]  # type: ignore[union-attr, arg-type]


@virtual
async def test_selective_receive_and_flush_are_seen_as_taking() -> None:
    async def picky() -> None:
        await ab.receive(str)
        ab.flush()
        await ab.receive()

    pid = ab.spawn(picky)
    with ab.observe.trace(pid) as trace:
        for message in (1, 2, "word", 3):
            ab.send(pid, message)
        await settle()

    assert [e.message for e in trace if e.kind == "received"] == [3, 1, 2, 4]


@virtual
async def test_a_message_to_another_node_takes_its_time() -> None:
    async with ab.Cluster.simulated(["a"], latency=0.5) as cluster:
        await ab.sleep(2)
        till = await Till.start(node="a")
        async with ab.observe.trace(till) as trace:
            await till.add(5)
            cluster.crash("a")
            ab.send(till, "lost")
            await ab.sleep(2)
            ab.send(till, "nobody is there")

        times = {(e.kind, e.message): e.at for e in trace if e.message}
        assert times["received", 1] - times["sent", 1] == pytest.approx(0.5)
        assert times["received", 2] - times["sent", 2] == pytest.approx(0.5)
        assert [(e.what, e.text, e.sender_name) for e in trace if e.kind == "sent"][:2] == [
            ("call", "add(5)", "cell"), ("reply", "5", "Till"),
        ]  # fmt: skip
        assert [e.text for e in trace if e.kind == "lost"] == ["no connection to a"]


@virtual
async def test_a_process_started_elsewhere_is_caused_by_its_starter() -> None:
    async with ab.Cluster.simulated(["a"]):
        async with ab.observe.trace("*") as trace:
            pid = ab.spawn(idle, node="a")
            await ab.sleep(0.1)
        started = next(e for e in trace if e.kind == "started" and e.receiver is pid)
        assert (started.what, started.text) == ("spawn", "idle")


@virtual
async def test_a_cluster_that_starts_and_stops_meanwhile_is_traced_while_it_runs() -> None:
    with ab.observe.trace("*") as trace:
        async with ab.Cluster.simulated(["a"]):
            till = await Till.start(node="a")
            assert await till.add(1) == 1
        async with ab.Cluster.simulated(["b"]):
            pass

    assert ("add(1)", "cell") in [(e.text, e.sender_name) for e in trace if e.kind == "sent"]


@virtual
async def test_a_node_that_starts_meanwhile_is_traced_too() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        cluster.crash("a")
        with ab.observe.trace(Till) as trace:
            cluster.restart("a")
            await ab.sleep(0.1)
            till = await Till.start(node="a")
            assert await till.add(1) == 1
        assert [e.text for e in trace if e.kind == "received" and e.what == "call"] == [""]


@virtual
async def test_events_of_a_trace_are_data() -> None:
    till = await Till.start(name="till")
    async with ab.observe.trace("till") as trace:
        await till.add(5)
    table = trace.events.to_pandas()
    lines = trace.events.to_json_lines().splitlines()

    assert list(table["kind"]) == ["sent", "received"] * 2
    assert lines[0].startswith('{"n": 1, ')
    assert '"text": "add(5)"' in lines[0]
