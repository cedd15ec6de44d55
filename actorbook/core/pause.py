"""`pause`, `step`, `continue_`: the whole runtime stands still, and goes on one message at a time.

    >>> import actorbook as ab
    >>> async def count():
    ...     while True:
    ...         await ab.receive()
    >>> pid = ab.spawn(count, name="count")
    >>> await ab.sleep(0)
    >>> ab.pause()
    >>> _ = ab.send(pid, "one"), ab.send(pid, "two")
    >>> ab.step()
    [Step(pid=<nb.2>, name='count', what="'one'")]
    >>> ab.process_info(pid)["message_queue_len"]
    1
    >>> ab.continue_()

While it stands still no process has a turn, no timer fires, and the time of the node is not passing: a timeout of
five seconds is still five seconds away when it goes on. What is done to processes by hand works as ever: send, look,
kill. A cell that would wait for an answer gets a `PausedError` instead of none. All nodes of the kernel stand still
together. What belongs to the event loop and not to us goes on: an `asyncio.sleep` in a body, a socket; what comes of
it waits. None of the three functions waits.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from .mailbox import Queue
from .node import BUDGET, Node
from .ports import Clock
from .reasons import describe
from .running import current_node, running

if TYPE_CHECKING:
    from .process import Process
    from .stepper import Stepper

__all__ = ["Step", "continue_", "pause", "paused", "step"]

_ALL = 1_000_000


class Standing:
    """A clock that can be stopped; who is told the time by it does not notice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._behind = 0.0
        self._held: float | None = None

    def now(self) -> float:
        """Seconds, but for those in which it stood."""
        return self._clock.now() - self._behind if self._held is None else self._held

    def wall(self) -> float:
        """The time for people goes on."""
        return self._clock.wall()

    def hold(self) -> None:
        """Stand still."""
        self._held = self.now()

    def move_to(self, time: float) -> None:
        """A step forward."""
        if self._held is not None:
            self._held = max(self._held, time)

    def release(self) -> None:
        """Go on from here."""
        if self._held is not None:
            self._behind = self._clock.now() - self._held
            self._held = None


class Step(NamedTuple):
    """What one step was: who had a turn (None: a timer fired), and what it did, in one line."""

    pid: Any
    name: str
    what: str


def _nodes(node: Node) -> list[Node]:
    return [node] if node.neighbours is None else list(node.neighbours.nodes.values())


def paused() -> bool:
    """True while the runtime stands still."""
    return current_node().paused


def pause() -> None:
    """Have everything stand still; twice is the same as once."""
    node = current_node()
    if node.paused:
        return
    for one in _nodes(node):
        _stop(one, node)
    if node.tracer is not None:
        node.tracer.record("paused", None, node.name, None)


def _stop(one: Node, like: Node) -> None:
    """Stop a node, on the same clock as the one that was stopped first."""
    if not isinstance(one.clock, Standing):
        one.clock = like.clock if isinstance(like.clock, Standing) else Standing(one.clock)
        one.timers.now = one.clock.now
    one.clock.hold()
    one.paused = True


def continue_() -> None:
    """Go on. Deadlines are as far away as they were. What was not paused goes on anyway."""
    node = current_node()
    if not node.paused:
        return
    for one in _nodes(node):
        go_on(one)
    if node.tracer is not None:
        node.tracer.record("continued", None, node.name, None)


def go_on(node: Node) -> None:
    """Let one node go on, if it stands still."""
    if not node.paused:
        return
    if isinstance(node.clock, Standing):
        node.clock.release()
    node.paused = False
    if node.host is not None:
        node.host.wake()


def step(n: int = 1) -> list[Step]:
    """Handle `n` messages, one after the other, each of the process that the node's chooser chooses; returns which.

    A process that begins, or goes on with what it waited for, takes a step as well. When nobody has anything to do,
    time moves on to the next timer, and that fires. The list is shorter when there is nothing left at all. Raises
    `RuntimeError` when the runtime is not paused, and within a process.
    """
    node = current_node()
    if not node.paused:
        raise RuntimeError("step: the runtime is not paused; pause it first: ab.pause(), or %actor pause")
    if running.process is not None:
        raise RuntimeError("step: expected to be called from a cell, not within a process")
    if type(n) is not int or n < 1:
        raise ValueError(f"step: expected how many messages, 1 or more, got {n!r}")
    taken: list[Step] = []
    while len(taken) < min(n, _ALL) and (done := _one_step(node)) is not None:
        taken.append(done)
    for told in node.watchers:
        told()
    return taken


def _one_step(node: Node) -> Step | None:
    """Let those who are ready have turns until one of them has done something, else a timer fire."""
    nodes = _nodes(node)
    while ready := [one for one in nodes if one.scheduler.waiting()]:
        one = min(ready, key=lambda one: one.scheduler.turns)  # nobody is left out
        process = one.scheduler.next()
        done = None if process is None else _turn(one, process)
        one.hosted().rest()
        if done is not None:
            return done
    return _next_timer(nodes)


def _turn(node: Node, process: Process) -> Step | None:
    """One turn, in which it handles one message; None when there was nothing to do."""
    handled, coroutine = process.handled, process.stepper
    if coroutine is not None:
        what = _resume(node, process, coroutine)
    elif handled == 0 and process.body.busy():
        what = "begins"
        _take(node, process, 0)
    else:
        what = describe(repr(process.mailbox[0]), 80) if process.mailbox else ""
        _take(node, process, 1)
    if not what:
        return None
    if node.tracer is not None:
        node.tracer.record("stepped", process.pid, process.title(), what)
    return Step(process.pid, process.title(), what)


def _take(node: Node, process: Process, messages: int) -> None:
    node.budget = messages
    try:
        node.scheduler.turn(process)
    finally:
        node.budget = BUDGET


def _resume(node: Node, process: Process, coroutine: Stepper) -> str:
    """Go on with a coroutine. It sees its messages one by one, until it takes one: else it would take the next too."""
    later = _hide(process)
    went_on, handled, shown, what = coroutine.ready, process.handled, 0, ""
    coroutine.pause_soon()
    node.scheduler.turn(process)
    while later and not went_on and process.handled == handled and not process.ended:
        what = describe(repr(later[-1]), 80)
        deque.append(_box(process), later.pop())
        shown += 1
        node.scheduler.turn(process)
    took = process.handled - handled
    if later and not process.ended:
        for message in later:
            deque.insert(_box(process), max(0, shown - took), message)
        node.scheduler.ready(process)
    return what if took and not went_on else "goes on" if went_on else ""


def _hide(process: Process) -> list[Any]:
    """Take all messages away for a moment, the first one last; past the mailbox's limit and its counts."""
    box = process.mailbox
    return [deque.pop(box) for _ in range(len(box))] if box else []


def _box(process: Process) -> Queue:
    if process.mailbox is None:
        process.mailbox = Queue()
    return process.mailbox


def _next_timer(nodes: list[Node]) -> Step | None:
    """Move on to the next timer of all nodes."""
    due = [(at, n) for n, one in enumerate(nodes) if (at := one.timers.next_deadline()) is not None]
    if not due:
        return None
    at, n = min(due)
    clock = nodes[n].clock
    passed = max(0.0, at - clock.now())
    if isinstance(clock, Standing):
        clock.move_to(at)
    nodes[n].timers.fire_due()
    return Step(None, nodes[n].name, f"a timer, {passed:.3g} s later")
