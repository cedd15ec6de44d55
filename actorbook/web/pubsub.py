"""`PubSub`: processes subscribe to topics, and whoever broadcasts reaches all of them, on every node.

    >>> import actorbook as ab
    >>> PubSub = ab.web.PubSub
    >>> _ = await PubSub.start(name="pubsub")
    >>> PubSub.subscribe("pubsub", "user:7")
    >>> PubSub.broadcast("pubsub", "user:7", ("renamed", "Ada"))
    >>> await ab.receive()
    ('renamed', 'Ada')

Start it under the same name on each node of a cluster, and they find each other:

    >>> async with ab.Cluster.simulated(["a"]):
    ...     _ = await PubSub.start(name="news")
    ...     _ = await PubSub.start(name="news", node="a")
    ...     PubSub.subscribe("news", "extra")
    ...     await ab.sleep(0.1)                                    # until the nodes have met
    ...     _ = ab.spawn(PubSub.broadcast, "news", "extra", "hello from a", node="a")
    ...     print(await ab.receive())
    hello from a

A message is delivered at most once, to those who are subscribed when it arrives: there is no history and no
answer, and what is lost in a cut is not sent again. The messages of one sender keep their order.

Under the supervisor that `start` returns are a registry, which has the name of the pubsub, and an adapter for the
other nodes. When the registry ends the subscribers end with it: they are linked (rule CH-74). Use it where the
sender does not know who listens; where it does, send to them. Source: Phoenix.PubSub, rules CH-53 to CH-59.
"""

from __future__ import annotations

from typing import Any

from ..behaviours.child_spec import ChildSpec
from ..behaviours.registry import Registry
from ..behaviours.supervisor import Supervisor
from ..core.ids import Pid
from . import pubsub_access
from .pubsub_access import META, SUPERVISOR
from .pubsub_adapter import Adapter, check_size
from .pubsub_pg import PgAdapter

__all__ = ["PubSub"]


class PubSub(Supervisor):
    """Start one with `await PubSub.start(name=…)`, or put `PubSub.child_spec(name=…)` in a tree."""

    strategy = "rest_for_one"

    @classmethod
    async def start(cls, *, name: str, node: str | None = None, **options: Any) -> Pid:  # type: ignore[override]
        """Start a pubsub on a node, and wait until it can be used; returns the pid of its supervisor.

        Options: `adapter`, what connects the nodes (see `actorbook.web.pubsub_adapter`); `pool_size`, its workers on
        each node (1; the same on all nodes); `registry_size`, into how many parts the subscribers are dealt (1:
        on one event loop more make nothing faster); others go to the adapter. Bad ones raise `ValueError`, a name
        that is taken `SupervisorError`.
        """
        pid = await super().start(name, options, name=_supervisor_of(name), node=node)
        assert pid is not None
        return pid

    @classmethod
    async def start_link(cls, *, name: str, node: str | None = None, **options: Any) -> Pid:  # type: ignore[override]
        """As `start`, linked to the calling process, its parent: how supervisors start their children."""
        pid = await super().start_link(name, options, name=_supervisor_of(name), node=node)
        assert pid is not None
        return pid

    @classmethod
    def child_spec(cls, *, name: str, **options: Any) -> ChildSpec:  # type: ignore[override]
        """How a supervisor is to start it: the options of `start`.

        >>> import actorbook as ab
        >>> top = await ab.Supervisor.start([ab.web.PubSub.child_spec(name="pubsub")])
        >>> ab.web.PubSub.node_name("pubsub")
        'nb@local'
        """
        _supervisor_of(name)
        cls.children(name, options)
        return ChildSpec(name, (cls.start_link, (), {"name": name, **options}), type="supervisor", modules=("PubSub",))

    @staticmethod
    def children(name: str, options: dict[str, Any]) -> list[ChildSpec]:
        """The registry, then the adapter: without the one the other has nobody to deliver to."""
        given = dict(options)
        adapter: Adapter = given.pop("adapter", PgAdapter)
        pool_size, partitions = given.pop("pool_size", 1), check_size("registry_size", given.pop("registry_size", 1))
        adapter_name = f"{name}.adapter"
        meta = {META: (adapter, adapter_name)}
        return [
            Registry.child_spec("duplicate", name=name, partitions=partitions, meta=meta),
            adapter.child_spec(name=name, adapter_name=adapter_name, pool_size=pool_size, **given),
        ]

    # --- for everybody ----------------------------------------------------------------------------------

    subscribe = staticmethod(pubsub_access.subscribe)
    unsubscribe = staticmethod(pubsub_access.unsubscribe)
    broadcast = staticmethod(pubsub_access.broadcast)
    broadcast_from = staticmethod(pubsub_access.broadcast_from)
    local_broadcast = staticmethod(pubsub_access.local_broadcast)
    local_broadcast_from = staticmethod(pubsub_access.local_broadcast_from)
    direct_broadcast = staticmethod(pubsub_access.direct_broadcast)
    node_name = staticmethod(pubsub_access.node_name)
    dispatch = staticmethod(pubsub_access.dispatch)


def _supervisor_of(name: Any) -> str:
    """The name of the supervisor, for the pubsub's own is the registry's."""
    if not isinstance(name, str) or not name:
        raise ValueError(f"PubSub.start: expected a name such as 'pubsub', got {name!r}")
    return name + SUPERVISOR
