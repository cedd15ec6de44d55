"""The past: the present, with what happened since taken back, newest first.

What comes out looks like a node and is read like one, so the picture of a moment is made by the very code that makes
the live one. Only what has changed since has an object of its own here; all else is read from the runtime's tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

from ..core.ids import Home, Pid
from ..core.node import Node
from ..core.process import Process
from .event import Event
from .figure import Figure
from .vitals import IDLE, Kept, Memory, Vital

if TYPE_CHECKING:
    from .recorder import Recorder

__all__ = ["Past", "PastNode", "past"]


def past(recorder: Recorder, n: int) -> Past:
    """Everything as it was when event `n` had just been recorded."""
    made = Past(recorder)
    for change in reversed(recorder.changes):
        made.undo(change)
    for event, changes in reversed(recorder.log):
        if event.n <= n:
            made.time = event.at + recorder.node.started
            break
        made.undo_event(event)
        for change in reversed(changes):
            made.undo(change)
    return made


class Past:
    """All nodes at one moment. `vitals` is None when nobody looked closely then."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._here = recorder.node
        self.time = self._here.clock.now()
        memory = recorder.vitals.memory if recorder.vitals is not None else None
        self.memory = None if memory is None else Memory(dict(memory.vitals), dict(memory.kept))
        self._nodes: dict[Home, PastNode] = {}
        self._actions: dict[str, Callable[..., None]] = {
            "started": self._started, "ended": self._ended, "orphaned": self._orphaned, "linked": self._linked,
            "unlinked": self._unlinked, "adopted": self._adopted, "slot": self._slot, "dropped": self._dropped,
            "slots": self._slots, "servants": self._servants, "body": self._body, "window": self._window,
            "label": self._label, "vital": self._vital, "kept": self._kept, "looked": self._looked,
            "nodes": self._set_nodes,
        }  # fmt: skip
        others = self._here.neighbours
        self.neighbours: PastNeighbours | None = None
        if others is not None:
            self._set_nodes(self._here, (tuple(others.names), others.nodes, tuple(others.cuts)))

    def node(self, node: Node) -> PastNode:
        """That node at this moment."""
        found = self._nodes.get(node.home)
        if found is None:
            found = self._nodes[node.home] = PastNode(self, node)
        return found

    def vital(self, pid: Pid) -> Vital | None:
        """How a process was; None when nobody looked."""
        return None if self.memory is None else self.memory.vitals.get(pid, IDLE)

    def kept(self, pid: Pid) -> Kept | None:
        """What was kept of it."""
        return None if self.memory is None else self.memory.kept.get(pid)

    def places(self, word: str) -> dict[Pid, int]:
        """When each process came to its place among its siblings, of those who came lately; `word` is for coming late.

        The number only orders them.
        """
        numbers, found = count(), {}
        for _, changes in self._recorder.log:
            for change in changes:
                if change[0] == "started":
                    found[change[1].pid] = next(numbers)
                elif change[0] == word:
                    found[change[-1].pid] = next(numbers)
        return found

    # --- taking back ------------------------------------------------------------------------------------------

    def undo(self, change: tuple[Any, ...]) -> None:
        """Take back one change."""
        self._actions[change[0]](*change[1:])

    def undo_event(self, event: Event) -> None:
        """Take back what an event says by itself."""
        if event.pid is None or event.kind not in ("registered", "unregistered", "suspended", "resumed"):
            return
        pid = event.pid
        figure = next((f for node in self._nodes_of(pid.home) if (f := node.known(pid)) is not None), None)
        if figure is None:
            return
        if event.kind in ("registered", "unregistered"):
            figure.name = None if event.kind == "registered" else event.name
        else:
            figure.stopped = event.kind == "resumed"

    def _nodes_of(self, home: Home) -> Iterator[PastNode]:
        others = self._here.neighbours
        for node in [self._here] if others is None else [*others.nodes.values(), self._here]:
            if node.home is home:
                yield self.node(node)
                return
        if home in self._nodes:
            yield self._nodes[home]

    def _figure(self, process: Process) -> Figure:
        return self.node(process.node).figure(process)

    def _started(self, process: Process) -> None:
        self.node(process.node).take_away(process)

    def _ended(self, process: Process, top: bool, links: Any, bounds: Any) -> None:
        figure = self.node(process.node).give_back(process, top)
        figure.set_links(links)
        figure.bounds = bounds
        parent = process.parent
        if parent is not None and parent in links:
            above = next((f for node in self._nodes_of(parent.home) if (f := node.known(parent)) is not None), None)
            if above is not None:
                above.add_child(process.pid)

    def _adopted(self, process: Process) -> None:
        figure = self._figure(process)
        figure.parent = None
        figure.set_links(())

    def _servants(self, node: Node, before: dict[str, None]) -> None:
        self.node(node).servants = before

    def _orphaned(self, process: Process) -> None:
        self.node(process.node).top().pop(process.pid, None)

    def _linked(self, one: Process, other: Process) -> None:
        for parent, child in ((one, other), (other, one)):
            if child.parent is parent.pid:
                self._figure(parent).drop_child(child.pid)

    def _unlinked(self, one: Process, peer: Pid) -> None:
        """Whoever is not a child does no harm there: it is not drawn."""
        self._figure(one).add_child(peer)
        other = self.node(one.node).known(peer) if peer.home is one.pid.home else None
        if other is not None:
            other.add_child(one.pid)

    def _slot(self, process: Process, key: Any, before: Any, after: Any) -> None:
        self._figure(process).slots.change(key, before)

    def _dropped(self, process: Process, key: Any, before: Any, after: Any) -> None:
        self._figure(process).slots.give_back(key, before, after)

    def _slots(self, process: Process, key: Any, before: Any, after: Any) -> None:
        self._figure(process).slots.replace(before)

    def _body(self, process: Process, what: Any, limit: Any) -> None:
        self._figure(process).was(what, limit)

    def _window(self, process: Process, stale: tuple[float, ...]) -> None:
        self._figure(process).had(stale)

    def _label(self, process: Process, before: str) -> None:
        self._figure(process).label = before

    def _vital(self, pid: Pid, before: Vital) -> None:
        if self.memory is not None:
            self.memory.vitals[pid] = before

    def _kept(self, pid: Pid, before: Kept | None) -> None:
        if self.memory is None:
            return
        if before is None:
            self.memory.kept.pop(pid, None)
        else:
            self.memory.kept[pid] = before

    def _looked(self, before: Memory | None) -> None:
        self.memory = None if before is None else Memory(dict(before.vitals), dict(before.kept))

    def _set_nodes(self, here: Node, before: Any) -> None:
        self.neighbours = None if before is None else PastNeighbours(self, here, *before)


