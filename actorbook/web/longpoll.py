"""Long-polling, for clients that cannot have a WebSocket: a session whose frames wait until they are fetched.

The HTTP status is always 200, and the body's `status` counts (rules CH-48 to CH-52). A session is the process of a
socket as any other; only its wire is a buffer.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from ..behaviours.protocol import call
from ..core.errors import CallExit, TokenError
from ..core.ids import Pid
from ..core.node import Node
from ..core.process import Process
from .handshake import Refused, connect, headers_of, params_of, refusal
from .jsons import dumps
from .messages import Received
from .mounting import Mounted
from .token import Token

__all__ = ["PollWire", "Sessions"]

_TWO_WEEKS = 14 * 86_400.0
_LINES = 100
_PATIENCE = 10.0
_MISSED = 1.5


class PollWire:
    """Frames for a client that comes by now and then."""

    __slots__ = ("_future", "ended", "frames", "gone", "label", "polled", "waits")

    def __init__(self, label: str) -> None:
        self.label = label
        self.frames: list[str] = []
        self.gone = self.waits = self.ended = False
        self.polled = 0.0
        self._future: Any = None

    def send(self, data: str | bytes) -> None:
        """Keep a frame until somebody asks. Bytes cannot travel this way."""
        if isinstance(data, bytes):
            raise TypeError("long-polling: expected a text frame, got bytes, which this transport cannot carry")
        self.frames.append(data)
        self._wake()

    def look(self, process: Process) -> None:
        """Nobody waits for room: a request brings a hundred frames at most."""

    def down(self, reason: Any) -> None:
        """The session is over."""
        self.ended = True
        self._wake()

    def _wake(self) -> None:
        if self._future is not None and not self._future.done():
            self._future.set_result(None)

    async def fetch(self, node: Node, seconds: float) -> list[str]:
        """What is there, or what comes first within so many seconds."""
        if not self.frames and not self.ended:
            self._future = node.hosted().future()
            timer = node.set_timer(seconds, self._wake)
            try:
                await self._future
            finally:
                timer.cancel()
        frames, self.frames = self.frames, []
        return frames


class Sessions:
    """The long-polling clients of one application."""

    def __init__(self, node: Node, secret: str) -> None:
        self._node = node
        self._secret = secret
        self._sessions: dict[str, tuple[Pid, PollWire]] = {}

    async def answer(self, mounted: Mounted, variables: dict[str, str], scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        headers = headers_of(scope)
        params = params_of(scope, variables)
        if refusal(scope, mounted, headers) is not None:
            await _respond(send, headers, {"status": 403}, 403)
        elif scope["method"] == "OPTIONS":
            await _respond(send, headers, None)
        elif scope["method"] in ("GET", "POST"):
            session = self._session(headers.get("x-phoenix-longpoll-token") or params.get("token"))
            act = self._get if scope["method"] == "GET" else self._post
            await _respond(send, headers, await act(mounted, variables, scope, receive, session))
        else:
            await _respond(send, headers, {"status": 400}, 400)

    def _session(self, token: Any) -> tuple[Pid, PollWire] | None:
        try:
            id = Token.verify(self._secret, "longpoll", token, _TWO_WEEKS)
        except TokenError:
            return None
        return self._sessions.get(id)

    async def _get(self, mounted: Mounted, variables: Any, scope: Any, receive: Any, session: Any) -> dict[str, Any]:
        if session is None:
            return await self._begin(mounted, variables, scope)
        pid, wire = session
        wire.polled = float("inf")
        frames = await wire.fetch(self._node, mounted.longpoll_window)
        wire.polled = self._node.clock.now()
        return {"status": 200 if frames else 204, "token": self._token(pid), "messages": frames}

    async def _begin(self, mounted: Mounted, variables: Any, scope: Any) -> dict[str, Any]:
        client = scope.get("client")
        wire = PollWire(f"poll {client[0]}" if client else "poll")
        accepted = await connect(scope, mounted, variables, wire, "longpoll")
        if isinstance(accepted, Refused):
            return {"status": accepted.status}
        process = self._node.local(accepted.pid)
        if process is None:
            return {"status": 403}
        process.watchers = {**(process.watchers or {}), self._node.make_ref(): wire}
        self._sessions[str(accepted.pid)] = (accepted.pid, wire)
        wire.polled = self._node.clock.now()
        self._watch(accepted.pid, wire, mounted.longpoll_window * _MISSED)
        return {"status": 410, "token": self._token(accepted.pid), "messages": []}

    def _watch(self, pid: Pid, wire: PollWire, seconds: float) -> None:
        """End a session that nobody asks for any more (rule CH-51)."""

        def look() -> None:
            process = self._node.local(pid)
            if process is not None and self._node.clock.now() - wire.polled < seconds - 0.001:
                self._watch(pid, wire, seconds)
                return
            self._sessions.pop(str(pid), None)
            if process is not None:
                self._node.end(process, ("shutdown", "closed"))

        self._node.set_timer(seconds, look)

    def _token(self, pid: Pid) -> str:
        return Token.sign(self._secret, "longpoll", str(pid))

    async def _post(self, mounted: Mounted, variables: Any, scope: Any, receive: Any, session: Any) -> dict[str, Any]:
        process = self._node.local(session[0]) if session is not None else None
        body = await _body(receive)
        if process is None:
            return {"status": 410}
        lines = _lines(body, headers_of(scope).get("content-type", ""))
        if lines is None or len(lines) > _LINES:
            return {"status": 400}
        for line in lines:
            process.post(Received(line))
        try:
            await call(process.pid, "dispatched", _PATIENCE)
        except CallExit as error:
            return {"status": 408 if error.reason == "timeout" else 410}
        return {"status": 200}


def _lines(body: bytes, kind: str) -> list[str | bytes] | None:
    """The frames of a request: a line that begins with `[` is text, any other is bytes in base64 (rule CH-50)."""
    try:
        if not kind.startswith("application/x-ndjson"):
            return [body.decode()]
        lines = [line for line in body.decode().split("\n") if line.strip()]
        return [line if line.startswith(("[", "{")) else b64decode(line, validate=True) for line in lines]
    except ValueError:
        return None


async def _body(receive: Any) -> bytes:
    parts = []
    while True:
        event = await receive()
        parts.append(event.get("body", b""))
        if not event.get("more_body"):
            return b"".join(parts)


async def _respond(send: Any, headers: dict[str, str], body: dict[str, Any] | None, status: int = 200) -> None:
    head = [(b"cache-control", b"no-store"), (b"content-type", b"application/json")]
    origin = headers.get("origin")
    if origin is not None and status != 403:
        wanted = headers.get("access-control-request-headers", "")
        head += [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-headers", wanted.encode("latin-1")),
            (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
            (b"access-control-max-age", b"3600"),
        ]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": b"" if body is None else dumps(body).encode()})
