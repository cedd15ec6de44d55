"""When to restart, whom, and when to give up: pure decisions of a supervisor (rules SUP-13 to SUP-26).

>>> wants_restart("transient", "shutdown"), wants_restart("transient", "killed")
(False, True)
>>> window = Window(limit=3, seconds=5)
>>> [window.add(t) for t in (0.0, 0.1, 0.2, 0.3)]       # the fourth is one too many
[True, True, True, False]
>>> affected("rest_for_one", ["a", "b", "c"], "b")
['b', 'c']
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import floor
from typing import Any, Literal

from ..core.reasons import is_orderly

__all__ = ["STRATEGIES", "Strategy", "Window", "affected", "wants_restart"]

Strategy = Literal["one_for_one", "one_for_all", "rest_for_one"]
STRATEGIES: tuple[Strategy, ...] = ("one_for_one", "one_for_all", "rest_for_one")


def wants_restart(restart: str, reason: Any) -> bool:
    """Whether a child of this restart type is started again after ending with `reason`.

    Rules SUP-13 to SUP-15.
    """
    return restart == "permanent" or (restart == "transient" and not is_orderly(reason))


def affected(strategy: Strategy, order: Sequence[Any], dead: Any) -> list[Any]:
    """Which children, in start order, a restart of `dead` starts again (rules SUP-16 to SUP-18)."""
    if strategy == "one_for_one":
        return [dead]
    return list(order) if strategy == "one_for_all" else list(order[list(order).index(dead) :])


class Window:
    """At most `limit` restarts within `seconds`, counted in whole seconds and inclusive (rule SUP-26)."""

    __slots__ = ("_times", "limit", "seconds")

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._times: deque[float] = deque()

    def allow(self, limit: int, seconds: float) -> None:
        """Another limit from now on; what was counted stays counted."""
        self.limit = limit
        self.seconds = seconds

    def add(self, now: float) -> bool:
        """Count a restart at time `now`; False when that is one too many (rules SUP-24, SUP-25)."""
        self._times.append(now)
        self._forget(now)
        return len(self._times) <= self.limit

    def stale(self, now: float) -> tuple[float, ...]:
        """The counted restarts that are too old at time `now`, oldest first: hardly ever one."""
        times = self._times
        if not times or floor(now) - floor(times[0]) <= self.seconds:
            return ()
        return tuple(time for time in times if floor(now) - floor(time) > self.seconds)

    @property
    def times(self) -> tuple[float, ...]:
        """When the counted restarts were, oldest first; who looks must leave out what is too old by now."""
        return tuple(self._times)

    def _forget(self, now: float) -> None:
        while self._times and floor(now) - floor(self._times[0]) > self.seconds:
            self._times.popleft()
