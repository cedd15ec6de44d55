"""State machines, their events: rules FSM-02 to FSM-10, FSM-18."""

from __future__ import annotations

import inspect
from typing import Any

import actorbook as ab
from actorbook.behaviours.statem import (
    Event,
    KeepState,
    NextEvent,
    NextState,
    Postpone,
    RepeatState,
    Reply,
    StateTimeout,
    Timeout,
)
from tests.conformance.machines import Log, OneHandler, answer, start, suspended
from tests.conformance.rules import rule
from tests.running import settle, virtual

TO_B = ("to b", {"a": NextState("b")})
TO_C = ("to c", {"b": NextState("c")})


class Types(ab.GenStateMachine):
    """Notes each event as it comes."""

    def init(self, log: Log, first: Any) -> Any:
        self.log = log
        return NextState("only", StateTimeout(1, "s"), Timeout("t", 2, "n"), 0.5)

    def only(self, event: Event) -> Any:
        self.log.append(event._replace(caller=event.caller and None))
        return Reply(event.caller, "ok") if event.type == "call" else None


@rule(
    "FSM-02",
    "An event is a call, a cast, any other message, one that the machine inserted, or one of three kinds of time-out;"
    " a call waits for its answer without a limit.",
)
@virtual
async def test_each_kind_of_event_has_its_type_and_calls_wait_for_ever() -> None:
    log: Log = []
    pid = await start(log, cls=Types)
    await ab.sleep(5)
    assert await ab.GenStateMachine.call(pid, "x") == "ok"
    ab.GenStateMachine.cast(pid, "y")
    ab.send(pid, "z")
    await settle()

    assert log == [
        Event("timeout", 0.5), Event("state_timeout", "s"), Event("timeout", "n", None, "t"),
        Event("call", "x"), Event("cast", "y"), Event("info", "z"),
    ]  # fmt: skip
    assert inspect.signature(ab.GenStateMachine.call).parameters["timeout"].default is None


@rule("FSM-03", "The state has changed when it differs from before; going to the same one is staying.")
@virtual
async def test_going_to_the_same_state_is_no_change() -> None:
    log: Log = []
    await suspended(log, ("p", {1: Postpone()}), ("same", {1: NextState(1)}), ("other", {1: NextState(True)}), first=1,
                    cls=OneHandler)  # fmt: skip
    await settle()

    assert log == ["1:p", "1:same", "1:other", "True:p"]


@rule("FSM-04", "Actions are done in their order, replies before all else; of one kind the last one counts.")
@virtual
async def test_replies_come_first_and_of_one_kind_the_last_counts() -> None:
    log: Log = []
    pid = await start(log)

    def actions(machine: Any, event: Event) -> Any:
        assert event.caller is not None
        return KeepState(
            Postpone(), NextEvent("internal", 1), StateTimeout(0, "dropped"), Timeout("t", 0, "named"), Postpone(False),
            NextEvent("internal", 2), Reply(event.caller, "answer"), StateTimeout(0, "state"),
        )  # fmt: skip

    answered = await ab.GenStateMachine.call(pid, ("x", {"a": actions}))
    log.append(answered)
    await settle()
    ab.GenStateMachine.cast(pid, TO_B)
    await settle()

    assert log == ["a:x", "a:1", "a:2", "a:named", "a:state", "answer", "a:to b"]


@rule("FSM-05", "What was postponed waits until the state changes; going to the same state does not bring it back.")
@virtual
async def test_postponed_events_wait_for_a_change_of_state() -> None:
    log: Log = []
    again = ("again", {"a": RepeatState()})
    await suspended(log, ("p", {"a": Postpone()}), ("same", {"a": NextState("a")}), again, "x", TO_B, "y")
    await settle()

    assert log == ["a:p", "a:same", "a:again", "a:x", "a:to b", "b:p", "b:y"]


@rule(
    "FSM-06",
    "After a change come the inserted events, then the postponed ones from the oldest on, then others that were queued,"
    " then the mailbox.",
)
@virtual
async def test_the_order_after_a_change_is_inserted_postponed_queued_mailbox() -> None:
    log: Log = []
    change = NextState("b", NextEvent("internal", "i1"), NextEvent("internal", "i2"))
    first = ("first", {"a": KeepState(NextEvent("internal", ("go", {"a": change})), NextEvent("internal", "queued"))})
    await suspended(log, ("p1", {"a": Postpone()}), ("p2", {"a": Postpone()}), first, "mail")
    await settle()

    assert log == ["a:p1", "a:p2", "a:first", "a:go", "b:i1", "b:i2", "b:p1", "b:p2", "b:queued", "b:mail"]


@rule("FSM-07", "Events that are postponed again and again keep their order among themselves.")
@virtual
async def test_events_postponed_in_several_states_keep_their_order() -> None:
    log: Log = []
    twice = [(name, {"a": Postpone(), "b": Postpone()}) for name in ("1", "2", "3")]
    await suspended(log, *twice, TO_B, TO_C)
    await settle()

    assert log == ["a:1", "a:2", "a:3", "a:to b", "b:1", "b:2", "b:3", "b:to c", "c:1", "c:2", "c:3"]


@rule("FSM-08", "An event that is postponed by the very result that changes the state is handled again at once.")
@virtual
async def test_postponed_with_a_change_is_retried_at_once() -> None:
    log: Log = []
    await suspended(log, ("p", {"a": NextState("b", Postpone())}), "x")
    await settle()

    assert log == ["a:p", "b:p", "b:x"]


@rule("FSM-09", "A call may be postponed: its caller waits, and is answered in a later state.")
@virtual
async def test_a_postponed_call_is_answered_in_a_later_state() -> None:
    log: Log = []
    pid = await start(log)
    me = ab.self_()

    async def ask() -> None:
        request = ("call", {"a": Postpone(), "b": answer("from b")})
        ab.send(me, await ab.GenStateMachine.call(pid, request))

    ab.spawn(ask)
    await settle()
    assert (log, ab.flush()) == (["a:call"], [])
    ab.GenStateMachine.cast(pid, TO_B)

    assert await ab.receive(timeout=1) == "from b"


@rule("FSM-10", "An inserted event may be of any type, calls and time-outs among them, and they come in their order.")
@virtual
async def test_inserted_events_are_of_any_type_and_in_order() -> None:
    log: Log = []

    class Inserting(Types):
        def only(self, event: Event) -> Any:
            if event.content != "insert":
                return super().only(event)
            inserted = [NextEvent(kind, kind) for kind in ("cast", "info", "internal", "state_timeout", "timeout")]
            return KeepState(NextEvent("call", "call", event.caller), NextEvent("timeout", 1, name="t"), *inserted)

    pid = await start(log, cls=Inserting)
    assert await ab.GenStateMachine.call(pid, "insert") == "ok"
    await settle()

    assert log == [
        Event("call", "call"), Event("timeout", 1, None, "t"), Event("cast", "cast"), Event("info", "info"),
        Event("internal", "internal"), Event("state_timeout", "state_timeout"), Event("timeout", "timeout"),
    ]  # fmt: skip


@rule("FSM-18", "A message that only looks as a timer's is a message like any other.")
@virtual
async def test_a_message_that_looks_like_a_time_out_is_an_info() -> None:
    log: Log = []
    pid = await start(log, cls=Types)
    timer = ab.start_timer(pid, "mine", 0.5)
    ab.send(pid, ("timeout", 7, "x"))
    await ab.sleep(0.7)

    assert log == [Event("info", ("timeout", 7, "x")), Event("info", ("timeout", timer, "mine"))]
