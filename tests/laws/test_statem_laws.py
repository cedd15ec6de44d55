"""The engine of state machines against the smallest model: events and time-outs are in order, whatever results say."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from actorbook.behaviours.statem import (
    Cancel,
    Event,
    EventTimeout,
    KeepState,
    NextEvent,
    NextState,
    Postpone,
    RepeatState,
    StateTimeout,
    Timeout,
    Update,
)
from actorbook.behaviours.statem.engine import Arm, Disarm, Engine
from actorbook.behaviours.statem.plan import Plan

KEYS = ("state_timeout", "timeout", "x", "y")
SECONDS = st.sampled_from([0, 1, 2])
ACTIONS = st.one_of(
    st.just(Postpone()),
    st.integers(0, 9).map(lambda n: NextEvent("internal", n)),
    SECONDS.map(StateTimeout),
    SECONDS.map(EventTimeout),
    st.builds(Timeout, st.sampled_from("xy"), SECONDS),
    st.sampled_from(KEYS).map(Cancel),
    st.builds(Update, st.sampled_from(KEYS), st.integers(0, 9)),
)
RESULTS = st.lists(ACTIONS, max_size=4).flatmap(
    lambda actions: st.sampled_from(
        [KeepState(*actions), RepeatState(*actions), *(NextState(state, *actions) for state in "ab")]
    )
)
STEPS = st.lists(st.one_of(RESULTS, st.sampled_from(KEYS)), max_size=30)


class Model:
    """What OTP's manual says, without a thought for speed."""

    def __init__(self) -> None:
        self.state = "a"
        self.queue: list[Any] = []
        self.postponed: list[Any] = []
        self.running: dict[str, float] = {}
        self.due: list[str] = []

    def step(self, event: Any, result: Any) -> None:
        new = getattr(result, "state", self.state)
        inserted = [action.event for action in result.actions if isinstance(action, NextEvent)]
        if any(isinstance(action, Postpone) for action in result.actions):
            self.postponed.append(event)
        if new != self.state:
            self.queue, self.postponed = self.postponed + self.queue, []
            self._stop("state_timeout")
        self._stop("timeout")
        self.queue = inserted + self.queue
        self.state = new
        timed = [action for action in result.actions if not isinstance(action, Postpone | NextEvent)]
        for place, action in enumerate(timed):
            if all(later.key != action.key for later in timed[place + 1 :]):
                self._time(action)

    def _time(self, action: Any) -> None:
        if isinstance(action, Update):
            if action.key not in self.running and action.key not in self.due:
                self.due.append(action.key)
            return
        self._stop(action.key)
        if not isinstance(action, Cancel):
            if action.seconds == 0:
                self.due.append(action.key)
            else:
                self.running[action.key] = action.seconds

    def _stop(self, key: str) -> None:
        self.running.pop(key, None)
        self.due = [other for other in self.due if other != key]


def _next(engine: Engine, number: int) -> Event:
    """What the machine would handle next, or a message from outside."""
    if engine.queue:
        return engine.queue.popleft()
    return engine.next_due() if engine.due else Event("cast", f"mail {number}")


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_queue_postponed_and_time_outs_are_as_the_manual_says(steps: list[Any]) -> None:
    engine, model, timers = Engine(), Model(), dict[str, Arm]()
    engine.state = "a"
    for number, step in enumerate(steps):
        if isinstance(step, str):
            _fire(engine, model, timers, step)
            continue
        was_due = not engine.queue and bool(engine.due)
        event = _next(engine, number)
        if model.queue:
            assert model.queue.pop(0) == event
        elif was_due:
            key = model.due.pop(0)
            assert key == (event.name or event.type)
        plan = Plan(engine.state)
        plan.read(step)
        engine.state = plan.state
        for order in engine.settle(event, plan):
            if isinstance(order, Disarm):
                del timers[order.key]
            else:
                assert order.key not in timers
                timers[order.key] = order
        model.step(event, step)
        assert (engine.state, list(engine.queue), engine.postponed) == (model.state, model.queue, model.postponed)
        assert (engine.due, {key: arm.seconds for key, arm in timers.items()}) == (model.due, model.running)


def _fire(engine: Engine, model: Model, timers: dict[str, Arm], key: str) -> None:
    """A timer comes: one that runs is an event that waits, any other is nothing."""
    arm = timers.pop(key, None)
    stale = engine.expired(key, 0 if arm is None else arm.serial + 1000) if key not in engine.due else None
    assert stale is None
    if arm is not None:
        event = engine.expired(key, arm.serial)
        assert event is not None
        engine.queue.append(event)
        model.queue.append(event)
        del model.running[key]
