"""The ceiling: one function for each connection, no process, no supervision, no protocol but an event and a payload."""

from __future__ import annotations

import asyncio
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from benchmarks.web.serving import fast_loop, serve

__all__ = ["main"]

encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
decode = json.JSONDecoder().decode
room: set[WebSocket] = set()


async def talk(websocket: WebSocket) -> None:
    """All that one client says."""
    await websocket.accept()
    try:
        while True:
            frame = decode(await websocket.receive_text())
            event, payload = frame["event"], frame["payload"]
            if event == "echo":
                await websocket.send_text(encode({"event": "reply", "payload": payload}))
            elif event == "shout":
                text = encode({"event": "shout", "payload": payload})
                for member in list(room):
                    await member.send_text(text)
            else:
                room.add(websocket)
                await websocket.send_text(encode({"event": "joined", "payload": payload}))
    except WebSocketDisconnect:
        room.discard(websocket)


app = Starlette(routes=[WebSocketRoute("/socket", talk)])


def main() -> None:
    """The server."""
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(serve(app))


if __name__ == "__main__":
    main()
