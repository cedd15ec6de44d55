"""A process as it was. It has what the pictures read of a process, and is its own body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from typing import TYPE_CHECKING, Any

from ..core.ids import Pid
from ..core.mailbox import Crowding
from ..core.process import ChildView, Description, Process

if TYPE_CHECKING:
    from .past import PastNode

__all__ = ["Figure", "Slots"]

_NEVER: Any = object()


class Figure:
    """One process at one moment."""

    def __init__(self, node: PastNode, process: Process) -> None:
        self.node = node
        self.pid, self.parent, self.started = process.pid, process.parent, process.started
        self.name, self.label = process.name, process.label
        self.stopped = process.suspended
        self.bounds = process.crowding().bounds
        self.handled = 0
        self.mailbox: Any = None
        self._process = process
        self._what: Description | None = None
        self._limit: Any = _NEVER
        self._links: dict[Pid, None] | None = process.links
        self._added: dict[Pid, None] = {}
        self._dropped: set[Pid] = set()
        self._slots: Slots | None = None

    # --- to be changed --------------------------------------------------------------------------------------

    @property
    def slots(self) -> Slots:
        """Of a supervisor."""
        if self._slots is None:
            self._slots = Slots(self._process)
        return self._slots

    def set_links(self, links: Iterable[Pid]) -> None:
        """Those it had when it ended."""
        self._links = dict.fromkeys(links)
        self._added.clear()
        self._dropped.clear()

    def add_child(self, pid: Pid) -> None:
        """It was linked with a child of its own."""
        self._dropped.discard(pid)
        if self._links is None or pid not in self._links:
            self._added[pid] = None

    def drop_child(self, pid: Pid) -> None:
        """It was not, yet."""
        self._dropped.add(pid)
        self._added.pop(pid, None)

    def was(self, what: Description, limit: Any) -> None:
        """It looked otherwise."""
        self._what, self._limit = what, limit

    def had(self, stale: tuple[float, ...]) -> None:
        """Its last restart was not counted yet, and these were still."""
        limit = self.intensity()
        if limit is not None:
            self._limit = (*limit[:2], (*stale, *limit[2][:-1]))

    # --- as a process ---------------------------------------------------------------------------------------

    @property
    def body(self) -> Figure:
        """It is its own body."""
        return self

    @property
    def links(self) -> list[Pid]:
        """Those with whom it was linked, as far as the tree is concerned."""
        from .past import in_order

        pids = [pid for pid in self._links or () if pid not in self._dropped]
        if self._added:
            pids = in_order([*pids, *self._added], set(self._added), self.node.past.places("linked"))
        return pids

    @property
    def suspended(self) -> bool:
        """It handled nothing."""
        vital = self.node.past.vital(self.pid)
        return self.stopped if vital is None else vital.halted & 1 != 0

    @property
    def held(self) -> bool:
        """It had sent to a full mailbox."""
        vital = self.node.past.vital(self.pid)
        return vital is not None and vital.halted > 1

    def title(self) -> str:
        """What it was called."""
        return self.name or self.label or self.describe().cls

    def status(self) -> str:
        """As that of a process; waiting when nobody looked closely."""
        if self.suspended:
            return "suspended"
        vital = self.node.past.vital(self.pid)
        return "running" if vital is not None and vital.running and not vital.halted else "waiting"

    def pending(self) -> int:
        """How many messages waited; -1 when nobody looked closely."""
        vital = self.node.past.vital(self.pid)
        return -1 if vital is None else vital.waiting

    def crowding(self) -> Crowding:
        """How its mailbox stood to its limit."""
        vital = self.node.past.vital(self.pid)
        return Crowding(self.bounds) if vital is None else Crowding(self.bounds, vital.full, vital.dropped)

    # --- as a body ------------------------------------------------------------------------------------------

    def describe(self) -> Description:
        """What it was."""
        return self._process.body.describe() if self._what is None else self._what

    def children(self) -> Iterator[ChildView] | None:
        """The slots of a supervisor."""
        if self.describe().kind != "supervisor":
            return None
        return iter(self._process.body.children() or ()) if self._slots is None else iter(self._slots)

    def child_count(self) -> int:
        """How many."""
        return self._process.body.child_count() if self._slots is None else len(self._slots)

    def intensity(self) -> Any:
        """The restart limit."""
        return self._process.body.intensity() if self._limit is _NEVER else self._limit


class Slots:
    """The slots of a supervisor: those it has now, but for the ones that were different. Read one by one."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._replaced: tuple[ChildView, ...] | None = None
        self._changed: dict[Any, ChildView] = {}
        self._gone: set[Any] = set()
        self._back: dict[Any, tuple[ChildView, Any]] = {}
        self._count = process.body.child_count()

    def change(self, key: Any, fields: tuple[Any, ...] | None) -> None:
        """The slot was like this; None: it was not there."""
        before = None if fields is None else ChildView(key, *fields)
        if before is None:
            self._count -= 1
            if self._back.pop(key, None) is None:
                self._gone.add(key)
        elif key in self._back:
            self._back[key] = before, self._back[key][1]
        else:
            self._changed[key] = before

    def give_back(self, key: Any, fields: tuple[Any, ...], after: Any) -> None:
        """The slot was there, before the one with the key `after`; None: it was the last, or goes by its number."""
        self._count += 1
        self._back[key] = ChildView(key, *fields), after

    def replace(self, views: tuple[ChildView, ...]) -> None:
        """All of them were others."""
        self._replaced, self._count = views, len(views)
        self._changed.clear()
        self._gone.clear()
        self._back.clear()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ChildView]:
        now = iter(self._process.body.children() or ()) if self._replaced is None else iter(self._replaced)
        kept = (self._changed.get(view.id, view) for view in now if view.id not in self._gone)
        if not self._back:
            return kept
        numbered = all(isinstance(key, Pid) for key in self._back)
        return self._by_number(kept) if numbered else iter(self._by_neighbour(list(kept)))

    def _by_number(self, kept: Iterator[ChildView]) -> Iterator[ChildView]:
        """Dynamic children stand in the order in which they came."""
        return merge(kept, sorted((view for view, _ in self._back.values()), key=_number), key=_number)

    def _by_neighbour(self, views: list[ChildView]) -> list[ChildView]:
        for view, after in self._back.values():
            place = next((i for i, other in enumerate(views) if after is not None and other.id == after), len(views))
            views.insert(place, view)
        return views


def _number(view: ChildView) -> int:
    return view.id.number if isinstance(view.id, Pid) else 0
