r"""A client's side of RFC 6455, as far as short texts on loopback need it: plain functions on bytes.

>>> data = masked("hi"); data[2:6], data[6:]
(b'\x00\x00\x00\x00', b'hi')
>>> texts(b"\x81\x02hi\x81\x03you\x81\x09rest")
(['hi', 'you'], b'\x81\trest')
"""

from __future__ import annotations

__all__ = ["masked", "texts", "upgrade"]

_TEXT, _CLOSE = 0x81, 0x88


def masked(text: str) -> bytes:
    """A frame of a client. The mask is zero: to undo it costs the server the same, and to put it on us nothing."""
    data = text.encode()
    size = len(data)
    if size < 126:
        return bytes((_TEXT, 0x80 | size)) + b"\0\0\0\0" + data
    return bytes((_TEXT, 0x80 | 126)) + size.to_bytes(2, "big") + b"\0\0\0\0" + data


def texts(data: bytes) -> tuple[list[str], bytes]:
    """The whole texts in what a server sent, and the beginning of the next one. A close raises `ConnectionError`."""
    found, at, end = [], 0, len(data)
    while at + 4 <= end:
        kind, size, start = data[at], data[at + 1], at + 2
        if kind == _CLOSE:
            raise ConnectionError(f"the server closed: {data[start : start + size]!r}")
        if kind != _TEXT or size == 127:
            raise ConnectionError(f"expected a short text from the server, got {data[at : at + 4]!r}")
        if size == 126:
            size, start = int.from_bytes(data[start : start + 2], "big"), at + 4
        if start + size > end:
            break
        found.append(data[start : start + size].decode())
        at = start + size
    return found, data[at:]


def upgrade(path: str, port: int) -> bytes:
    """The request that begins a WebSocket."""
    lines = [
        f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()
