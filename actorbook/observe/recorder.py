"""The recorder: a bounded log of what happened to processes, honest about what it had to forget.

It is a node's tracer. An event costs one append; nothing is formatted until somebody reads. With each event it keeps
what the event replaced, so that the picture of that moment can be had back (`past`): the past is the present, with
what happened since taken back, and nothing has to be copied while it happens.

    >>> import actorbook as ab
    >>> pid = ab.spawn(lambda: None, name="brief")
    >>> await ab.sleep(0)
    >>> [event.kind for event in ab.observe.events(pid=pid)]
    ['started', 'exited']
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..core.ids import Pid
from ..core.node import Node
from ..core.running import current_node
from .causes import Causes
from .event import Event, Events

if TYPE_CHECKING:
    from .vitals import Vitals

__all__ = ["Event", "Events", "Recorder", "events", "recorder_of"]

_new = tuple.__new__  # makes a named tuple in a third of the time


class Recorder:
    """Keeps the last `capacity` events; `dropped` counts the older ones that are gone, `crashes` all there were.

    `listeners` are called with each event, and while there are any the recorder looks closely (see `Vitals`); `wakers`
    are only told that something happened.
    """

    def __init__(self, node: Node, capacity: int = 10_000) -> None:
        self.node = node
        self._started = node.started
        self.log: deque[tuple[Event, list[tuple[Any, ...]]]] = deque(maxlen=capacity)
        """Each event, and what had changed since the one before, oldest first."""
        self.changes: list[tuple[Any, ...]] = []
        """What changed since the last event."""
        self.causes = Causes(capacity)
        self.vitals: Vitals | None = None
        """What is looked at closely; None while nobody does."""
        self._looking = 0
        self.count = 0
        self.crashes = 0
        self.listeners: list[Callable[[Event], None]] = []
        self.wakers: list[Callable[[Event], None]] = []

    @property
    def dropped(self) -> int:
        """How many events were forgotten."""
        return self.count - len(self.log)

    # --- in ---------------------------------------------------------------------------------------------------

    def note(self, *change: Any) -> None:
        """Something changes that is no event: it belongs to the next one."""
        self.changes.append(change)

    def record(
        self, kind: str, pid: Pid | None, name: str, detail: Any, by: Pid | None = None,
        change: tuple[Any, ...] | None = None,
    ) -> None:  # fmt: skip
        """Append one event."""
        self.count = n = self.count + 1
        if kind == "crashed":
            self.crashes += 1
        changes = self.changes
        if change is not None:
            changes.append(change)
        if self.listeners and self._looking == 0:
            self.look_closely(True)
        if self.vitals is not None:
            self.vitals.sample(pid, changes)
        causes = self.causes
        cause = causes.of(n, kind, pid, name, detail, by) if causes.may_know(kind) else None
        event = _new(Event, (n, self.node.clock.now() - self._started, kind, pid, name, detail, cause))
        self.log.append((event, changes))
        self.changes = []
        if self.listeners or self.wakers:
            for told in (*self.listeners, *self.wakers):
                told(event)

    def look_closely(self, yes: bool, keep: bool = False) -> None:
        """Once more, or once less: somebody wants to know of every event how full the mailboxes were, and who ran.

        With `keep`, what can be copied of states and messages is kept as well.
        """
        from .vitals import Vitals

        self._looking += 1 if yes else -1
        if self._looking > 0 and self.vitals is None:
            self.note("looked", None)
            self.vitals = Vitals(self.node)
        elif self._looking <= 0 and self.vitals is not None:
            self.note("looked", self.vitals.close())
            self.vitals = None
        if self.vitals is not None and keep:
            self.vitals.keep += 1 if yes else -1

    # --- out --------------------------------------------------------------------------------------------------

    def since(self, n: int, most: int) -> list[Event]:
        """The events after number `n`, the latest `most` of them."""
        fresh: list[Event] = []
        for event, _ in reversed(self.log):
            if event.n <= n or len(fresh) >= most:
                break
            fresh.append(event)
        return fresh[::-1]

    def events(self, kind: str | None = None, pid: Pid | None = None, last: int | None = None) -> Events:
        """The events that are kept, oldest first."""
        found = [e for e, _ in self.log if kind in (None, e.kind) and pid in (None, e.pid)]
        return Events(found if last is None else found[-last:] if last > 0 else [])


def recorder_of(node: Node) -> Recorder:
    """The recorder of a node; one without gets it now, and its events begin here."""
    if not isinstance(node.tracer, Recorder):
        node.tracer = Recorder(node)
    return node.tracer


def events(kind: str | None = None, pid: Pid | None = None, last: int | None = None) -> Events:
    """What happened on this node: the bounded log, oldest first.

    `kind` is one of started, exited, crashed, restarted, gave_up, registered, unregistered, suspended, resumed,
    upgraded, state_changed, output, report, killed, injected, overflow, blocking, paused, stepped, continued; `pid`
    picks a process, `last` the newest so many. `.to_pandas()` makes a table.
    """
    return recorder_of(current_node()).events(kind, pid, last)
