"""A request to end, answered by the end: of a process of this node, or of another."""

from __future__ import annotations

from typing import Any

from ..core.far import Elsewhere, FarRequest
from ..core.ids import Ref
from ..core.process import Process
from ..core.signals import AskedToEnd
from ..core.waits import Request

__all__ = ["Ending", "FarEnding"]


class Ending(Request):
    """A server is asked to terminate, what is none gets a signal: the body knows."""

    __slots__ = ("reason",)

    def __init__(self, process: Process, target: Process, timeout: float | None, reason: Any) -> None:
        super().__init__(process, target, timeout)
        self.reason = reason

    def ask(self, ref: Ref) -> None:
        """Ask."""
        self.target.body.wind_up(self.target, self.process.pid, ref, self.reason)

    def down(self, reason: Any) -> None:
        """It ended: as it was asked to, or otherwise."""
        if reason == self.reason:
            self.settle(None)
        else:
            super().down(reason)


class FarEnding(FarRequest):
    """The same on another node, where the body is asked."""

    __slots__ = ("reason",)

    def __init__(self, process: Process, target: Elsewhere, timeout: float | None, reason: Any) -> None:
        super().__init__(process, target, timeout)
        self.reason = reason

    def request(self, ref: Ref) -> AskedToEnd:
        """The signal that asks."""
        return AskedToEnd(self.process.pid, self.target, ref, self.reason)

    def down(self, reason: Any) -> None:
        """It ended: as it was asked to, or otherwise."""
        if reason == self.reason:
            self.settle(None)
        else:
            super().down(reason)
