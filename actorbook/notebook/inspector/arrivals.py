"""How long messages have waited, without a stamp on any of them: the runtime stays as fast as it is.

Messages are numbered by counting: those that were taken, and those that wait. Whoever looks notes from time to time
how far the count has come; so a message arrived between two notes, and its age is known as finely as one looks.

>>> arrivals = Arrivals()
>>> arrivals.note("till", taken=0, waiting=2, now=1.0); arrivals.note("till", taken=1, waiting=3, now=3.0)
>>> [arrivals.at("till", number) for number in (1, 3)]   # the second one, and the last
[(1.0, False), (3.0, True)]
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

from ...core.process import Process

__all__ = ["Arrivals"]

_NOTES = 600


class Arrivals:
    """Notes about the mailboxes that are looked at."""

    def __init__(self) -> None:
        self._notes: dict[Any, tuple[list[int], list[float]]] = {}

    def look(self, process: Process, now: float) -> None:
        """Note how things stand with one process."""
        self.note(process.pid, process.handled, process.pending(), now)

    def note(self, who: Any, taken: int, waiting: int, now: float) -> None:
        """`taken + waiting` have arrived so far."""
        arrived = taken + waiting
        counts, times = self._notes.setdefault(who, ([], []))
        if counts and arrived <= counts[-1]:
            return
        counts.append(arrived)
        times.append(now)
        done = max(bisect_right(counts, taken) - 1, len(counts) - _NOTES)
        if done > 0:
            del counts[:done], times[:done]

    def since(self, process: Process, index: int = 0) -> tuple[float, bool]:
        """When the message at this place of the mailbox came, and False when it may have come earlier."""
        return self.at(process.pid, process.handled + index)

    def at(self, who: Any, number: int) -> tuple[float, bool]:
        """The same for a message by its number, counted from 0."""
        counts, times = self._notes.get(who, ([], []))
        if not counts:
            return 0.0, False
        at = bisect_right(counts, number)
        return times[min(at, len(times) - 1)], at > 0

    def keep(self, living: Iterable[Any]) -> None:
        """Forget all others."""
        alive = set(living)
        for who in [who for who in self._notes if who not in alive]:
            del self._notes[who]
