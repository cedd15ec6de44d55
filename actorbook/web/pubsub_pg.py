"""The default adapter: one worker on each node, found by a process group, that delivers to its own node.

With a `pool_size` there are several, each in a group of its own. Who sends is dealt to one of them by its pid, so
that what it sends arrives in order (rule CH-59). `broadcast_pool_size` says how many groups this node sends to: to
change the size while others run, raise `pool_size` on all nodes first, then the other; to lower it, vice versa.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..behaviours.child_spec import ChildSpec
from ..behaviours.gen_server import GenServer
from ..behaviours.supervising import server_of
from ..behaviours.supervisor import Supervisor
from ..cluster import pg
from ..core.context import self_, send
from ..core.errors import UnknownNameError
from ..core.running import current, current_node
from . import pubsub_access
from .pubsub_adapter import Dispatcher, check_size

__all__ = ["PgAdapter"]


class _Pool(NamedTuple):
    """How the adapter of one pubsub is to be."""

    pubsub: str
    adapter_name: str
    pool_size: int
    broadcast_pool_size: int


def _pool(name: str, adapter_name: str, pool_size: Any, broadcast_pool_size: Any = None) -> _Pool:
    """The options, or the error of who starts the pubsub."""
    senders = pool_size if broadcast_pool_size is None else broadcast_pool_size
    check_size("pool_size", pool_size)
    check_size("broadcast_pool_size", senders)
    if senders > pool_size:
        raise ValueError(
            f"PubSub: expected a broadcast_pool_size of at most the pool_size {pool_size}, got {senders}; "
            "there are no workers for the rest"
        )
    return _Pool(name, adapter_name, pool_size, senders)


class PgAdapter(Supervisor):
    """`PubSub.start(adapter=PgAdapter)`, which is what it uses unless told: over the nodes of an `ab.Cluster`.

    It has a scope of process groups of its own, so it works on a node that is alone as well, and finds the others
    when there are some. Beside `pool_size` it takes `broadcast_pool_size`.
    """

    strategy = "rest_for_one"  # workers join a scope that lives as long as they do

    @classmethod
    def child_spec(  # type: ignore[override]
        cls, *, name: str, adapter_name: str, pool_size: int, **options: Any
    ) -> ChildSpec:
        """Check the sizes, in who starts the pubsub."""
        return super().child_spec(_pool(name, adapter_name, pool_size, **options), id=adapter_name, name=adapter_name)

    @staticmethod
    def children(pool: _Pool) -> list[ChildSpec]:
        """The scope, and the workers that join it."""
        scope = _scope(pool.adapter_name)
        return [
            ChildSpec(scope, (pg.start_link, (scope,), {})),
            *(
                _Worker.child_spec(pool.pubsub, scope, group, name=group)
                for group in (_worker(pool.adapter_name, number) for number in range(pool.pool_size))
            ),
        ]

    async def init(self, specs: list[ChildSpec], options: Any, given: Any = None) -> Any:
        """Know to how many groups to send."""
        (pool,), _ = given
        self.senders: int = pool.broadcast_pool_size
        return await super().init(specs, options, given)

    # --- the contract -----------------------------------------------------------------------------------

    @staticmethod
    def node_name(adapter_name: str) -> str:
        """The name of the node."""
        return current_node().name

    @staticmethod
    def broadcast(adapter_name: str, topic: str, message: Any, dispatcher: Dispatcher | None) -> None:
        """To the workers of all nodes that are connected."""
        home = current_node().home
        for pid in pg.get_members(_chosen(adapter_name), scope=_scope(adapter_name)):
            if pid.home is not home:
                send(pid, _forward(topic, message, dispatcher))

    @staticmethod
    def direct_broadcast(
        adapter_name: str, node_name: str, topic: str, message: Any, dispatcher: Dispatcher | None
    ) -> None:
        """To the worker of that node, by its name."""
        send((_chosen(adapter_name), node_name), _forward(topic, message, dispatcher))


class _Worker(GenServer):
    """Delivers on its node what others forward."""

    async def init(self, pubsub: str, scope: str, group: str) -> None:
        """Be found."""
        self.pubsub = pubsub
        await pg.join(group, self_(), scope=scope)

    def handle_info(self, message: Any) -> None:
        """A broadcast from elsewhere."""
        match message:
            case ("forward_to_local", topic, content, dispatcher):
                pubsub_access.local_broadcast(self.pubsub, topic, content, dispatcher)


def _forward(topic: str, message: Any, dispatcher: Dispatcher | None) -> tuple[Any, ...]:
    return "forward_to_local", topic, message, dispatcher


def _scope(adapter_name: str) -> str:
    return f"{adapter_name}.pg"


def _worker(adapter_name: str, number: int) -> str:
    return f"{adapter_name}.{number}"


def _chosen(adapter_name: str) -> str:
    """The group that stands for the calling process: always the same one."""
    adapter = server_of(adapter_name, PgAdapter)
    if adapter is None:
        raise UnknownNameError(f"broadcast: the adapter {adapter_name!r} does not run; its supervisor may be at it")
    return _worker(adapter_name, current().pid.number % adapter.senders)
