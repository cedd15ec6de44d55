"""The host on asyncio: the only file of the runtime that touches an event loop.

One callback drains the run queue in slices, one timer wakes it for the next deadline. Both run in an empty
context, so nothing that a process does (a print, a new task) is taken for the work of the cell that happened
to wake it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from sys import getrefcount
from threading import get_ident
from typing import TYPE_CHECKING, Any
from weakref import getweakrefcount

from .collector import be_patient, be_yourself
from .ports import Interruptible

if TYPE_CHECKING:
    from .node import Node

__all__ = ["AsyncioHost"]


class AsyncioHost:
    """Carries one node on the running loop."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._context = Context()
        self._drain: asyncio.Handle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stand_ins: set[_ParkedTask] = set()
        self._spare: _ParkedTask | None = None
        be_patient()

    # --- when the node runs -----------------------------------------------------------------------------

    def wake(self) -> None:
        """Drain the run queue at the loop's next turn."""
        if not self.owns_thread():
            self._loop.call_soon_threadsafe(self.wake)
        elif self._drain is None:
            self._drain = self._loop.call_soon(self._run, context=self._context)

    def wake_at(self, deadline: float) -> None:
        """Be there when the next timer is due."""
        if self._timer is None or deadline < self._timer.when():
            self._set_timer(deadline)

    def _set_timer(self, deadline: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        delay = max(0.0, deadline - self._node.clock.now())
        self._timer = self._loop.call_at(self._loop.time() + delay, self._on_timer, context=self._context)

    def _on_timer(self) -> None:
        self._timer = None
        self.wake()

    def _run(self) -> None:
        self._drain = None
        try:
            more = self._node.run()
        finally:
            deadline = self._node.timers.next_deadline()
        if self._node.host is not self or self._node.paused:
            return
        if more:
            self.wake()
        if deadline is not None:
            self.wake_at(deadline)

    def close(self) -> None:
        """Take every callback back and let the parked tasks end."""
        be_yourself()
        for handle in (self._drain, self._timer):
            if handle is not None:
                handle.cancel()
        self._drain = self._timer = None
        for task in list(self._stand_ins):
            task.finish()

    # --- what bodies need -------------------------------------------------------------------------------

    def step(self, body: Interruptible, context: Context, call: Callable[[Any], Any], value: Any) -> Any:
        """Run with a stand-in as the current task; whatever task is current now gets its place back.

        Most steps never ask for the current task, so a spare one serves all bodies in turn. When somebody took
        note of it during a step, it is that body's from then on, and the next body gets a new one.
        """
        mine = body.stand_in
        parked = mine if isinstance(mine, _ParkedTask) else self._lend(body)
        before = asyncio.current_task(self._loop)
        if before is not None:
            asyncio.tasks._leave_task(self._loop, before)
        asyncio.tasks._enter_task(self._loop, parked.task)
        try:
            return context.run(call, value)
        finally:
            asyncio.tasks._leave_task(self._loop, parked.task)
            if before is not None:
                asyncio.tasks._enter_task(self._loop, before)
            if mine is None:
                self._take_back(body, parked)

    def _lend(self, body: Interruptible) -> _ParkedTask:
        parked, self._spare = self._spare, None
        if parked is None:
            parked = _ParkedTask(self._loop, self._stand_ins.discard)
            self._stand_ins.add(parked)
        parked.body = body
        parked.look()
        return parked

    def _take_back(self, body: Interruptible, parked: _ParkedTask) -> None:
        if parked.noted():
            body.stand_in = parked
            parked.task.set_name(f"actor {body!r}")
        else:
            parked.body = None
            self._spare = parked

    def watch(self, future: Any, done: Callable[[], None]) -> Callable[..., bool]:
        """Call `done` when the future is done; returns its cancel."""

        def settled(future: Any) -> None:
            if not future.cancelled():
                future.exception()  # has now been looked at: of a body that died meanwhile nobody else would
            done()

        future.add_done_callback(settled, context=self._context)
        cancel: Callable[..., bool] = future.cancel
        return cancel

    def soon(self, call: Callable[[], None]) -> None:
        """Call at the loop's next turn."""
        self._loop.call_soon(call, context=self._context)

    def later(self, seconds: float, call: Callable[[], None], context: Context | None = None) -> Any:
        """Call in `seconds`, for what is no part of the node (a picture's pace); returns a handle to `cancel()`."""
        return self._loop.call_later(seconds, call, context=context or self._context)

    def future(self) -> Any:
        """A fresh future."""
        return self._loop.create_future()

    def task(self, body: Coroutine[Any, Any, Any]) -> Any:
        """A task in the context of the caller."""
        return self._loop.create_task(body)

    def beside(self, node: Node) -> AsyncioHost:
        """One more node on this loop."""
        return AsyncioHost(node)

    # --- threads ----------------------------------------------------------------------------------------

    def owns_thread(self) -> bool:
        """True on the loop's thread."""
        return get_ident() == self._thread

    def from_thread(self, call: Callable[..., Any], *args: Any) -> None:
        """Call on the loop's thread."""
        self._loop.call_soon_threadsafe(lambda: call(*args), context=self._context)


class _ParkedTask(Coroutine[Any, Any, None]):
    """What the stand-in's task runs: it sleeps, and passes every cancellation on to the body.

    A coroutine by protocol, not by `async def`: so a cancellation that comes before its first step is not
    lost.
    """

    cr_frame = None
    cr_running = False
    cr_suspended = True
    cr_await = None

    def __init__(self, loop: asyncio.AbstractEventLoop, gone: Callable[[_ParkedTask], None]) -> None:
        self._loop = loop
        self.body: Interruptible | None = None
        self._over = False
        self._parking: asyncio.Future[None] | None = None
        self._gone = gone
        self._seen = (0, 0)
        self.task = loop.create_task(self, name="actor", context=Context())

    def look(self) -> None:
        """Remember who refers to the task, before a step."""
        self._seen = getrefcount(self.task), getweakrefcount(self.task)

    def noted(self) -> bool:
        """True when during the step somebody kept the task: it is more than a spare one now."""
        task: Any = self.task
        return (getrefcount(task) - 1, getweakrefcount(task)) != self._seen or bool(task._callbacks)

    def send(self, value: None) -> Any:
        """Park, or end when the body is done."""
        if self._over:
            self._gone(self)
            raise StopIteration
        self._parking = self._loop.create_future()
        self._parking._asyncio_future_blocking = True  # the mark of a yielded future
        if (
            self.body is not None and self.body.settling()
        ):  # look like a task that is being woken, so that nobody cancels it once more
            self._parking.set_result(None)
        return self._parking

    def throw(self, kind: Any, value: Any = None, trace: Any = None) -> Any:
        """A cancellation: the body's, not ours."""
        if not self._over and self.body is not None:
            error = kind if isinstance(kind, BaseException) else value if value is not None else kind()
            self.body.interrupt(error)
        return self.send(None)

    def __await__(self) -> Any:
        """A task steps it; nobody awaits it."""
        return self

    def close(self) -> None:
        """Nothing to clean up."""

    def finish(self) -> None:
        """The body is done: wake up to end."""
        self._over = True
        if self._parking is not None and not self._parking.done():
            self._parking.set_result(None)
