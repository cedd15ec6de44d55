"""How supervisors stop children: one and wait for it, or a crowd all at once, each with its own patience."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.context import receive
from ..core.ids import Pid, Ref
from ..core.messages import DOWN, EXIT
from ..core.process import Process
from ..core.relations import monitor
from ..core.running import current
from ..core.waits import Pause
from .child_spec import Shutdown

__all__ = ["shut_down", "shut_down_all"]

_BATCH = 256


async def shut_down(pid: Pid, shutdown: Shutdown) -> Any:
    """Stop a child and wait until it is dead (rules SUP-36 to SUP-40); returns the reason it ended with."""
    me = current()
    ref = monitor(pid)
    me.node.exits.unlink(me, pid)
    me.take(lambda message: isinstance(message, EXIT) and message.pid is pid)
    _tell(me, pid, "kill" if shutdown == "brutal_kill" else "shutdown")
    patience = shutdown if isinstance(shutdown, int | float) else None

    def is_down(message: Any) -> bool:
        return isinstance(message, DOWN) and message.ref is ref

    try:
        down = await receive(is_down, patience)
    except TimeoutError:
        _tell(me, pid, "kill")
        down = await receive(is_down)
    return down.reason


async def shut_down_all(children: Iterable[tuple[Pid, Shutdown]]) -> None:
    """Stop children in parallel and wait until all are dead: as long as the slowest takes (rule DYN-05).

    For a process that ends itself: whatever else is in its mailbox is dropped. Most children die of the
    signal at once, so only those that do not are watched, and a million of them leave nothing to collect.
    """
    me = current()
    waiting: set[Ref] = set()
    patience: dict[float, list[Pid]] = {}
    for count, (pid, shutdown) in enumerate(children, 1):
        me.node.exits.unlink(me, pid)
        _tell(me, pid, "kill" if shutdown == "brutal_kill" else "shutdown")
        if me.node.local(pid) is not None or pid.home is not me.node.home:
            waiting.add(monitor(pid))
            if isinstance(shutdown, int | float):
                patience.setdefault(shutdown, []).append(pid)
        if count % _BATCH == 0:
            await Pause(me)
    await _outwait(me, waiting, patience)


async def _outwait(me: Process, waiting: set[Ref], patience: dict[float, list[Pid]]) -> None:
    """Collect the dead; whenever a patience is over, kill those who had no more."""
    told = me.node.clock.now()
    for seconds in sorted(patience):
        await _collect(me, waiting, told + seconds)
        if not waiting:
            return
        for pid in patience[seconds]:
            _tell(me, pid, "kill")
    await _collect(me, waiting, None)


async def _collect(me: Process, waiting: set[Ref], deadline: float | None) -> None:
    """Take messages until nobody is waited for, or the time is up."""
    while waiting:
        left = None if deadline is None else max(0.0, deadline - me.node.clock.now())
        try:
            message = await receive(timeout=left)
        except TimeoutError:
            return
        if isinstance(message, DOWN):
            waiting.discard(message.ref)


def _tell(me: Process, pid: Pid, reason: str) -> None:
    me.node.exits.signal(me.pid, pid, reason, linked=False)
