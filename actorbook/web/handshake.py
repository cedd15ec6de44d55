"""The way from an HTTP request to a socket's process: version, origin, subprotocol, then `connect` (CH-01 to CH-06)."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from ..behaviours.dynamic_supervisor import DynamicSupervisor
from ..behaviours.protocol import call
from ..core.errors import CallExit, SupervisorError
from ..core.ids import Pid
from ..core.isolation import share
from .mounting import Mounted
from .origin import allowed
from .serializer import serializer_of
from .socket_body import Connect
from .state import SocketState

__all__ = ["Accepted", "Refused", "connect", "headers_of", "params_of", "refusal"]

_BEARER = "base64url.bearer.phx."


class Refused(NamedTuple):
    """The request is answered with this status, and nothing is started."""

    status: int
    body: str = ""


class Accepted(NamedTuple):
    """A socket's process is there."""

    pid: Pid
    subprotocol: str | None


def headers_of(scope: Any) -> dict[str, str]:
    """The headers by their small names."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def params_of(scope: Any, path_params: dict[str, str]) -> dict[str, Any]:
    """The query, and the variables of the path."""
    return {**dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)), **path_params}


def refusal(scope: Any, mounted: Mounted, headers: dict[str, str]) -> Refused | None:
    """Why this origin may not connect; None when it may."""
    host, _, port = (
        headers.get("host", "").rpartition(":") if ":" in headers.get("host", "") else (headers.get("host", ""), "", "")
    )
    number = int(port) if port.isdigit() else None
    scheme = str(scope.get("scheme", "http"))
    own = mounted.host if mounted.host and mounted.check_origin is True else host
    return None if allowed(headers.get("origin"), mounted.check_origin, own, number, scheme) else Refused(403)


async def connect(
    scope: Any, mounted: Mounted, path_params: dict[str, str], wire: Any, transport: str = "websocket"
) -> Accepted | Refused:
    """Check all that can be checked, then ask `connect` of the socket's class in the socket's own process."""
    headers, params = headers_of(scope), params_of(scope, path_params)
    serializer = serializer_of(params.get("vsn"))
    subprotocol, auth_token, fits = _subprotocol(scope, mounted, headers)
    refused = refusal(scope, mounted, headers)
    if serializer is None or refused is not None or not fits:
        return refused or Refused(403)
    state = SocketState(
        transport=transport, handler=mounted.socket, endpoint=mounted.endpoint, pubsub=mounted.pubsub,
        serializer=serializer,
    )  # fmt: skip
    spec = mounted.socket.child_spec(share(state), share(wire), mounted.channels, restart="temporary")
    info = _info(scope, mounted, headers, params) | ({"auth_token": auth_token} if auth_token is not None else {})
    try:
        pid = await DynamicSupervisor.start_child(mounted.sockets, spec)
        status, reason = await call(pid, Connect(params, info), None)
    except (CallExit, SupervisorError):
        return Refused(500)  # `connect` raised, and its log says how
    if status == "ok":
        return Accepted(pid, subprotocol)
    mounted.end(pid)
    return mounted.refuse(reason) if reason and mounted.refuse is not None else Refused(403)


def _subprotocol(scope: Any, mounted: Mounted, headers: dict[str, str]) -> tuple[str | None, str | None, bool]:
    """What to answer, the token that came with it, and whether it fits (rule CH-05)."""
    given = [str(word).strip() for word in scope.get("subprotocols") or []]
    token = headers.get("x-phoenix-authtoken") if mounted.auth_token else None
    wanted = [*mounted.subprotocols, *(["phoenix"] if mounted.auth_token else [])]
    if not wanted or not given:
        return None, token, not mounted.subprotocols or scope["type"] == "http"
    for word in given:
        if mounted.auth_token and word.startswith(_BEARER):
            token = _unpadded(word.removeprefix(_BEARER))
    chosen = next((word for word in given if word in wanted), None)
    return chosen, token, chosen is not None


def _unpadded(text: str) -> str | None:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (Base64Error, ValueError):
        return None


def _info(scope: Any, mounted: Mounted, headers: dict[str, str], params: dict[str, Any]) -> dict[str, Any]:
    """What `connect` asked to know about the request, and nothing else (rule CH-06)."""
    makers: dict[str, Any] = {
        "peer_data": lambda: scope.get("client"),
        "uri": lambda: {"scheme": scope.get("scheme"), "host": headers.get("host"), "path": scope["path"]},
        "user_agent": lambda: headers.get("user-agent"),
        "x_headers": lambda: {name: value for name, value in headers.items() if name.startswith("x-")},
        "trace_context_headers": lambda: {n: headers[n] for n in ("traceparent", "tracestate") if n in headers},
        "session": lambda: mounted.session(scope, params) if mounted.session is not None else None,
    }
    return {name: makers[name]() for name in mounted.connect_info}
