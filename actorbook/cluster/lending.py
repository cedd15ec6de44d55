"""Who has which worker for itself, and who waits for one: pure. First come, first served.

A lease is known by a token of the client's making, so that it can be given up before anybody answered.

    >>> book = Lending(most=1)
    >>> book.wait("ada", "Ada"), book.serve(["w"])
    (True, [('Ada', 'w')])
    >>> book.wait("bob", "Bob"), book.serve([]), book.wait("eve", "Eve")
    (True, [], False)
    >>> book.end("ada"), book.serve(["w"])
    ('w', [('Bob', 'w')])
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.ids import Pid

__all__ = ["Lending"]


class Lending:
    """The leases of a pool. `most`: how many may wait when nobody is free, None for any number."""

    __slots__ = ("_leases", "_waiting", "lent", "most")

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.lent: set[Pid] = set()  # whom somebody has, also those that died since
        self._leases: dict[Any, Pid] = {}
        self._waiting: dict[Any, Any] = {}

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def wait(self, token: Any, caller: Any, free: int = 0) -> bool:
        """Stand in line; False when as many wait as may, those not counted who are `free` to be served at once."""
        if self.most is not None and len(self._waiting) >= self.most + free:
            return False
        self._waiting[token] = caller
        return True

    def serve(self, idle: Iterable[Pid]) -> list[tuple[Any, Pid]]:
        """Give idle workers to those who have waited longest: who is to be told of which."""
        served = []
        for token, pid in list(zip(self._waiting, idle, strict=False)):
            served.append((self._waiting.pop(token), pid))
            self._leases[token] = pid
            self.lent.add(pid)
        return served

    def end(self, token: Any) -> Pid | None:
        """A lease is over, or not wanted any more: the worker that it was for, None when it still waited."""
        self._waiting.pop(token, None)
        pid = self._leases.pop(token, None)
        if pid is not None:
            self.lent.discard(pid)
        return pid
