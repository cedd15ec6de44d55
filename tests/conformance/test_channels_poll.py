"""Channels without a WebSocket. Rules CH-48 to CH-52."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from typing import Any

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import now, passed, virtual
from tests.web.client import http, start
from tests.web.rooms import Endpoint, UserSocket

Polled: Any = type("Endpoint", (Endpoint,), {"sockets": {"/socket": (UserSocket, {"longpoll": True})}})
JOIN = json.dumps(["1", "1", "room:1", "phx_join", {}])


class Poller:
    """A client that polls."""

    def __init__(self) -> None:
        self.app = Polled.asgi
        self.token = ""

    async def begin(self) -> Any:
        status, headers, body = await http(self.app, "GET", "/socket/longpoll?vsn=2.0.0")
        assert (status, headers["cache-control"]) == (200, "no-store")
        self.token = body["token"]
        return body

    async def get(self) -> Any:
        return (await http(self.app, "GET", f"/socket/longpoll?vsn=2.0.0&token={self.token}"))[2]

    async def post(self, body: str, kind: str = "application/x-ndjson") -> Any:
        url = "/socket/longpoll?vsn=2.0.0"
        return (
            await http(self.app, "POST", url, body.encode(), content_type=kind, x_phoenix_longpoll_token=self.token)
        )[2]


@rule(
    "CH-48",
    "Who asks without a token gets a new session, or hears that it is refused; the body tells, not the status"
    " of the response.",
)
@virtual
async def test_a_session_begins() -> None:
    await start(Polled)
    body = await Poller().begin()
    assert (body["status"], body["messages"]) == (410, [])
    assert (await http(Polled.asgi, "GET", "/socket/longpoll?vsn=2.0.0&refuse="))[::2] == (200, {"status": 403})


@rule("CH-49", "Who asks with a token gets what there is, or what comes within ten seconds, or nothing.")
@virtual
async def test_frames_are_fetched() -> None:
    await start(Polled)
    poller = Poller()
    await poller.begin()
    began = now()
    body = await poller.get()
    assert (body["status"], body["messages"], passed(began)) == (204, [], 10)
    assert await poller.post(JOIN) == {"status": 200}
    assert json.loads((await poller.get())["messages"][0])[3] == "phx_reply"
    waiting = asyncio.get_running_loop().create_task(poller.get())
    await ab.sleep(3)
    Polled.broadcast("room:1", "news", {})
    assert (await waiting)["messages"] == ['[null,null,"room:1","news",{}]']
    assert passed(began) == 13


@rule("CH-50", "A post brings up to a hundred frames, text or base64, a line each, or one whole body of another type.")
@virtual
async def test_frames_are_posted() -> None:
    await start(Polled)
    poller = Poller()
    await poller.begin()
    blob = b64encode(b"\0\1\1\6\4" + b"12room:1bare").decode()
    assert await poller.post(f"{JOIN}\n{blob}\n") == {"status": 200}
    assert len((await poller.get())["messages"]) == 2
    assert await poller.post(JOIN, "application/json") == {"status": 200}
    assert await poller.post("\n".join([JOIN] * 101)) == {"status": 400}
    slow = json.dumps(["2", "2", "room:2", "phx_join", {"sleep": 11}])
    assert await poller.post(slow) == {"status": 408}
    poller.token += "x"
    assert await poller.post(JOIN) == {"status": 410}


@rule("CH-51", "A session that nobody asks for any more ends, its channels too; its token is signed.")
@virtual
async def test_a_session_ends() -> None:
    await start(Polled)
    poller = Poller()
    await poller.begin()
    await poller.post(JOIN)
    await poller.get()
    await ab.sleep(14)
    assert len(await ab.DynamicSupervisor.which_children("Endpoint.sockets")) == 1
    await ab.sleep(16)
    assert await ab.DynamicSupervisor.which_children("Endpoint.sockets") == []
    assert await ab.DynamicSupervisor.which_children("Endpoint.channels") == []
    assert (await poller.get())["status"] == 410


@rule("CH-52", "A browser's question whether it may is answered, and the origin is checked.")
@virtual
async def test_other_origins() -> None:
    await start(Polled)
    origin = "http://example.com"
    status, headers, _ = await http(Polled.asgi, "OPTIONS", "/socket/longpoll", origin=origin)
    assert (status, headers["access-control-allow-origin"], headers["access-control-max-age"]) == (200, origin, "3600")
    assert headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    assert (await http(Polled.asgi, "GET", "/socket/longpoll", origin="https://evil.com"))[0] == 403
