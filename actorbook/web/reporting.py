"""Telemetry and logs of sockets and channels (rules CH-46, CH-47). Nobody listens: it costs next to nothing.

The events are Phoenix's: `("phoenix", "socket_connected")`, `("phoenix", "channel_joined")`,
`("phoenix", "channel_handled_in")`, each with a `duration` in seconds, and `("phoenix", "socket_drain")`. Parameters
whose names speak of passwords or tokens are left out.
"""

from __future__ import annotations

from logging import getLevelName, getLogger
from typing import Any

from ..core import telemetry
from ..core.running import current_node
from .messages import Message
from .state import SocketState

__all__ = ["connected", "draining", "filtered", "handled_in", "join_began", "joined"]

_SECRETS = ("password", "token")
_log = getLogger("actorbook.web")


def filtered(params: Any) -> Any:
    """Parameters for people's eyes.

    >>> filtered({"name": "Ada", "user": {"password_again": "x"}})
    {'name': 'Ada', 'user': {'password_again': '[FILTERED]'}}
    """
    if isinstance(params, dict):
        return {key: "[FILTERED]" if _secret(key) else filtered(value) for key, value in params.items()}
    return [filtered(value) for value in params] if isinstance(params, list) else params


def _secret(key: Any) -> bool:
    return isinstance(key, str) and any(word in key.lower() for word in _SECRETS)


def _level(name: str | None) -> int:
    level: Any = getLevelName(name.upper()) if name else 0
    return level if isinstance(level, int) and _log.isEnabledFor(level) else 0


def _now() -> float:
    return current_node().clock.now()


def connected(socket: SocketState, began: float, params: Any, result: str) -> None:
    """A client connected, or was refused."""
    about = {"endpoint": socket.endpoint, "user_socket": socket.handler, "transport": socket.transport}
    measured = {"duration": _now() - began}
    telemetry.execute(("phoenix", "socket_connected"), measured, about | {"result": result, "params": filtered(params)})


def join_began(socket: SocketState) -> float:
    """When a join began."""
    return _now()


def joined(socket: SocketState, began: float | None, status: str, params: Any) -> None:
    """A join was answered."""
    duration = _now() - (began or 0.0)
    about = {"socket": socket, "result": status, "params": filtered(params)}
    telemetry.execute(("phoenix", "channel_joined"), {"duration": duration}, about)
    level = _level(socket.channel.log_join)
    if level:
        word = "JOINED" if status == "ok" else "REFUSED JOIN"
        _log.log(level, "%s %s in %.0f µs, params %r", word, socket.topic, duration * 1e6, about["params"])


def handled_in(socket: SocketState, message: Message, began: float | None = None) -> float | None:
    """An event of a client comes (None: nobody wants to know), and later was handled, since `began`."""
    level = _level(socket.channel.log_handle_in)
    if not level and not telemetry.heard():
        return None
    if began is None:
        return _now()
    duration, params = _now() - began, filtered(message.payload)
    telemetry.execute(
        ("phoenix", "channel_handled_in"),
        {"duration": duration},
        {"socket": socket, "event": message.event, "ref": message.ref, "params": params},
    )
    if level:
        _log.log(level, "HANDLED %s in %s in %.0f µs, params %r", message.event, socket.topic, duration * 1e6, params)
    return duration


def draining(endpoint: Any, count: int, number: int, rounds: int) -> None:
    """One more batch of sockets is told to go."""
    measured = {"count": count, "index": number, "rounds": rounds}
    telemetry.execute(("phoenix", "socket_drain"), measured, {"endpoint": endpoint})
