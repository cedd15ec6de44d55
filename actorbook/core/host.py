"""The host on asyncio: the only file of the runtime that touches an event loop.

One callback drains the run queue in slices, one timer wakes it for the next deadline. Both run in an empty
context, so nothing that a process does (a print, a new task) is taken for the work of the cell that happened
to wake it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context
from threading import get_ident
from typing import TYPE_CHECKING, Any

from .collector import be_patient, be_yourself
from .stand_ins import StandIns
from .switching import switch_as_before, switch_often

if TYPE_CHECKING:
    from .node import Node

__all__ = ["AsyncioHost"]

_LOOP_TURNS = 3


class AsyncioHost:
    """Carries one node on the running loop."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._context = Context()
        self._drain: asyncio.Handle | None = None
        self._timer: asyncio.Handle | None = None
        self._due = 0.0  # kept here: uvloop's handle of a timer that is due already knows no `when()`
        self._stand_ins = StandIns(self._loop, asyncio.tasks)
        self.step = self._stand_ins.step
        be_patient()
        switch_often()

    # --- when the node runs -----------------------------------------------------------------------------

    def wake(self) -> None:
        """Drain the run queue at the loop's next turn."""
        if not self.owns_thread():
            self._loop.call_soon_threadsafe(self.wake)
        elif self._drain is None:
            self._drain = self._loop.call_soon(self._run, context=self._context)

    def wake_at(self, deadline: float) -> None:
        """Be there when the next timer is due."""
        if self._timer is None or deadline < self._due:
            self._set_timer(deadline)

    def _set_timer(self, deadline: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        delay = max(0.0, deadline - self._node.clock.now())
        self._due = self._loop.time() + delay
        self._timer = self._loop.call_at(self._due, self._on_timer, context=self._context)

    def _on_timer(self) -> None:
        if self._timer is not None:
            self._node.lag.note(self._loop.time() - self._due)
        self._timer = None
        self.wake()

    def _run(self) -> None:
        self._drain = None
        try:
            more = self._node.run()
        finally:
            self._stand_ins.rest()
            deadline = self._node.timers.next_deadline()
        if self._node.host is not self or self._node.paused:
            return
        if more and self._drain is None:
            self._go_on_after(_LOOP_TURNS)
        if deadline is not None:
            self.wake_at(deadline)

    def _go_on_after(self, turns: int) -> None:
        """Drain again when the loop has come round once more, and `turns` times before that.

        What others do, a kernel that answers a cell say, takes many turns of the loop; with a slice before each of
        them that would be long. Meanwhile `_drain` is the handle of the next step: whoever wakes us finds that it is
        arranged, and `close` takes it back.
        """
        if turns:
            self._drain = self._loop.call_soon(self._go_on_after, turns - 1, context=self._context)
        else:
            self._drain = self._loop.call_soon(self._run, context=self._context)

    def close(self) -> None:
        """Take every callback back and let the parked tasks end."""
        be_yourself()
        switch_as_before()
        for handle in (self._drain, self._timer):
            if handle is not None:
                handle.cancel()
        self._drain = self._timer = None
        self._stand_ins.close()

    # --- what bodies need -------------------------------------------------------------------------------

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

    def heed(self, number: int) -> None:
        """Come round for signals from now on, this one and all others.

        Without that a signal which comes just when the loop goes to sleep is heard when something else wakes it.
        """
        with suppress(NotImplementedError, ValueError, RuntimeError):  # a loop of another kind has its own ways
            self._loop.add_signal_handler(number, lambda: None)

    def ignore(self, number: int) -> None:
        """No more."""
        with suppress(NotImplementedError, ValueError, RuntimeError):
            self._loop.remove_signal_handler(number)

    def rest(self) -> None:
        """The loop's current task is whoever it was before turns were given."""
        self._stand_ins.rest()

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
