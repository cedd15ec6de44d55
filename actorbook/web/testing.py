"""Tests of channels without a network: the calling process is the client (rule CH-45).

    >>> import actorbook as ab
    >>> class Room(ab.web.Channel):
    ...     def join(self, topic, payload, socket):
    ...         return "ok"
    ...     def handle_in(self, event, payload, socket):
    ...         return "ok", payload
    >>> class UserSocket(ab.web.Socket):
    ...     channels = {"room:*": Room}
    >>> _ = await ab.web.PubSub.start(name="pubsub")
    >>> t = ab.web.testing
    >>> reply, socket = await t.subscribe_and_join(t.socket(UserSocket, pubsub="pubsub"), "room:1")
    >>> ref = t.push(socket, "echo", {"n": 1})
    >>> await t.assert_reply(ref, "ok", {"n": 1})
    {'n': 1}
    >>> await t.refute_push("echo")
    >>> await t.leave(socket)
    {}

Every wait has a `timeout` in seconds, 0.1 unless told.
"""

from __future__ import annotations

from itertools import count
from typing import Any, NamedTuple

from ..behaviours.protocol import call
from ..behaviours.stopping import stop
from ..core.context import flush, receive, self_
from ..core.isolation import isolate, share
from ..core.running import current_node
from .broadcast import Broadcast
from .channel_body import Closing, Join
from .messages import Answer, Message
from .pubsub import PubSub
from .routing import route
from .serializer import Plain
from .speaking import broadcast_from
from .state import SocketState

__all__ = [
    "JoinRefused", "assert_broadcast", "assert_push", "assert_reply", "broadcast_from", "close", "connect", "join",
    "leave", "push", "refute_broadcast", "refute_push", "refute_reply", "socket", "subscribe_and_join",
]  # fmt: skip

_refs = count(1)


class JoinRefused(NamedTuple):
    """What `join` gives in place of a reply when the channel refused."""

    response: Any


def socket(handler: Any, *, pubsub: str = "", id: str | None = None, **assigns: Any) -> SocketState:
    """A socket that is connected already, with these assigns; `connect` is not asked."""
    return SocketState(
        handler=handler, pubsub=pubsub, id=id, assigns=dict(assigns), serializer=Plain, transport="test",
        transport_pid=self_(),
    )  # fmt: skip


async def connect(
    handler: Any, params: Any = None, info: Any = None, *, pubsub: str = ""
) -> SocketState | tuple[str, Any]:
    """Ask `connect` of a socket's class: the socket, or what it refused with."""
    state, asked = socket(handler, pubsub=pubsub), handler()
    result = asked.connect(isolate(params or {}), state, info or {})
    if hasattr(result, "__await__"):
        result = await result
    if result not in (None, "ok"):
        return result if isinstance(result, tuple) else (result, None)
    state.id = asked.id(state)
    return state


async def join(socket: SocketState, topic: str, payload: Any = None, *, channel: Any = None) -> tuple[Any, SocketState]:
    """Join a topic: the channel's reply (or `JoinRefused`), and its socket. What `join` raises ends in `CallExit`."""
    cls = channel or route(socket.handler.channels, topic)
    if cls is None:
        raise LookupError(f"join: expected a topic of {socket.handler.__name__}.channels, got {topic!r}")
    names = ("id", "transport", "handler", "endpoint", "pubsub", "serializer")
    state = SocketState(**{name: getattr(socket, name) for name in names})
    state.assign(**isolate(socket.assigns))
    state.topic, state.channel, state.transport_pid, state.join_ref = topic, cls, self_(), str(next(_refs))
    pid = await cls.start(share(state))
    status, response = await call(pid, share(Join(isolate(payload or {}))))
    return (response if status == "ok" else JoinRefused(response)), state


async def subscribe_and_join(
    socket: SocketState, topic: str, payload: Any = None, *, channel: Any = None
) -> tuple[Any, SocketState]:
    """As `join`, and hear the topic's broadcasts too, for `assert_broadcast`."""
    PubSub.subscribe(socket.pubsub, topic)
    return await join(socket, topic, payload, channel=channel)


def push(socket: SocketState, event: str, payload: Any = None) -> str:
    """Send an event as the client would; returns its ref."""
    ref = str(next(_refs))
    _post(socket, Message(socket.join_ref, ref, socket.topic, event, {} if payload is None else isolate(payload)))
    return ref


def _post(socket: SocketState, message: Message) -> None:
    process = current_node().local(socket.channel_pid) if socket.channel_pid is not None else None
    if process is not None:
        process.post(message)


async def assert_reply(ref: str, status: str = "ok", response: Any = ..., timeout: float = 0.1) -> Any:
    """Wait for the reply to a push; returns what it says. `AssertionError` when none comes, or another one."""
    answer = await _wanted(
        lambda message: isinstance(message, Answer) and message.ref == ref, timeout, f"a reply to {ref}"
    )
    assert answer.status == status, f"expected the status {status!r}, got {answer.status!r} with {answer.response!r}"
    return _same(answer.response, response)


async def assert_push(event: str, payload: Any = ..., timeout: float = 0.1) -> Any:
    """Wait for an event that the channel pushed, or that was broadcast to its client; returns its payload."""
    message = await _wanted(
        lambda found: isinstance(found, Message) and found.event == event, timeout, f"a push {event!r}"
    )
    return _same(message.payload, payload)


async def assert_broadcast(event: str, payload: Any = ..., timeout: float = 0.1) -> Any:
    """Wait for a broadcast to a topic that this process subscribed to; returns its payload."""
    found = await _wanted(lambda m: isinstance(m, Broadcast) and m.event == event, timeout, f"a broadcast {event!r}")
    return _same(found.payload, payload)


async def refute_reply(ref: str, timeout: float = 0.1) -> None:
    """Wait, and see that no reply comes."""
    await _unwanted(lambda message: isinstance(message, Answer) and message.ref == ref, timeout)


async def refute_push(event: str, timeout: float = 0.1) -> None:
    """Wait, and see that the client hears of no such event."""
    await _unwanted(lambda message: isinstance(message, Message) and message.event == event, timeout)


async def refute_broadcast(event: str, timeout: float = 0.1) -> None:
    """Wait, and see that no such broadcast comes."""
    await _unwanted(lambda message: isinstance(message, Broadcast) and message.event == event, timeout)


async def leave(socket: SocketState, timeout: float = 0.1) -> Any:
    """Leave the topic as a client does, and wait for the answer."""
    response = await assert_reply(push(socket, "phx_leave"), "ok", timeout=timeout)
    await receive(Closing, timeout)
    return response


async def close(socket: SocketState, timeout: float = 5.0) -> None:
    """End the channel as a lost connection does: `terminate` gets `("shutdown", "closed")`."""
    if socket.channel_pid is not None:
        await stop(socket.channel_pid, ("shutdown", "closed"), timeout)


async def _wanted(test: Any, timeout: float, what: str) -> Any:
    try:
        return await receive(test, timeout)
    except TimeoutError:
        raise AssertionError(f"expected {what} within {timeout} s, got {flush()!r}") from None


async def _unwanted(test: Any, timeout: float) -> None:
    try:
        message = await receive(test, timeout)
    except TimeoutError:
        return
    raise AssertionError(f"expected nothing of the kind within {timeout} s, got {message!r}")


def _same(got: Any, wanted: Any) -> Any:
    assert wanted is ... or got == wanted, f"expected {wanted!r}, got {got!r}"
    return got
