"""One direction between two nodes of a simulated network: what is sent here arrives there, or not.

A way carries signals while its connection lasts. What is sent while the way is cut, or held, waits at its
beginning; what has left it arrives. A message costs no timer: instant lines hand over in batches, slower ones
set one timer for the next arrival.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING, Any, Final

from ..core.ports import Passage
from ..core.signals import Replied, Sent, Signal, Stamped
from ..core.timers import Timer
from .codec import decode, encode, pack
from .network import Lane, Luck, Quality, fate

if TYPE_CHECKING:
    from .member import Member

__all__ = ["CLOSED", "Way"]

_BATCH = 100

CLOSED: Final = "closed"
"""What a node sends last: its end of the connection is closed."""


class Way:
    """From the member `source` to the member `goal`. `up`: to the source's knowledge there is a connection."""

    __slots__ = (
        "_flying", "_landed", "_lane", "_line", "_serial", "_sure", "_timer", "_told", "_waiting", "back", "cut",
        "detector", "goal", "held", "sent", "source", "up",
    )  # fmt: skip

    def __init__(self, source: Member, goal: Member, line: Quality) -> None:
        self.source = source
        self.goal = goal
        self.back: Way = self
        self.up = False
        self.cut = False
        self.held = False
        self.sent = 0
        self.detector: Timer | None = None
        self._line = line
        self._sure = line if line.ordered else line._replace(ordered=True, loss=0.0, duplicate=0.0)
        self._lane = Lane()
        self._waiting: deque[Any] = deque()
        self._flying: list[tuple[float, int, Any]] = []
        self._landed: deque[Any] = deque()
        self._serial = 0
        self._timer: Timer | None = None
        self._told = False

    def look(self) -> Passage:
        """How it stands, for those who look at the network."""
        status = "cut" if self.cut else "held" if self.held else "open" if self.up and self.back.up else "closed"
        flying = len(self._waiting) + len(self._flying) + len(self._landed)
        return Passage(self.source.name, self.goal.name, status, flying, self.sent)

    # --- sending ----------------------------------------------------------------------------------------

    def send(self, signal: Signal) -> None:
        """Send; what cannot be encoded is the sender's error."""
        item = encode(signal)
        self.sent += 1
        if self.cut or self.held or self._waiting:
            self._waiting.append((item, self._line_for(signal)))
        elif self._flying or not self._line.instant:
            self._launch(item, self._line_for(signal))
        else:
            self._landed.append(item)
            if not self._told:
                self._tell()

    def close(self) -> None:
        """The last thing that goes this way: the source's end is closed."""
        if self.cut or self.held:
            self._waiting.append((CLOSED, self._sure))
        else:
            self._launch(CLOSED, self._sure)

    def reopen(self) -> None:
        """Send what had to wait, in order."""
        while self._waiting and not self.cut and not self.held:
            self._launch(*self._waiting.popleft())

    def _line_for(self, signal: Signal) -> Quality:
        """What people send is as safe as the network is; links, monitors and the like arrive, and in order."""
        plain = signal.signal if isinstance(signal, Stamped) else signal
        return self._line if isinstance(plain, Sent | Replied) else self._sure

    def _launch(self, item: Any, line: Quality) -> None:
        """Decide what becomes of it."""
        draw = self.source.chance.random
        size = _size(item) if line.bandwidth != inf else 0
        luck = Luck(draw(), draw(), draw(), draw()) if line.chancy else Luck()
        arrivals, self._lane = fate(line, self._lane, self.source.clock.now(), size, luck)
        for arrival in arrivals:
            self._serial += 1
            heappush(self._flying, (arrival, self._serial, item))
        self._watch_the_sky()

    # --- arriving ---------------------------------------------------------------------------------------

    def _watch_the_sky(self) -> None:
        """One timer, for the next to arrive."""
        if not self._flying or self.goal.node is None:
            return
        arrival = self._flying[0][0]
        if self._timer is not None:
            if self._timer.deadline <= arrival:
                return
            self._timer.cancel()
        self._timer = self.goal.node.set_timer(max(0.0, arrival - self.goal.clock.now()), self._land)

    def _land(self) -> None:
        """Hand over what has arrived."""
        assert self._timer is not None
        now, self._timer = max(self.goal.clock.now(), self._timer.deadline), None
        while self._flying and self._flying[0][0] <= now:
            self._landed.append(heappop(self._flying)[2])
        self._watch_the_sky()
        if self._landed and not self._told:
            self._tell()

    def _tell(self) -> None:
        """Have the goal's host come by for what has landed."""
        node = self.goal.node
        if node is not None and node.host is not None:
            self._told = True
            node.host.soon(self._hand_over)

    def _hand_over(self) -> None:
        """Let a bounded number of signals arrive, then let others have a turn."""
        self._told = False
        node, landed = self.goal.node, self._landed
        if not self.back.up:  # this end is closed already
            self.clear()
        if node is None:
            return
        arrive = node.remote.arrive
        for _ in range(_BATCH):
            if not landed:
                return
            item = landed.popleft()
            if item is CLOSED:
                self.goal.lose(self.source.name)
            else:
                arrive(decode(item) if type(item) is bytes else item)
        if landed:
            self._tell()

    def clear(self) -> None:
        """The connection is over: what was on the way is lost."""
        self._waiting.clear()
        self._flying.clear()
        self._landed.clear()
        self._lane = Lane()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _size(item: Any) -> int:
    """How many bytes it would be."""
    return 1 if item is CLOSED else len(item) if isinstance(item, bytes) else len(pack(item))
