"""How long nobody has spoken to a process: `Timeout(seconds)` (rules GEN-19 to GEN-21), and hibernation (GEN-32)."""

from __future__ import annotations

from ..core.process import Process
from ..core.timers import Timer

__all__ = ["Rest", "Silence"]


class Silence:
    """One wait for silence at most: a message breaks it for good, a system message starts it anew."""

    __slots__ = ("_seconds", "_timer")

    def __init__(self) -> None:
        self._seconds = 0.0
        self._timer: Timer | None = None

    def start(self, process: Process, seconds: float) -> None:
        """Begin to wait for silence."""
        self.broken()
        self._seconds = seconds
        self._timer = process.node.set_timer(seconds, lambda: process.node.scheduler.ready(process))

    def start_anew(self, process: Process) -> None:
        """A system message does not break the silence but starts it anew (rule GEN-21)."""
        if self._timer is not None and not process.ended:
            self.start(process, self._seconds)

    def lasted(self) -> bool:
        """True, once, when nothing came for so long."""
        if self._timer is None or self._timer.read() is not False:
            return False
        self._timer = None
        return True

    def broken(self) -> None:
        """Somebody spoke."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Rest:
    """Whether a process hibernates: told to, or after so many seconds without a message (rules GEN-32, FSM-27)."""

    __slots__ = ("_nap", "asleep")

    def __init__(self) -> None:
        self.asleep = False
        self._nap: Silence | None = None

    def idle(self, process: Process, after: float | None) -> None:
        """There is nothing to do: fall asleep when that has lasted `after` seconds."""
        if self._nap is not None:
            self.asleep = self._nap.lasted() or self.asleep
        elif after is not None:
            self._nap = Silence()
            self._nap.start(process, after)

    def broken(self) -> None:
        """Somebody spoke."""
        self.asleep = False
        if self._nap is not None:
            self._nap.broken()
            self._nap = None
