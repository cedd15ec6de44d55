"""A socket as an endpoint mounts it: its path, its class, and the options of its transports."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

__all__ = ["INFO", "Mounted", "match", "mounted"]

INFO = ("peer_data", "uri", "user_agent", "x_headers", "trace_context_headers", "session")


class Mounted(NamedTuple):
    """The options of one mounted socket; times in seconds, sizes in bytes."""

    path: str
    socket: Any
    endpoint: Any = None
    pubsub: str = ""
    sockets: str = ""
    channels: str = ""
    host: str = ""
    check_origin: Any = True
    timeout: float = 60.0
    max_frame_size: int | None = None
    subprotocols: Sequence[str] = ()
    auth_token: bool = False
    connect_info: Sequence[str] = ()
    session: Callable[[Any, dict[str, Any]], Any] | None = None
    refuse: Callable[[Any], Any] | None = None
    websocket: bool = True
    longpoll: bool = False
    longpoll_window: float = 10.0
    secret: str = ""
    end: Any = None


def mounted(path: str, given: Any, **known: Any) -> Mounted:
    """A socket and its options: the class alone, or the pair `(class, {"timeout": 30.0})`."""
    cls, options = given if isinstance(given, tuple) else (given, {})
    free = set(Mounted._fields) - {"path", "socket", "endpoint", "pubsub", "sockets", "channels", "end"}
    unknown = set(options) - free
    if unknown:
        raise ValueError(f"{path}: expected options among {', '.join(sorted(free))}, got {', '.join(sorted(unknown))}")
    strange = set(options.get("connect_info", ())) - set(INFO)
    if strange:
        raise ValueError(f"{path}: expected connect_info among {', '.join(INFO)}, got {', '.join(sorted(strange))}")
    return Mounted(path.rstrip("/"), cls, **{**known, **options})


def match(mount: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The transport that a path asks for, and the variables of the mount (rule CH-75).

    >>> match("/ws/:user_id", "/ws/7/websocket"), match("/socket", "/socket/longpoll"), match("/socket", "/other")
    (('websocket', {'user_id': '7'}), ('longpoll', {}), None)
    """
    pattern = re.sub(r":(\w+)", r"(?P<\1>[^/]+)", re.escape(mount).replace(r"\:", ":"))
    found = re.fullmatch(pattern + "/(websocket|longpoll)", path)
    if found is None:
        return None
    return path.rpartition("/")[2], found.groupdict()
