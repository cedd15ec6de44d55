"""The recorder: a bounded log of what happened to processes, honest about what it had to forget.

It is a node's tracer. An event costs one append; nothing is formatted until somebody reads.

    >>> import actorbook as ab
    >>> pid = ab.spawn(lambda: None, name="brief")
    >>> await ab.sleep(0)
    >>> [event.kind for event in ab.observe.events(pid=pid)]
    ['started', 'exited']
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple

from ..core.ids import Pid
from ..core.node import Node
from ..core.process import Description
from ..core.reasons import describe
from ..core.running import current_node
from .export import Exported

__all__ = ["Event", "Events", "Recorder", "events", "recorder_of"]

_new = tuple.__new__  # makes a named tuple in a third of the time


class Event(NamedTuple):
    """One thing that happened: its number, when (seconds since the node started), what, and to whom."""

    n: int
    at: float
    kind: str
    pid: Pid | None
    name: str
    detail: Any

    @property
    def text(self) -> str:
        """The detail in one line."""
        if self.detail is None:
            return ""
        if isinstance(self.detail, Description):
            return self.detail.cls
        if self.kind == "restarted":
            count, (old, reason, _at) = self.detail
            return f"after {old!r} ended with {describe(reason)} (restart {count})"
        if self.kind == "state_changed":
            return " → ".join(describe(state, 60) for state in self.detail)
        return describe(self.detail)


class Events(Exported, list[Event]):
    """A list of events that is data too, see `to_pandas`, `to_arrow`, `to_json_lines`."""

    columns: ClassVar[tuple[str, ...]] = ("n", "at", "kind", "pid", "name", "text")

    def records(self) -> Iterator[tuple[Any, ...]]:
        """The rows: n, at, kind, pid, name, text."""
        return ((e.n, e.at, e.kind, repr(e.pid) if e.pid else "", e.name, e.text) for e in self)


class Recorder:
    """Keeps the last `capacity` events; `dropped` counts the older ones that are gone, `crashes` all there were."""

    def __init__(self, node: Node, capacity: int = 10_000) -> None:
        self._now = node.clock.now
        self._started = node.started
        self._log: deque[Event] = deque(maxlen=capacity)
        self.count = 0
        self.crashes = 0
        self.listeners: list[Callable[[Event], None]] = []

    @property
    def dropped(self) -> int:
        """How many events were forgotten."""
        return self.count - len(self._log)

    def record(self, kind: str, pid: Pid | None, name: str, detail: Any) -> None:
        """Append one event."""
        self.count += 1
        if kind == "crashed":
            self.crashes += 1
        event = _new(Event, (self.count, self._now() - self._started, kind, pid, name, detail))
        self._log.append(event)
        for told in self.listeners:
            told(event)

    def since(self, n: int, most: int) -> list[Event]:
        """The events after number `n`, the latest `most` of them."""
        fresh: list[Event] = []
        for event in reversed(self._log):
            if event.n <= n or len(fresh) >= most:
                break
            fresh.append(event)
        return fresh[::-1]

    def events(self, kind: str | None = None, pid: Pid | None = None, last: int | None = None) -> Events:
        """The events that are kept, oldest first."""
        found = [e for e in self._log if kind in (None, e.kind) and pid in (None, e.pid)]
        return Events(found if last is None else found[-last:] if last > 0 else [])


def recorder_of(node: Node) -> Recorder:
    """The recorder of a node; one without gets it now, and its events begin here."""
    if not isinstance(node.tracer, Recorder):
        node.tracer = Recorder(node)
    return node.tracer


def events(kind: str | None = None, pid: Pid | None = None, last: int | None = None) -> Events:
    """What happened on this node: the bounded log, oldest first.

    `kind` is one of started, exited, crashed, restarted, gave_up, registered, unregistered, suspended, resumed,
    upgraded, state_changed, output, report, killed, overflow, blocking; `pid` picks a process, `last` the newest so
    many. `.to_pandas()` makes a table.
    """
    return recorder_of(current_node()).events(kind, pid, last)
