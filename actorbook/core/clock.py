"""The real clock: the only file of the runtime that reads time."""

from __future__ import annotations

from time import monotonic, time

__all__ = ["RealClock"]


class RealClock:
    """Monotonic seconds for the runtime, wall-clock seconds for people."""

    __slots__ = ()

    def now(self) -> float:
        """Seconds that never go back."""
        return monotonic()

    def wall(self) -> float:
        """Seconds since 1970."""
        return time()
