"""`Socket`: who may connect, and which channels there are. One process for each connection.

    class UserSocket(ab.web.Socket):
        channels = {"room:*": RoomChannel}

        def connect(self, params, socket, connect_info):
            user = ab.web.Token.verify(SECRET, "user", params.get("token", ""))
            socket.assign(user=user)

        def id(self, socket):
            return f"users:{socket.assigns['user']}"

A broadcast of the event `disconnect` on a socket's id closes all sockets with that id. Source: Phoenix.Socket,
rules CH-01 to CH-13, CH-25 to CH-32.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..behaviours.gen import Behaviour
from ..behaviours.loop import LoopBody
from .routing import check_routes
from .socket_body import SocketBody
from .state import SocketState

__all__ = ["Socket"]


class Socket(Behaviour):
    """Subclass it, and say which `channels` there are: topics, or prefixes with a final `*`; the first match wins."""

    _kind: ClassVar[str] = "socket"
    _body: ClassVar[type[LoopBody]] = SocketBody
    channels: ClassVar[Mapping[str, Any]] = {}
    max_channels: ClassVar[int] = 100
    """How many topics one client may have joined at a time (rule CH-10)."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        check_routes(cls.channels, cls.__name__)

    def init(self, socket: SocketState, wire: Any) -> None:
        """Begin; `connect` follows."""

    def connect(self, params: dict[str, Any], socket: SocketState, connect_info: dict[str, Any]) -> Any:
        """Let a client in: None or `"ok"`; or refuse: `"error"`, `("error", reason)`. `def` or `async def`."""

    def id(self, socket: SocketState) -> str | None:
        """What this socket is called, for `disconnect`; None: nothing."""
        return None
