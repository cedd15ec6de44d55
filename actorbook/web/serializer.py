r"""The frames of Phoenix's channels protocol, versions 1 and 2: text and bytes in, values out, and back.

A frame of version 2 is a JSON array of five, or bytes where the payload is bytes; version 1 is a JSON object,
and knows no bytes.

    >>> V2.decode('["1","2","room:1","say",{"body":"hi"}]')
    Message(join_ref='1', ref='2', topic='room:1', event='say', payload={'body': 'hi'})
    >>> V2.answer("1", "2", "room:1", "ok", {}).data
    '["1","2","room:1","phx_reply",{"status":"ok","response":{}}]'
    >>> V2.broadcast("room:1", "blob", b"xyz").data
    b'\x02\x06\x04room:1blobxyz'
    >>> serializer_of("2.0.0") is V2, serializer_of(None) is V1, serializer_of("abc")
    (True, True, None)

Rules CH-02, CH-09, CH-14 to CH-20. A serializer is a class, never an instance: it has no state, and compares by
itself, so that a broadcast is encoded once for all sockets that speak alike.
"""

from __future__ import annotations

import re
from typing import Any, Protocol

from .jsons import dumps, loads
from .messages import Answer, Frame, FrameError, Message

__all__ = ["V1", "V2", "Plain", "Serializer", "serializer_of"]

_PUSH, _REPLY, _BROADCAST = 0, 1, 2
_LONGEST = 255


class Serializer(Protocol):
    """What sockets and channels want of one. All but `decode` make what is to be delivered to the socket's process."""

    @staticmethod
    def decode(data: str | bytes) -> Message:
        """What a frame says. Raises `FrameError`."""
        ...

    @staticmethod
    def message(join_ref: str | None, ref: str | None, topic: str, event: str, payload: Any) -> Any:
        """A message to one client."""
        ...

    @staticmethod
    def answer(join_ref: str | None, ref: str | None, topic: str, status: str, response: Any) -> Any:
        """A reply."""
        ...

    @staticmethod
    def broadcast(topic: str, event: str, payload: Any) -> Any:
        """A message to everybody on a topic."""
        ...


class V2:
    """Version 2, which every client of today speaks."""

    @staticmethod
    def decode(data: str | bytes) -> Message:
        """Five parts; what comes after them is ignored."""
        if isinstance(data, bytes):
            return _decode_bytes(data)
        try:
            join_ref, ref, topic, event, payload, *_ = _array(loads(data))
        except ValueError as error:
            raise FrameError(f"expected a JSON array of join_ref, ref, topic, event, payload: {error}") from None
        return Message(join_ref, ref, *_words(topic, event), payload)

    @staticmethod
    def message(join_ref: str | None, ref: str | None, topic: str, event: str, payload: Any) -> Frame:
        """To one client: bytes have no place for a ref."""
        if isinstance(payload, bytes):
            return Frame(_bytes(_PUSH, (join_ref, topic, event), payload))
        return Frame(dumps((join_ref, ref, topic, event, payload)))

    @staticmethod
    def answer(join_ref: str | None, ref: str | None, topic: str, status: str, response: Any) -> Frame:
        """A reply."""
        if isinstance(response, bytes):
            return Frame(_bytes(_REPLY, (join_ref, ref, topic, status), response))
        return Frame(dumps((join_ref, ref, topic, "phx_reply", {"status": status, "response": response})))

    @staticmethod
    def broadcast(topic: str, event: str, payload: Any) -> Frame:
        """To everybody."""
        if isinstance(payload, bytes):
            return Frame(_bytes(_BROADCAST, (topic, event), payload))
        return Frame(dumps((None, None, topic, event, payload)))


class V1:
    """Version 1: one JSON object a frame; the answers of old clients carry no `join_ref`."""

    @staticmethod
    def decode(data: str | bytes) -> Message:
        """An object with topic, event, payload and ref."""
        if isinstance(data, bytes):
            raise FrameError("expected text: bytes need version 2 of the protocol (vsn=2.0.0)")
        try:
            frame = loads(data)
            return Message(
                frame.get("join_ref"), frame["ref"], *_words(frame["topic"], frame["event"]), frame["payload"]
            )
        except (ValueError, KeyError, AttributeError) as error:
            raise FrameError(f"expected a JSON object of topic, event, payload, ref: {error!r}") from None

    @staticmethod
    def message(join_ref: str | None, ref: str | None, topic: str, event: str, payload: Any) -> Frame:
        """To one client."""
        return Frame(dumps({"topic": topic, "event": event, "payload": _no_bytes(payload), "ref": ref}))

    @staticmethod
    def answer(join_ref: str | None, ref: str | None, topic: str, status: str, response: Any) -> Frame:
        """A reply."""
        return V1.message(None, ref, topic, "phx_reply", {"status": status, "response": _no_bytes(response)})

    @staticmethod
    def broadcast(topic: str, event: str, payload: Any) -> Frame:
        """To everybody."""
        return V1.message(None, None, topic, event, payload)


class Plain:
    """No encoding at all: the values themselves are delivered, as tests want them."""

    message = Message
    answer = Answer

    @staticmethod
    def decode(data: Any) -> Message:
        """It is one."""
        message: Message = data
        return message

    @staticmethod
    def broadcast(topic: str, event: str, payload: Any) -> Message:
        """To everybody."""
        return Message(None, None, topic, event, payload)


_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})")


def serializer_of(vsn: str | None) -> type[V1 | V2] | None:
    """Who speaks this version; without one the oldest, and None for one that nobody knows (rule CH-02)."""
    found = _VERSION.fullmatch(vsn or "1.0.0")
    if found is None:
        return None
    known: dict[Any, type[V1 | V2]] = {("1", "0"): V1, ("2", "0"): V2}
    return known.get((found[1], found[2]))


# --- parts ------------------------------------------------------------------------------------------------


def _array(frame: Any) -> list[Any]:
    if not isinstance(frame, list):
        raise ValueError(f"got {type(frame).__name__}")  # noqa: TRY004  one kind of error for all bad frames
    return frame


def _words(topic: Any, event: Any) -> tuple[str, str]:
    if isinstance(topic, str) and isinstance(event, str):
        return topic, event
    raise FrameError(f"expected topic and event as text, got {topic!r} and {event!r}")


def _no_bytes(payload: Any) -> Any:
    if isinstance(payload, bytes):
        raise TypeError("payload: expected JSON for a client of version 1, which knows no bytes, got bytes")
    return payload


def _decode_bytes(data: bytes) -> Message:
    """Kind, four lengths of one byte each, four texts, and the rest is the payload (rule CH-17)."""
    if len(data) < 5 or data[0] != _PUSH:
        raise FrameError(f"expected a binary push: 0 and four lengths, got {data[:5]!r}")
    parts, at = [], 5
    for size in data[1:5]:
        parts.append(data[at : at + size])
        at += size
    if at > len(data):
        raise FrameError(f"expected {at} bytes or more as the lengths say, got {len(data)}")
    try:
        join_ref, ref, topic, event = (part.decode() for part in parts)
    except UnicodeDecodeError as error:
        raise FrameError(f"expected UTF-8: {error}") from None
    return Message(join_ref or None, ref or None, topic, event, data[at:])


def _bytes(kind: int, words: tuple[Any, ...], payload: bytes) -> bytes:
    parts = [("" if word is None else str(word)).encode() for word in words]
    longest = max(map(len, parts))
    if longest > _LONGEST:
        raise ValueError(f"binary frame: expected refs, topic and event of at most {_LONGEST} bytes, got {longest}")
    return b"".join([bytes([kind, *map(len, parts)]), *parts, payload])
