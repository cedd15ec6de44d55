"""What all servers have in common: uvicorn and its options, the loop, and a port that is free."""

from __future__ import annotations

import logging
from collections.abc import Callable
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from typing import Any

__all__ = ["fast_loop", "listening", "serve"]

OPTIONS: dict[str, Any] = {
    "lifespan": "off",
    "access_log": False,
    "log_level": "critical",
    "log_config": None,
    "ws": "websockets-sansio",
    "ws_per_message_deflate": False,
    "ws_ping_interval": None,
    "backlog": 2048,
}
"""Those with which an endpoint of ours runs, too."""


def fast_loop() -> Callable[[], Any] | None:
    """The loop of uvloop for all, or for none."""
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], Any] = uvloop.new_event_loop
    return factory


def listening(port: int) -> None:
    """Tell the one who started this server where it listens; from now on it is silent."""
    logging.disable()
    print(port, flush=True)


async def serve(app: Any) -> None:
    """Serve an ASGI application until killed."""
    import uvicorn

    listens = socket()
    listens.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    listens.bind(("127.0.0.1", 0))
    listens.listen(OPTIONS["backlog"])
    listening(listens.getsockname()[1])
    await uvicorn.Server(uvicorn.Config(app, **OPTIONS)).serve(sockets=[listens])
