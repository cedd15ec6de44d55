"""State machines, what Python makes of them: named events, plain results, async states, new code, looking in."""

from __future__ import annotations

import logging
from typing import Any

import pytest

import actorbook as ab
from actorbook.behaviours.statem import (
    Event,
    Hibernate,
    KeepState,
    NextEvent,
    NextState,
    Postpone,
    PushModule,
    Reply,
    StateTimeout,
    Stop,
    Timeout,
    Update,
)
from actorbook.core.running import current_node
from tests.conformance.machines import Entering, Log, Machine, OneHandler, answer, crash, start, suspended
from tests.running import reason_of_end, settle, virtual


class Shop(ab.GenStateMachine):
    """Closed until it is opened; sales wait until then."""

    def init(self) -> Any:
        self.sold: list[Any] = []
        return "closed"

    @ab.cast
    def open(self) -> None:
        """Open the shop."""

    @ab.call
    def sell(self, item: str, times: int = 1) -> None:
        """Sell an item so many times; the answer is how many there were."""

    def closed(self, event: Event) -> Any:
        match event:
            case Event("cast", "open"):
                return NextState("serving")
            case Event("call"):
                return Postpone()
        return None

    def serving(self, event: Event) -> Any:
        match event:
            case Event("call", ("sell", item, times)):
                self.sold.append((item, times))
                return Reply(event.caller, len(self.sold))
        return None


@virtual
async def test_a_marked_method_is_an_event_with_a_name_and_its_arguments() -> None:
    pid: Any = await Shop.start()
    sale = ab.spawn(_sell, pid, ab.self_())
    await settle()
    assert (await ab.sys.get_state(pid))[0] == "closed"
    pid.open()

    assert await ab.receive(timeout=1) == 1
    assert await pid.sell(item="milk", times=2) == 2
    assert (await ab.sys.get_state(pid))[1].sold == [("tea", 1), ("milk", 2)]
    assert pid.sell.__doc__.startswith("Sell an item")
    with pytest.raises(TypeError, match="missing a required argument: 'item'"):
        await pid.sell()
    assert not ab.is_alive(sale)


async def _sell(shop: Any, me: ab.Pid) -> None:
    ab.send(me, await shop.sell("tea"))


@virtual
async def test_a_method_of_a_machine_waits_for_ever_unless_told_otherwise() -> None:
    pid: Any = await Shop.start()
    with pytest.raises(ab.CallExit) as failed:
        await pid.sell("tea", timeout=100)
    assert failed.value.reason == "timeout"
    ab.spawn(_sell, pid, ab.self_())
    await ab.sleep(1_000_000)
    pid.open()

    assert await ab.receive(timeout=1) == 2


def test_a_marked_method_that_would_do_something_is_refused_when_the_class_is_defined() -> None:
    with pytest.raises(TypeError, match=r"Bad.add only declares an event: expected a `def` with an empty body"):

        class Bad(ab.GenStateMachine):
            @ab.call
            def add(self, k: int) -> int:
                return k

    with pytest.raises(TypeError, match="expected positional parameters"):

        class Keyword(ab.GenStateMachine):
            @ab.cast
            def add(self, *, k: int) -> None: ...


def test_a_state_may_not_be_called_as_what_every_machine_has() -> None:
    with pytest.raises(TypeError, match="expected another name for the state 'start'"):

        class Bad(ab.GenStateMachine):
            def start(self, event: Event) -> Any:  # type: ignore[override]
                return None


@virtual
async def test_a_state_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ab.StartError, match="no state method 'd'; methods that take an event: a, b, c"):
        await start([], "d")


@virtual
async def test_one_action_alone_keeps_the_state() -> None:
    log: Log = []
    pid = await suspended(
        log, ("p", {"a": Postpone()}), ("i", {"a": NextEvent("internal", ("go", {"a": NextState("b")}))})
    )
    await settle()

    assert log == ["a:p", "a:i", "a:go", "b:p"]
    assert await ab.GenStateMachine.call(pid, ("x", {"b": answer(1, lambda reply: reply)})) == 1


@virtual
async def test_a_servers_stop_ends_a_machine_too() -> None:
    assert await crash(await start([]), ("x", {"a": ab.Stop("tired")})) == "tired"
    assert await crash(await start([]), ("x", {"a": Stop()})) == "normal"


