"""State machines, their life: rules FSM-01 and FSM-19 to FSM-27."""

from __future__ import annotations

import logging
from typing import Any

import pytest

import actorbook as ab
from actorbook.behaviours.statem import (
    ChangeModule,
    Event,
    Hibernate,
    KeepState,
    NextEvent,
    NextState,
    PopModule,
    Postpone,
    PushModule,
    RepeatState,
    Reply,
    StateTimeout,
    Stop,
    Timeout,
)
from actorbook.core.running import current_node
from tests.conformance.machines import (
    Entering,
    Log,
    Machine,
    OneHandler,
    answer,
    crash,
    note,
    start,
    stop_with,
    suspended,
)
from tests.conformance.rules import rule
from tests.running import reason_of_end, settle, virtual

TO_B = ("to b", {"a": NextState("b")})


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "actorbook")


class Other(OneHandler):
    """Another class with the other way to handle events."""

    state_enter = True

    def init(self, log: Log, first: Any) -> Any:
        self.entering: Any = {}
        return super().init(log, first)


@rule(
    "FSM-01",
    "How a class handles events is settled at the start, by new code and by a change of class; a method a state needs"
    " states that are names.",
    differs="a state that has no method is refused when it is entered, not at its first event.",
)
@virtual
async def test_the_class_says_how_events_are_handled_and_states_are_names() -> None:
    log: Log = []
    pid = await start(log)
    ab.GenStateMachine.cast(pid, ("change", {"a": NextState("any value", ChangeModule(Other))}))
    ab.GenStateMachine.cast(pid, "x")
    await settle()
    assert log == ["a:change", "any value:enter from a", "any value:x"]

    await ab.sys.suspend(pid)
    with pytest.raises(ab.SysError, match="Machine has no state method 'any value'"):
        await ab.sys.change_code(pid, Machine)
    await ab.sys.replace_state(pid, lambda pair: ("a", pair[1] | {"log": ab.share(log)}))
    await ab.sys.change_code(pid, Machine)
    await ab.sys.resume(pid)
    ab.GenStateMachine.cast(pid, TO_B)
    await settle()
    assert log[3:] == ["a:to b"]

    for bad, word in ((1, "expected the name of a state method, got 1"), ("d", "has no state method 'd'")):
        with pytest.raises(ab.StartError, match=word):
            await start([], bad)
        assert word in (await crash(await start([]), ("x", {"a": NextState(bad)}))).message
    assert await start([], 1, OneHandler) is not None


@rule(
    "FSM-19",
    "Where enter calls are asked for, one is made at the start with the state itself as the old one, then at each"
    " change before any other event; staying makes none, repeating makes one more.",
)
@virtual
async def test_enter_calls_come_at_the_start_at_each_change_and_when_repeated() -> None:
    log: Log = []
    change = NextState("b", NextEvent("internal", "i"))
    repeat, same = ("again", {"b": RepeatState()}), ("same", {"b": NextState("b")})
    await suspended(log, ("p", {"a": Postpone()}), ("go", {"a": change}), same, repeat, cls=Entering)
    await settle()

    assert log == [
        "a:enter from a", "a:p", "a:go", "b:enter from a", "b:i", "b:p", "b:same", "b:again", "b:enter from b",
    ]  # fmt: skip


@rule(
    "FSM-20",
    "An enter call that goes elsewhere, postpones or inserts events ends the machine, which is then in the new state;"
    " time-outs and replies are allowed.",
)
@virtual
async def test_an_enter_call_may_set_time_outs_and_reply_but_not_go_elsewhere() -> None:
    for bad, word in (
        (NextState("c"), "return"), (Postpone(), "action"), (NextEvent("internal", 1), "action"),
        (PushModule(Other), "action"),
    ):  # fmt: skip
        log: Log = []
        pid = await start(log, cls=Entering, entering={"b": bad})
        reason = await crash(pid, TO_B)
        assert reason == (f"bad_state_enter_{word}_from_state_function", bad)
        assert log == ["a:enter from a", "a:to b", "b:enter from a", "b:terminate"]

    def entered(machine: Any, event: Event) -> Any:
        return NextState("b", Reply(machine.caller, "from enter"), StateTimeout(1, "time"), Postpone(False))

    def go(machine: Any, event: Event) -> Any:
        machine.caller = event.caller
        return NextState("b")

    log = []
    pid = await start(log, cls=Entering, entering={"b": entered})
    assert await ab.GenStateMachine.call(pid, ("go", {"a": go})) == "from enter"
    await ab.sleep(2)
    assert log == ["a:enter from a", "a:go", "b:enter from a", "b:time"]


