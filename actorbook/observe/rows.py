"""The supervision tree as rows that can be seen: what a picture shows, and no more.

A row is a slot: it keeps its key when a child is restarted under a new pid. A collapsed branch is a count,
and more than a page of siblings ends in one row that stands for the rest, so a tree of a million costs what its
visible part does. The runtime's own tables are read; no process is messaged in order to draw it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from ..core.node import Node
from ..core.ports import Neighbours
from ..core.process import ChildView, Process
from ..core.reasons import describe
from .family import Slot, child_count, roots, roots_count, slots
from .nodes import MANY, cut_off, epoch, key_of_node, second_line, status_of

__all__ = ["PAGE", "Dead", "Lens", "Row", "rows"]

PAGE = 50
_BUDGET = 400
_FEW = 2_000
_COUNTED = 50_000
_PATIENCE = 1e-4  # seconds for each sibling: ten thousand are counted once a second


class Dead(NamedTuple):
    """A generation that ended: who, why in one line, and when (ms since the node started that carries the others)."""

    pid: str
    reason: str
    at: float


class Row(NamedTuple):
    """One line of the picture; the fields are those of the widget's wire."""

    key: str
    parent: str
    pid: str
    name: str
    kind: str
    cls: str
    sub: str
    status: str
    mailbox: int
    handled: int
    restarts: int
    intensity: tuple[int, float, tuple[float, ...]] | None
    exits: tuple[Dead, ...]
    children: int
    open: bool
    limit: int = 0  # how many messages may wait; 0: as many as there are
    full: bool = False
    dropped: int = 0
    slot: Slot | None = None  # where it comes from, for those who need more than the line


class Tally(NamedTuple):
    """What is known of siblings that are not shown: how many restart, how many messages wait, when that was counted."""

    restarting: int
    queued: int
    full: int
    at: float


class Lens:
    """What of a tree is looked at: which branches are open, how many siblings are shown, and what was searched out.

    A branch that nobody has opened or closed is open while the picture is small; that is decided once, so that nothing
    folds by itself later.
    """

    def __init__(self) -> None:
        self.open: dict[str, bool] = {}
        self.shown: dict[str, int] = {}
        self.revealed: set[str] = set()
        self._tallies: dict[str, Tally] = {}

    def is_open(self, key: str, children: int, so_far: int) -> bool:
        """Whether the children of `key` are to be seen."""
        if children and key not in self.open:
            self.open[key] = so_far + min(children, PAGE) <= _BUDGET
        return children > 0 and self.open.get(key, False)

    def tally(self, key: str, hidden: int, now: float) -> Tally | None:
        """What was counted of many siblings a moment ago; few are counted each time."""
        tally = self._tallies.get(key)
        return tally if tally is not None and hidden > _FEW and now - tally.at < hidden * _PATIENCE else None

    def count(self, key: str, rest: list[Slot], now: float) -> Tally:
        """Count siblings that are not shown."""
        restarting = sum(1 for slot in rest if slot.view is not None and slot.view.status == "restarting")
        processes = [slot.process for slot in rest if slot.process is not None]
        queued, full = sum(p.pending() for p in processes), sum(p.crowding().full for p in processes)
        tally = self._tallies[key] = Tally(restarting, queued, full, now)
        return tally

    def page(self, key: str) -> int:
        """How many children of `key` are shown before the rest is one row."""
        return self.shown.get(key, PAGE)


def rows(node: Node, lens: Lens, root: Process | None = None) -> list[Row]:
    """The rows in drawing order, a parent before its children: a node's, or in a cluster those of all nodes."""
    found: list[Row] = []
    if root is not None:
        _walk(root.node, lens, Slot(repr(root.pid), "", root, None), found)
    elif node.neighbours is None:
        _walk_tops(node, lens, "", found)
    else:
        _walk_nodes(node.neighbours, lens, found)
    return found


def _walk_nodes(all_of_them: Neighbours, lens: Lens, found: list[Row]) -> None:
    """A row for each node, those of its processes below it, and one row for the nodes that are too many."""
    names, running, page = all_of_them.names, all_of_them.nodes, lens.page("")
    cut = cut_off(all_of_them)
    for name in names[:page]:
        node, key = running.get(name), key_of_node(name)
        if len(names) > MANY and node is not all_of_them.here:
            lens.open.setdefault(key, False)
        is_open = node is not None and lens.is_open(key, roots_count(node), len(found))
        found.append(_node_row(name, node, cut.get(name, ()), is_open))
        if node is not None and is_open:
            _walk_tops(node, lens, key, found)
    if len(names) > page:
        found.append(_more("", len(names) - page, None))


def _node_row(name: str, node: Node | None, cut: Iterable[str], is_open: bool) -> Row:
    return Row(
        key_of_node(name), "", "", name, "node", "Node", second_line(node, cut), status_of(node, cut),
        0, node.scheduler.handled if node else 0, 0, None, (), roots_count(node) if node else 0, is_open,
    )  # fmt: skip


