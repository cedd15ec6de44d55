"""actorbook with its picture on the screen: what is left over against the plain one is the cost of being watched.

No kernel and no page: a picture of the whole node speaks at the widget's pace, twenty times a second at most, and what
it says is encoded as the widget's channel would do it. What a page then does is another process's time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from json import dumps

import actorbook as ab
from actorbook.core.host import AsyncioHost
from actorbook.notebook.pace import Pace
from actorbook.notebook.picture import Picture
from benchmarks.peers.actorbook import call, cast, forkjoin, restart, spawn

__all__ = ["call", "cast", "forkjoin", "restart", "spawn", "stage"]

ABSENT: dict[str, str] = {}


class _View:
    """Somebody who always looks, and receives every delta at once."""

    def __init__(self, node: ab.Node) -> None:
        self._picture = Picture(node)
        dumps(self._picture.snapshot())

    def wants(self) -> bool:
        return True

    def speak(self, lag: float, cost: float) -> bool:
        self._picture.lag = lag
        delta = self._picture.delta()
        if delta is not None:
            dumps(delta)
        return self._picture.busy()


async def stage(play: Callable[[], Awaitable[None]]) -> None:
    """A node that is looked at."""
    async with ab.Node() as node:
        assert isinstance(node.host, AsyncioHost)
        pace = Pace(node.host, node.clock.now)
        pace.pictures.append(_View(node))
        node.watchers.append(pace.touch)
        await play()
        pace.close()
