"""How late the event loop is: what was due, and when it came."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Lag", "LagMeter"]


class Lag(NamedTuple):
    """Delays of the loop in seconds: the `last` that was measured, the `worst` ever, and how many `samples`."""

    last: float
    worst: float
    samples: int


class LagMeter:
    """Takes note of delays; it measures nothing itself.

    >>> meter = LagMeter()
    >>> meter.note(0.5), meter.note(0.25)
    (None, None)
    >>> meter.read()
    Lag(last=0.25, worst=0.5, samples=2)
    """

    __slots__ = ("_last", "_samples", "_worst")

    def __init__(self) -> None:
        self._last = self._worst = 0.0
        self._samples = 0

    def note(self, seconds: float) -> None:
        """Something came so much later than it was due."""
        self._last = late = max(0.0, seconds)
        self._samples += 1
        self._worst = max(self._worst, late)

    def read(self) -> Lag:
        """What was measured so far."""
        return Lag(self._last, self._worst, self._samples)
