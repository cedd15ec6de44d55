"""Which task is the loop's current one while bodies are stepped: a real one, that sleeps.

`asyncio.timeout`, `TaskGroup`, anyio and others ask for the current task, keep it, and cancel it later. Most
steps never ask, so one spare task serves all bodies in turn, and stays the current one until the slice is
over. When somebody took note of it during a step, it is that body's from then on, and the next body gets another.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextvars import Context
from sys import getrefcount
from typing import Any
from weakref import getweakrefcount

from .ports import Interruptible

__all__ = ["StandIns"]


class StandIns:
    """The stand-ins of one loop; `tasks` is asyncio's module of that name."""

    def __init__(self, loop: Any, tasks: Any) -> None:
        self._loop = loop
        self._tasks = tasks
        self._before: Any = None
        self._all: set[_ParkedTask] = set()
        self._spare: _ParkedTask | None = None
        self._task: Any = None  # the spare's, while it is the current one
        self._known = self._weakly = 0

    def step(self, body: Interruptible, context: Context, call: Callable[[Any], Any], value: Any) -> Any:
        """Call `call(value)` with a stand-in of the body as the current task.

        That somebody took note of the spare is seen by what refers to it: this takes less than a call would.
        """
        if body.stand_in is not None:
            return self._step_as(body.stand_in, context, call, value)
        task = self._task or self._lend()
        try:
            return context.run(call, value)
        finally:
            if getrefcount(task) != self._known or getweakrefcount(task) != self._weakly or task._callbacks:
                self._give(body)

    def _step_as(self, mine: Any, context: Context, call: Callable[[Any], Any], value: Any) -> Any:
        self.rest()
        self._enter(mine.task)
        try:
            return context.run(call, value)
        finally:
            self._leave(mine.task)

    def _lend(self) -> Any:
        """Make the spare the current task, and remember how many know it now."""
        if self._spare is None:
            self._spare = _ParkedTask(self._loop, self._all.discard)
            self._all.add(self._spare)
        self._task = task = self._spare.task
        self._enter(task)
        self._known, self._weakly = getrefcount(task), getweakrefcount(task)
        return task

    def _give(self, body: Interruptible) -> None:
        """The spare is this body's from now on."""
        self.rest()
        parked, self._spare = self._spare, None
        assert parked is not None
        parked.body = body
        parked.task.set_name(f"actor {body!r}")
        body.stand_in = parked

    def rest(self) -> None:
        """The slice is over: no task is the current one."""
        task, self._task = self._task, None
        if task is not None:
            self._leave(task)

    def _enter(self, task: Any) -> None:
        """Make a task the current one; whatever is that now (where a loop runs within another) gets its place back."""
        self._before = self._tasks.current_task(self._loop)
        if self._before is not None:
            self._tasks._leave_task(self._loop, self._before)
        self._tasks._enter_task(self._loop, task)

    def _leave(self, task: Any) -> None:
        self._tasks._leave_task(self._loop, task)
        if self._before is not None:
            self._tasks._enter_task(self._loop, self._before)

    def close(self) -> None:
        """Let all of them end."""
        for parked in list(self._all):
            parked.finish()


class _ParkedTask(Coroutine[Any, Any, None]):
    """What the stand-in's task runs: it sleeps, and passes every cancellation on to the body.

    A coroutine by protocol, not by `async def`: so a cancellation that comes before its first step is not
    lost.
    """

    cr_frame = None
    cr_running = False
    cr_suspended = True
    cr_await = None

    def __init__(self, loop: Any, gone: Callable[[_ParkedTask], None]) -> None:
        self._loop = loop
        self.body: Interruptible | None = None
        self._over = False
        self._parking: Any = None
        self._gone = gone
        self.task = loop.create_task(self, name="actor", context=Context())

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
