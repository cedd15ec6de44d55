"""A room of python-socketio, as its documentation has it."""

from __future__ import annotations

import asyncio
from typing import Any

import socketio

from benchmarks.web.serving import fast_loop, serve

__all__ = ["main"]

server = socketio.AsyncServer(async_mode="asgi")


@server.event
async def connect(sid: str, environ: Any) -> None:
    """Anybody, and into the room at once."""
    await server.enter_room(sid, "lobby")


@server.event
async def echo(sid: str, payload: Any) -> Any:
    """The same back, as the acknowledgement."""
    return payload


@server.event
async def shout(sid: str, payload: Any) -> None:
    """To all."""
    await server.emit("shout", payload, room="lobby")


def main() -> None:
    """The server."""
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(serve(socketio.ASGIApp(server)))


if __name__ == "__main__":
    main()
