"""A room of channels, as the documentation would have it, without the presence that the peers have not either."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import actorbook as ab
from benchmarks.web.serving import fast_loop, listening

__all__ = ["main"]


class Room(ab.web.Channel):
    """One process for each client in the room."""

    def join(self, topic: str, payload: Any, socket: ab.web.SocketState) -> Any:
        """Anybody."""
        return "ok"

    @ab.web.on("echo")
    def echo(self, payload: Any, socket: ab.web.SocketState) -> Any:
        """The same back."""
        return "ok", payload

    @ab.web.on("shout")
    def shout(self, payload: Any, socket: ab.web.SocketState) -> None:
        """To all."""
        ab.web.broadcast(socket, "shout", payload)

    @ab.web.on("boom")
    def boom(self, payload: Any, socket: ab.web.SocketState) -> Any:
        """The end of this process."""
        raise RuntimeError("boom")


class UserSocket(ab.web.Socket):
    """One process for each connection."""

    channels: ClassVar[dict[str, Any]] = {"room:*": Room}


class Endpoint(ab.web.Endpoint):
    """The clients of a benchmark send no heartbeats, so they are given time."""

    pubsub = "pubsub"
    sockets: ClassVar[dict[str, Any]] = {"/socket": (UserSocket, {"timeout": 600.0})}


async def serve() -> None:
    """Run until killed."""
    async with ab.Node("web@local"):
        tree = [ab.web.PubSub.child_spec(name="pubsub"), Endpoint.child_spec(port=0, backlog=2048)]
        await ab.Supervisor.start(tree)
        listening(Endpoint.port())
        await asyncio.Event().wait()


def main() -> None:
    """The server."""
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(serve())


if __name__ == "__main__":
    main()
