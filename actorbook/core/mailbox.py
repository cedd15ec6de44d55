"""A mailbox: first in, first out, and selective receive that keeps the order of what it skips (MBX-01 to 03).

>>> box = Mailbox()
>>> for word in ("a", 1, "b"):
...     box.put(word)
>>> box.take(matcher(int), 0), list(box)
((True, 1), ['a', 'b'])
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any

__all__ = ["Mailbox", "Match", "matcher"]

Match = type | tuple[type, ...] | Callable[[Any], Any] | None
_Test = Callable[[Any], Any]


def matcher(match: Match) -> _Test | None:
    """The test that a `match` stands for: a type, a tuple of types, a predicate, or None for any message."""
    if match is None:
        return None
    if isinstance(match, type):
        return lambda message: isinstance(message, match)
    if isinstance(match, tuple) and match and all(isinstance(kind, type) for kind in match):
        return lambda message: isinstance(message, match)
    if callable(match):
        return match
    raise TypeError(f"receive(match=…): expected a type, a tuple of types or a predicate, got {match!r}")


class Mailbox(deque[Any]):
    """A queue of messages; it grows without a limit, as in Erlang."""

    __slots__ = ()

    def put(self, message: Any) -> None:
        """Append a message."""
        self.append(message)

    def take(self, test: _Test | None, start: int) -> tuple[bool, Any]:
        """Take the first message at or after position `start` that passes: `(found, message)`."""
        if test is None and start == 0:
            return (True, self.popleft()) if self else (False, None)
        for position, message in enumerate(islice(self, start, None), start):
            if test is None or test(message):
                del self[position]
                return True, message
        return False, None