def _walk_tops(node: Node, lens: Lens, parent: str, found: list[Row]) -> None:
    _walk_family(node, lens, parent, roots(node, parent), roots_count(node), found)


def _walk(node: Node, lens: Lens, slot: Slot, found: list[Row]) -> None:
    process = slot.process
    count = child_count(process) if process is not None else 0
    is_open = lens.is_open(slot.key, count, len(found))
    found.append(_row(node, slot, count, is_open))
    if is_open and process is not None:
        _walk_family(process.node, lens, slot.key, slots(slot.key, process), count, found)


def _walk_family(node: Node, lens: Lens, key: str, family: Iterable[Slot], count: int, found: list[Row]) -> None:
    """A page of siblings, those that were searched out, and one row for the rest."""
    page = lens.page(key)
    siblings = iter(family)
    for slot in islice(siblings, page):
        _walk(node, lens, slot, found)
    if count <= page:
        return
    hidden = count - page
    tally = lens.tally(key, hidden, node.clock.now())
    if tally is not None and not lens.revealed:
        found.append(_more(key, hidden, tally))
        return
    rest: list[Slot] | None = [] if hidden <= _COUNTED else None
    for slot in siblings if rest is not None or lens.revealed else ():
        if slot.key in lens.revealed:
            _walk(node, lens, slot, found)
            hidden -= 1
        elif rest is not None:
            rest.append(slot)
    if hidden:
        found.append(_more(key, hidden, lens.count(key, rest, node.clock.now()) if rest is not None else None))


def _more(key: str, hidden: int, tally: Tally | None) -> Row:
    """The row that stands for siblings that are not shown."""
    parts = ["click to see more"]
    if tally is not None:
        parts = [f"{tally.restarting:,} restarting", f"{tally.queued:,} queued"]
        parts += [f"{tally.full:,} full"] if tally.full else []
    return Row(
        f"{key}/…", key, "", f"… {hidden:,} more", "more", "", " · ".join(parts), "waiting",
        tally.queued if tally is not None else -1, 0, tally.restarting if tally is not None else 0, None, (), hidden,
        False,
    )  # fmt: skip


def _row(node: Node, slot: Slot, children: int, is_open: bool) -> Row:
    process, view = slot.process, slot.view
    if process is None:
        return _empty(node, slot, children)
    kind, cls, how = process.body.describe()
    crowding = process.crowding()
    return Row(
        key=slot.key,
        parent=slot.parent,
        pid=repr(process.pid),
        name=slot.name(),
        kind=kind,
        cls=cls,
        sub=_second_line(kind, cls, how, children, process)
        + ("" if process.node is node else f" · on {process.node.name}"),
        status=process.status(),
        mailbox=process.pending(),
        handled=process.handled,
        restarts=view.restarts if view else 0,
        intensity=_intensity(process),
        exits=_exits(node, view),
        children=children,
        open=is_open,
        limit=crowding.bounds.limit if crowding.bounds is not None else 0,
        full=crowding.full,
        dropped=crowding.dropped,
        slot=slot,
    )


def _empty(node: Node, slot: Slot, children: int) -> Row:
    """The row of a slot in which nobody lives."""
    view = slot.view
    assert view is not None
    name, cls, status = slot.vacant()
    kind = "supervisor" if view.type == "supervisor" else "server"
    return Row(
        slot.key, slot.parent, "", name, kind, cls, cls, status, 0, 0, view.restarts, None,
        _exits(node, view), children, False, slot=slot,
    )  # fmt: skip


def _second_line(kind: str, cls: str, how: str, children: int, process: Process) -> str:
    if kind == "supervisor":
        counted = f"{children:,} child" + ("" if children == 1 else "ren")
        return f"{how} · {counted}"
    if process.suspended:
        return f"{cls} · suspended"
    return f"{cls} · waits for room" if process.held else how or cls


def intensity(process: Process) -> tuple[int, float, tuple[float, ...]] | None:
    """A supervisor's limit: most, within seconds, and the restarts that still count, as times of the node's clock."""
    limit = process.body.intensity()
    if limit is None:
        return None
    most, seconds, times = limit
    now = process.node.clock.now()
    return most, seconds, tuple(at for at in times if now - at <= seconds)


def _intensity(process: Process) -> tuple[int, float, tuple[float, ...]] | None:
    limit = intensity(process)
    return None if limit is None else (limit[0], limit[1], tuple(_ms(process.node, at) for at in limit[2][-100:]))


def _exits(node: Node, view: ChildView | None) -> tuple[Dead, ...]:
    return tuple(Dead(repr(pid), describe(why), _ms(node, at)) for pid, why, at in view.exits) if view else ()


def _ms(node: Node, at: float) -> float:
    return round((at - epoch(node)) * 1000, 1)
