"""The functions of a pubsub: they act for the calling process, on the registry's own table; none waits.

`pubsub` is its name, or the pid that `PubSub.start` returned. One that is not there raises `UnknownNameError`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from ..behaviours.registry import Registry
from ..behaviours.registry_book import Book
from ..core.dest import deliver_late, resolve
from ..core.errors import UnknownKeyError, UnknownNameError
from ..core.ids import Pid
from ..core.isolation import isolate
from ..core.relations import check_pid
from ..core.running import current, current_node
from ..core.served import book_of
from .fan_out import copies
from .pubsub_adapter import Adapter, Dispatcher, Entries

__all__ = [
    "META", "SUPERVISOR", "Hub", "broadcast", "broadcast_from", "direct_broadcast", "dispatch", "hub_of",
    "local_broadcast", "local_broadcast_from", "node_name", "subscribe", "unsubscribe",
]  # fmt: skip

META = "pubsub"
SUPERVISOR = ".supervisor"


class Hub(NamedTuple):
    """A running pubsub of this node: its registry, and what carries its messages to other nodes."""

    registry: Pid
    adapter: Adapter
    adapter_name: str


def hub_of(pubsub: Any, what: str) -> Hub:
    """The hub with this name, or of this supervisor; the caller's error when there is none (rule CH-57)."""
    node = current_node()
    process = resolve(pubsub, node)
    if process is not None:
        name = process.name or ""
        below = node.names.get(name.removesuffix(SUPERVISOR)) if name.endswith(SUPERVISOR) else None
        for registry in filter(None, (process, below)):
            if isinstance(book_of(registry), Book):
                with suppress(UnknownKeyError):
                    return Hub(registry.pid, *Registry.meta(registry.pid, META))
    hint = node.names.hint() if process is None else f"{process.title()} is something else"
    raise UnknownNameError(f"{what}: expected a running pubsub, got {pubsub!r}; {hint}")


# ── coming and going


def subscribe(pubsub: Pid | str, topic: str, metadata: Any = None) -> None:
    """Have the calling process receive what is broadcast to `topic`, as plain messages (rule CH-53).

    Subscribed twice it receives each message twice. It is linked with the pubsub's registry: when that ends, so do
    the subscribers, since they would hear nothing any more. `metadata` is for the dispatcher of a broadcast.

        >>> import actorbook as ab
        >>> _ = await ab.web.PubSub.start(name="pubsub")
        >>> ab.web.PubSub.subscribe("pubsub", "news")
        >>> ab.web.PubSub.broadcast("pubsub", "news", "extra!")
        >>> await ab.receive()
        'extra!'
    """
    Registry.register(hub_of(pubsub, "subscribe").registry, _checked(topic, "subscribe"), metadata)


def unsubscribe(pubsub: Pid | str, topic: str) -> None:
    """Take all subscriptions of the calling process to `topic` back; none is no error (rule CH-53)."""
    Registry.unregister(hub_of(pubsub, "unsubscribe").registry, _checked(topic, "unsubscribe"))


# ── broadcasts


def broadcast(pubsub: Pid | str, topic: str, message: Any, dispatcher: Dispatcher | None = None) -> None:
    """Send `message` to all who subscribed to `topic`, on every node, the caller too if it did (rule CH-54).

    The other nodes come first: when the adapter raises, nobody here gets it (CH-56). Nobody there is no error, and
    nothing is kept for those who come later.

    A `dispatcher(entries, from_pid, message)` delivers in place of `send` (CH-57): it is called on each node that
    has subscribers, with their pids and metadata. To be known on other nodes it is a function of a module. What
    raises in it raises here; on another node it is logged there.
    """
    hub = hub_of(pubsub, "broadcast")
    hub.adapter.broadcast(hub.adapter_name, _checked(topic, "broadcast"), message, dispatcher)
    _deliver(hub, topic, None, message, dispatcher)


def broadcast_from(
    pubsub: Pid | str, from_pid: Pid, topic: str, message: Any, dispatcher: Dispatcher | None = None
) -> None:
    """As `broadcast`, to all but `from_pid` (rule CH-55).

    >>> import actorbook as ab
    >>> _ = await ab.web.PubSub.start(name="pubsub")
    >>> ab.web.PubSub.subscribe("pubsub", "news")
    >>> ab.web.PubSub.broadcast_from("pubsub", ab.self_(), "news", "not for me")
    >>> ab.flush()
    []
    """
    hub = hub_of(pubsub, "broadcast_from")
    sender = check_pid(from_pid, "broadcast_from")
    hub.adapter.broadcast(hub.adapter_name, _checked(topic, "broadcast_from"), message, dispatcher)
    _deliver(hub, topic, sender, message, dispatcher)


def local_broadcast(pubsub: Pid | str, topic: str, message: Any, dispatcher: Dispatcher | None = None) -> None:
    """As `broadcast`, on this node only."""
    hub = hub_of(pubsub, "local_broadcast")
    _deliver(hub, _checked(topic, "local_broadcast"), None, message, dispatcher)


def local_broadcast_from(
    pubsub: Pid | str, from_pid: Pid, topic: str, message: Any, dispatcher: Dispatcher | None = None
) -> None:
    """As `broadcast_from`, on this node only."""
    hub = hub_of(pubsub, "local_broadcast_from")
    sender = check_pid(from_pid, "local_broadcast_from")
    _deliver(hub, _checked(topic, "local_broadcast_from"), sender, message, dispatcher)


def direct_broadcast(
    node: str, pubsub: Pid | str, topic: str, message: Any, dispatcher: Dispatcher | None = None
) -> None:
    """As `broadcast`, on the node with that `PubSub.node_name` only; one that cannot be reached is no error."""
    hub = hub_of(pubsub, "direct_broadcast")
    if not isinstance(node, str):
        raise TypeError(f"direct_broadcast: expected the name of a node, got {node!r}; the pubsub comes after it")
    hub.adapter.direct_broadcast(hub.adapter_name, node, _checked(topic, "direct_broadcast"), message, dispatcher)


def node_name(pubsub: Pid | str) -> str:
    """What this node is called in `direct_broadcast`."""
    hub = hub_of(pubsub, "node_name")
    return hub.adapter.node_name(hub.adapter_name)


# ── delivery


def dispatch(entries: Entries, from_pid: Pid | None, message: Any) -> None:
    """The dispatcher of a broadcast that names none: send to each but `from_pid`.

    The message is looked through once, however many receive it; one that could be changed is still not shared by
    any two of them.
    """
    pids = [pid for pid, _ in entries if pid is not from_pid]
    if pids:
        node, copy = current().node, copies(message)
        for pid in pids:
            deliver_late(node, pid, copy())


def _deliver(hub: Hub, topic: str, from_pid: Pid | None, message: Any, dispatcher: Dispatcher | None) -> None:
    """To the subscribers of this node: each part of the registry in turn, in order of subscription."""
    if dispatcher is None:
        Registry.dispatch(hub.registry, topic, partial(_send, from_pid, message))
    elif callable(dispatcher):
        copy = isolate(message)
        Registry.dispatch(hub.registry, topic, lambda entries: dispatcher(entries, from_pid, copy))
    else:
        raise TypeError(f"dispatcher: expected a function (entries, from_pid, message), got {dispatcher!r}")


def _send(from_pid: Pid | None, message: Any, entries: Entries) -> None:
    dispatch(entries, from_pid, message)


def _checked(topic: Any, what: str) -> str:
    if not isinstance(topic, str):
        raise TypeError(f"{what}: expected the topic as text such as 'room:1', got {topic!r}")
    return topic
