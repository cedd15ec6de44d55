"""Mailboxes that tell: while somebody traces, the queues of a node are of these classes, and afterwards they are not.

So nobody pays for a trace that does not run: no send and no receive asks whether there is one. A queue changes its
class in place, with all that waits in it.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from ..core.bounded import Bounded
from ..core.errors import MailboxFullError
from ..core.mailbox import Queue

if TYPE_CHECKING:
    from ..core.process import Process
    from .trace_tap import Tap

__all__ = ["follow", "followed", "unfollow"]


class Follower:
    """Whose mailbox it is, and the numbers of the messages in it that a trace wants to see again."""

    __slots__ = ("numbers", "process", "tap")

    def __init__(self, tap: Tap, process: Process) -> None:
        self.tap = tap
        self.process = process
        self.numbers: dict[int, deque[int]] = {}

    def enters(self, message: Any) -> None:
        """A message is about to be appended."""
        number = self.tap.entering(self.process, message)
        if number:
            self.numbers.setdefault(id(message), deque()).append(number)

    def entered(self, message: Any) -> None:
        """It is in."""
        if id(message) in self.numbers:
            self.tap.entered(self.process, message)

    def leaves(self, message: Any) -> None:
        """Its process has taken it."""
        self.tap.taken(self.process, self._number(message), message)

    def lost(self, message: Any, why: str) -> None:
        """Nobody will ever take it."""
        number = self._number(message)
        if number:
            self.tap.dropped(number, why)

    def displaced(self, box: Bounded) -> None:
        """The queue was full, and an older message had to go for a new one."""
        here = {id(message) for message in box}
        for identity in [identity for identity in self.numbers if identity not in here]:
            for number in self.numbers.pop(identity):
                self.tap.dropped(number, "no room")

    def _number(self, message: Any) -> int:
        numbers = self.numbers.get(id(message))
        if numbers is None:
            return 0
        number = numbers.popleft()
        if not numbers:
            del self.numbers[id(message)]
        return number


class FollowedQueue(Queue):
    """A mailbox without a limit that tells what comes and goes."""

    __slots__ = ()

    def append(self, message: Any, /) -> None:
        """A message comes."""
        follower = self.follower
        follower.enters(message)
        deque.append(self, message)
        follower.entered(message)

    def put(self, message: Any) -> None:
        """A signal comes."""
        self.append(message)

    def popleft(self) -> Any:
        """The oldest goes."""
        message = deque.popleft(self)
        self.follower.leaves(message)
        return message

    def __delitem__(self, position: Any, /) -> None:
        message = self[position]
        deque.__delitem__(self, position)
        self.follower.leaves(message)

    def clear(self) -> None:
        """All go."""
        _leave_all(self, deque.clear)

    def close(self) -> None:
        """The process has ended: what is here is lost."""
        _lose_all(self)


class FollowedBounded(Bounded):
    """A mailbox with a limit that tells what comes and goes, and what found no room."""

    __slots__ = ()

    def put(self, message: Any) -> None:
        """A signal comes."""
        follower = self.follower
        follower.enters(message)
        Bounded.put(self, message)
        follower.entered(message)

    def append(self, message: Any, /) -> None:
        """A message comes, or does not get in."""
        follower, dropped, length = self.follower, self.dropped, len(self)
        follower.enters(message)
        try:
            Bounded.append(self, message)
        except MailboxFullError:
            follower.lost(message, "no room")
            raise
        if self.dropped == dropped:
            if len(self) > length:
                follower.entered(message)
        elif self and self[-1] is message:
            follower.displaced(self)
        else:
            follower.lost(message, "no room")

    def popleft(self) -> Any:
        """The oldest goes."""
        follower = self.follower
        message = Bounded.popleft(self)
        follower.leaves(message)
        return message

    def __delitem__(self, position: Any, /) -> None:
        follower, message = self.follower, self[position]
        Bounded.__delitem__(self, position)
        follower.leaves(message)

    def clear(self) -> None:
        """All go."""
        _leave_all(self, Bounded.clear)

    def close(self) -> None:
        """The process has ended: what is here is lost."""
        _lose_all(self)
        Bounded.close(self)


def _leave_all(box: Queue, clear: Any) -> None:
    messages, follower = list(box), box.follower
    clear(box)
    for message in messages:
        follower.leaves(message)


def _lose_all(box: Queue) -> None:
    for message in box:
        box.follower.lost(message, "never read: the process ended")


def followed(tap: Tap, process: Process) -> Queue:
    """A new mailbox for a process that has none."""
    box = FollowedQueue()
    box.follower = Follower(tap, process)
    return box


def follow(tap: Tap, process: Process) -> None:
    """Have the mailbox of a process tell, if it has one."""
    box: Any = process.mailbox
    if box is not None and type(box) in (Queue, Bounded):
        box.follower = Follower(tap, process)
        box.__class__ = FollowedQueue if type(box) is Queue else FollowedBounded


def unfollow(process: Process) -> None:
    """Make its mailbox a plain one again."""
    box: Any = process.mailbox
    if type(box) in (FollowedQueue, FollowedBounded):
        box.__class__ = Queue if type(box) is FollowedQueue else Bounded
        del box.follower
