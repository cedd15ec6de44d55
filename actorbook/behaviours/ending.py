"""A request to end, answered by the end."""

from __future__ import annotations

from typing import Any

from ..core.ids import Ref
from ..core.process import Process
from ..core.reasons import is_normal
from ..core.waits import Request
from .loop import LoopBody
from .protocol import Caller, System

__all__ = ["Ending"]


class Ending(Request):
    """A request to end, answered by the end."""

    __slots__ = ("reason",)

    def __init__(self, process: Process, target: Process, timeout: float | None, reason: Any) -> None:
        super().__init__(process, target, timeout)
        self.reason = reason

    def ask(self, ref: Ref) -> None:
        """A server is asked to terminate; what is none gets a signal."""
        target, node = self.target, self.process.node
        if isinstance(target.body, LoopBody):
            target.put(System(Caller(self.process.pid, ref), "terminate", self.reason))
        elif is_normal(self.reason):  # as a signal it would be ignored
            node.end(target, self.reason)
        else:
            node.exits.signal(self.process.pid, target.pid, self.reason, linked=False)