@virtual
async def test_init_may_decline_and_must_name_a_state() -> None:
    for result, reason in (
        (ab.Fail("no"), "no"),
        (ab.Stop("why"), "why"),
        (Stop("so"), "so"),
        (None, ("bad_return_value", None)),
    ):
        with pytest.raises(ab.StartError) as failed:
            await start([], result)
        assert failed.value.reason == reason
    assert await Machine.start([], ab.Ignore()) is None
    with pytest.raises(ab.StartError, match="expected a method that returns the first state"):
        await ab.GenStateMachine.start()


@virtual
async def test_while_an_async_state_awaits_no_other_event_is_handled() -> None:
    log: Log = []

    class Slow(Entering):
        async def b(self, event: Event) -> Any:
            self.log.append(f"b begins {event.type}")
            await ab.sleep(2)
            self.log.append(f"b ends {event.type}")
            return StateTimeout(0, "s") if event.type == "enter" else None

    await suspended(log, ("go", {"a": NextState("b")}), "x", cls=Slow)
    await ab.sleep(10)

    assert log[2:] == [f"b {what} {kind}" for kind in ("enter", "state_timeout", "cast") for what in ("begins", "ends")]


@virtual
async def test_a_machine_that_is_killed_leaves_no_timer_behind() -> None:
    log: Log = []
    pid = await start(log, NextState("a", StateTimeout(50), Timeout("t", 60), 70))
    ab.exit(pid, "kill")
    await ab.sleep(100)

    assert log == []


@virtual
async def test_a_time_out_that_was_set_anew_on_its_way_does_not_come() -> None:
    log: Log = []
    pid = await start(log, NextState("a", Timeout("t", 1, "old")))
    await ab.sys.suspend(pid)
    await ab.sleep(2)
    await ab.sys.resume(pid)
    ab.GenStateMachine.cast(pid, "x")
    await settle()
    assert log == ["a:old", "a:x"]

    await ab.sys.suspend(pid)
    ab.GenStateMachine.cast(pid, ("set", {"a": Timeout("t", 1, "first")}))
    ab.GenStateMachine.cast(pid, ("update", {"a": Update("t", "second")}))
    await ab.sys.resume(pid)
    await settle()
    await ab.sys.suspend(pid)
    ab.GenStateMachine.cast(pid, ("again", {"a": Timeout("t", 5, "third")}))
    await ab.sleep(2)
    await ab.sys.resume(pid)
    await ab.sleep(2)
    assert log[2:] == ["a:set", "a:update", "a:again"]
    await ab.sleep(10)

    assert log[5:] == ["a:third"]


@virtual
async def test_a_state_is_found_in_the_class_whatever_the_attributes_are_called() -> None:
    class Shadow(Machine):
        def init(self, log: Log, first: Any) -> Any:
            self.a = self.b = "data"  # type: ignore[assignment, method-assign]
            return super().init(log, first)

    log: Log = []
    await suspended(log, ("go", {"a": NextState("b")}), "x", cls=Shadow)
    await settle()

    assert log == ["a:go", "b:x"]


class _Version1(ab.GenStateMachine):
    def init(self) -> Any:
        return "shut"

    def shut(self, event: Event) -> Any:
        return Reply(event.caller, "old") if event.type == "call" else None


def _second(states: tuple[str, ...]) -> type:
    def state(self: Any, event: Event) -> Any:
        return Reply(event.caller, f"new in {self.current_state}") if event.type == "call" else None

    members = dict.fromkeys(states, state) | {"code_change": lambda self, old: "closed" if "closed" in states else None}
    cell = {"ab": ab, "members": {"__module__": __name__, "__qualname__": "_Version1"} | members}
    exec("made = type('_Version1', (ab.GenStateMachine,), members)", cell)
    made: type = cell["made"]
    return made


@virtual
async def test_a_class_defined_again_takes_over_its_live_machines(caplog: pytest.LogCaptureFixture) -> None:
    pid = await _Version1.start()
    assert await ab.GenStateMachine.call(pid, "x") == "old"
    kept = _second(("elsewhere",))
    await settle()
    assert await ab.GenStateMachine.call(pid, "x") == "old"
    assert "has no state method 'shut'" in caplog.text
    renamed = _second(("closed", "other"))
    await settle()

    assert await ab.GenStateMachine.call(pid, "x") == "new in closed"
    assert kept is not renamed


