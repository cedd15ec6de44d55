"""Locks that the whole cluster knows: `ab.names.set_lock`, `del_lock` and `trans`, as in Erlang's `global`.

    >>> import actorbook as ab
    >>> async with ab.Cluster.simulated(["a", "b"]):
    ...     mine, other = ("disk", ab.self_()), ("disk", "somebody else")
    ...     print(await ab.names.set_lock(mine), await ab.names.set_lock(other, retries=0))
    ...     print(await ab.names.del_lock(mine), await ab.names.trans(other, lambda: "written"))
    True False
    True written

A lock is asked for as a pair: the resource, and who asks, mostly a pid. Who has it gets it again, and so do other
processes that ask with the same second term. It is free when all of them gave it back or ended, or their node is lost.
So each side of a cut can have it: a lock keeps out those in reach, and proves nothing where the network may fail.
Rule GLB-06.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from itertools import count
from typing import Any, Literal, TypeVar

from ..behaviours.requests import multi_call
from ..core.ids import Pid
from ..core.running import current, current_node
from ..core.waits import Sleep
from .names_server import server_here

__all__ = ["del_lock", "set_lock", "trans"]

T = TypeVar("T")
Id = tuple[Any, Any]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 8.0  # seconds at most before the next try, as in Erlang


async def set_lock(id: Id, nodes: Iterable[str] | None = None, retries: int | None = None) -> bool:
    """Take the lock `(resource, requester)` on these nodes, unless told on all in reach; False when it is not free.

    It is tried again `retries` times (None: until it works) after a while that chance decides, longer each time, up
    to 8 s. Nodes that cannot be reached are left out. Raises `TypeError` for an `id` that is no pair, `ValueError` for
    no nodes, `CallExit` (`"noproc"`) without a cluster. Rule GLB-06.
    """
    resource, requester = _pair(id, "set_lock")
    chance, me = current_node().chance, current()
    for attempt in count():
        if await _take(_targets(nodes, "set_lock"), resource, requester, me.pid):
            return True
        if retries is not None and attempt >= retries:
            return False
        await Sleep(me, chance.random() * min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(attempt, 10)))
    raise AssertionError("count() does not end")


async def del_lock(id: Id, nodes: Iterable[str] | None = None) -> bool:
    """Give it back, once for all; a lock that the calling process does not hold is no error. Returns True."""
    resource, requester = _pair(id, "del_lock")
    await _give(_targets(nodes, "del_lock"), resource, requester, current().pid)
    return True


async def trans(
    id: Id, function: Callable[[], T | Awaitable[T]], nodes: Iterable[str] | None = None, retries: int | None = None
) -> T | Literal["aborted"]:
    """Call a function, which may be async, while holding a lock: its result, or `"aborted"` when it was not free.

    The lock is given back whatever the function does; what it raises is raised here.
    """
    where = None if nodes is None else list(nodes)
    if not await set_lock(id, where, retries):
        return "aborted"
    try:
        result: Any = function()
        value: T = await result if hasattr(result, "__await__") else result
        return value
    finally:
        await del_lock(id, where)


# ── asking the nodes


async def _take(nodes: list[str], resource: Any, requester: Any, pid: Pid) -> bool:
    """All of them or none. The lowest comes first, so that of many that ask only one goes on to the others."""
    taken: list[str] = []
    for some in (nodes[:1], nodes[1:]):
        replies, _ = await multi_call(some, server_here(), ("set_lock", resource, requester, pid), None)
        taken += [node for node, free in replies if free]
        if not all(free for _, free in replies):
            await _give(taken, resource, requester, pid)
            return False
    return True


async def _give(nodes: list[str], resource: Any, requester: Any, pid: Pid) -> None:
    await multi_call(nodes, server_here(), ("del_lock", resource, requester, pid), None)


def _targets(nodes: Iterable[str] | None, what: str) -> list[str]:
    """The nodes that are asked, in an order that all have in common."""
    node = current_node()
    server_here()
    reach = {node.name, *node.remote.peers}
    if nodes is None:
        return sorted(reach)
    wanted = sorted({nodes} if isinstance(nodes, str) else set(nodes))
    if not wanted:
        raise ValueError(f"{what}: expected nodes such as ['a'], got none; in reach are {', '.join(sorted(reach))}")
    return [name for name in wanted if name in reach]


def _pair(id: Any, what: str) -> Id:
    if not isinstance(id, tuple) or len(id) != 2:
        raise TypeError(f"{what}: expected (resource, requester) such as ('disk', ab.self_()), got {id!r}")
    return id
