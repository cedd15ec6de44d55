"""`Channel`: one process for each topic that a client has joined. Its failure is nobody else's.

    class RoomChannel(ab.web.Channel):
        def join(self, topic, payload, socket):
            socket.assign(name=payload["name"])
            return "ok", {"topic": topic}

        @ab.web.on("shout")
        def shout(self, payload, socket):
            ab.web.broadcast(socket, "shout", {"from": socket.assigns["name"], **payload})

        def handle_in(self, event, payload, socket):       # any other event
            return "ok", payload

What a callback raises ends the channel: its client is told (`phx_error`) and joins again, with a fresh process;
the server restarts nothing. Callbacks are `def` or `async def`; while one awaits, only this channel waits. Use it
for what belongs to one client in one topic; what many share belongs into a process of its own. Source:
Phoenix.Channel, rules CH-21 to CH-47.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from ..behaviours.gen import Behaviour
from ..behaviours.loop import LoopBody
from ..core.running import current
from .channel_body import ChannelBody
from .state import SocketState

__all__ = ["Channel", "on"]

_F = TypeVar("_F", bound=Callable[..., Any])
_EVENT = "__actorbook_event__"


def on(event: str) -> Callable[[_F], _F]:
    """Have a method `(payload, socket)` of a channel handle this event, in place of a branch in `handle_in`."""

    def mark(method: _F) -> _F:
        setattr(method, _EVENT, event)
        return method

    return mark


class Channel(Behaviour):
    """Subclass it, and define the callbacks that you need. `socket` is this channel's own `SocketState`."""

    _kind: ClassVar[str] = "channel"
    _body: ClassVar[type[LoopBody]] = ChannelBody
    _handlers: ClassVar[dict[str, str]] = {}
    intercept: ClassVar[Sequence[str]] = ()
    """The broadcasts that go to `handle_out` first; all others go straight to the client (rule CH-40)."""
    rest_after: ClassVar[float | None] = 15.0
    """Seconds without a message after which the channel hibernates; None: never."""
    log_join: ClassVar[str | None] = "info"
    """The level at which joins are logged; None: not at all."""
    log_handle_in: ClassVar[str | None] = "debug"
    """The same for events of clients."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        marked = {getattr(function, _EVENT, None): name for name, function in vars(cls).items()}
        cls._handlers = {**cls._handlers, **{event: name for event, name in marked.items() if event is not None}}

    def init(self, socket: SocketState) -> None:
        """Begin; the join follows, in `join`."""

    def join(self, topic: str, payload: Any, socket: SocketState) -> Any:
        """Let the client in: `"ok"` or None, `("ok", reply)`, or refuse: `("error", reason)`, dicts both."""
        raise NotImplementedError(f"{type(self).__name__} defines no join")

    def handle_in(self, event: str, payload: Any, socket: SocketState) -> Any:
        """Handle an event of the client: None or `NoReply(then)`, `("ok", response)`, `Reply`, `Stop(reason, reply)`.

        Unless defined, the method marked with `@ab.web.on(event)` does; an event that nobody handles is an error.
        """
        name = self._handlers.get(event)
        if name is None:
            raise AttributeError(
                f"{type(self).__name__} got the event {event!r}, which neither handle_in nor on() knows"
            )
        return getattr(self, name)(payload, socket)

    def handle_out(self, event: str, payload: Any, socket: SocketState) -> Any:
        """Decide about a broadcast that is intercepted: `ab.web.push` it, changed perhaps, or do not."""
        raise AttributeError(f"{type(self).__name__} intercepts {event!r}, but defines no handle_out")

    def handle_info(self, message: Any, socket: SocketState) -> Any:
        """Handle any other message: of timers, monitors, other topics. Not defined, it is logged and dropped."""
        me = current()
        me.node.report(me, f"got {message!r}, but {type(self).__name__} defines no handle_info")

    def handle_call(self, request: Any, caller: Any, socket: SocketState) -> Any:
        """Answer a request of another process, as in a `GenServer`."""
        raise AttributeError(f"{type(self).__name__} got the call {request!r}, but defines no handle_call")

    def handle_cast(self, request: Any, socket: SocketState) -> Any:
        """Handle a cast of another process."""
        raise AttributeError(f"{type(self).__name__} got the cast {request!r}, but defines no handle_cast")

    def handle_continue(self, value: Any, socket: SocketState) -> Any:
        """Go on after `Continue(value)`."""
        raise AttributeError(f"{type(self).__name__} returned Continue({value!r}), but defines no handle_continue")

    def terminate(self, reason: Any, socket: SocketState) -> Any:  # type: ignore[override]
        """Clean up: at a stop, a leave (`("shutdown", "left")`), a lost connection (`("shutdown", "closed")`), a crash.

        Not when killed, nor at an exit signal unless exits are trapped (rule CH-33).
        """
