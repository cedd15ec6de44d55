"""Going back: the tree as it was at any event that is kept, why something happened, and where the next crash is.

>>> import actorbook as ab
>>> shop = await ab.Supervisor.start([ab.GenServer.child_spec(id="till", name="till")], name="shop")
>>> ab.exit(ab.whereis("till"), "kill")
True
>>> await ab.sleep(0.01)
>>> again = ab.observe.events(kind="started")[-1]
>>> print(ab.observe.at(again.n, "shop"))                # while it is being started again
shop  one_for_one  <nb.2>  1 of 3 in 5 s
└─ till  GenServer  –  restarting  ✕ killed
>>> [event.kind for event in ab.observe.why(ab.observe.events(kind="restarted")[-1])]
['exited', 'restarted']
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, Self, cast

from ..core.ids import Pid
from ..core.node import Node
from ..core.running import current_node
from .event import Event, Events
from .figure import Figure
from .past import Past, PastNode, past
from .recorder import Recorder, recorder_of
from .snapshot import Tree, tree_of

__all__ = ["Closely", "History", "Live", "at", "closely", "history", "next_crash", "why"]

_CRASHES = ("crashed", "gave_up", "node_crashed")


class History(Protocol):
    """A run that can be looked back at: the live one, or one that was saved."""

    @property
    def first(self) -> int:
        """The number of the oldest event that is kept."""
        ...

    @property
    def last(self) -> int:
        """The number of the newest event."""
        ...

    def events(self) -> Events:
        """The events that are kept, oldest first."""
        ...

    def at(self, n: int | None = None, pid: Any = None, most: int | None = None) -> Tree:
        """The tree as it was when event `n` had happened."""
        ...


def check_number(history: History, n: int | None, what: str) -> int:
    """The number of an event that is kept, or the asker's error."""
    if n is None:
        return history.last
    if isinstance(n, bool) or not isinstance(n, int):
        raise TypeError(f"{what}: expected the number of an event, got {n!r}; an event has it as `.n`")
    if not history.first <= n <= history.last:
        kept = f"the events {history.first:,} to {history.last:,} are kept" if history.last else "there are none yet"
        raise LookupError(f"{what}: expected an event that is kept, got {n:,}; {kept}")
    return n


def chain(events: Events, n: int) -> Events:
    """The event with this number and what led to it, as far as that is kept: the origin first."""
    by_number = {event.n: event for event in events}
    found = Events()
    event = by_number.get(n)
    while event is not None:
        found.append(event)
        event = by_number.get(event.cause) if event.cause is not None else None
    return Events(found[::-1])


def crash_after(events: Sequence[Event], n: int) -> Event | None:
    """The first crash after event `n`."""
    return next((event for event in events if event.n > n and event.kind in _CRASHES), None)


def crash_before(events: Sequence[Event], n: int) -> Event | None:
    """The last crash before event `n`."""
    return next((event for event in reversed(events) if event.n < n and event.kind in _CRASHES), None)


class Live:
    """The history of a node that runs."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.recorder: Recorder = recorder_of(node)

    @property
    def first(self) -> int:
        """The number of the oldest event that is kept."""
        return self.recorder.dropped + 1

    @property
    def last(self) -> int:
        """The number of the newest event."""
        return self.recorder.count

    def events(self) -> Events:
        """The events that are kept, oldest first."""
        return self.recorder.events()

    def node_at(self, n: int | None) -> PastNode:
        """What looks like the node as it was."""
        return past(self.recorder, check_number(self, n, "at")).node(self._node)

    def at(self, n: int | None = None, pid: Any = None, most: int | None = None) -> Tree:
        """The tree as it was when event `n` had happened."""
        node = self.node_at(n)
        root = None
        if pid is not None:
            root = find(node.past, node, pid)
            if root is None:
                raise ValueError(f"at: no process {pid!r} at event {n}; ab.observe.at({n}) shows all that lived then")
        return tree_of(cast("Any", node), cast("Any", root), most)


def find(made: Past, node: PastNode, who: Pid | str) -> Figure | None:
    """The process with this pid or name that lived then."""
    if isinstance(who, Pid):
        nodes = [node] if made.neighbours is None else [*made.neighbours.nodes.values()]
        return next((figure for one in nodes if (figure := one.local(who)) is not None), None)
    return next((figure for figure in node.all() if figure.name == who), None)


def history() -> Live:
    """The history of this node, see `ab.observe.at`."""
    return Live(current_node())


def at(n: int | None = None, pid: Pid | str | None = None, most: int | None = None) -> Tree:
    """The tree as it was when event `n` had just happened; None: the latest. The same value as `ab.observe.tree()`.

    `pid` (or a name) and `most` are as there. Any event that the bounded log keeps will do, `ab.observe.events()` has
    their numbers. What a mailbox held is known of times at which somebody looked closely (a picture is open, or
    `ab.observe.closely()`), and is -1 otherwise. Raises `LookupError` for an event that is not kept, `ValueError` for
    a process that did not live then. It reads tables, messages nobody, and does not wait.
    """
    return history().at(n, pid, most)


def why(event: Event | int) -> Events:
    """What led to an event, the origin first and itself last: crash, end of a linked process, restart.

    As far as the log goes back, and as far as the runtime knows: a message that made a process crash is in a trace.
    """
    n = event.n if isinstance(event, Event) else event
    here = history()
    return chain(here.events(), check_number(here, n, "why"))


def next_crash(n: int = 0) -> Event | None:
    """The first crash after event `n` (or the end of a supervisor that gave up, or a node's); None if there is none."""
    return crash_after(history().events(), n)


class Closely:
    """While it lasts, the recorder looks closely. Made by `closely`."""

    def __init__(self, recorder: Recorder, states: bool) -> None:
        self._recorder = recorder
        self._states = states
        self._looking = False

    def __enter__(self) -> Self:
        self._looking = True
        self._recorder.look_closely(True, self._states)
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def stop(self) -> None:
        """No longer; twice is the same as once."""
        if not self._looking:
            return
        self._looking = False
        self._recorder.look_closely(False, self._states)


def closely(states: bool = False) -> Closely:
    """Within it, mailboxes and who runs are known of each event; with `states` copies of states and messages are kept.

        >>> import actorbook as ab
        >>> with ab.observe.closely():
        ...     pid = ab.spawn(ab.receive, name="patient")
        ...     _ = ab.send(pid, 1), ab.send(pid, 2)
        ...     ab.observe.at(pid=pid).mailbox
        0

    A state is kept of what can be copied; it costs a copy of whatever changed, at each event. See `state_at`.
    """
    return Closely(recorder_of(current_node()), states)
