"""The loop of one state machine: it runs the states, and does what the engine says. Rules FSM-01 to FSM-27."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from ...core.ids import Pid
from ...core.isolation import isolate, reveal
from ...core.process import Description, Process
from ...core.reasons import describe, reason_of
from ...core.timers import Timer
from .. import system
from ..attributes import attributes
from ..code import newest
from ..debug import Happening
from ..loop import LoopBody
from ..protocol import Call, Cast, System
from ..results import NONE
from ..silence import Rest
from ..upgrade import swap
from .engine import Arm, Engine, Order
from .journal import Journal
from .plan import Plan
from .values import Event, KeepState, NextState, PopModule, PushModule, Reply

__all__ = ["StateMachineBody"]


class _Expired(NamedTuple):
    """A timer of the machine's own has fired."""

    key: Any
    serial: int


class StateMachineBody(LoopBody):
    """The loop of one state machine."""

    __slots__ = ("_beneath", "_event", "_rest", "_timers", "engine", "journal")

    def __init__(
        self, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], parent: Pid | None, name: Any = None
    ) -> None:
        super().__init__(cls, args, kwargs, parent, name)
        self.engine = Engine()
        self.journal = Journal()
        self._event = Event("internal", "init_state")
        self._beneath: list[type] = []
        self._timers: dict[Any, Timer] = {}
        self._rest = Rest()

    # --- events -----------------------------------------------------------------------------------------

    def handle_next(self, process: Process) -> bool:
        """Handle what comes next: queued events, time-outs of zero seconds, the mailbox. False when nothing does."""
        engine = self.engine
        if engine.queue:
            self._handle(engine.queue.popleft())
            return True
        if engine.due:
            self._receive(engine.next_due())
            return True
        box = process.mailbox
        if box:
            message = box.popleft()
            process.handled += 1
            self.dispatch(process, message)
            return True
        process.idle()
        self._rest.idle(process, self.cls.hibernate_after)  # type: ignore[attr-defined]
        return False

    def dispatch(self, process: Process, message: Any) -> None:
        """Do what a message asks for."""
        kind = type(message)
        if kind is Call:
            self._receive(Event("call", message.request, message.caller))
        elif kind is Cast:
            self._receive(Event("cast", message.request))
        elif kind is System:
            self.system(process, message)
        elif kind is _Expired:
            event = self.engine.expired(message.key, message.serial)
            if event is not None:
                del self._timers[message.key]
                self._receive(event)
        elif self.from_parent(message):
            self.terminate(message.reason)
        else:
            self._receive(Event("info", message))

    def _receive(self, event: Event) -> None:
        self._rest.broken()
        if self.debug is not None:
            self._note(event)
        self._handle(event)

    def _note(self, event: Event) -> None:
        self.note(Happening("in", event.type, event.content, event.caller.pid if event.caller is not None else None))

    def handling(self) -> Any:
        """What the event that is being handled brought."""
        return getattr(self._last, "content", None)

    def _handle(self, event: Event) -> None:
        self._event = self._last = event
        self._ask(event, self._after_event)

    def _ask(self, event: Event, after: Callable[[Any, BaseException | None], None]) -> None:
        """Have the present state handle an event. Its method is the class's, whatever attributes the object has."""
        cls: Any = self.cls
        state = self.engine.state
        if cls._one_handler:
            self.invoke(cls.handle_event, (self.server, event, state), {}, after)
        else:
            self.invoke(getattr(cls, state), (self.server, event), {}, after)

    # --- results ----------------------------------------------------------------------------------------

    def _after_event(self, result: Any, error: BaseException | None) -> None:
        if error is not None:
            self.fail(error)
        elif not (result is None or type(result) is Reply) or "timeout" in self.engine.timeouts:
            plan = Plan(self.engine.state, len(self._beneath))
            plan.read(result)
            self._act(plan)
        elif result is not None:  # nothing but a reply, and no event time-out to cancel
            self.respond(result.caller, result.value)

    def _after_enter(self, plan: Plan, result: Any, error: BaseException | None) -> None:
        if error is not None:
            self.fail(error)
        else:
            plan.read(result, entering=True)
            self._act(plan, entered=True)

    def _act(self, plan: Plan, entered: bool = False) -> None:
        """Do what a result asks for: replies, another class, and then the enter call or what is left."""
        self.engine.state = plan.state
        if not self._reply(plan):
            return
        if plan.stop is not NONE:
            self.terminate(plan.stop)
            return
        try:
            self._change_class(plan)
            if plan.changed:
                self.cls._check_state(plan.state)  # type: ignore[attr-defined]
        except Exception as error:
            self.fail(error)
            return
        if self.cls.state_enter and (plan.repeat or (plan.changed and not entered)):  # type: ignore[attr-defined]
            plan.repeat = False
            self._ask(Event("enter", plan.before), partial(self._after_enter, plan))
        else:
            self._settle(plan)

    def _reply(self, plan: Plan) -> bool:
        """Send the replies; False when one could not be copied, which ends the machine."""
        replies, plan.replies = plan.replies, []
        return all(self.respond(reply.caller, reply.value) for reply in replies)

    def _change_class(self, plan: Plan) -> None:
        """Go on as another class; state and attributes stay (rule FSM-24)."""
        modules, plan.modules = plan.modules, []
        for action in modules:
            if type(action) is PushModule:
                self._beneath.append(self.cls)
            cls = newest(self._beneath.pop()) if isinstance(action, PopModule) else action.cls
            if refused := swap(self, cls):
                raise TypeError(f"{type(action).__name__}: {describe(refused.reason)}")

    def _settle(self, plan: Plan) -> None:
        """The event is done with."""
        process = self._process
        assert process is not None
        for order in self.engine.settle(self._event, plan):
            self._obey(process, order)
        if self.debug is not None:
            for event in plan.inserted:
                self._note(event)
        if plan.changed:
            self.journal.took(plan.before, plan.state, self._event)
            if process.node.tracer is not None:
                process.node.tracer.record("state_changed", process.pid, process.title(), (plan.before, plan.state))
        if plan.hibernate and not (self.engine.queue or self.engine.due or process.mailbox):
            self._rest.asleep = True

    def _obey(self, process: Process, order: Order) -> None:
        """Set a timer or take it back."""
        if not isinstance(order, Arm):
            self._timers.pop(order.key).cancel()
            return
        key, serial, seconds, absolute = order
        if absolute:
            seconds = max(0.0, seconds - process.node.clock.now())
        self._timers[key] = process.node.set_timer(seconds, lambda: process.put(_Expired(key, serial)))

    # --- start and end ----------------------------------------------------------------------------------

    def make(self) -> Any:
        """The user's object, which knows where it stands."""
        server = self.cls()
        server._engine = self.engine
        return server

    def begin(self, result: Any) -> bool:
        """`init` gave the first state: do its actions and make the enter call (rules FSM-19, FSM-23)."""
        if result is None:
            return False
        state, actions = (result.state, result.actions) if type(result) is NextState else (result, ())
        try:
            self.cls._check_state(state)  # type: ignore[attr-defined]
        except Exception as error:
            self._refuse(reason_of(error))
            return True
        self.engine.state = state
        self.accepted()
        plan = Plan(state)
        plan.read(KeepState(*actions))
        plan.postpone, plan.repeat = False, True
        self._act(plan)
        return True

    def dispose(self, process: Process) -> None:
        """Let a waiting callback go, and the timers."""
        self._rest.broken()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        super().dispose(process)

    # --- new code ---------------------------------------------------------------------------------------

    def accept_change(self, result: Any) -> Any:
        """A state that `code_change` returned is the present one's new name, and no state change (rule FSM-25)."""
        state = self.engine.state if result is None else result
        try:
            self.cls._check_state(state)  # type: ignore[attr-defined]
        except Exception as error:
            return reason_of(error)
        self.engine.state = state
        return None

    # --- for those who look -----------------------------------------------------------------------------

    def visible_state(self) -> Any:
        """The pair (state, attributes), copies (rule FSM-25)."""
        return reveal(self.engine.state), super().visible_state()

    def replace_state(self, function: Callable[[Any], Any]) -> Any:
        """Put `function((state, attributes))` in place of both; no enter call, no retry."""
        new = function(self.visible_state())
        if not isinstance(new, tuple) or len(new) != 2:
            raise TypeError(f"replace_state: expected the function to return (state, attributes), got {new!r}")
        state = isolate(new[0])
        self.cls._check_state(state)  # type: ignore[attr-defined]
        system.replace_attributes(self.server, lambda _: new[1])
        self.engine.state = state
        return self.visible_state()

    def status(self) -> dict[str, Any]:
        """What `format_status` may shape: state and attributes, and what waits."""
        waiting = {"postponed": list(self.engine.postponed), "timeouts": self.engine.waiting()}
        return {"state": (self.engine.state, attributes(self.server)), **waiting}

    def state(self) -> Any:
        """The attributes as the inspector shows them, with the state among them."""
        shown = super().state()
        pair = isinstance(shown, tuple) and len(shown) == 2 and isinstance(shown[1], dict)
        return {"current_state": shown[0], **shown[1]} if pair else shown

    def describe(self) -> Description:
        """The class, and the state that it is in."""
        name = self.cls.__name__
        return Description("statem", name, f"{name} · {describe(self.engine.state, 30)}" if self.server else "")

    def asleep(self) -> bool:
        """Hibernating: told to, or idle for `hibernate_after` (rule FSM-27)."""
        return self._rest.asleep
