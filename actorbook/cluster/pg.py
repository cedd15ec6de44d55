"""`ab.pg`: process groups that span the cluster, as Erlang's `pg`.

A group is there while it has members; each process joins and leaves through its own node, and every node knows
all members. Nodes that cannot reach each other go on with those that they reach, and after healing all are
there again: nobody had to agree on anything.

    >>> import actorbook as ab
    >>> async with ab.Cluster.simulated(["a", "b"]):
    ...     pid = await ab.Agent.start(dict, node="b")
    ...     await ab.pg.join("workers", ab.self_())
    ...     _ = ab.spawn(ab.pg.join, "workers", pid, node="b")     # each process joins on its own node
    ...     await ab.sleep(0.1)
    ...     print(len(ab.pg.get_members("workers")), ab.pg.get_local_members("workers") == [ab.self_()])
    2 True

A cluster starts the scope `"pg"` on each of its nodes; `start(scope)` starts others, or one without a cluster.
Use groups to find many, and `ab.names` to find the one. Rules PG-01 to PG-07.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..behaviours.protocol import call
from ..core.dest import resolve
from ..core.errors import CallExit
from ..core.ids import Pid, Ref
from ..core.relations import local_pid
from ..core.running import current, current_node
from ..core.served import book_of
from .pg_book import Book
from .pg_server import PgServer

__all__ = [
    "demonitor", "get_local_members", "get_members", "join", "leave", "monitor", "monitor_scope", "start", "start_link",
    "which_groups",
]  # fmt: skip

_DEFAULT = "pg"
Pids = Pid | Iterable[Pid]


async def start(scope: str = _DEFAULT) -> Pid:
    """Start a scope on this node: groups of one scope know nothing of those of another (rule PG-05).

    Nodes that run the same scope find each other. Raises `StartError` when it runs here already.
    """
    pid = await PgServer.start(scope, name=scope)
    assert pid is not None
    return pid


async def start_link(scope: str = _DEFAULT) -> Pid:
    """As `start`, linked, for a supervisor. A scope that is restarted has forgotten who joined here."""
    pid = await PgServer.start_link(scope, name=scope)
    assert pid is not None
    return pid


async def join(group: Any, pids: Pids, scope: str = _DEFAULT) -> None:
    """Have one or several processes of this node join; who joins twice is in twice (rule PG-01).

    Raises `ValueError` for a process of another node (PG-04), `CallExit` (`"noproc"`) when the scope does not run.
    """
    await call(_running(scope), ("join", group, _local(pids, "pg.join")))


async def leave(group: Any, pids: Pids, scope: str = _DEFAULT) -> bool:
    """Leave once; False when none of them was a member (rule PG-02)."""
    left: bool = await call(_running(scope), ("leave", group, _local(pids, "pg.leave")))
    return left


def get_members(group: Any, scope: str = _DEFAULT) -> list[Pid]:
    """All members on all nodes that are connected, in no promised order; an unknown group is empty (rule PG-03)."""
    return _book(scope).members(group)


def get_local_members(group: Any, scope: str = _DEFAULT) -> list[Pid]:
    """The members on this node."""
    return list(_book(scope).local.get(group, ()))


def which_groups(scope: str = _DEFAULT) -> list[Any]:
    """All groups that have members."""
    return _book(scope).groups()


async def monitor(group: Any, scope: str = _DEFAULT) -> tuple[Ref, list[Pid]]:
    """Be told of changes: returns a ref and the members; then come `(ref, "join" | "leave", group, pids)`.

    Rule PG-06.
    """
    answer: tuple[Ref, list[Pid]] = await call(_running(scope), ("monitor", group, False))
    return answer


async def monitor_scope(scope: str = _DEFAULT) -> tuple[Ref, dict[Any, list[Pid]]]:
    """The same for all groups at once, also those to come."""
    answer: tuple[Ref, dict[Any, list[Pid]]] = await call(_running(scope), ("monitor", None, True))
    return answer


async def demonitor(ref: Ref, scope: str = _DEFAULT) -> bool:
    """Be told no more; what is queued already is dropped. False for an unknown ref."""
    known: bool = await call(_running(scope), ("demonitor", ref))
    me = current()
    while known and me.take(lambda message: isinstance(message, tuple) and len(message) == 4 and message[0] is ref)[0]:
        pass
    return known


def _local(pids: Pids, what: str) -> tuple[Pid, ...]:
    node = current_node()
    some: Any = (pids,) if isinstance(pids, Pid) else pids
    return tuple(local_pid(pid, what, node) for pid in some)


def _running(scope: str) -> str:
    if resolve(scope, current_node()) is None:
        raise CallExit("noproc", f"pg: the scope {scope!r} does not run on this node; `await ab.pg.start({scope!r})`")
    return scope


def _book(scope: str) -> Book:
    process = resolve(_running(scope), current_node())
    book = book_of(process)
    return book if isinstance(book, Book) else Book()
