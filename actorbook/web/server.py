"""The HTTP server of an endpoint: uvicorn on the node's own loop, as a supervised child.

It takes no signal handlers and starts no loop: who runs the node stops it.
"""

from __future__ import annotations

from socket import AF_INET6, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from typing import Any

from ..behaviours.gen_server import GenServer
from ..behaviours.results import Fail
from ..core.context import self_, send_after
from ..core.relations import flag

__all__ = ["Server", "listen"]

_TICK = 1.0
_BACKLOG = 2048


def listen(host: str, port: int) -> socket:
    """A socket that listens; port 0 takes any that is free."""
    taken = socket(AF_INET6, SOCK_STREAM) if ":" in host else socket(type=SOCK_STREAM)
    try:
        taken.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.setblocking(False)
    except BaseException:
        taken.close()
        raise
    return taken


class Server(GenServer):
    """One listening port."""

    async def init(self, make_app: Any, host: str, port: int, options: dict[str, Any]) -> Any:
        """Listen, or say in one line why that cannot be."""
        import uvicorn

        flag(trap_exit=True)
        try:
            self._socket = listen(host, port)
        except OSError as error:
            hint = "choose another port, or 0 for any that is free"
            return Fail(f"cannot listen on {host}, port {port}: {error.strerror or error}; {hint}")
        self.host, self.port = host, self._socket.getsockname()[1]
        try:
            config = uvicorn.Config(make_app(), host=host, port=self.port, **{**_DEFAULTS, **options})
            config.load()
            self._server: Any = uvicorn.Server(config)
            self._server.lifespan = config.lifespan_class(config)
            await self._server.startup(sockets=[self._socket])
        except BaseException:
            self._socket.close()
            raise
        return await self._tick()

    async def _tick(self) -> None:
        """The header `Date` is made once a second."""
        await self._server.on_tick(0)
        send_after(self_(), "tick", _TICK)

    async def handle_info(self, message: Any) -> None:
        """One more second."""
        if message == "tick":
            await self._tick()

    async def terminate(self, reason: Any) -> None:
        """Listen no more, let those who are being answered have their answer, close the rest."""
        self._server.should_exit = True
        await self._server.shutdown(sockets=[self._socket])

    def format_status(self, status: dict[str, Any]) -> dict[str, Any]:
        """Where it listens."""
        return {**status, "state": {"host": self.host, "port": self.port}} if hasattr(self, "port") else status


_DEFAULTS: dict[str, Any] = {
    "lifespan": "off",
    "access_log": False,
    "log_level": "warning",
    "log_config": None,
    "ws": "websockets-sansio",
    "ws_per_message_deflate": False,
    "ws_ping_interval": None,  # clients of the protocol send heartbeats
    "ws_max_size": 1 << 40,  # the limit is the mounted socket's own
    "timeout_graceful_shutdown": 4,
}
