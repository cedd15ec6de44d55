"""Looking closely: how full each mailbox is, and who runs, at every event. Only while somebody wants to know.

A turn of a process leaves no trace of its own. So while we look, a chooser of ours notes who gets a turn, and at each
event those are looked at, those who wait for a turn, and whom the event concerns. What has changed is noted with
what there was before. Nothing happens for each message; and while nobody looks, nothing happens at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..core.ids import Pid
from ..core.isolation import isolate
from ..core.node import Node
from ..core.ports import Chooser
from ..core.process import Process
from ..core.running import running
from ..core.scheduler import FirstComeFirstServed
from .nodes import all_nodes

__all__ = ["IDLE", "Kept", "Memory", "Vital", "Vitals"]

_QUEUE = 64  # of more processes in the queue, those are looked at that had a turn
_SCAN = 20_000
_MESSAGES = 20


class Vital(NamedTuple):
    """How a process is: messages in its mailbox, whether it runs or waits for a turn, whether it is halted."""

    waiting: int
    running: bool
    halted: int
    full: bool
    dropped: int


class Kept(NamedTuple):
    """Copies of a state and of the first messages in a mailbox; `state` is None when it cannot be copied."""

    state: Any
    messages: tuple[Any, ...]


IDLE = Vital(0, False, 0, False, 0)


class Memory(NamedTuple):
    """What was seen last: of whom there is no entry was idle, and nothing is kept."""

    vitals: dict[Pid, Vital]
    kept: dict[Pid, Kept]


class Vitals:
    """Those whom we look at, and what we saw last."""

    def __init__(self, here: Node) -> None:
        self.here = here
        self.memory = Memory({}, {})
        self.keep = 0
        self._touched: dict[Process, None] = {}
        self._noting: dict[Node, _Noting] = {}
        for node in all_nodes(here):
            self._look_at(node)
        self.sample(None, [])

    def sample(self, pid: Pid | None, changes: list[tuple[Any, ...]]) -> None:
        """Something happens: note what is different from the last time."""
        self._look_around()
        for change in tuple(changes):
            if change[0] == "started":
                self._touched[change[1]] = None
            elif change[0] == "ended":
                self._gone(change[1].pid, changes)
        if pid is not None and (process := self._find(pid)) is not None:
            self._touched[process] = None
        for process in self._touched:
            if not process.ended:
                self._compare(process, changes)
        self._touched.clear()
        if running.process is not None:  # its turn goes on
            self._touched[running.process] = None

    def _look_around(self) -> None:
        """Who waits for a turn may have got a message; of a node that is new to us, anybody."""
        for node in all_nodes(self.here):
            if node not in self._noting:
                self._look_at(node)
            if self._noting[node].blind:
                self._touch(node.processes.values())
            elif node.scheduler.waiting() <= _QUEUE:
                self._touch(node.scheduler.queue())

    def _find(self, pid: Pid) -> Process | None:
        return next((process for node in self._noting if (process := node.local(pid)) is not None), None)

    def _touch(self, processes: Iterable[Process]) -> None:
        self._touched.update(dict.fromkeys(processes))

    def _gone(self, pid: Pid, changes: list[tuple[Any, ...]]) -> None:
        before, kept = self.memory.vitals.pop(pid, None), self.memory.kept.pop(pid, None)
        if before is not None:
            changes.append(("vital", pid, before))
        if kept is not None:
            changes.append(("kept", pid, kept))

    def _compare(self, process: Process, changes: list[tuple[Any, ...]]) -> None:
        pid, seen = process.pid, self.memory.vitals
        before, now = seen.get(pid, IDLE), _vital(process)
        if before != now:
            changes.append(("vital", pid, before))
            seen[pid] = now
            if now == IDLE:
                del seen[pid]
        if self.keep > 0:
            changes.append(("kept", pid, self.memory.kept.get(pid)))
            self.memory.kept[pid] = _kept(process)

    # --- who gets a turn ----------------------------------------------------------------------------------------

    def _look_at(self, node: Node) -> None:
        """From the next slice on we know; until then anybody may have had a turn."""
        noting = _Noting(node, self._touched)
        noting.before = node.scheduler.choose_by(noting)
        self._noting[node] = noting
        if len(node.processes) > _SCAN:
            noting.blind = False
            self._touch(node.scheduler.queue())

    def close(self) -> Memory:
        """Look no more; returns what was seen last."""
        for node, noting in self._noting.items():
            other = node.scheduler.choose_by(noting.before)
            if other is not noting:  # somebody else chooses meanwhile
                node.scheduler.choose_by(other)
        return self.memory


class _Noting:
    """Chooses as the one before it, and notes whom."""

    def __init__(self, node: Node, touched: dict[Process, None]) -> None:
        self.before: Chooser = FirstComeFirstServed()
        self.blind = True
        self._node = node
        self._touched = touched

    def choose(self, ready: deque[Process]) -> Process:
        """Who runs next."""
        if self.blind:
            self.blind = False
            self._touched.update(dict.fromkeys(self._node.processes.values()))
        process = self.before.choose(ready)
        self._touched[process] = None
        return process


def _vital(process: Process) -> Vital:
    crowding = process.crowding()
    running = process.queued or process.body.busy()
    return Vital(process.pending(), running, process.halted, crowding.full, crowding.dropped)


def _kept(process: Process) -> Kept:
    return Kept(
        _copy(process.body.state()), tuple(_copy(message) for message in list(process.mailbox or ())[:_MESSAGES])
    )


def _copy(value: Any) -> Any:
    try:
        return isolate(value)
    except Exception:  # noqa: BLE001  # whatever a copy runs into, it is the observer's trouble
        return None
