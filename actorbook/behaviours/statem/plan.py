"""What the result of a state asks for. Pure: a result comes in, a plan comes out, nothing is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import results
from ..results import NONE
from .values import (
    Cancel,
    ChangeModule,
    Event,
    EventTimeout,
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
    Timed,
    Timeout,
    Update,
)

__all__ = ["Plan", "same"]


def same(one: Any, other: Any) -> bool:
    """Whether two values are one state: equal and of one type, so that 1 and True are two (rule FSM-03)."""
    return one is other or (type(one) is type(other) and bool(one == other))


class Plan:
    """What an event's result asks for, and then that of the enter call which follows it.

    `state` is where the machine is to be, `stop` the reason to end, if any. `depth` is how many classes `PushModule`
    has left.
    """

    __slots__ = (
        "before", "depth", "hibernate", "inserted", "modules", "postpone", "repeat", "replies", "state", "stop",
        "timeouts",
    )  # fmt: skip

    def __init__(self, state: Any, depth: int = 0) -> None:
        self.before = self.state = state
        self.depth = depth
        self.repeat = False
        self.stop: Any = NONE
        self.replies: list[Reply] = []
        self.postpone = False
        self.hibernate = False
        self.inserted: list[Event] = []
        self.timeouts: dict[Any, Timed | Cancel | Update] = {}
        self.modules: list[ChangeModule | PopModule] = []

    @property
    def changed(self) -> bool:
        """The state is to be another one."""
        return not same(self.before, self.state)

    def read(self, result: Any, entering: bool = False) -> None:
        """Add what a result asks for; an enter call may do less (rules FSM-20, FSM-22)."""
        kind = type(result)
        if kind is NextState:
            if entering and not same(result.state, self.state):
                self.stop = ("bad_state_enter_return_from_state_function", result)
                return
            self.state = result.state
        elif kind is RepeatState:
            self.repeat = True
        elif isinstance(result, results.Stop) and result.reply is NONE:
            self._stop(result.reason, getattr(result, "replies", ()))
            return
        elif kind in _ACTIONS:
            self._act(result, entering)
            return
        elif result is not None and kind is not KeepState:
            self.stop = ("bad_return_from_state_function", result)
            return
        for action in () if result is None else result.actions:
            self._act(action, entering)
            if self.stop is not NONE:
                return

    def _act(self, action: Any, entering: bool) -> None:
        kind = type(action)
        if kind in (int, float) and action >= 0:
            action, kind = EventTimeout(action, action), EventTimeout
        act = _ACTIONS.get(kind)
        if act is None or (kind is PopModule and self.depth == 0):
            self.stop = ("bad_action_from_state_function", action)
        elif entering and kind in _NOT_ENTERING and not (kind is Postpone and not action.wanted):
            self.stop = ("bad_state_enter_action_from_state_function", action)
        else:
            act(self, action)

    def _stop(self, reason: Any, replies: tuple[Any, ...]) -> None:
        """End, after the replies; what is no reply is the reason instead."""
        self.stop = reason
        for reply in replies:
            if type(reply) is not Reply:
                self.stop = ("bad_reply_action_from_state_function", reply)
                return
            self.replies.append(reply)

    def _reply(self, action: Reply) -> None:
        self.replies.append(action)

    def _postpone(self, action: Postpone) -> None:
        self.postpone = action.wanted

    def _hibernate(self, action: Hibernate) -> None:
        self.hibernate = True

    def _insert(self, action: NextEvent) -> None:
        self.inserted.append(action.event)

    def _time(self, action: Timed | Cancel | Update) -> None:
        """Of one kind the last counts, in its place among the others (rule FSM-04)."""
        self.timeouts.pop(action.key, None)
        self.timeouts[action.key] = action

    def _module(self, action: ChangeModule | PopModule) -> None:
        self.depth += {PushModule: 1, PopModule: -1}.get(type(action), 0)
        self.modules.append(action)


_ACTIONS: dict[type, Callable[[Plan, Any], None]] = {
    Reply: Plan._reply,
    Postpone: Plan._postpone,
    Hibernate: Plan._hibernate,
    NextEvent: Plan._insert,
    StateTimeout: Plan._time,
    EventTimeout: Plan._time,
    Timeout: Plan._time,
    Cancel: Plan._time,
    Update: Plan._time,
    ChangeModule: Plan._module,
    PushModule: Plan._module,
    PopModule: Plan._module,
}
_NOT_ENTERING = {Postpone, NextEvent, ChangeModule, PushModule, PopModule}