class PastNeighbours:
    """The nodes of a cluster as they were."""

    def __init__(self, past: Past, here: Node, names: tuple[str, ...], nodes: dict[str, Node], cuts: Any) -> None:
        self.here = past.node(here)
        self.names = list(names)
        self.nodes = {name: past.node(node) for name, node in nodes.items()}
        self.cuts = list(cuts)


class _Silent:
    """A scheduler that does nothing, and a clock that stands still."""

    handled = 0

    def __init__(self, past: Past) -> None:
        self._past = past

    def now(self) -> float:
        """The time of the moment."""
        return self._past.time


class PastNode:
    """A node as it was: it has what the pictures read of a node."""

    def __init__(self, past: Past, node: Node) -> None:
        self.past = past
        self.name, self.home, self.started, self.servants = node.name, node.home, node.started, node.servants
        self.clock = self.scheduler = _Silent(past)
        self._node = node
        self._figures: dict[Pid, Figure] = {}
        self._gone: set[Pid] = set()
        self._back: set[Pid] = set()
        self._count = 0
        self._top: dict[Pid, None] | None = None
        self._returned: set[Pid] = set()

    @property
    def neighbours(self) -> PastNeighbours | None:
        """The others."""
        return self.past.neighbours

    @property
    def fostered(self) -> dict[Pid, Figure]:
        """Those whose parent is on another node."""
        return {pid: f for pid, f in self.tops.items() if f.parent is not None and f.parent.home is not self.home}

    @property
    def shell(self) -> Figure:
        """It was always there."""
        return self.figure(self._node.shell)

    @property
    def names(self) -> PastNode:
        """Names are asked for here."""
        return self

    def get(self, name: str) -> Figure | None:
        """Who had the name."""
        now = self._node.names.get(name)
        if now is not None and (figure := self.local(now.pid)) is not None and figure.name == name:
            return figure
        return next((f for pid, f in self._figures.items() if f.name == name and pid not in self._gone), None)

    @property
    def processes(self) -> range:
        """As many as there were."""
        return range(len(self._node.processes) + self._count)

    @property
    def tops(self) -> dict[Pid, Figure]:
        """The roots in order."""
        pids = list(self.top())
        if self._returned:
            pids = in_order(pids, self._returned, self.past.places("orphaned"))
        return {pid: figure for pid in pids if (figure := self.local(pid)) is not None}

    def top(self) -> dict[Pid, None]:
        """The pids of the roots, to be changed."""
        if self._top is None:
            self._top = dict.fromkeys(self._node.tops)
        return self._top

    def figure(self, process: Process) -> Figure:
        """A process, dead or alive, to be changed."""
        found = self._figures.get(process.pid)
        if found is None:
            found = self._figures[process.pid] = Figure(self, process)
        return found

    def known(self, pid: Pid) -> Figure | None:
        """The one with this pid, if it is alive now or was given back."""
        if pid in self._figures:
            return self._figures[pid]
        process = self._node.processes.get(pid)
        return None if process is None else self.figure(process)

    def local(self, pid: Pid) -> Figure | None:
        """The process with this pid that lived then."""
        return None if pid in self._gone else self.known(pid)

    def all(self) -> Iterator[Figure]:
        """Everybody who lived then, in no order."""
        for pid in {**self._node.processes, **self._figures}:
            figure = self.local(pid)
            if figure is not None:
                yield figure

    def take_away(self, process: Process) -> None:
        """It had not started."""
        self._gone.add(process.pid)
        self.top().pop(process.pid, None)
        self._returned.discard(process.pid)
        self._count -= 1

    def give_back(self, process: Process, top: bool) -> Figure:
        """It had not ended."""
        self._gone.discard(process.pid)
        self._count += 1
        if top:
            self.top()[process.pid] = None
            self._returned.add(process.pid)
        return self.figure(process)


def in_order(pids: list[Pid], returned: set[Pid], places: dict[Pid, int]) -> list[Pid]:
    """Siblings, of whom some were given back: who came lately in the order of coming, before them the older ones.

    Those have their order, and who was given back stands there by the number of its pid.
    """
    late = sorted((pid for pid in pids if pid in places), key=lambda pid: places[pid])
    found: list[Pid] = []
    back = sorted((pid for pid in pids if pid in returned and pid not in places), key=lambda pid: -pid.number)
    for pid in pids:
        if pid in places or pid in returned:
            continue
        while back and back[-1].number < pid.number:
            found.append(back.pop())
        found.append(pid)
    return [*found, *reversed(back), *late]
