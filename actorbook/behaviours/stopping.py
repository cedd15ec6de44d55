"""`ab.stop`: have a process end in an orderly way and wait until it has (rule GEN-29)."""

from __future__ import annotations

from typing import Any

from ..core.dest import Name, resolve
from ..core.errors import CallExit
from ..core.far import elsewhere
from ..core.ids import Pid
from ..core.isolation import isolate
from ..core.running import current
from ..core.timers import check_seconds
from .ending import Ending, FarEnding

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
        await Ending(me, target, seconds, isolate(reason))
    elif (far := elsewhere(pid, me.node)) is not None:
        await FarEnding(me, far, seconds, isolate(reason))
    else:
        raise CallExit("noproc", f"stop: no process {pid!r}; it may have ended already")
