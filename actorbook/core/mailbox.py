"""A mailbox: first in, first out, and selective receive that keeps the order of what it skips (MBX-01 to 03).

>>> queue = Queue()
>>> for word in ("a", 1, "b"):
...     queue.put(word)
>>> queue.take(matcher(int), 0), list(queue)
((True, 1), ['a', 'b'])

It grows without a limit, as in Erlang, unless a `Mailbox` says where it ends; `bounded` holds it to that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import islice
from types import UnionType
from typing import Any, Literal, NamedTuple, Self, get_args

__all__ = ["NO_CROWD", "Crowding", "Mailbox", "Match", "Policy", "Queue", "limit_of", "matcher"]

Match = type | UnionType | tuple[type | UnionType, ...] | Callable[[Any], Any] | None
Policy = Literal["fail", "drop_oldest", "drop_newest", "wait"]
_Test = Callable[[Any], Any]


def matcher(match: Match) -> _Test | None:
    """The test that a `match` stands for: a type, a tuple of types, a predicate, or None for any message."""
    if match is None:
        return None
    if isinstance(match, type | UnionType):
        return lambda message: isinstance(message, match)
    if isinstance(match, tuple) and match and all(isinstance(kind, type | UnionType) for kind in match):
        return lambda message: isinstance(message, match)
    if callable(match):
        return match
    raise TypeError(f"receive(match=…): expected a type, a tuple of types or a predicate, got {match!r}")


class _Limit(NamedTuple):
    limit: int
    policy: Policy


class Mailbox(_Limit):
    """How many messages may wait, and what becomes of one more: `mailbox=ab.Mailbox(1000, "drop_oldest")`.

    `spawn`, `start`, `start_link` and `child_spec` take it, and `mailbox = ab.Mailbox(…)` in the body of a class
    holds for all its processes that are started from then on. A bare number is a limit with the policy `"fail"`,
    since that loses nothing in silence: whoever sends too much hears of it where it happens. The policies:

    - `"fail"`: `send` and `cast` raise `MailboxFullError` in the sender.
    - `"drop_newest"`: the message that comes is dropped.
    - `"drop_oldest"`: the one that has waited longest is dropped, for state of which only the latest counts.
    - `"wait"`: the message is taken, and the sending process gets no further turn until there is room. A loop
      that never waits goes over the limit meanwhile, and so do cells, timers and other nodes, which have no
      turns to be denied: there `await ab.offer(…)` is the way. Two processes that fill each other's mailboxes
      wait for ever.

    A call for which there is no room fails at once with `CallExit("mailbox_full")`, whatever drops it; under
    `"wait"` it stays outside until there is room, for as long as its caller waits. `EXIT`, `DOWN`, replies and
    system messages are signals rather than messages: they take no room and are never dropped. A message for
    which there was none is counted, in `process_info(pid)["messages_dropped"]` and in the picture. A limit is
    given when a process starts, and stays.

        >>> import actorbook as ab
        >>> async def slow():
        ...     await ab.sleep(60)
        >>> pid = ab.spawn(slow, mailbox=ab.Mailbox(2, "drop_oldest"))
        >>> for n in range(5):
        ...     _ = ab.send(pid, n)
        >>> info = ab.process_info(pid)
        >>> info["message_queue_len"], info["messages_dropped"]
        (2, 3)

    Raises `TypeError` for a limit that is no whole number, `ValueError` for one below 1 or an unknown policy. Do
    not use a limit to slow down one client: have it call, and it waits for the answer.
    """

    __slots__ = ()

    def __new__(cls, limit: int, policy: Policy = "fail") -> Self:
        """Check what is given."""
        given: Any = limit
        if isinstance(given, bool) or not isinstance(given, int):
            raise TypeError(f"Mailbox(limit): expected how many messages may wait, as a whole number, got {given!r}")
        if limit < 1:
            raise ValueError(f"Mailbox(limit): expected 1 or more, got {limit}; leave the mailbox out to have no limit")
        if policy not in get_args(Policy):
            raise ValueError(f"Mailbox(policy): expected one of {', '.join(get_args(Policy))}, got {policy!r}")
        return super().__new__(cls, limit, policy)


def limit_of(given: Any) -> Mailbox | None:
    """The `Mailbox` that somebody gave, who may have given its limit only, or nothing."""
    return given if given is None or isinstance(given, Mailbox) else Mailbox(given)


class Crowding(NamedTuple):
    """How a mailbox stands to its limit: what that is, whether there is room, and how many found none so far."""

    bounds: Mailbox | None = None
    full: bool = False
    dropped: int = 0


NO_CROWD = Crowding()


class Queue(deque[Any]):
    """The waiting messages of a process. `put` is for what no limit holds back, `append` for messages.

    `follower` is set while somebody traces, and the queue is of a class then that tells it (`observe.trace_mailbox`).
    """

    __slots__ = ("follower",)
    follower: Any

    def put(self, message: Any) -> None:
        """Append a signal, or a reply."""
        self.append(message)

    def rearrange(self, messages: list[Any]) -> None:
        """Have the same messages wait in another order."""
        deque.clear(self)
        deque.extend(self, messages)

    def is_full(self) -> bool:
        """True when the next message would be one too many."""
        return False

    def crowding(self) -> Crowding:
        """How things stand."""
        return NO_CROWD

    def close(self) -> None:
        """The process has ended."""

    def take(self, test: _Test | None, start: int) -> tuple[bool, Any]:
        """Take the first message at or after position `start` that passes: `(found, message)`."""
        if test is None and start == 0:
            return (True, self.popleft()) if self else (False, None)
        for position, message in enumerate(islice(self, start, None), start):
            if test is None or test(message):
                del self[position]
                return True, message
        return False, None
