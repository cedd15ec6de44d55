"""The ASGI side of an endpoint: which request is for a socket, which for a route, and what reads from a client."""

from __future__ import annotations

from typing import Any

from ..behaviours.task_supervisor import TaskSupervisor
from ..core.clock import secret
from ..core.isolation import share
from ..core.node import Node
from ..core.process import Process
from ..core.relations import exit
from ..core.running import current_node, owner
from .handshake import Refused, connect
from .longpoll import Sessions
from .messages import Received
from .mounting import Mounted, match
from .socket_body import Gone
from .wire import Wire

__all__ = ["Application"]


class Application:
    """What an ASGI server calls, once for each request."""

    def __init__(self, endpoint: Any, node: Node | None) -> None:
        self._endpoint = endpoint
        self._node = node
        self._router: Any = None
        self._mounts: list[Mounted] | None = None
        self._sessions: Sessions | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, on behalf of the shell of the endpoint's node: the server's tasks are no processes."""
        node = self._node or current_node()
        before = owner.set(node.shell)
        try:
            await self._answer(node, scope, receive, send)
        finally:
            owner.reset(before)

    async def _answer(self, node: Node, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if self._mounts is None:
            self._mounts = self._endpoint.mounts()
        for mounted in self._mounts:
            found = match(mounted.path, path)
            if found is not None and (mounted.longpoll if found[0] == "longpoll" else mounted.websocket):
                await self._socket(node, mounted._replace(end=_end), found, (scope, receive, send))
                return
        await self._request(node, scope, receive, send)

    async def _socket(self, node: Node, mounted: Mounted, found: tuple[str, dict[str, str]], asgi: Any) -> None:
        scope, receive, send = asgi
        transport, variables = found
        if transport == "longpoll":
            if self._sessions is None:
                self._sessions = Sessions(node, mounted.secret or secret())
            await self._sessions.answer(mounted, variables, *asgi)
        elif scope["type"] == "websocket":
            await serve(node, mounted, variables, scope, receive, send)
        else:
            await respond(send, 400, "expected a WebSocket")

    # --- routes -----------------------------------------------------------------------------------------

    async def _request(self, node: Node, scope: Any, receive: Any, send: Any) -> None:
        """Run the route in a process of its own; when that crashes before it answered, the answer is 500."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
            return
        if self._router is None:
            self._router = self._endpoint.router()
        outcome = _Outcome(send)
        pid = await TaskSupervisor.start_child(
            f"{self._endpoint._name()}.requests", _handle, share((self._router, scope, receive, outcome))
        )
        process = node.local(pid) if pid is not None else None
        if process is not None and not process.ended:
            await _end_of(node, process)
        if not outcome.started:
            await respond(send, 500, "Internal Server Error")


class _Outcome:
    """A `send` that knows whether anything was sent."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self.started = False

    async def __call__(self, event: Any) -> None:
        self.started = True
        await self._send(event)


async def _handle(request: Any) -> None:
    """The process of one request."""
    router, scope, receive, send = request
    await router(scope, receive, send)


class _Mourning:
    """Settles a future at the end of a process."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def down(self, reason: Any) -> None:
        """It has ended."""
        if not self._future.done():
            self._future.set_result(reason)


async def _end_of(node: Node, process: Process) -> Any:
    future = node.hosted().future()
    process.watchers = {**(process.watchers or {}), node.make_ref(): _Mourning(future)}
    try:
        return await future
    except BaseException:  # the client has gone, or the server stops
        exit(process.pid, "kill")
        raise


# --- sockets ----------------------------------------------------------------------------------------------


async def serve(node: Node, mounted: Mounted, variables: dict[str, str], scope: Any, receive: Any, send: Any) -> None:
    """Serve one WebSocket: let it in, then hand what it says to its process."""
    await receive()
    wire = Wire(send, node.hosted().task, _peer(scope))
    accepted = await connect(scope, mounted, variables, wire)
    if isinstance(accepted, Refused):
        await _refuse(scope, send, accepted)
        return
    await send({"type": "websocket.accept", "subprotocol": accepted.subprotocol})
    process = node.local(accepted.pid)
    if process is None:
        wire.down("killed")
        return
    process.watchers = {**(process.watchers or {}), node.make_ref(): wire}
    timer = _Idle(node, process, wire, mounted.timeout)
    try:
        await _read(node, process, wire, mounted, receive)
    finally:
        timer.cancel()


async def _read(node: Node, process: Process, wire: Wire, mounted: Mounted, receive: Any) -> None:
    """Hand frames over until there are no more: a plain post, and nobody is waited for."""
    now, limit = node.clock.now, mounted.max_frame_size
    while True:
        event = await receive()
        if event["type"] != "websocket.receive":
            wire.gone = True
            process.put(Gone(event.get("code") or 1005))
            return
        data = event.get("text")
        if data is None:
            data = event["bytes"]
        wire.heard = now()
        if limit is not None and len(data) > limit:
            exit(process.pid, ("shutdown", "too_big"))
        elif not process.ended:
            process.post(Received(data))
            if wire.is_full(process):
                await wire.room(node.hosted().future())


class _Idle:
    """Ends a socket of whose client nothing was heard for so long: one timer, which looks and is set again (CH-07)."""

    def __init__(self, node: Node, process: Process, wire: Wire, seconds: float) -> None:
        self._node, self._process, self._wire, self._seconds = node, process, wire, seconds
        wire.heard = node.clock.now()
        self._timer = node.set_timer(seconds, self._look)

    def _look(self) -> None:
        left = self._wire.heard + self._seconds - self._node.clock.now()
        if left <= 0.001:
            self._node.end(self._process, ("shutdown", "timeout"))
        else:
            self._timer = self._node.set_timer(left, self._look)

    def cancel(self) -> None:
        """The connection is over."""
        self._timer.cancel()


def _peer(scope: Any) -> str:
    client = scope.get("client")
    return f"{client[0]}:{client[1]}" if client else "client"


def _end(pid: Any) -> None:
    exit(pid, ("shutdown", "refused"))


async def _refuse(scope: Any, send: Any, refused: Refused) -> None:
    if refused.status == 403 and not refused.body:
        await send({"type": "websocket.close", "code": 1000})
    elif "websocket.http.response" in scope.get("extensions", {}):
        head = [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "websocket.http.response.start", "status": refused.status, "headers": head})
        await send({"type": "websocket.http.response.body", "body": refused.body.encode()})
    else:
        await send({"type": "websocket.close", "code": 1000})


async def respond(send: Any, status: int, body: str, headers: Any = ()) -> None:
    """One plain HTTP response."""
    head = [(b"content-type", b"text/plain; charset=utf-8"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body.encode()})


async def _live(receive: Any, send: Any) -> None:
    """The endpoint starts and stops with its supervisor: there is nothing to do for the server's sake."""
    while True:
        event = await receive()
        await send({"type": event["type"] + ".complete"})
        if event["type"] == "lifespan.shutdown":
            return
