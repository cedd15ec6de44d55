"""The real clock: the only file of the runtime that reads time."""

from __future__ import annotations

from time import monotonic, time

__all__ = ["RealClock"]


class RealClock:
    """Monotonic seconds for the runtime, wall-clock seconds for people."""

    __slots__ = ()

    now = staticmethod(monotonic)  # seconds that never go back; asked after every turn, so without a call of ours
    wall = staticmethod(time)  # seconds since 1970
