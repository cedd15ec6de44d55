"""What a channel says: `push`, `broadcast`, `broadcast_from`, `reply`. None of it waits (rules CH-42 to CH-44)."""

from __future__ import annotations

from typing import Any

from ..core.dest import deliver
from ..core.running import current_node
from .broadcast import Broadcast
from .fastlane import dispatch
from .pubsub import PubSub
from .results import status_and_response
from .state import SocketRef, SocketState

__all__ = ["broadcast", "broadcast_from", "check_payload", "now", "push", "reply", "socket_ref"]


def push(socket: SocketState, event: str, payload: Any) -> None:
    """Send an event to this channel's client. `payload` is a dict or bytes, else `TypeError`.

    Before the join is finished it raises `RuntimeError`: send yourself a message in `join`.
    """
    _joined(socket, "push")
    _deliver(socket, socket.serializer.message(socket.join_ref, None, socket.topic, event, check_payload(payload)))


def broadcast(socket: SocketState, event: str, payload: Any) -> None:
    """Send an event to all clients of this channel's topic, on all nodes, its own too. Payload as for `push`."""
    _joined(socket, "broadcast")
    message = Broadcast(socket.topic, event, check_payload(payload))
    PubSub.broadcast(socket.pubsub, socket.topic, message, dispatch)


def broadcast_from(socket: SocketState, event: str, payload: Any) -> None:
    """As `broadcast`, to all but this channel's own client."""
    _joined(socket, "broadcast_from")
    message = Broadcast(socket.topic, event, check_payload(payload))
    assert socket.channel_pid is not None
    PubSub.broadcast_from(socket.pubsub, socket.channel_pid, socket.topic, message, dispatch)


def socket_ref(socket: SocketState) -> SocketRef:
    """What `reply` needs to answer the push that is being handled, later or in another process."""
    _joined(socket, "socket_ref")
    if socket.ref is None or socket.transport_pid is None:
        raise RuntimeError("socket_ref: expected a push that wants a reply, got one without a ref")
    return SocketRef(socket.transport_pid, socket.serializer, socket.join_ref, socket.ref, socket.topic)


def reply(ref: SocketRef, answer: Any) -> None:
    """Answer a push from any process: `reply(ref, ("ok", {"n": 1}))`, more than once if you like."""
    status, response = status_and_response(answer)
    frame = ref.serializer.answer(ref.join_ref, ref.ref, ref.topic, status, response)
    deliver(current_node(), ref.transport_pid, frame)


def check_payload(payload: Any) -> Any:
    """A dict or bytes (rule CH-20)."""
    if isinstance(payload, dict | bytes):
        return payload
    raise TypeError(f"payload: expected a dict or bytes for a push or a broadcast, got {payload!r}")


def _joined(socket: SocketState, what: str) -> None:
    if not socket.joined:
        raise RuntimeError(
            f"{what}: expected a channel that is joined, got {socket!r}; in `join` send yourself a message, "
            "and do it when that comes"
        )


def _deliver(socket: SocketState, frame: Any) -> None:
    deliver(current_node(), socket.transport_pid, frame)


def now() -> int:
    """Whole seconds since 1970 on the node's clock, for payloads such as `{"online_at": ab.web.now()}`."""
    return int(current_node().clock.wall())
