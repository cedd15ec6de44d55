"""`ab.names`: names that the whole cluster knows, one process each, as Erlang's `global`.

    >>> import actorbook as ab
    >>> async with ab.Cluster.simulated(["a", "b"]) as cluster:
    ...     pid = await ab.Agent.start(dict, node="b")
    ...     _ = await ab.register(pid, "store", scope="cluster")
    ...     print(ab.whereis("store", scope="cluster") is pid, ab.names.registered_names())
    ...     print(await ab.Agent.get(("via", ab.names, "store"), len))
    ...     cluster.crash("b")
    ...     await ab.sleep(0.1)
    ...     print(ab.whereis("store", scope="cluster"))
    True ['store']
    0
    None

A destination `("via", ab.names, name)` reaches the holder on whichever node it is, and a server started with it
as its name has it before anyone can call. A name is free again when its process or its node is lost. Each side
of a cut goes on by itself, so both may give the same name away; after healing a *resolver* is called once
with the name and both pids, and returns the one that keeps it. `random_exit_name` (the default) kills the
other, `random_notify_name` tells it, `notify_all_name` tells both and drops the name. Rules GLB-01 to GLB-05.
Locks (`set_lock`, `del_lock`, `trans`) are told in `actorbook.cluster.locks`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..behaviours.protocol import call
from ..core.context import send as _send
from ..core.dest import resolve as _resolve
from ..core.errors import NameTakenError, UnknownNameError
from ..core.ids import Pid
from ..core.relations import check_pid, exit
from ..core.running import current_node
from ..core.served import book_of
from .locks import del_lock, set_lock, trans
from .names_book import NamesBook
from .names_server import server_here

__all__ = [
    "del_lock", "notify_all_name", "random_exit_name", "random_notify_name", "re_register_name", "register_name",
    "registered_names", "send", "set_lock", "trans", "unregister_name", "whereis_name",
]  # fmt: skip

Resolver = Callable[[str, Pid, Pid], Pid | None]


# ── resolvers


def random_exit_name(name: str, one: Pid, other: Pid) -> Pid:
    """One of the two keeps the name, by chance; the other is killed."""
    winner, loser = _by_chance(one, other)
    exit(loser, "kill")
    return winner


def random_notify_name(name: str, one: Pid, other: Pid) -> Pid:
    """One of the two keeps the name, by chance; the other is told `("global_name_conflict", name, winner)`."""
    winner, loser = _by_chance(one, other)
    _send(loser, ("global_name_conflict", name, winner))
    return winner


def notify_all_name(name: str, one: Pid, other: Pid) -> None:
    """Nobody keeps the name, and both are told `("global_name_conflict", name, the other)`."""
    _send(one, ("global_name_conflict", name, other))
    _send(other, ("global_name_conflict", name, one))


def _by_chance(one: Pid, other: Pid) -> tuple[Pid, Pid]:
    return (one, other) if current_node().chance.random() < 0.5 else (other, one)


# ── giving and finding


async def register_name(name: str, pid: Pid, resolve: Resolver = random_exit_name, timeout: float | None = 5.0) -> bool:
    """Give a process, of whichever node, a name; False when the name is taken, or the process has one (GLB-01).

    When this returns, every node that is connected knows. `resolve` is sent along and so has to be importable.
    Raises `ValueError` when the process is dead or its node cannot be reached, `CallExit` after `timeout`
    seconds, and without a cluster (`"noproc"`).
    """
    return await _register(name, pid, resolve, again=False, timeout=timeout)


async def re_register_name(
    name: str, pid: Pid, resolve: Resolver = random_exit_name, timeout: float | None = 5.0
) -> bool:
    """The same, and whoever has the name loses it to `pid`: on no node is there a moment without a holder."""
    return await _register(name, pid, resolve, again=True, timeout=timeout)


async def _register(name: Any, pid: Pid, resolve: Any, *, again: bool, timeout: float | None) -> bool:
    if not isinstance(name, str) or not name:
        raise TypeError(f"register_name: expected the name as text, got {name!r}")
    request = ("register", name, check_pid(pid, "register_name"), resolve, again)
    verdict = await call(server_here(), request, timeout)
    if isinstance(verdict, str):
        hint = "it is not alive" if verdict == "noproc" else f"its node {pid.node!r} cannot be reached"
        raise ValueError(f"register_name: expected a living process, got {pid!r}: {hint} ({verdict})")  # noqa: TRY004
    return bool(verdict)


async def unregister_name(name: str, timeout: float | None = 5.0) -> bool:
    """Free a name on all nodes; False when nobody has it."""
    freed: bool = await call(server_here(), ("unregister", name), timeout)
    return freed


def whereis_name(name: str) -> Pid | None:
    """Who has the name, None when nobody has. Does not wait: each node knows all names."""
    held = _book().holder(name)
    return None if held is None else held.pid


def registered_names() -> list[str]:
    """All names that this node knows of."""
    return _book().names()


def send(name: str, message: Any) -> None:
    """Send to whoever has the name; nobody is an error (rule GLB-05)."""
    pid = whereis_name(name)
    if pid is None:
        known = ", ".join(registered_names()[:8]) or "there are none"
        raise UnknownNameError(f"send: nobody in the cluster has the name {name!r}; names: {known}")
    _send(pid, message)


class ClusterNames:
    """What `ab.register(…, scope="cluster")` and its like do."""

    async def register(self, pid: Pid, name: str) -> bool:
        """Give the name, or say who has it."""
        if not await register_name(name, pid):
            holder = whereis_name(name)
            taken = f"{name!r} is taken by {holder!r}" if holder is not None else f"{pid!r} has a name already"
            raise NameTakenError(f"register: {taken}; unregister it first, or see ab.names.re_register_name")
        return True

    async def unregister(self, name: str) -> bool:
        """Free the name; an unknown one is an error."""
        if not await unregister_name(name):
            raise UnknownNameError(f"unregister: nobody in the cluster has the name {name!r}")
        return True

    def whereis(self, name: str) -> Pid | None:
        """Who has it."""
        return whereis_name(name)


def _book() -> NamesBook:
    node = current_node()
    process = _resolve(server_here(), node)
    book = book_of(process)
    return book if isinstance(book, NamesBook) else NamesBook(node.name)
