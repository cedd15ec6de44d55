"""The loop of a channel: what a message means to it, and what the results of its callbacks say."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..behaviours.loop import NO_KEYWORDS
from ..behaviours.protocol import Caller, Invoke
from ..behaviours.results import NONE, Continue, Hibernate, NoReply, Stop, Timeout
from ..behaviours.server import ServerBody
from ..core.dest import deliver
from ..core.messages import DOWN
from ..core.process import Process
from ..core.reasons import is_orderly
from ..core.relations import monitor
from .broadcast import Broadcast
from .fastlane import Lane
from .messages import Message
from .pubsub import PubSub
from .reporting import handled_in, join_began, joined
from .results import Reply, status_and_response
from .state import SocketState

__all__ = ["ChannelBody", "Closing", "Join"]


class Join(NamedTuple):
    """The first thing that a channel is asked, by its socket."""

    payload: Any


class Closing(NamedTuple):
    """A channel tells its socket that it stops on purpose: its end is no error (rule CH-31)."""

    pid: Any


class ChannelBody(ServerBody):
    """One channel: the user's object, and the state of its socket."""

    __slots__ = ("_began", "_transport", "handled_before", "napping", "socket")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.socket: SocketState = self._args[0]
        self._transport: Any = None
        self._began: float | None = None
        self.napping = False
        self.handled_before = 0

    def make(self) -> Any:
        """The user's object knows its socket too, so that those who look see it."""
        server = super().make()
        assert self._process is not None
        self.socket.channel_pid = self._process.pid
        self._process.label = self.socket.topic
        server.socket = self.socket
        return server

    # --- messages ---------------------------------------------------------------------------------------

    def dispatch(self, process: Process, message: Any) -> None:
        """Events of the client first: they are what channels are for."""
        kind = type(message)
        if kind is Message:
            if self._silence is not None:
                self._spoken()
            self._event(message)
        elif kind is Broadcast and message.topic == self.socket.topic:
            self._out(message)
        elif kind is DOWN and message.ref is self._transport:
            self.terminate(("shutdown", "closed"))
        else:
            super().dispatch(process, message)

    def _event(self, message: Message) -> None:
        self._last = message
        self.socket.ref = message.ref
        if message.event == "phx_leave":
            self._stop(Stop(("shutdown", "left"), reply="ok"))
            return
        self._began = handled_in(self.socket, message)
        arguments = (message.event, message.payload, self.socket)
        self.invoke(self.server.handle_in, arguments, NO_KEYWORDS, self._after_in)

    def _out(self, message: Broadcast) -> None:
        """A broadcast that is intercepted; others come here when their dispatcher knows no fast lane."""
        if message.event in self.cls.intercept:  # type: ignore[attr-defined]
            self.invoke(self.server.handle_out, (message.event, message.payload, self.socket), {}, self._after_info)
            return
        socket = self.socket
        self._send(socket.serializer.broadcast(message.topic, message.event, message.payload))

    def _call(self, process: Process, caller: Caller, request: Any) -> None:
        self._last, self._caller = request, caller
        if type(request) is Join:
            self._join(request)
        elif type(request) is Invoke:
            self.invoke(self._marked(request.method), request.args, request.kwargs, self._after_call)
        else:
            self.invoke(self.server.handle_call, (request, caller, self.socket), {}, self._after_call)

    def _cast(self, process: Process, request: Any) -> None:
        self._last = request
        if type(request) is Invoke:
            self.invoke(self._marked(request.method), request.args, request.kwargs, self._after_method)
        else:
            self.invoke(self.server.handle_cast, (request, self.socket), {}, self._after_info)

    def _info(self, message: Any) -> None:
        self._last = message
        self.invoke(self.server.handle_info, (message, self.socket), {}, self._after_info)

    def more(self) -> tuple[Any, ...]:
        """Callbacks of a channel get its socket after their own arguments."""
        return (self.socket,)

    # --- the join ---------------------------------------------------------------------------------------

    def _join(self, request: Join) -> None:
        self._began = join_began(self.socket)
        self.invoke(self.server.join, (self.socket.topic, request.payload, self.socket), {}, self._after_join)

    def _after_join(self, result: Any, error: BaseException | None) -> None:
        try:
            if error is not None:
                raise error
            status, response = status_and_response("ok" if result is None else result)
            if status not in ("ok", "error") or not isinstance(response, dict | bytes):
                raise TypeError(f'join: expected ("ok", dict) or ("error", dict), got {result!r}')
            if status == "ok":
                self._let_in()
        except BaseException as failure:  # noqa: BLE001  whatever it was, it ends this channel alone
            self.fail(failure)
            return
        caller, process = self._caller, self._process
        assert caller is not None
        assert process is not None
        joined(self.socket, self._began, status, self._last.payload)
        if self.respond(caller, (status, response)) and status == "error":
            process.node.end(process, "shutdown")

    def _let_in(self) -> None:
        socket = self.socket
        assert socket.transport_pid is not None
        intercepts = frozenset(self.cls.intercept)  # type: ignore[attr-defined]
        if socket.pubsub:
            PubSub.subscribe(socket.pubsub, socket.topic, Lane(socket.transport_pid, socket.serializer, intercepts))
        self._transport = monitor(socket.transport_pid)
        socket.joined = True
        self._watch_for_rest()

    # --- results ----------------------------------------------------------------------------------------

    def _after_in(self, result: Any, error: BaseException | None) -> None:
        if error is not None:
            self.fail(error)
            return
        try:
            self._result(result)
        except Exception as failure:  # noqa: BLE001  a reply that is none, or that JSON cannot say
            self.fail(failure)
            return
        if self._began is not None:
            handled_in(self.socket, self._last, self._began)

    def _result(self, result: Any) -> None:
        if result is None:
            return
        if isinstance(result, Stop):
            self._stop(result)
        elif isinstance(result, NoReply):
            self._then(result.then)
        elif isinstance(result, Continue | Timeout | Hibernate):
            self._then(result)
        else:
            self._answer(result)
            if isinstance(result, Reply):
                self._then(result.then)

    def _after_info(self, result: Any, error: BaseException | None) -> None:
        if error is None and isinstance(result, Stop):
            self._stop(result)
        else:
            super()._after_info(result, error)

    def _answer(self, reply: Any) -> None:
        """Reply to the push at hand; one without a ref wants none."""
        socket = self.socket
        status, response = status_and_response(reply)
        if socket.ref is not None:
            self._send(socket.serializer.answer(socket.join_ref, socket.ref, socket.topic, status, response))

    def _stop(self, stop: Stop) -> None:
        """On purpose: the reply first, then the client is told that this is no error."""
        if stop.reply is not NONE:
            self._answer(stop.reply)
        if is_orderly(stop.reason) and self._process is not None:
            self._send(Closing(self._process.pid))
        self.terminate(stop.reason)

    def _send(self, message: Any) -> None:
        assert self._process is not None
        deliver(self._process.node, self.socket.transport_pid, message)

    # --- rest -------------------------------------------------------------------------------------------

    def run(self, process: Process) -> None:
        """As a server; one timer watches for rest, so that no message has to reset any."""
        if self.napping and process.mailbox:
            self.napping = False
            self._watch_for_rest()
        super().run(process)

    def _watch_for_rest(self) -> None:
        after, process = self.cls.rest_after, self._process  # type: ignore[attr-defined]
        if after is not None and process is not None and not process.ended:
            self.handled_before = process.handled
            look = _Look(process)
            process.node.set_timer(after, look).wanted = look.wanted

    def look_for_rest(self) -> None:
        """Nap, or look again later."""
        process = self._process
        assert process is not None
        if process.handled == self.handled_before and not process.mailbox:
            self.napping = True
        else:
            self._watch_for_rest()

    def asleep(self) -> bool:
        """Idle for `rest_after` seconds at least, for twice as many at most (rule CH-47)."""
        return self.napping or super().asleep()


class _Look:
    """Looks whether a channel rests. It knows the pid alone, so that a channel that has ended is not kept for it."""

    __slots__ = ("_node", "_pid")

    def __init__(self, process: Process) -> None:
        self._node, self._pid = process.node, process.pid

    def wanted(self) -> bool:
        """While the channel lives."""
        return self._pid in self._node.processes

    def __call__(self) -> None:
        process: Any = self._node.processes.get(self._pid)
        if process is not None:
            process.body.look_for_rest()
