"""The run queue: processes that have something to do, drained in slices so that the loop gets its turn.

Fairness: each turn is bounded (a process handles a bounded number of messages), and one with more to do goes
to the end of the queue. Who comes first is the chooser's word.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from .reasons import reason_of
from .running import get_ident, running

if TYPE_CHECKING:
    from .node import Node
    from .ports import Chooser
    from .process import Process

__all__ = ["FirstComeFirstServed", "Scheduler"]

_TURNS: Final = 4096


class FirstComeFirstServed:
    """The chooser of a real node: the longest waiting process runs next."""

    __slots__ = ()

    def choose(self, ready: deque[Process]) -> Process:
        """Take the first."""
        return ready.popleft()


class Scheduler:
    """The run queue of one node. `turns` and `handled` count turns and messages, for those who measure."""

    __slots__ = ("_awake", "_chooser", "_node", "_ready", "handled", "turns")

    def __init__(self, node: Node, chooser: Chooser) -> None:
        self._node = node
        self._ready: deque[Process] = deque()
        self._awake = False
        self._chooser = chooser
        self.turns = 0
        self.handled = 0

    def ready(self, process: Process) -> None:
        """Queue a process for a turn, once, and have the node run soon."""
        if process.queued or process.ended:
            return
        process.queued = True
        self._ready.append(process)
        if not self._awake:
            self._wake()

    def _wake(self) -> None:
        if self._node.host is not None:
            self._awake = True
            self._node.host.wake()

    def choose_by(self, chooser: Chooser) -> Chooser:
        """Have another chooser from the next slice on; returns the one before."""
        before, self._chooser = self._chooser, chooser
        return before

    def waiting(self) -> int:
        """How many processes wait for their turn."""
        return len(self._ready)

    def rest(self) -> bool:
        """No turn is given now: whoever becomes ready next wakes the node once more, so that it can be seen."""
        self._awake = False
        return False

    def next(self) -> Process | None:
        """Who runs next, for somebody who gives single turns; None when that one has ended."""
        process = self._chooser.choose(self._ready)
        return None if process.ended else process

    def turn(self, process: Process) -> None:
        """A single turn of a process that was taken from the queue."""
        chooser = self.choose_by(FirstComeFirstServed())
        self._ready.appendleft(process)
        try:
            self.run(-1.0)  # the time is up after the first
        finally:
            self.choose_by(chooser)
            self.rest()

    def queue(self) -> Iterable[Process]:
        """Those who wait for their turn, for somebody who only looks."""
        return self._ready

    def run(self, seconds: float) -> bool:
        """Give turns for `seconds`, and a bounded number where time stands still; True when some still wait.

        Long, as it is gone through for every turn of every process.
        """
        now, ready = self._node.clock.now, self._ready
        choose = None if type(self._chooser) is FirstComeFirstServed else self._chooser.choose
        deadline = now() + seconds
        self._awake = True
        running.thread = get_ident()
        for _ in range(_TURNS):
            if not ready:
                break
            process = ready.popleft() if choose is None else choose(ready)
            if process.ended:
                continue
            self.turns += 1
            handled = process.handled
            running.process = process
            try:
                if process.waits:
                    self._serve(process)
                process.queued = False
                if process.halted:  # suspended, or held until there is room where it sends
                    process.body.run_suspended(process)
                elif process.stepper is not None:
                    process.stepper.step()
                else:
                    process.body.run(process)
            except BaseException as error:  # a body must not fail here; if one does, it alone pays
                self._node.end(process, reason_of(error))
            finally:
                running.process = None
                self.handled += process.handled - handled
            if now() >= deadline:
                break
        self._awake = bool(ready)
        return self._awake

    def _serve(self, process: Process) -> None:
        """Messages came. What the waits wake is this very process: it is queued still, and runs right after."""
        if not process.halted and process.waits:
            for wait in tuple(process.waits):
                wait.serve()
