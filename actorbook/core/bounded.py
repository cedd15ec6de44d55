"""A queue with a limit: what comes in when there is no room, and who waits for some.

A limit is for messages. Signals and replies pass by it: they are remembered by identity while they are here,
so that they neither take room nor are dropped. Who has to wait for room stands outside in one line, first come
first in: calls and offers, which bring their message along, and senders, whose message was taken already.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from .errors import MailboxFullError
from .mailbox import Crowding, Mailbox, Queue
from .running import running
from .waits import Asked, Request

if TYPE_CHECKING:
    from .process import Process

__all__ = ["Bounded", "Outside"]

_TELL_EVERY = 1.0
_SWEEP = 64


class Outside(Protocol):
    """Who waits for room."""

    @property
    def wake(self) -> Any:
        """None when it waits no more."""
        ...

    def enter(self) -> None:
        """There is room."""
        ...


class _Held:
    """A process that gets no turn until there is room: it sent a message too many."""

    __slots__ = ("sender",)

    def __init__(self, sender: Process) -> None:
        self.sender = sender

    @property
    def wake(self) -> Any:
        """None when it has ended meanwhile."""
        return None if self.sender.ended else self

    def enter(self) -> None:
        """It may go on."""
        self.sender.release()


class Bounded(Queue):
    """The queue of one process, with room for so many messages."""

    __slots__ = ("_outside", "_passing", "_process", "_signals", "_sweep_at", "_telling", "_told", "bounds", "dropped")

    def __init__(self, process: Process, bounds: Mailbox) -> None:
        super().__init__()
        self.bounds = bounds
        self.dropped = 0
        self._process = process
        self._signals: dict[int, int] = {}
        self._passing = 0
        self._outside: deque[Outside] = deque()
        self._sweep_at = _SWEEP
        self._telling = False
        self._told = 0

    # --- in -----------------------------------------------------------------------------------------------

    def put(self, message: Any) -> None:
        """Append what takes no room."""
        self._signals[id(message)] = self._signals.get(id(message), 0) + 1
        self._passing += 1
        super().append(message)

    def append(self, message: Any, /) -> None:
        """Append a message, or do what the policy says."""
        if not self.is_full():
            super().append(message)
        elif self.bounds.policy == "wait":
            self._have_wait(message)
        else:
            self._drop(message)

    def is_full(self) -> bool:
        """True when the next message would be one too many."""
        return len(self) - self._passing >= self.bounds.limit

    def crowding(self) -> Crowding:
        """How things stand."""
        return Crowding(self.bounds, self.is_full(), self.dropped)

    def _drop(self, message: Any) -> None:
        self._count()
        if self.bounds.policy == "drop_oldest":
            message = self._exchange(message)
        if isinstance(message, Asked):
            self._refuse(message)
        elif self.bounds.policy == "fail":
            who, limit = self._process, self.bounds.limit
            raise MailboxFullError(
                f"the mailbox of {who.title()} {who.pid!r} is full: {limit:,} messages wait; "
                "send less, or `await ab.offer(…)` to wait for room",
                who.pid,
            )

    def _exchange(self, message: Any) -> Any:
        """Take the newest in and the oldest out; who waits for messages has looked at one less."""
        position = next(i for i, waiting in enumerate(self) if id(waiting) not in self._signals)
        oldest = self[position]
        super().__delitem__(position)
        super().append(message)
        for wait in self._process.waits or ():
            wait.scan = max(0, wait.scan - 1)
        return oldest

    def _refuse(self, request: Asked) -> None:
        """Tell who waits for the answer, if anyone still does."""
        asker = self._process.node.aliases.get(request.caller.ref)
        if asker is not None:
            asker.refused(self._process)
        elif request.caller.ref.home is not self._process.pid.home:
            self._process.node.remote.refuse(request.caller.pid, request.caller.ref, self._process.pid)

    def _count(self) -> None:
        """One more had no room: those who watch are told at once of the first, and of more once a second."""
        self.dropped += 1
        if not self._telling and self._process.node.tracer is not None:
            self._tell()

    def _tell(self) -> None:
        """Say how many there were since the last time, and look again."""
        process, news = self._process, self.dropped - self._told
        tracer = process.node.tracer
        self._telling = news > 0 and tracer is not None and not process.ended
        if not self._telling or tracer is None:
            return
        self._told = self.dropped
        limit, policy = self.bounds
        text = f"no room for {news:,} ({policy}, at most {limit:,})"
        tracer.record("overflow", process.pid, process.title(), text)
        process.node.set_timer(_TELL_EVERY, self._tell)

    # --- waiting for room ---------------------------------------------------------------------------------

    def _have_wait(self, message: Any) -> None:
        """A call stays outside together with its caller; any other message is taken, and its sender waits."""
        asker = self._process.node.aliases.get(message.caller.ref) if isinstance(message, Asked) else None
        if isinstance(asker, Request) and asker.target is self._process and asker.wake is not None:
            self.queue_up(asker)
            return
        super().append(message)
        sender = running.process
        if sender is None or sender is self._process or sender.ended or self._came_last(sender):
            return
        self.queue_up(_Held(sender))
        sender.hold()

    def _came_last(self, sender: Process) -> bool:
        """True when it waits already: it is still the same turn."""
        last = self._outside[-1] if self._outside else None
        return isinstance(last, _Held) and last.sender is sender

    def queue_up(self, waiting: Outside) -> None:
        """Wait outside. Those who gave up are swept away from time to time."""
        if len(self._outside) >= self._sweep_at:
            self._outside = deque(other for other in self._outside if other.wake is not None)
            self._sweep_at = 2 * len(self._outside) + _SWEEP
        self._outside.append(waiting)

    def _let_in(self) -> None:
        while self._outside and not self.is_full():
            waiting = self._outside.popleft()
            if waiting.wake is not None:
                waiting.enter()

    def close(self) -> None:
        """The process has ended: nobody is to wait for it. Calls and offers hear of the end by themselves."""
        for waiting in self._outside:
            if isinstance(waiting, _Held) and waiting.wake is not None:
                waiting.enter()

    # --- out ----------------------------------------------------------------------------------------------

    def popleft(self) -> Any:
        """Take the oldest."""
        message = super().popleft()
        self._taken(message)
        return message

    def __delitem__(self, position: Any, /) -> None:
        message = self[position]
        super().__delitem__(position)
        self._taken(message)

    def clear(self) -> None:
        """Take all of them."""
        super().clear()
        self._signals.clear()
        self._passing = 0
        self._let_in()

    def _taken(self, message: Any) -> None:
        times = self._signals.pop(id(message), 0)
        if not times:
            self._let_in()
            return
        self._passing -= 1
        if times > 1:
            self._signals[id(message)] = times - 1
