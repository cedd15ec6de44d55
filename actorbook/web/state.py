"""`SocketState`: what callbacks get as `socket`. It belongs to one process, and may be changed there.

The socket's process has one, and each of its channels a copy of its own, made at the join.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from ..core.ids import Pid
from .serializer import V2

__all__ = ["SocketRef", "SocketState"]


class SocketRef(NamedTuple):
    """Which push is to be answered, for `ab.web.reply` later or elsewhere; made by `ab.web.socket_ref`."""

    transport_pid: Pid
    serializer: Any
    join_ref: str | None
    ref: str
    topic: str


class SocketState:
    """One connection as its process knows it, or one channel of it (then `topic`, `join_ref`, `channel_pid` are set).

    >>> socket = SocketState(assigns={"user": 7})
    >>> socket.assign(name="Ada").assigns
    {'user': 7, 'name': 'Ada'}
    """

    __slots__ = (
        "assigns", "channel", "channel_pid", "endpoint", "handler", "id", "join_ref", "joined", "pubsub", "ref",
        "serializer", "topic", "transport", "transport_pid",
    )  # fmt: skip

    def __init__(self, **known: Any) -> None:
        self.assigns: dict[str, Any] = {}
        self.id: str | None = None
        self.transport: str = "websocket"
        self.transport_pid: Pid | None = None
        self.handler: Any = None
        self.endpoint: Any = None
        self.pubsub: str = ""
        self.serializer: Any = V2
        self.topic: str = ""
        self.channel: Any = None
        self.channel_pid: Pid | None = None
        self.join_ref: str | None = None
        self.ref: str | None = None
        self.joined = False
        for name, value in known.items():
            setattr(self, name, value)

    def assign(self, **values: Any) -> Self:
        """Keep values under names; what a socket knew when a topic was joined, its channel knows."""
        self.assigns.update(values)
        return self

    def __repr__(self) -> str:
        return f"<socket {self.topic or self.id or self.transport} {self.assigns!r}>"