@virtual
async def test_those_who_look_see_the_state_and_what_waits() -> None:
    log: Log = []
    pid = await start(log, NextState("a", Timeout("t", 5, "later")), name="m")
    ab.GenStateMachine.cast(pid, ("p", {"a": Postpone()}))
    await settle()
    status = await ab.sys.get_status(pid)

    assert (status["module"], status["status"], status["state"][0]) == ("Machine", "running", "a")
    assert [event.content[0] for event in status["postponed"]] == ["p"]
    assert status["timeouts"] == [Event("timeout", "later", None, "t")]
    tree = ab.observe.tree("m")
    assert (tree.kind, tree.cls) == ("statem", "Machine · a")
    assert current_node().processes[pid].body.describe().sub == "Machine · a"


@virtual
async def test_secrets_are_kept_by_format_status_even_when_it_fails(caplog: pytest.LogCaptureFixture) -> None:
    class Secret(Machine):
        def format_status(self, status: dict[str, Any]) -> dict[str, Any]:
            raise ValueError("no")

    pid = await start(["secret"], cls=Secret)
    ab.GenStateMachine.cast(pid, ("secret", {"a": Postpone()}))
    await settle()
    status = await ab.sys.get_status(pid)
    assert {key: "failed" in str(status[key]) for key in ("state", "postponed", "timeouts")} == dict.fromkeys(
        ("state", "postponed", "timeouts"), True
    )
    ab.GenStateMachine.cast(pid, ("secret", {"a": Stop("bad")}))
    await settle()
    assert "secret" not in caplog.text
    assert "ended with bad" in caplog.text


@virtual
async def test_the_log_of_sys_has_each_event_once_and_each_reply() -> None:
    pid = await start([])
    await ab.sys.log(pid)
    ab.GenStateMachine.cast(pid, ("p", {"a": Postpone()}))
    go = answer("done", NextState, "b", NextEvent("internal", "i"), StateTimeout(0, "s"))
    await ab.GenStateMachine.call(pid, ("go", {"a": go}))
    events = [(event.direction, event.kind) for event in await ab.sys.get_log(pid)]

    assert events == [("in", "cast"), ("in", "call"), ("out", "reply"), ("in", "internal"), ("in", "state_timeout")]


@virtual
async def test_changes_of_state_are_recorded() -> None:
    pid = await start([], 1, OneHandler)
    for state in (2, 2, (3, "x")):
        ab.GenStateMachine.cast(pid, ("go", {1: NextState(state), 2: NextState(state)}))
    await settle()
    events = ab.observe.events(kind="state_changed", pid=pid)

    assert [event.detail for event in events] == [(1, 2), (2, (3, "x"))]
    assert events[1].text == "2 → (3, 'x')"


@virtual
async def test_a_machine_idles_into_hibernation_and_wakes() -> None:
    class Sleepy(Machine):
        hibernate_after = 2

    pid = await start([], cls=Sleepy)
    body: Any = current_node().processes[pid].body
    await ab.sleep(1)
    ab.GenStateMachine.cast(pid, "x")
    await ab.sleep(1.5)
    assert not body.asleep()
    await ab.sleep(1)
    assert body.asleep()
    await ab.GenStateMachine.call(pid, ("x", {"a": answer(1, KeepState, Hibernate())}))
    assert body.asleep()


@virtual
async def test_a_class_with_another_layout_cannot_take_over(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "actorbook")

    class Other(Machine):
        __slots__ = ("more",)

    pid = await start([])
    ab.GenStateMachine.cast(pid, ("x", {"a": KeepState(PushModule(Other))}))

    assert "PushModule: " in (await reason_of_end(pid)).message


def test_values_refuse_what_makes_no_sense() -> None:
    for make, error, text in (
        (lambda: StateTimeout(-1), ValueError, "expected zero or more seconds, got -1"),
        (lambda: Timeout("timeout", 1), ValueError, "names another time-out"),
        (lambda: Timeout(None, 1), ValueError, "any hashable value but None"),
        (lambda: Timeout([], 1), TypeError, "unhashable"),
        (lambda: NextEvent("state", 1), ValueError, "expected one of call, cast"),
        (lambda: NextEvent("call", 1), TypeError, "expected a caller"),
        (lambda: Reply(ab.self_, 1), TypeError, "expected the caller of a call event"),  # type: ignore[arg-type]
        (lambda: PushModule(ab.GenServer), TypeError, "expected a subclass of GenStateMachine"),
    ):
        with pytest.raises(error, match=text):
            make()
    assert (NextState("a", 1), Timeout("t", 1, 2)) == (NextState("a", 1), Timeout("t", 1, 2))
    assert NextState("a", 1) != NextState("a", 2)
    assert repr(Timeout("t", 1, "x")) == "Timeout(name='t', seconds=1.0, content='x')"
