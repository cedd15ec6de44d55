"""A client in memory: it speaks ASGI to an endpoint as a server would, and counts no seconds."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import actorbook as ab


class Refusal(Exception):
    """The handshake was answered with this status."""

    def __init__(self, status: int, body: str = "") -> None:
        super().__init__(status)
        self.status, self.body = status, body


class Client:
    """One WebSocket to `app`."""

    def __init__(
        self, app: Any, url: str = "/socket/websocket?vsn=2.0.0", headers: dict[str, str] | None = None
    ) -> None:
        self._app = app
        path, _, query = url.partition("?")
        given = {"host": "example.com", **(headers or {})}
        protocols = given.pop("sec-websocket-protocol", "")
        self.scope = {
            "type": "websocket", "path": path, "query_string": query.encode(), "scheme": "ws", "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 5000), "subprotocols": [word.strip() for word in protocols.split(",") if word],
            "extensions": {"websocket.http.response": {}},
        }  # fmt: skip
        self._in: asyncio.Queue[Any] = asyncio.Queue()
        self._out: asyncio.Queue[Any] = asyncio.Queue()
        self.subprotocol: str | None = None
        self.blocked: asyncio.Event = asyncio.Event()
        self.blocked.set()
        self._task: Any = None

    async def open(self) -> Client:
        self._in.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.get_running_loop().create_task(self._run())
        event = await self._out.get()
        if event["type"] == "websocket.close":
            await self._task
            raise Refusal(403)
        if event["type"] == "websocket.http.response.start":
            body = await self._out.get()
            await self._task
            raise Refusal(event["status"], body["body"].decode())
        self.subprotocol = event.get("subprotocol")
        return self

    async def _run(self) -> None:
        await self._app(self.scope, self._in.get, self._send)

    async def _send(self, event: Any) -> None:
        await self.blocked.wait()
        self._out.put_nowait(event)
        if event["type"] == "websocket.close":
            self._in.put_nowait({"type": "websocket.disconnect", "code": event["code"]})

    def send(self, frame: Any) -> None:
        if isinstance(frame, bytes):
            event = {"type": "websocket.receive", "bytes": frame}
        else:
            event = {"type": "websocket.receive", "text": frame if isinstance(frame, str) else json.dumps(frame)}
        self._in.put_nowait(event)

    async def get(self, timeout: float = 100.0) -> Any:
        """The next frame; of a close the number."""
        event = await asyncio.wait_for(self._out.get(), timeout)
        if event["type"] == "websocket.close":
            return event["code"]
        return json.loads(event["text"]) if event.get("text") is not None else event["bytes"]

    async def ask(self, frame: Any) -> Any:
        self.send(frame)
        return await self.get()

    async def join(self, topic: str, payload: Any = None, ref: str = "1") -> Any:
        return await self.ask([ref, ref, topic, "phx_join", payload or {}])

    def nothing(self) -> bool:
        """True when no frame waits to be read."""
        return self._out.empty()

    async def close(self) -> None:
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await self._task


async def start(endpoint: Any, *more: Any, **options: Any) -> ab.Pid:
    """A pubsub and the endpoint, unless it serves mounted."""
    spec = endpoint.child_spec(**options)
    return await ab.Supervisor.start([ab.web.PubSub.child_spec(name=endpoint.pubsub), *more, spec])


async def http(app: Any, method: str, url: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], Any]:
    """One HTTP request: status, headers, body."""
    path, _, query = url.partition("?")
    given = {"host": "example.com", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http", "method": method, "path": path, "query_string": query.encode(), "scheme": "http",
        "root_path": "", "http_version": "1.1", "client": ("127.0.0.1", 5000),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    requests = [{"type": "http.request", "body": body, "more_body": False}]
    events: list[Any] = []

    async def receive() -> Any:
        if requests:
            return requests.pop()
        return await asyncio.Event().wait()

    async def send(event: Any) -> None:
        events.append(event)

    await app(scope, receive, send)
    head = {name.decode(): value.decode() for name, value in events[0].get("headers", [])}
    text = b"".join(event.get("body", b"") for event in events[1:]).decode()
    return events[0]["status"], head, json.loads(text) if text.startswith("{") else text
