"""What carries broadcasts to the other nodes: the contract of an adapter (rule CH-58).

An adapter is a class, given to `PubSub.start(adapter=…)`. It never delivers on its own node: that is done by
`PubSub` itself, after the adapter has accepted the message.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ..behaviours.child_spec import ChildSpec
from ..core.ids import Pid

__all__ = ["Adapter", "Dispatcher", "Entries", "check_size"]

Entries = list[tuple[Pid, Any]]
Dispatcher = Callable[[Entries, Pid | None, Any], Any]


class Adapter(Protocol):
    """The four functions. On the other side a message ends in `PubSub.local_broadcast(name, topic, …)`.

    A message that arrives is delivered at most once; one sender's messages keep their order; what is lost on the
    way, or in a cut, is not sent again.
    """

    def child_spec(self, *, name: str, adapter_name: str, pool_size: int, **options: Any) -> ChildSpec:
        """How to start the adapter of the pubsub `name` on this node, under the name `adapter_name`.

        `options` are those of `PubSub.start` that are not its own. Bad ones raise `ValueError`.
        """
        ...

    def node_name(self, adapter_name: str) -> str:
        """What this node is called in `direct_broadcast`."""
        ...

    def broadcast(self, adapter_name: str, topic: str, message: Any, dispatcher: Dispatcher | None) -> None:
        """Hand the message over to all *other* nodes; raises when that cannot be done. Does not wait."""
        ...

    def direct_broadcast(
        self, adapter_name: str, node_name: str, topic: str, message: Any, dispatcher: Dispatcher | None
    ) -> None:
        """Hand it over to the one node with that name, which may be this one; a lost node is no error."""
        ...


def check_size(what: str, size: Any) -> int:
    """A whole number above 0, or the error of who starts the pubsub."""
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise ValueError(f"PubSub: expected {what} to be a whole number above 0, got {size!r}")
    return size
