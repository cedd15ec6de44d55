"""Many clients in one process: sockets and a selector, and nothing between them that would cost the client's core."""

from __future__ import annotations

import selectors
from collections.abc import Callable, Iterable, Sequence
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection, socket
from time import monotonic

from benchmarks.web.dialects import Dialect
from benchmarks.web.frames import masked, texts, upgrade

__all__ = ["Client", "Crowd"]

_AT_ONCE = 20
_PATIENCE = 60.0
_SWITCHING = b"HTTP/1.1 101"


class Client:
    """One WebSocket."""

    __slots__ = ("_left", "number", "socket")

    def __init__(self, number: int, connected: socket) -> None:
        self.number = number
        self.socket = connected
        self._left = b""

    def send(self, frames: Iterable[str]) -> None:
        """Several frames at once."""
        self.socket.sendall(b"".join(map(masked, frames)))

    def read(self) -> list[str]:
        """What has come, at least a part of it being there."""
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the server closed a connection without a word")
        found, self._left = texts(self._left + data)
        return found

    def upgraded(self) -> bool:
        """Read on to the end of the server's answer to the upgrade; what follows it is kept."""
        self._left += self.socket.recv(1 << 16)
        head, end, rest = self._left.partition(b"\r\n\r\n")
        if not end:
            return False
        if not head.startswith(_SWITCHING):
            raise ConnectionError(f"expected the server to switch protocols, got {head[:80]!r}")
        self._left = rest
        return True


class Crowd:
    """The clients of one server."""

    def __init__(self, dialect: Dialect, port: int) -> None:
        self.dialect = dialect
        self.clients: list[Client] = []
        self._port = port
        self._selector = selectors.DefaultSelector()

    def join(self, count: int) -> list[Client]:
        """More clients, a few at a time, each connected and joined; returns them all."""
        while count > 0:
            some = [self._connect() for _ in range(min(count, _AT_ONCE))]
            self._upgrade(some)
            for client in some:
                client.send([self.dialect.join])
            self._await_joins({client.number for client in some})
            count -= len(some)
        return self.clients

    def hear(self, each: Callable[[Client, str], object], done: Callable[[], bool]) -> None:
        """Give each text to `each` until it is `done`. Raises `TimeoutError` when that takes a minute."""
        ends = monotonic() + _PATIENCE
        while not done():
            for key, _ in self._selector.select(1.0):
                client = key.data
                for text in client.read():
                    answer = self.dialect.answer(text)
                    if answer is None:
                        each(client, text)
                    else:
                        client.send([answer])
            if monotonic() > ends:
                raise TimeoutError(f"expected all answers within {_PATIENCE:g} s; some are lost")

    def close(self) -> None:
        """Hang up, all of them."""
        for client in self.clients:
            client.socket.close()
        self._selector.close()

    def _connect(self) -> Client:
        connected = create_connection(("127.0.0.1", self._port), timeout=_PATIENCE)
        connected.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        client = Client(len(self.clients), connected)
        self.clients.append(client)
        connected.sendall(upgrade(self.dialect.path, self._port))
        return client

    def _await_joins(self, waiting: set[int]) -> None:
        def answered(client: Client, text: str) -> None:
            if self.dialect.joined(text):
                waiting.discard(client.number)

        self.hear(answered, lambda: not waiting)

    def _upgrade(self, some: Sequence[Client]) -> None:
        for client in some:
            while not client.upgraded():
                pass
            self._selector.register(client.socket, selectors.EVENT_READ, client)
