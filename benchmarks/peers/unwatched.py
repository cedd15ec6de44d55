"""actorbook without its recorder: what is left over against the full one is the cost of being observable."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import actorbook as ab
from benchmarks.peers.actorbook import call, cast, forkjoin, restart, spawn

__all__ = ["call", "cast", "forkjoin", "restart", "spawn", "stage"]

ABSENT: dict[str, str] = {}


async def stage(play: Callable[[], Awaitable[None]]) -> None:
    """A node that tells nobody what happens."""
    async with ab.Node() as node:
        node.tracer = None
        await play()
