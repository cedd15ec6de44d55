"""`Task`: run a function in a process of its own, and await what it returns.

    >>> import actorbook as ab
    >>> async def fetch(page):
    ...     await ab.sleep(0.001)
    ...     return page * 2
    >>> task = ab.Task.async_(fetch, 21)       # goes on at once
    >>> await task
    42

Caller and task are linked: if the task crashes, so does the process that waits for it, unless that one traps
exits (then `await task` raises). A cell survives, and is told:

    >>> await ab.Task.async_(fetch, None)
    Traceback (most recent call last):
    actorbook.core.errors.CallExit: <Task <nb.4>> ended with TypeError: unsupported operand...

For many inputs see `Task.async_stream`; for tasks that nobody links with, or that are to be seen under one
supervisor, `TaskSupervisor`; for work whose result nobody wants, `Task.start`. Do not use a task for what
must keep state or answer questions: that is a `GenServer`. Nor to speed up computing: all processes of a node
share one thread, and only what waits runs beside others. Source: Elixir's Task, rules TSK-01 to TSK-15.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Generator, Iterable
from typing import Any, NamedTuple

from ..core.bodies import name_of
from ..core.ids import Pid, Ref
from ..core.isolation import isolate
from ..core.relations import monitor
from ..core.running import current
from . import task_results
from .child_spec import ChildSpec, Restart, Shutdown
from .task_body import check_function, spawn_task
from .task_stream import OnTimeout, StreamOptions, TaskStream

__all__ = ["Task"]


class _Fields(NamedTuple):
    pid: Pid | None
    ref: Ref
    owner: Pid


class Task(_Fields):
    """A function that runs in a process of its own: `pid` (None if it never had one), and who may await it.

    Its result comes to `owner` as the message `(ref, value)`, followed by `DOWN(ref, pid, "normal")`; a
    failure is a `DOWN` alone. A server may handle both in `handle_info` instead of awaiting (rule TSK-01).
    """

    __slots__ = ()

    def __await__(self) -> Generator[Any, Any, Any]:
        return task_results.await_(self).__await__()

    def __repr__(self) -> str:
        return f"<Task {self.pid!r}>"

    # --- starting ---------------------------------------------------------------------------------------

    @staticmethod
    def async_(fn: Callable[..., Any], *args: Any) -> Task:
        """Run `fn(*args)` in a linked process and go on; `await` the task for its result. Does not wait.

        `fn` is a `def` or an `async def`; arguments and result are copied, as messages are. Each task should
        be awaited once, by the process that started it. Raises `TypeError` when `fn` cannot be called.

            >>> import actorbook as ab
            >>> await ab.Task.async_(max, 1, 2)
            2

        Rules TSK-01, TSK-03.
        """
        me = current()
        process, body = spawn_task(me, fn, args, link=True)
        body.ref = monitor(process.pid, alias="demonitor")
        return Task(process.pid, body.ref, me.pid)

    @staticmethod
    def start(fn: Callable[..., Any], *args: Any) -> Pid:
        """Run `fn(*args)` in a process that nobody is linked with or waits for. A crash is logged. Does not wait."""
        return spawn_task(current(), fn, args, link=False)[0].pid

    @staticmethod
    def start_link(fn: Callable[..., Any], *args: Any) -> Pid:
        """As `start`, linked to the calling process: how supervisors start tasks. Does not wait."""
        return spawn_task(current(), fn, args, link=True)[0].pid

    @staticmethod
    def child_spec(
        fn: Callable[..., Any],
        *args: Any,
        id: Any = None,
        restart: Restart = "temporary",
        shutdown: Shutdown = None,
        significant: bool = False,
    ) -> ChildSpec:
        """How a supervisor is to run `fn(*args)`: once, unless `restart` says otherwise; `id` is the function's name.

        >>> import actorbook as ab
        >>> ab.Task.child_spec(print, "hello").restart
        'temporary'
        """
        name = name_of(check_function(fn))
        return ChildSpec(
            name if id is None else id,
            (Task.start_link, (fn, *args), {}),
            restart,
            shutdown,
            modules=(name,),
            significant=significant,
        )

    @staticmethod
    def completed(value: Any) -> Task:
        """A task that has its result already and never had a process: for a value where a task is expected.

        >>> import actorbook as ab
        >>> await ab.Task.await_many([ab.Task.completed(1), ab.Task.async_(abs, -2)])
        [1, 2]
        """
        me = current()
        task = Task(None, me.node.make_ref(), me.pid)
        me.put((task.ref, isolate(value)))
        return task

    # --- results ----------------------------------------------------------------------------------------

    await_ = staticmethod(task_results.await_)
    yield_ = staticmethod(task_results.yield_)
    shutdown = staticmethod(task_results.shutdown)
    ignore = staticmethod(task_results.ignore)
    await_many = staticmethod(task_results.await_many)
    yield_many = staticmethod(task_results.yield_many)

    # --- streams ----------------------------------------------------------------------------------------

    @staticmethod
    def async_stream(
        inputs: Iterable[Any] | AsyncIterable[Any],
        fn: Callable[..., Any],
        *args: Any,
        max_concurrency: int | None = None,
        ordered: bool = True,
        timeout: float | None = 5.0,
        on_timeout: OnTimeout = "exit",
        zip_input_on_exit: bool = False,
    ) -> TaskStream:
        """Run `fn(input, *args)` for each input in tasks; an async iterator over `("ok", value)`, in order.

        Lazy: nothing runs before the first step, an input is pulled when there is room for its task, and no
        more than `max_concurrency` tasks (the number of processors) are under way. `inputs` may be an async
        iterable, so streams feed streams. With `ordered=False` results come as they are ready.

        A task that crashes ends the consumer with its reason; one that traps exits gets `("exit", reason)`
        instead (`("exit", (input, reason))` with `zip_input_on_exit`). In a cell, `CallExit` is raised. A task
        has `timeout` seconds (None: no limit). Too late, `CallExit("timeout")` is raised in the consumer, or
        with `on_timeout="kill_task"` the result is `("exit", "timeout")`.

        Stop when you like: the tasks under way are killed, and nothing of them is heard.

            >>> import actorbook as ab
            >>> from itertools import count
            >>> async for _, square in ab.Task.async_stream(count(), pow, 2, max_concurrency=4):
            ...     if square > 50:
            ...         break
            >>> square
            64

        In `async with contextlib.aclosing(ab.Task.async_stream(…)) as stream:` they are dead when the block
        ends. Raises `ValueError` or `TypeError` for bad options, at once. Rules TSK-11 to TSK-15.
        """
        options = StreamOptions(max_concurrency, ordered, timeout, on_timeout, zip_input_on_exit)
        return TaskStream(inputs, fn, args, options, Task.async_)
