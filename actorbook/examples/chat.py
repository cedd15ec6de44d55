"""A chat: rooms, presence, and a page for people. `python -m actorbook.examples.chat --port 4000`.

The same tree runs in a notebook: `await ab.Supervisor.start(tree(port=0))`.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import actorbook as ab

__all__ = ["ChatEndpoint", "ChatPresence", "ChatSocket", "RoomChannel", "SecretChannel", "main", "serve", "tree"]

STATIC = Path(__file__).parent / "static"


class ChatPresence(ab.web.Presence):
    """Who is in which room."""

    pubsub = "chat.pubsub"


class RoomChannel(ab.web.Channel):
    """`room:lobby`, for everybody with a name."""

    def join(self, topic: str, payload: Any, socket: ab.web.SocketState) -> Any:
        """Take the name; presence follows when the join is done."""
        name = payload.get("name") if isinstance(payload, dict) else None
        if not isinstance(name, str) or not name.strip():
            return "error", {"reason": "name required"}
        socket.assign(name=name)
        ab.send(ab.self_(), "after_join")
        return "ok", {"topic": topic}

    async def handle_info(self, message: Any, socket: ab.web.SocketState) -> None:
        """Be present, and tell the client who else is."""
        if message == "after_join":
            await ChatPresence.track(socket, socket.assigns["name"], {"online_at": ab.web.now()})
            ab.web.push(socket, "presence_state", await ChatPresence.list(socket))

    @ab.web.on("echo")
    def echo(self, payload: Any, socket: ab.web.SocketState) -> Any:
        """The same back."""
        return "ok", payload

    @ab.web.on("blob")
    def blob(self, payload: Any, socket: ab.web.SocketState) -> Any:
        """The same bytes back."""
        return "ok", payload

    @ab.web.on("shout")
    def shout(self, payload: Any, socket: ab.web.SocketState) -> None:
        """To all, the sender too."""
        ab.web.broadcast(socket, "shout", payload)

    @ab.web.on("whisper")
    def whisper(self, payload: Any, socket: ab.web.SocketState) -> None:
        """To all others."""
        ab.web.broadcast_from(socket, "whisper", payload)

    @ab.web.on("fail")
    def fail(self, payload: Any, socket: ab.web.SocketState) -> Any:
        """An error that is no crash."""
        return "error", {"reason": "nope"}

    @ab.web.on("boom")
    def boom(self, payload: Any, socket: ab.web.SocketState) -> Any:
        """A crash: of this process alone."""
        raise RuntimeError("boom")

    @ab.web.on("quit")
    def quit(self, payload: Any, socket: ab.web.SocketState) -> Any:
        """Go, after an answer."""
        return ab.web.Stop("shutdown", reply="ok")


class SecretChannel(RoomChannel):
    """`room:secret`, for those who know the word."""

    def join(self, topic: str, payload: Any, socket: ab.web.SocketState) -> Any:
        """Ask for the word first."""
        if not isinstance(payload, dict) or payload.get("token") != "s3cret":
            return "error", {"reason": "unauthorized"}
        return super().join(topic, {"name": "somebody", **payload}, socket)


class ChatSocket(ab.web.Socket):
    """Anybody may connect."""

    channels: ClassVar[dict[str, Any]] = {"room:lobby": RoomChannel, "room:secret": SecretChannel}


class _Page:
    """The page and its files."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from starlette.responses import FileResponse, PlainTextResponse

        name = scope["path"].rpartition("/")[2] or "chat.html"
        if (STATIC / name).is_file():
            await FileResponse(STATIC / name)(scope, receive, send)
        else:
            await PlainTextResponse("Not Found", 404)(scope, receive, send)


class ChatEndpoint(ab.web.Endpoint):
    """The socket, and the page."""

    pubsub = "chat.pubsub"
    sockets: ClassVar[dict[str, Any]] = {"/socket": ChatSocket}

    @classmethod
    def router(cls) -> Any:
        """Everything that is no socket."""
        return _Page()


def tree(port: int = 0, host: str = "127.0.0.1") -> list[ab.ChildSpec]:
    """What the chat consists of, for a supervisor."""
    return [
        ab.web.PubSub.child_spec(name="chat.pubsub"),
        ChatPresence.child_spec(),
        ChatEndpoint.child_spec(port=port, host=host),
    ]


async def serve(port: int, host: str = "127.0.0.1") -> None:
    """Run it until the process is told to stop."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    async with ab.Node("chat@local"):
        await ab.Supervisor.start(tree(port, host), name="chat")
        print(f"chat on {ChatEndpoint.url()}", flush=True)  # noqa: T201  for the person who started it
        await stop.wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m actorbook.examples.chat", description="A chat by channels.")
    parser.add_argument("--port", type=int, default=4000, help="0 takes any that is free")
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args(arguments)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        try:
            runner.run(serve(given.port, given.host))
        except ab.SupervisorError as error:
            raise SystemExit(f"chat: {error}") from None


def _loop_factory() -> Any:
    """The fast loop, where it is installed."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


if __name__ == "__main__":
    main()
