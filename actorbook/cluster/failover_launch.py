"""The start of a child of a cluster supervisor on its node: with the state that came along, and so that all find it."""

from __future__ import annotations

from typing import Any

from ..behaviours.code import current_start
from ..behaviours.methods import methods_of
from ..behaviours.protocol import Invoke, call
from ..behaviours.results import NONE
from ..core.errors import CallExit
from ..core.ids import Pid
from ..core.relations import exit
from ..core.running import current_node
from ..core.served import class_of
from . import pg

__all__ = ["Launch", "has"]


class Launch:
    """The start function of a child, in place of its own, which it calls.

    `state` is what came with the child, until it is given: once only, so that a child that crashes, and is
    started again by its local supervisor, begins afresh, as it would have without the move.
    """

    def __init__(self, group: Any, start: tuple[Any, ...], state: Any) -> None:
        self._group = group
        self._start = start
        self.state = state

    async def __call__(self) -> Any:
        """Start it; returns what its own start function does."""
        function, args, kwargs = self._start
        result = current_start(function)(*args, **kwargs)
        if hasattr(result, "__await__"):
            result = await result
        pid = result[0] if isinstance(result, tuple) else result
        if isinstance(pid, Pid):
            await self._introduce(pid)
        return result

    async def _introduce(self, pid: Pid) -> None:
        """Give it the state, then let it be found; one with which that fails does not go on unsupervised."""
        try:
            await self._give(pid)
            await pg.join(self._group, pid)
        except (CallExit, ValueError):
            exit(pid, "kill")
            raise

    async def _give(self, pid: Pid) -> None:
        state, self.state = self.state, NONE
        if state is not NONE and has(pid, "take_over"):
            await call(pid, Invoke("take_over", (state,), {}))


def has(pid: Pid, method: str) -> bool:
    """Whether the class of a process of this node marks such a method with `@ab.call`."""
    cls = class_of(current_node().local(pid))
    return cls is not None and method in methods_of(cls)