@rule("FSM-21", "A stop with replies sends them, then runs terminate, then ends.")
@virtual
async def test_replies_of_a_stop_go_out_before_terminate() -> None:
    heard: Log = []

    class Slow(Machine):
        async def terminate(self, reason: Any) -> None:
            await ab.sleep(5)
            self.log.append(f"{reason} after {current_node().clock.now() - began:g}")

    began = current_node().clock.now()
    pid = await start(heard, cls=Slow)
    ref = ab.monitor(pid)
    assert await ab.GenStateMachine.call(pid, ("x", {"a": stop_with("bye", "answer")})) == "answer"
    assert (current_node().clock.now() - began, heard) == (0, ["a:x"])
    assert await ab.receive(timeout=60) == ab.DOWN(ref, pid, "bye")
    assert heard == ["a:x", "bye after 5"]

    assert await crash(await start([]), ("x", {"a": Stop("bye", 5)})) == ("bad_reply_action_from_state_function", 5)


@rule("FSM-22", "A result that is none, and an action that is none, end the machine and are the reason.")
@virtual
async def test_junk_results_and_junk_actions_end_the_machine() -> None:
    for junk in (5, "a", True, [], ab.Reply(1), ab.Stop("x", reply=1), (KeepState(),)):
        assert await crash(await start([]), ("x", {"a": junk})) == ("bad_return_from_state_function", junk)
    for junk in ("postpone", -1, True, None, [Postpone()], ab.Continue(1)):
        reason = await crash(await start([]), ("x", {"a": KeepState(Hibernate(), junk)}))
        assert reason == ("bad_action_from_state_function", junk)

    def half(machine: Any, event: Event) -> Any:
        return NextState("b", Reply(event.caller, "went out"), "junk")

    log: Log = []
    pid = await start(log)
    ref = ab.monitor(pid)
    assert await ab.GenStateMachine.call(pid, ("x", {"a": half})) == "went out"
    assert (await ab.receive(timeout=1)) == ab.DOWN(ref, pid, ("bad_action_from_state_function", "junk"))
    assert log == ["a:x", "b:terminate"]


@rule("FSM-23", "Actions of the start are done, but there is nothing that could be postponed.")
@virtual
async def test_actions_of_the_start_are_done() -> None:
    log: Log = []
    first = NextState("a", Postpone(), NextEvent("internal", TO_B), Timeout("t", 0, "t"), StateTimeout(1, "never"))
    await start(log, first, Entering)
    await ab.sleep(5)
    assert log == ["a:enter from a", "a:to b", "b:enter from a", "b:t"]

    log = []
    pid = await start(log, NextState("a", "junk"))
    await settle()
    assert ab.observe.events(kind="exited", pid=pid)[0].detail == ("bad_action_from_state_function", "junk")
    assert log == ["a:terminate"]


