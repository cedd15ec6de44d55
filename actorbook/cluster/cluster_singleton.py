"""`ClusterSingleton`: one process of its kind in the cluster, reached by a name, and started elsewhere when lost.

    >>> import actorbook as ab
    >>> cluster = await ab.Cluster.simulated(["a", "b", "c"])
    >>> await ab.ClusterSingleton.start((ab.Agent, dict), name="leader")
    ('via', ClusterSingleton, 'leader')
    >>> leader = ("via", ab.ClusterSingleton, "leader")
    >>> await ab.Agent.get(leader, len)
    0
    >>> before = ab.ClusterSingleton.whereis("leader").node
    >>> cluster.crash(before)
    >>> await ab.sleep(0.1)
    >>> ab.ClusterSingleton.whereis("leader").node == before, await ab.Agent.get(leader, len)
    (False, 0)
    >>> await cluster.stop()

It is a `ClusterSupervisor` with one child: which says what it does about a cut, how long a loss takes to be
noticed, and how state is handed over. The destination `("via", ab.ClusterSingleton, name)` works on every node.
While it is on its way to another node nobody has the name: a call then exits with `"noproc"`.
"""

from __future__ import annotations

from typing import Any

from ..behaviours.child_spec import check_child
from ..core.context import send
from ..core.errors import UnknownNameError
from ..core.ids import Pid
from .cluster_supervisor import ClusterSupervisor

__all__ = ["ClusterSingleton"]

_ID = "singleton"


class _Via(type):
    """The class stands in destinations, and is shown as one would write it."""

    def __repr__(cls) -> str:
        return cls.__name__


class ClusterSingleton(metaclass=_Via):
    """Start it with `await ab.ClusterSingleton.start(child, name=…)`; stop it with `stop(name)`."""

    @staticmethod
    async def start(child: Any, *, name: str, **options: Any) -> tuple[str, Any, str]:
        """Start the one process, and wait until it runs; returns the destination by which it is reached.

        `child` is a class, a pair (class, args…) or a child spec; the options are those of
        `ClusterSupervisor.start`: `nodes`, `split`, `patience` and so on, with its errors.
        """
        await ClusterSupervisor.start([check_child(child)._replace(id=_ID)], name=name, **options)
        return "via", ClusterSingleton, name

    @staticmethod
    async def stop(name: str) -> None:
        """Stop it for good, and wait until it is gone."""
        await ClusterSupervisor.stop(name)

    @staticmethod
    def whereis(name: str) -> Pid | None:
        """The process, on whichever node; None while there is none. Does not wait."""
        return ClusterSupervisor.whereis(name, _ID)

    whereis_name = whereis

    @staticmethod
    def send(name: str, message: Any) -> None:
        """Send to it; while there is none this is an error."""
        pid = ClusterSingleton.whereis(name)
        if pid is None:
            raise UnknownNameError(f"send: no singleton {name!r} is in reach; was it started?")
        send(pid, message)
