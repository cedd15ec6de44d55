"""What travels between a client's socket and its channels, as values.

`Message` and `Answer` are what a frame says; `Frame` is one that is encoded already, on its way to a client.
"""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["Answer", "Frame", "FrameError", "Message", "Received"]


class FrameError(ValueError):
    """A frame that says nothing: no JSON, not the five parts, lengths that do not fit. Its socket is closed."""


class Message(NamedTuple):
    """An event on a topic, from a client or to one; `join_ref` tells which join of the topic it belongs to."""

    join_ref: str | None
    ref: str | None
    topic: str
    event: str
    payload: Any


class Answer(NamedTuple):
    """The reply to the message with this `ref`: `status` is `"ok"`, `"error"` or a word of the channel's own."""

    join_ref: str | None
    ref: str | None
    topic: str
    status: str
    response: Any


class Frame(NamedTuple):
    """What goes to a client as it is: text or bytes. It is a message to the socket's process."""

    data: str | bytes


class Received(NamedTuple):
    """What came from a client, to be decoded by the socket's process, which alone pays when it cannot be."""

    data: str | bytes
