"""The loop of a socket's process: frames of the client go to channels, what channels say goes to the client.

While a topic is being joined, or the client takes nothing more, all later messages wait (rule CH-25).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..behaviours.dynamic_supervisor import DynamicSupervisor
from ..behaviours.gen import Behaviour
from ..behaviours.loop import NO_KEYWORDS
from ..behaviours.protocol import Caller, call
from ..behaviours.server import ServerBody
from ..core.context import receive
from ..core.errors import CallExit
from ..core.ids import Pid, Ref
from ..core.isolation import isolate, share
from ..core.messages import DOWN
from ..core.process import Process
from ..core.relations import demonitor, exit, monitor
from .broadcast import Broadcast
from .channel_body import Closing, Join
from .decisions import Decision, decide
from .messages import Frame, Message, Received
from .pubsub import PubSub
from .reporting import connected
from .results import status_and_response
from .routing import route
from .state import SocketState

__all__ = ["Connect", "Drain", "Gone", "Joined", "SocketBody"]

_PATIENCE = 5.0
_ANSWERS: dict[Decision, tuple[str, dict[str, str]]] = {
    "heartbeat": ("ok", {}),
    "left": ("ok", {}),
    "too_many": ("error", {"reason": "too many channels joined"}),
    "unmatched": ("error", {"reason": "unmatched topic"}),
}


class Connect(NamedTuple):
    """The first thing a socket is asked: may this client come in?"""

    params: dict[str, Any]
    info: dict[str, Any]


class Gone(NamedTuple):
    """The client is not there any more."""

    code: int


class Drain(NamedTuple):
    """The endpoint stops: go, the client finds another one."""


class Joined(NamedTuple):
    """One joined topic."""

    pid: Pid
    join_ref: str
    ref: Ref


class SocketBody(ServerBody):
    """One connection. `wire` is the way to the client: `send(data)`, which may have to be awaited."""

    __slots__ = ("channels", "supervisor", "topics", "wire")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.channels: dict[str, Joined] = {}
        self.topics: dict[Pid, str] = {}
        _, self.wire, self.supervisor = self._args
        self._args = self._args[:2]

    def make(self) -> Any:
        """The user's object knows the state too, so that those who look see it."""
        server = super().make()
        server.socket = self._args[0]
        assert self._process is not None
        server.socket.transport_pid = self._process.pid
        self._process.label = self.wire.label
        return server

    # --- messages ---------------------------------------------------------------------------------------

    def dispatch(self, process: Process, message: Any) -> None:
        """Frames in and out first."""
        kind = type(message)
        if kind is Frame:
            self.invoke(self.wire.send, (message.data,), NO_KEYWORDS, self._after_info)
        elif kind is Received:
            self.invoke(self._received, (process, message.data), NO_KEYWORDS, self._after_info)
            if self.wire.waits:
                self.wire.look(process)
        elif kind is Closing:
            self._ended(message.pid, "phx_close", {})
        elif kind is DOWN:
            self._ended(message.pid, "phx_error", {"reason": "channel_crash"})
        elif kind is Gone:
            process.node.end(process, ("shutdown", "closed"))
        elif kind is Drain:
            process.node.end(process, ("shutdown", "restart"))
        elif kind is Broadcast:
            self._told(process, message)
        else:
            super().dispatch(process, message)

    def _info(self, message: Any) -> None:
        """Anything else is for nobody."""

    def _told(self, process: Process, message: Broadcast) -> None:
        if message.event == "disconnect":
            process.node.end(process, ("shutdown", "disconnected"))

    # --- connecting -------------------------------------------------------------------------------------

    def _call(self, process: Process, caller: Caller, request: Any) -> None:
        self._last, self._caller = request, caller
        if type(request) is Connect:
            self.invoke(self._connect, (request,), {}, self._after_call)
        else:
            self.respond(caller, "unknown_request")

    async def _connect(self, request: Connect) -> Any:
        """`("ok", …)` when the client may come in; otherwise this process ends after the answer."""
        socket: SocketState = self.server.socket
        assert self._process is not None
        node = self._process.node
        began = node.clock.now()
        result = self.server.connect(request.params, socket, request.info)
        if hasattr(result, "__await__"):
            result = await result
        status, reason = status_and_response("ok" if result is None else result)
        connected(socket, began, request.params, status)
        if status == "ok":
            socket.id = self.server.id(socket)
            if socket.id is not None and socket.pubsub:
                PubSub.subscribe(socket.pubsub, socket.id)
                self._process.label = socket.id
        return status, reason

    # --- frames -----------------------------------------------------------------------------------------

    def _received(self, process: Process, data: Any) -> Any:
        """Do what a frame asks for; what cannot be decoded ends this socket (rule CH-09)."""
        socket: SocketState = self.server.socket
        message = socket.serializer.decode(data)
        entry = self.channels.get(message.topic)
        if entry is not None and message.event != "phx_join":
            if message.join_ref is None or message.join_ref == entry.join_ref:
                channel = process.node.processes.get(entry.pid)
                if channel is not None:
                    channel.post(message)
            return None
        cls = route(self.cls.channels, message.topic)  # type: ignore[attr-defined]
        room = len(self.channels) < self.cls.max_channels  # type: ignore[attr-defined]
        return self._obey(decide(message, entry and entry.join_ref, cls is not None, room), message, cls)

    def _obey(self, decision: Decision, message: Message, cls: Any) -> Any:
        if decision == "join":
            return self._join(message, cls)
        if decision == "rejoin":
            return self._join_again(message, cls)
        join_ref = None if decision in ("heartbeat", "unmatched") else message.join_ref
        return self._answer(message, join_ref, *_ANSWERS[decision])

    def _answer(self, message: Message, join_ref: str | None, status: str, response: Any) -> Any:
        return self._write(self.server.socket.serializer.answer(join_ref, message.ref, message.topic, status, response))

    def _write(self, frame: Any) -> Any:
        """To the client; a coroutine when that has to wait."""
        return self.wire.send(frame.data if type(frame) is Frame else frame)

    # --- joining ----------------------------------------------------------------------------------------

    async def _join(self, message: Message, cls: Any) -> None:
        """Start a channel, and answer what its `join` says."""
        status, response = await self._ask_to_join(message, cls)
        written = self._answer(message, message.join_ref, status, response)
        if written is not None:
            await written

    async def _ask_to_join(self, message: Message, cls: Any) -> tuple[str, Any]:
        join_ref: Any = message.ref if message.join_ref is None else message.join_ref
        try:
            pid = await self._start(message.topic, join_ref, cls)
            answer: tuple[str, Any] = await call(pid, share(Join(message.payload)), None)
        except (CallExit, RuntimeError):  # it has told its log why
            return "error", {"reason": "join crashed"}
        if answer[0] == "ok":
            entry = Joined(pid, join_ref, monitor(pid))
            self.channels[message.topic], self.topics[pid] = entry, message.topic
        return answer

    async def _start(self, topic: str, join_ref: str, cls: type[Behaviour]) -> Pid:
        mine: SocketState = self.server.socket
        names = ("id", "transport", "transport_pid", "handler", "endpoint", "pubsub", "serializer")
        known = {name: getattr(mine, name) for name in names}
        state = SocketState(**known, assigns=isolate(dict(mine.assigns)), topic=topic, join_ref=join_ref, channel=cls)
        spec = cls.child_spec(share(state), restart="temporary", id=topic)
        pid: Pid = await DynamicSupervisor.start_child(self.supervisor, spec)
        return pid

    async def _join_again(self, message: Message, cls: Any) -> None:
        """The topic is joined already: the old channel goes, the new one is answered, then the old one is closed."""
        before = self.channels[message.topic]
        await self._shut_down(before)
        self.channels.pop(message.topic, None)
        self.topics.pop(before.pid, None)
        await self._join(message, cls)
        written = self._write(self._ending(message.topic, before.join_ref, "phx_close", {}))
        if written is not None:
            await written

    async def _shut_down(self, entry: Joined) -> None:
        """Ask it to end, wait for five seconds, then kill it (rule CH-26)."""
        demonitor(entry.ref, flush=True)
        ref = monitor(entry.pid)

        def is_down(message: Any) -> bool:
            return type(message) is DOWN and message.ref is ref

        exit(entry.pid, ("shutdown", "duplicate_join"))
        try:
            await receive(is_down, _PATIENCE)
        except TimeoutError:
            exit(entry.pid, "kill")
            await receive(is_down)

    def _ending(self, topic: str, join_ref: str, event: str, payload: Any) -> Any:
        return self.server.socket.serializer.message(join_ref, join_ref, topic, event, payload)

    def _ended(self, pid: Pid, event: str, payload: Any) -> None:
        """A channel is no more, on purpose or not; who is told already is told no more."""
        topic = self.topics.pop(pid, None)
        if topic is None:
            return
        entry = self.channels.pop(topic)
        demonitor(entry.ref, flush=True)
        frame = self._ending(topic, entry.join_ref, event, payload)
        self.invoke(self._write, (frame,), NO_KEYWORDS, self._after_info)

    # --- for those who look -----------------------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        """The topics that are joined, too."""
        status = super().status()
        return {**status, "state": {**status["state"], "joined": {t: e.pid for t, e in self.channels.items()}}}
