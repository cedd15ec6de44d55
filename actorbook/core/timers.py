"""Timers on one ordered heap: distinct times fire in time order whatever the order of setting.

Rule TMR-05.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from itertools import takewhile
from typing import Any, Protocol

__all__ = ["Expiring", "Patience", "Timer", "TimerHeap", "check_seconds"]

_HAIR = 1e-9  # seconds that an event loop may wake too early: asked again, it would do so again


def check_seconds(seconds: Any, what: str) -> float:
    """`seconds` as a float; negative or not a number is an error (rule TMR-06)."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(f"{what}: expected seconds as a number, got {seconds!r}")
    if not seconds >= 0:
        raise ValueError(f"{what}: expected zero or more seconds, got {seconds!r}")
    return float(seconds)


class Timer:
    """One shot in the future, made by `send_after`. When `wanted` says no, it counts as cancelled (rule TMR-04)."""

    __slots__ = ("_heap", "action", "deadline", "wanted")

    def __init__(self, heap: TimerHeap, deadline: float, action: Callable[[], None]) -> None:
        self._heap = heap
        self.wanted: Callable[[], bool] | None = None
        self.deadline = deadline
        self.action: Callable[[], None] | None = action

    def cancel(self) -> float | bool:
        """Take it back: the seconds that were left, or False when it has fired or was cancelled.

        Rules TMR-02, TMR-03.
        """
        left = self.read()
        if self.action is not None:
            self.action = None
            self._heap.forget()
        return left

    def forget(self, wait: Expiring) -> None:
        """The only one that it was for waits no more."""
        self.cancel()

    def read(self) -> float | bool:
        """The seconds that are left, False when it has fired or was cancelled; cancels nothing."""
        if self.action is None or (self.wanted is not None and not self.wanted()):
            return False
        return max(0.0, self.deadline - self._heap.now())

    def __repr__(self) -> str:
        return f"<Timer {'done' if self.action is None else f'in {self.read():.3f} s'}>"

    def __deepcopy__(self, memo: Any) -> Timer:
        return self


class Expiring(Protocol):
    """What may wait too long."""

    def expire(self) -> None:
        """The time is up."""
        ...


class Patience:
    """The deadlines of many waits that are all equally patient: they end in the order in which they began.

    So a dict, which keeps that order, serves where a heap would cost more: nearly every call waits for the same
    five seconds, and nearly none of them in vain.
    """

    __slots__ = ("_deadlines", "_heap", "_timer", "seconds")

    def __init__(self, heap: TimerHeap, seconds: float) -> None:
        self.seconds = seconds
        self._heap = heap
        self._deadlines: dict[Expiring, float] = {}
        self._timer: Timer | None = None

    def begin(self, wait: Expiring) -> float | None:
        """`wait` begins; returns the time at which somebody must look, when that is news."""
        deadline = self._deadlines[wait] = self._heap.now() + self.seconds
        if self._timer is not None:
            return None
        self._timer = self._heap.at(deadline, self._look)
        return deadline

    def forget(self, wait: Expiring) -> None:
        """It waits no more. The timer stays set: the next to wait will want it."""
        self._deadlines.pop(wait, None)

    def _look(self) -> None:
        """The time of the first is up, if it still waits; look again when that of the next is."""
        assert self._timer is not None
        now, self._timer = self._timer.deadline, None
        for wait, deadline in list(self._due(now)):
            if self._deadlines.get(wait) == deadline:  # nobody who expired before has ended it
                self.forget(wait)
                wait.expire()
        first = next(iter(self._deadlines.values()), None)
        if first is not None and self._timer is None:
            self._timer = self._heap.at(first, self._look)

    def _due(self, now: float) -> Iterator[tuple[Expiring, float]]:
        return takewhile(lambda entry: entry[1] <= now, self._deadlines.items())


class TimerHeap:
    """All timers of a node. Cancelled ones stay in the heap until they are due or make up half of it.

    `firing` says that what runs now was not called by a process but by a timer.
    """

    __slots__ = ("_dead", "_heap", "_serial", "firing", "now")

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._heap: list[tuple[float, int, Timer]] = []
        self._serial = 0
        self._dead = 0
        self.firing = False

    def set(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Call `action` in `seconds`."""
        return self.at(self.now() + seconds, action)

    def at(self, deadline: float, action: Callable[[], None]) -> Timer:
        """Call `action` at that time of the clock."""
        timer = Timer(self, deadline, action)
        self._serial += 1
        heappush(self._heap, (timer.deadline, self._serial, timer))
        return timer

    def forget(self) -> None:
        """A timer was cancelled: sweep when too many dead ones lie about."""
        self._dead += 1
        if self._dead > 64 and self._dead * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].action is not None]
            heapify(self._heap)
            self._dead = 0

    def next_deadline(self) -> float | None:
        """When the next live timer is due."""
        while self._heap and self._heap[0][2].action is None:
            heappop(self._heap)
            self._dead -= 1
        return self._heap[0][0] if self._heap else None

    def fire_due(self) -> None:
        """Run everything that is due, in time order."""
        now = self.now() + _HAIR
        self.firing = True
        try:
            while (deadline := self.next_deadline()) is not None and deadline <= now:
                timer = heappop(self._heap)[2]
                action, timer.action = timer.action, None
                if action is not None:
                    action()
        finally:
            self.firing = False

    def __len__(self) -> int:
        return len(self._heap) - self._dead
