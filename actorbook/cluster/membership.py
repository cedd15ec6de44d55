"""Which nodes there are, as this node sees it: `nodes` and `monitor_nodes`, as in Erlang."""

from __future__ import annotations

from ..core.running import current, current_node

__all__ = ["monitor_nodes", "nodes"]


def nodes() -> list[str]:
    """The names of the nodes that this one is connected with, itself left out; without a cluster none.

    >>> import actorbook as ab
    >>> async with ab.Cluster.simulated(["a", "b"]) as cluster:
    ...     cluster.partition({"a"}, {"nb@local"})
    ...     await ab.sleep(1)
    ...     print(ab.nodes())
    ['b']
    """
    return sorted(current_node().remote.peers)


def monitor_nodes(on: bool = True) -> None:
    """Be told of nodes that come and go: `("nodeup", name)` and `("nodedown", name)`, until `monitor_nodes(False)`.

    `nodeup` comes before anything that the node sends, `nodedown` after the last that was received from it and
    after every `noconnection` that its loss means. As in Erlang calls add up: asked twice, told twice.

        >>> import actorbook as ab
        >>> async with ab.Cluster.simulated(["a"]) as cluster:
        ...     ab.monitor_nodes()
        ...     cluster.crash("a")
        ...     cluster.restart("a")
        ...     print(await ab.receive(), await ab.receive())
        ('nodedown', 'a') ('nodeup', 'a')
    """
    if not isinstance(on, bool):
        raise TypeError(f"monitor_nodes: expected True or False, got {on!r}")
    me = current()
    listeners = me.node.remote.listeners
    times = listeners.get(me.pid, 0) + (1 if on else -1)
    if times > 0:
        listeners[me.pid] = times
    else:
        listeners.pop(me.pid, None)
