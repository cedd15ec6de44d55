"""`top`: who does how much, as a table. `top()` reads what is known at once, `await sample(1.0)` measures for a second.

    >>> import actorbook as ab
    >>> async def echo():
    ...     while True:
    ...         await ab.receive()
    >>> pid = ab.spawn(echo, name="echo")
    >>> for n in range(5):
    ...     _ = ab.send(pid, n)
    >>> table = await ab.observe.sample(0.01, filter="echo")
    >>> [(row.name, row.mailbox, row.rate > 0, row.time is not None) for row in table]
    [('echo', 0, True, True)]

Time is measured only while somebody looks: while a `sample` or a live table is open. A plain `top()` has the numbers of
the last window then, and otherwise none for `time` and `late`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, NamedTuple

from ..core.context import sleep
from ..core.ids import Pid
from ..core.node import Node
from ..core.process import Process
from ..core.running import current_node
from .export import Exported
from .nodes import all_nodes
from .top_memory import size_of
from .top_sampler import Usage, Window, last_window, sampler_of

__all__ = ["SORTS", "Top", "TopRow", "measured", "sample", "top"]

_SIZED = 2_000
_FAMILY = 10_000


class TopRow(NamedTuple):
    """One process in numbers.

    `rate` is in messages a second, `time` the share of the time in its callbacks (0 to 1), `late` the share of the
    time in which it kept the loop waiting for longer than a slice (None: not measured), `memory` an estimate in bytes
    (None: not looked at), `restarts` how often its slot was restarted.
    """

    pid: Pid
    name: str
    cls: str
    status: str
    mailbox: int
    rate: float
    time: float | None
    late: float | None
    memory: int | None
    restarts: int


SORTS = ("time", "rate", "mailbox", "memory", "late", "restarts", "name", "pid")


class Top(Exported):
    """A table that never changes: rows in order, `seconds` that were measured, `total` processes there were."""

    columns: ClassVar[tuple[str, ...]] = TopRow._fields

    def __init__(self, rows: Iterable[TopRow], seconds: float, total: int, sort: str = "time") -> None:
        self.rows = tuple(rows)
        self.seconds = seconds
        self.total = total
        self.sorted_by = sort

    def __iter__(self) -> Iterator[TopRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> TopRow:
        return self.rows[index]

    def records(self) -> Iterator[tuple[Any, ...]]:
        """The rows; pids as text."""
        return ((repr(row.pid), *row[1:]) for row in self.rows)

    def sort(self, by: str) -> Top:
        """The same rows in another order: the largest first, names and pids ascending. Raises `ValueError`."""
        return Top(sorted(self.rows, key=order(by)), self.seconds, self.total, by)

    def filter(self, word: str) -> Top:
        """The rows whose name, class, status or pid contains the word."""
        small = word.lower()
        rows = [
            row
            for row in self.rows
            if any(small in text.lower() for text in (row.name, row.cls, row.status, repr(row.pid)))
        ]
        return Top(rows, self.seconds, self.total, self.sorted_by)

    def __repr__(self) -> str:
        from .top_view import text

        return text(self)

    def _repr_html_(self) -> str:
        from .top_view import html

        return html(self)


def order(by: str) -> Any:
    """The sort key of a column."""
    if by not in SORTS:
        raise ValueError(f"top(sort=…): expected one of {', '.join(SORTS)}, got {by!r}")
    if by == "name":
        return lambda row: row.name.lower()
    if by == "pid":
        return lambda row: row.pid._key()[1:]
    return lambda row: (-(getattr(row, by) or 0), -row.rate, -row.mailbox)


def top(sort: str = "time", filter: str = "", most: int = 50) -> Top:
    """The `most` busiest processes of this node, in a cluster of all: a `Top` table, at once.

    `sort` is one of time, rate, mailbox, memory, late, restarts, name, pid; `filter` a part of a name, class, status or
    pid. While nobody measures, `rate` is that of the whole life, and `time` and `late` are None: see `sample`.
    """
    return measured(current_node(), last_window(current_node()), sort, filter, most)


async def sample(seconds: float = 1.0, sort: str = "time", filter: str = "", most: int = 50) -> Top:
    """As `top`, of the next `seconds`, which it awaits: time in callbacks is measured meanwhile."""
    node = current_node()
    sampler = sampler_of(node).open()
    try:
        await sleep(seconds)
        window = sampler.take()
    finally:
        sampler.close()
    return measured(node, window, sort, filter, most)


def measured(node: Node, window: Window | None, sort: str, filter: str, most: int) -> Top:
    """The table of a window."""
    key, word = order(sort), filter.lower()
    found = [
        process
        for one in all_nodes(node)
        for process in one.processes.values()
        if process is not one.shell and (not word or _says(process, word))
    ]
    restarts, sized = _restarts(node), sort == "memory" and len(found) <= _SIZED
    rows = sorted((_row(process, window, restarts, sized) for process in found), key=key)[:most]
    if not sized:
        alive = {process.pid: process for process in found}
        rows = [row._replace(memory=size_of(alive[row.pid])) for row in rows]
    return Top(rows, window.seconds if window else 0.0, len(found), sort)


def _says(process: Process, word: str) -> bool:
    texts = (process.title(), process.body.describe().cls, process.status(), repr(process.pid))
    return any(word in text.lower() for text in texts)


def _row(process: Process, window: Window | None, restarts: dict[Pid, int], sized: bool) -> TopRow:
    if window is None:
        age = process.node.clock.now() - process.started
        rate, time, late = process.handled / age if age > 0 else 0.0, None, None
    else:
        usage, seconds = window.usage.get(process.pid, Usage(0.0, 0.0, 0)), window.seconds
        rate, time, late = usage.handled / seconds, usage.seconds / seconds, usage.late / seconds
    return TopRow(
        process.pid, process.title(), process.body.describe().cls, process.status(), process.pending(),
        rate, time, late, size_of(process) if sized else None, restarts.get(process.pid, 0),
    )  # fmt: skip


def _restarts(node: Node) -> dict[Pid, int]:
    """How often the slot of each process was restarted, as supervisors have it; very large families are left out."""
    found: dict[Pid, int] = {}
    for one in all_nodes(node):
        for process in one.processes.values():
            if not 0 < process.body.child_count() <= _FAMILY:
                continue
            for view in process.body.children() or ():
                if view.restarts and view.pid is not None:
                    found[view.pid] = view.restarts
    return found
