"""Who uses the time: a chooser that looks at the clock. It is in place only while somebody looks.

The scheduler asks its chooser who comes next, so between two questions one process had its turn. Nothing else in the
runtime measures anything, and when the last who looked has gone, the chooser of before is back.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from ..core.ids import Pid
from ..core.node import Node
from ..core.ports import Chooser
from ..core.process import Process
from .nodes import all_nodes

__all__ = ["Sampler", "Usage", "Window", "sampler_of"]


class Usage(NamedTuple):
    """What one process did in a window: seconds in its turns, those in turns that kept the loop waiting, messages."""

    seconds: float
    late: float
    handled: int


class Window(NamedTuple):
    """A stretch of time that was measured: how long, what each process that had a turn did, and who those are."""

    seconds: float
    usage: dict[Pid, Usage]


class _Account:
    """The running sums of one process."""

    __slots__ = ("handled", "late", "process", "seconds")

    def __init__(self, process: Process) -> None:
        self.process = process
        self.handled = process.handled
        self.seconds = 0.0
        self.late = 0.0


class Stopwatch:
    """The chooser of one node while it is measured: it asks the one before, and notes when."""

    __slots__ = ("_account", "_node", "_since", "accounts", "inner")

    def __init__(self, node: Node) -> None:
        self._node = node
        self._account: _Account | None = None
        self._since = 0.0
        self.accounts: dict[Pid, _Account] = {}
        self.inner: Chooser = node.scheduler.choose_by(self)

    def choose(self, ready: deque[Process]) -> Process:
        """The next process; the turn of the one before is over."""
        now = self._node.clock.now()
        self.credit(now)
        process = self.inner.choose(ready)
        account = self.accounts.get(process.pid)
        if account is None:
            account = self.accounts[process.pid] = _Account(process)
        self._account, self._since = account, now
        return process

    def credit(self, now: float) -> None:
        """Put the turn that is over on its account; one longer than a slice has kept the loop waiting."""
        account, self._account = self._account, None
        if account is None:
            return
        seconds = now - self._since
        account.seconds += seconds
        if seconds > self._node.slice:
            account.late += seconds

    def paused(self) -> None:
        """The slice is over."""
        self.credit(self._node.clock.now())

    def remove(self) -> None:
        """Measure no more."""
        self._node.scheduler.choose_by(self.inner)


class Sampler:
    """Measures the nodes of a kernel for as long as anybody holds it open. `last` is the last whole window."""

    def __init__(self, node: Node) -> None:
        self.here = node
        self.last = Window(0.0, {})
        self._looking = 0
        self._watches: dict[Node, Stopwatch] = {}
        self._began = 0.0

    def open(self) -> Sampler:
        """Somebody looks."""
        self._looking += 1
        if self._looking == 1:
            self._began = self.here.clock.now()
        self._cover()
        return self

    def close(self) -> None:
        """Somebody looks no more; after the last nothing is measured."""
        self._looking -= 1
        if self._looking > 0:
            return
        for node, watch in self._watches.items():
            watch.remove()
            if watch.paused in node.watchers:
                node.watchers.remove(watch.paused)
        self._watches.clear()
        _samplers.remove(self)

    def _cover(self) -> None:
        """Measure all nodes, those that have started since the last time too."""
        for node in all_nodes(self.here):
            if node not in self._watches:
                watch = self._watches[node] = Stopwatch(node)
                node.watchers.append(watch.paused)

    def take(self) -> Window:
        """What was measured since the last time; a new window begins."""
        now = self.here.clock.now()
        usage = {
            pid: Usage(account.seconds, account.late, account.process.handled - account.handled)
            for watch in self._watches.values()
            for pid, account in watch.accounts.items()
        }
        for watch in self._watches.values():
            watch.accounts = {}
        self.last = Window(max(now - self._began, 1e-9), usage)
        self._began = now
        self._cover()
        return self.last


_samplers: list[Sampler] = []


def sampler_of(node: Node) -> Sampler:
    """The sampler of a node, made now if nobody looks yet: `open` it, and `close` it afterwards."""
    for sampler in _samplers:
        if node in all_nodes(sampler.here):
            return sampler
    made = Sampler(node)
    _samplers.append(made)
    return made


def last_window(node: Node) -> Window | None:
    """What was measured last, when somebody looks at this node."""
    found = (sampler.last for sampler in _samplers if node in all_nodes(sampler.here))
    return next((window for window in found if window.seconds), None)
