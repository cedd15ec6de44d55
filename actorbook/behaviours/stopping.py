"""`ab.stop`: have a process end in an orderly way and wait until it has (rule GEN-29)."""

from __future__ import annotations

from typing import Any

from ..core.dest import Name, resolve
from ..core.errors import CallExit
from ..core.far import Elsewhere, FarRequest, elsewhere
from ..core.ids import Pid, Ref
from ..core.isolation import isolate
from ..core.process import Process
from ..core.running import current
from ..core.signals import Ending
from ..core.timers import check_seconds
from ..core.waits import Request

__all__ = ["stop"]


async def stop(pid: Pid | Name, reason: Any = "normal", timeout: float | None = None) -> None:
    """Ask a process to end with `reason`, and await its end (`timeout` in seconds, None waits for ever).

    A server runs its `terminate` first; a plain process gets an exit signal. When it ends with another
    reason, or is not there, `CallExit` is raised with that reason, `"noproc"` or `"timeout"`.
    """
    me = current()
    target = resolve(pid, me.node)
    if target is me:
        raise CallExit("calling_self", "stop: a process cannot wait for its own end; raise ab.Exit(reason)")
    seconds = None if timeout is None else check_seconds(timeout, "stop(timeout=…)")
    if target is not None:
        await _Stopping(me, target, seconds, isolate(reason))
    elif (far := elsewhere(pid, me.node)) is not None:
        await _StoppingFar(me, far, seconds, isolate(reason))
    else:
        raise CallExit("noproc", f"stop: no process {pid!r}; it may have ended already")


class _Stopping(Request):
    """A request to end, answered by the end: a server is asked to terminate, what is none gets a signal."""

    __slots__ = ("reason",)

    def __init__(self, process: Process, target: Process, timeout: float | None, reason: Any) -> None:
        super().__init__(process, target, timeout)
        self.reason = reason

    def ask(self, ref: Ref) -> None:
        """What asking means is the body's business."""
        self.target.body.wind_up(self.target, self.process.pid, ref, self.reason)

    def down(self, reason: Any) -> None:
        """It ended: as it was asked to, or otherwise."""
        if reason == self.reason:
            self.settle(None)
        else:
            super().down(reason)


class _StoppingFar(FarRequest):
    """The same to a process of another node."""

    __slots__ = ("reason",)

    def __init__(self, process: Process, target: Elsewhere, timeout: float | None, reason: Any) -> None:
        super().__init__(process, target, timeout)
        self.reason = reason

    def request(self, ref: Ref) -> Ending:
        """Its body is asked there."""
        return Ending(self.process.pid, self.target, ref, self.reason)

    def down(self, reason: Any) -> None:
        """It ended: as it was asked to, or otherwise."""
        if reason == self.reason:
            self.settle(None)
        else:
            super().down(reason)
