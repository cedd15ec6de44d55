"""Where a state machine stands, and what comes next. Pure: no process, no clock; orders for timers come out.

The order of events after a state change (rules FSM-06, FSM-15): inserted ones, postponed ones from the oldest on,
others that were queued, time-outs of zero seconds, and then the mailbox.

    >>> from actorbook.behaviours.statem import NextEvent, NextState, StateTimeout
    >>> engine = Engine()
    >>> engine.state, plan = "b", Plan("a")
    >>> engine.postponed.append(Event("cast", 1))
    >>> plan.read(NextState("b", NextEvent("internal", 2), StateTimeout(5)))
    >>> engine.settle(Event("cast", 3), plan)
    [Arm(key='state_timeout', serial=1, seconds=5.0, absolute=False)]
    >>> [event.content for event in engine.queue]
    [2, 1]
"""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

from .plan import Plan
from .values import Cancel, Event, Timed, Update

__all__ = ["Arm", "Disarm", "Engine", "Order"]


class Arm(NamedTuple):
    """Set a timer, instead of the one of the same key; `serial` tells it from any before."""

    key: Any
    serial: int
    seconds: float
    absolute: bool


class Disarm(NamedTuple):
    """Take a timer back."""

    key: Any


Order = Arm | Disarm


class Engine:
    """The state, the events that wait, and which time-outs run: key to (serial, content), serial 0 when due at once."""

    __slots__ = ("_serial", "due", "postponed", "queue", "state", "timeouts")

    def __init__(self) -> None:
        self.state: Any = None
        self.queue: deque[Event] = deque()
        self.postponed: list[Event] = []
        self.timeouts: dict[Any, tuple[int, Any]] = {}
        self.due: list[Any] = []
        self._serial = 0

    def settle(self, event: Event, plan: Plan) -> list[Order]:
        """An event is done with: what the plan asks for is so, but for the timers that it returns orders for."""
        orders: list[Order] = []
        if plan.postpone:
            self.postponed.append(event)
        if plan.changed:
            self.queue.extendleft(reversed(self.postponed))
            self.postponed = []
            self._drop("state_timeout", orders)
        self._drop("timeout", orders)
        for action in plan.timeouts.values():
            self._time(action, orders)
        self.queue.extendleft(reversed(plan.inserted))
        return orders

    def _time(self, action: Timed | Cancel | Update, orders: list[Order]) -> None:
        """Set a time-out, cancel it, or change its content."""
        key = action.key
        if isinstance(action, Update) and key in self.timeouts:
            self.timeouts[key] = (self.timeouts[key][0], action.content)
            return
        self._drop(key, orders)
        if isinstance(action, Update) or (isinstance(action, Timed) and action.seconds == 0):
            self.timeouts[key] = (0, action.content)
            self.due.append(key)
        elif isinstance(action, Timed) and action.seconds is not None:
            self._serial += 1
            self.timeouts[key] = (self._serial, action.content)
            orders.append(Arm(key, self._serial, action.seconds, bool(action.absolute)))

    def _drop(self, key: Any, orders: list[Order]) -> None:
        running = self.timeouts.pop(key, None)
        if running is None:
            return
        if running[0] == 0:
            self.due.remove(key)
        else:
            orders.append(Disarm(key))

    def next_due(self) -> Event:
        """The time-out of zero seconds whose turn it is."""
        key = self.due.pop(0)
        return _event_of(key, self.timeouts.pop(key)[1])

    def expired(self, key: Any, serial: int) -> Event | None:
        """A timer has fired: its event, or None when it was cancelled, or set anew, while the word was on its way."""
        running = self.timeouts.get(key)
        if running is None or running[0] != serial:
            return None
        del self.timeouts[key]
        return _event_of(key, running[1])

    def waiting(self) -> list[Event]:
        """The time-outs that run, as the events that they will be."""
        return [_event_of(key, content) for key, (_, content) in self.timeouts.items()]


def _event_of(key: Any, content: Any) -> Event:
    if key in ("state_timeout", "timeout"):
        return Event(key, content)
    return Event("timeout", content, None, key)