@rule(
    "FSM-24",
    "Another class can take over, for good or until it is left again, with the same state and data; that is no change"
    " of state, its own enter calls count, and leaving what nothing was left for ends the machine.",
)
@virtual
async def test_other_classes_take_over_with_state_and_data() -> None:
    log: Log = []

    class Guest(Entering):
        def a(self, event: Event) -> Any:
            self.log.append("guest")
            return note(self, event, "a")

    push, pop = PushModule(Guest), PopModule()
    pid = await suspended(
        log, ("p", {"a": Postpone()}), ("push", {"a": KeepState(push)}), ("in", {"a": RepeatState()}),
        ("pop", {"a": NextState("b", pop)}), "out",
    )  # fmt: skip
    await settle()
    assert log == [
        "a:p", "a:push", "guest", "a:in", "guest", "a:enter from a", "guest", "a:pop", "b:p", "b:out",
    ]  # fmt: skip
    assert (await ab.sys.get_state(pid))[1]["log"] == log

    ab.GenStateMachine.cast(pid, ("change", {"b": NextState("a", ChangeModule(Guest))}))
    await settle()
    assert log[10:] == ["b:change", "guest", "a:enter from b"]
    assert (await ab.sys.get_status(pid))["module"] == "Guest"
    assert await crash(pid, ("pop", {"a": KeepState(pop)})) == ("bad_action_from_state_function", pop)


class Renaming(Entering):
    """New code, in which state a is called b."""

    def code_change(self, old: Any) -> Any:
        self.log.append(f"code_change in {self.current_state}")
        return old.extra


@rule(
    "FSM-25",
    "To sys the state is the pair of state and data; a state that code_change returns is the present one by another"
    " name: no enter call, no retry of what was postponed.",
)
@virtual
async def test_sys_sees_the_pair_and_new_code_renames_the_state() -> None:
    log: Log = []
    pid = await suspended(log, ("p", {"a": Postpone()}), cls=Entering)
    await settle()
    state, data = await ab.sys.get_state(pid)
    assert (state, data.entering) == ("a", {})
    added = {"log": ab.share(log), "n": 1}
    assert await ab.sys.replace_state(pid, lambda pair: ("c", pair[1] | added)) == ("c", {**data, "n": 1})
    with pytest.raises(ab.SysError, match="callback_failed"):
        await ab.sys.replace_state(pid, lambda pair: ("d", {}))
    await ab.sys.suspend(pid)
    assert await ab.sys.change_code(pid, Renaming, None) == "ok"
    assert (await ab.sys.get_state(pid))[0] == "c"
    assert await ab.sys.change_code(pid, Renaming, "b") == "ok"
    with pytest.raises(ab.SysError, match="no state method 'd'"):
        await ab.sys.change_code(pid, Renaming, "d")
    await ab.sys.resume(pid)
    await settle()

    assert (await ab.sys.get_state(pid))[0] == "b"
    assert log == ["a:enter from a", "a:p", "code_change in c", "code_change in c", "code_change in b"]


async def _father(log: Any, trap: bool, reason: Any) -> None:
    await Machine.start_link(ab.share(log), "a", None, trap, name="child")
    await ab.receive()
    raise ab.Exit(reason)


@rule("FSM-26", "A machine that traps exits is ended by its parent's, running terminate; any other's is a message.")
@virtual
async def test_the_exit_of_the_parent_ends_a_machine_that_traps_and_others_are_messages() -> None:
    log: Log = []
    father = ab.spawn(_father, ab.share(log), True, "gone")
    await settle()
    child = ab.whereis("child")
    assert child is not None
    ab.exit(child, "from a stranger")
    await settle()
    assert log == [f"a:{ab.EXIT(ab.self_(), 'from a stranger')}"]
    ab.send(father, "end")

    assert await reason_of_end(child) == "gone"
    assert log[1:] == ["a:terminate"]


@rule("FSM-27", "A machine that is told to hibernate does so only when no event is left to handle.")
@virtual
async def test_hibernating_waits_until_nothing_is_queued() -> None:
    log: Log = []
    pid = await start(log)
    body: Any = current_node().processes[pid].body
    for busy in (NextEvent("internal", "i"), Timeout("t", 0, "t")):
        ab.GenStateMachine.cast(pid, ("sleep", {"a": KeepState(Hibernate(), busy)}))
        await settle()
        assert not body.asleep()
    ab.GenStateMachine.cast(pid, ("sleep", {"a": Hibernate()}))
    await settle()
    assert body.asleep()
    assert await ab.GenStateMachine.call(pid, ("wake", {"a": answer("up")})) == "up"
    assert not body.asleep()
    assert log == ["a:sleep", "a:i", "a:sleep", "a:t", "a:sleep", "a:wake"]
