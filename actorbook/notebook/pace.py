"""When deltas go out: at most twenty a second for all pictures together, and only when something happened.

The pace is armed by activity and sleeps otherwise. It also measures the loop: how late its own timer comes is the lag.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ..core.host import AsyncioHost

__all__ = ["Pace", "Paced"]

_INTERVAL = 0.05
_AFTERGLOW = 0.5
_SHARE = 8


class Paced(Protocol):
    """A picture that is told when it may speak."""

    def wants(self) -> bool:
        """True while somebody looks and the last deltas were received."""
        ...

    def speak(self, lag: float, cost: float) -> bool:
        """Send what is new; True when it must be asked again soon, since a number has to go back to zero.

        `lag` is how late the loop was, `cost` how many seconds the last picture took.
        """
        ...


class Pace:
    """One timer for all pictures of a session."""

    def __init__(self, host: AsyncioHost, now: Callable[[], float]) -> None:
        self._host = host
        self._now = now
        self._timer: Any = None
        self._due = 0.0
        self._earliest = 0.0
        self._lag = self._cost = 0.0
        self.pictures: list[Paced] = []

    def touch(self) -> None:
        """Something happened: speak as soon as the pace allows."""
        if any(picture.wants() for picture in self.pictures):
            self._arm(max(self._earliest, self._now()))

    def _arm(self, due: float) -> None:
        if self._timer is not None:
            if due >= self._due:
                return
            self._timer.cancel()
        self._due = due
        self._timer = self._host.later(max(0.0, due - self._now()), self._tick)

    def _tick(self) -> None:
        """Let one picture speak; each in turn, so that the limit holds for all of them together."""
        self._timer = None
        began = self._now()
        self._lag = max(self._lag, began - self._due)
        ready = [picture for picture in self.pictures if picture.wants()]
        again = False
        if ready:
            again = ready[0].speak(self._lag, self._cost)
            self._lag = 0.0
            self.pictures.remove(ready[0])
            self.pictures.append(ready[0])
        now = self._now()
        self._cost = now - began
        self._earliest = began + max(_INTERVAL, _SHARE * (now - began))
        if len(ready) > 1:
            self._arm(self._earliest)
        elif again:
            self._arm(now + _AFTERGLOW)

    def close(self) -> None:
        """No timer stays."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.pictures.clear()
