"""What the one client says to each server, in the server's own frames.

>>> from benchmarks.web.dialects import DIALECTS
>>> [dialect.echo(7, "tea") for dialect in DIALECTS.values()][:2]
['["1","7","room:lobby","echo",{"n":7,"body":"tea"}]', '427["echo",{"n":7,"body":"tea"}]']
"""

from __future__ import annotations

import json
from typing import Any, Protocol

__all__ = ["DIALECTS", "Dialect"]

_dumps = json.JSONEncoder(separators=(",", ":")).encode


class Dialect(Protocol):
    """The frames of one protocol."""

    path: str
    join: str

    def joined(self, text: str) -> bool:
        """Whether this is the answer to `join`."""
        ...

    def echo(self, number: int, body: str) -> str:
        """Ask for a reply with the same payload."""
        ...

    def replied(self, text: str) -> Any:
        """The payload of a reply, None for any other frame."""
        ...

    def shout(self, number: int, body: str) -> str:
        """Say something to everybody who joined."""
        ...

    def said(self, text: str) -> Any:
        """The payload of what somebody shouted, None for any other frame."""
        ...

    def answer(self, text: str) -> str | None:
        """What keeps the connection alive: the answer to a ping of the protocol."""
        ...


class Phoenix:
    """Channels, version 2: arrays of join_ref, ref, topic, event, payload."""

    path = "/socket/websocket?vsn=2.0.0"
    join = '["1","0","room:lobby","phx_join",{}]'
    boom = '["1",null,"room:lobby","boom",{}]'

    def joined(self, text: str) -> bool:
        """Any reply with ref 0."""
        return text.startswith('["1","0",')

    def crashed(self, text: str) -> bool:
        """The channel is no more."""
        return '"phx_error"' in text

    def echo(self, number: int, body: str) -> str:
        """With the number as ref."""
        return _dumps(["1", str(number), "room:lobby", "echo", {"n": number, "body": body}])

    def replied(self, text: str) -> Any:
        """The response of a phx_reply."""
        _, _, _, event, payload = json.loads(text)
        return payload["response"] if event == "phx_reply" else None

    def shout(self, number: int, body: str) -> str:
        """A push that wants no reply."""
        return _dumps(["1", None, "room:lobby", "shout", {"n": number, "body": body}])

    def said(self, text: str) -> Any:
        """The payload of a broadcast."""
        return json.loads(text)[4]

    def answer(self, text: str) -> None:
        """The server pings nobody."""


class SocketIO:
    """Socket.IO 5 on Engine.IO 4: a kind of one or two digits, an id where an acknowledgement is wanted, JSON."""

    path = "/socket.io/?EIO=4&transport=websocket"
    join = "40"

    def joined(self, text: str) -> bool:
        """The namespace is open, and the connect handler has run."""
        return text.startswith("40")

    def echo(self, number: int, body: str) -> str:
        """The number is the id of the acknowledgement, too."""
        return f"42{number}" + _dumps(["echo", {"n": number, "body": body}])

    def replied(self, text: str) -> Any:
        """What the acknowledgement carries."""
        return json.loads(text[text.index("[") :])[0] if text.startswith("43") else None

    def shout(self, number: int, body: str) -> str:
        """An event."""
        return "42" + _dumps(["shout", {"n": number, "body": body}])

    def said(self, text: str) -> Any:
        """The payload of an event."""
        return json.loads(text[2:])[1] if text.startswith("42") else None

    def answer(self, text: str) -> str | None:
        """A pong."""
        return "3" if text == "2" else None


class Bare:
    """What the handler without a library says: objects of event and payload."""

    path = "/socket"
    join = '{"event":"join","payload":{}}'

    def joined(self, text: str) -> bool:
        """It answers in words."""
        return text.startswith('{"event":"joined"')

    def echo(self, number: int, body: str) -> str:
        """An object."""
        return _dumps({"event": "echo", "payload": {"n": number, "body": body}})

    def replied(self, text: str) -> Any:
        """The payload of a reply."""
        frame = json.loads(text)
        return frame["payload"] if frame["event"] == "reply" else None

    def shout(self, number: int, body: str) -> str:
        """An object."""
        return _dumps({"event": "shout", "payload": {"n": number, "body": body}})

    def said(self, text: str) -> Any:
        """The payload of a shout."""
        frame = json.loads(text)
        return frame["payload"] if frame["event"] == "shout" else None

    def answer(self, text: str) -> None:
        """The server pings nobody."""


DIALECTS: dict[str, Dialect] = {"actorbook": Phoenix(), "socketio": SocketIO(), "starlette": Bare()}
