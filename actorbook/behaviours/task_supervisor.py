"""`TaskSupervisor`: a place for tasks under one supervisor, to be seen, limited and ended together.

    >>> import actorbook as ab
    >>> await ab.TaskSupervisor.start(name="tasks", max_children=100)
    <nb.2>
    >>> await (await ab.TaskSupervisor.async_("tasks", pow, 2, 10))
    1024

A task of `async_` is linked with its caller, as one of `Task.async_` is. One of `async_nolink` is not: its
failure is told, and harms nobody.

    >>> task = await ab.TaskSupervisor.async_nolink("tasks", pow, 2, "x")
    >>> what, why = await ab.Task.yield_(task)
    >>> what, why.type.__name__
    ('exit', 'TypeError')

Tasks are temporary: none is started again, unless `start_child` says so. Use it for tasks that are many, or
that may fail, or that should outlive their caller; for a few that a function awaits, `Task.async_` is enough.
Source: Elixir's Task.Supervisor, rules TSK-09, TSK-10.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable
from functools import partial
from typing import Any

from ..core.aliases import Alias, activate
from ..core.bodies import name_of
from ..core.dest import Dest
from ..core.errors import CallExit
from ..core.ids import Pid, Ref
from ..core.relations import demonitor
from ..core.running import current
from .child_spec import ChildSpec, Restart, Shutdown
from .dynamic_supervisor import DynamicSupervisor
from .task import Task
from .task_body import check_function, spawn_task
from .task_stream import StreamOptions, TaskStream

__all__ = ["TaskSupervisor"]


class TaskSupervisor(DynamicSupervisor):
    """Start one with `await ab.TaskSupervisor.start(name=…)`, or put `TaskSupervisor.child_spec(name=…)` in a tree.

    Options as of a `DynamicSupervisor`: `max_children` (None: no limit), `max_restarts` within `max_seconds`.
    """

    @classmethod
    def _checked(cls, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
        if "extra_arguments" in options:
            raise TypeError(f"{cls.__name__}.start: got extra_arguments; give each task its arguments instead")
        return super()._checked(args, options)

    # --- tasks that are awaited -------------------------------------------------------------------------

    @staticmethod
    async def async_(sup: Dest, fn: Callable[..., Any], *args: Any, shutdown: Shutdown = 5.0) -> Task:
        """Run `fn(*args)` under `sup`, linked with the calling process; a task to be awaited by that one.

        Waits until the supervisor has started it. `shutdown`: how long it has when the supervisor ends. Raises
        `SupervisorError` with `"max_children"` when there are too many, `CallExit` with `"noproc"` when there
        is no supervisor. Rules TSK-09, TSK-10.
        """
        return await _start_owned(sup, fn, args, shutdown, link=True)

    @staticmethod
    async def async_nolink(sup: Dest, fn: Callable[..., Any], *args: Any, shutdown: Shutdown = 5.0) -> Task:
        """As `async_`, not linked: of a crash the caller has only `DOWN(task.ref, …)`, or `("exit", reason)`."""
        return await _start_owned(sup, fn, args, shutdown, link=False)

    @staticmethod
    def async_stream(
        sup: Dest,
        inputs: Iterable[Any] | AsyncIterable[Any],
        fn: Callable[..., Any],
        *args: Any,
        shutdown: Shutdown = 5.0,
        **options: Any,
    ) -> TaskStream:
        """`Task.async_stream`, with its options, over tasks under `sup`."""
        starter = partial(TaskSupervisor.async_, sup, shutdown=shutdown)
        return TaskStream(inputs, fn, args, StreamOptions(**options), starter)

    @staticmethod
    def async_stream_nolink(
        sup: Dest,
        inputs: Iterable[Any] | AsyncIterable[Any],
        fn: Callable[..., Any],
        *args: Any,
        shutdown: Shutdown = 5.0,
        **options: Any,
    ) -> TaskStream:
        """As `async_stream`, but a crash is a result, `("exit", reason)`, whoever consumes.

        >>> import actorbook as ab
        >>> sup = await ab.TaskSupervisor.start()
        >>> stream = ab.TaskSupervisor.async_stream_nolink(sup, ["1", "x"], int, zip_input_on_exit=True)
        >>> [result async for result in stream]
        [('ok', 1), ('exit', ('x', Crash(ValueError: invalid literal for int() with base 10: 'x')))]
        """
        starter = partial(TaskSupervisor.async_nolink, sup, shutdown=shutdown)
        return TaskStream(inputs, fn, args, StreamOptions(**options), starter, linked=False)

    # --- tasks that are not -----------------------------------------------------------------------------

    @staticmethod
    async def start_child(
        sup: Dest,
        fn: Callable[..., Any],
        *args: Any,
        restart: Restart = "temporary",
        shutdown: Shutdown = 5.0,
    ) -> Any:
        """Run `fn(*args)` under `sup`, for its effect only; returns its pid when it has started.

        With `restart="transient"` or `"permanent"` it is started again as `DynamicSupervisor` says. Raises as
        `async_` does.
        """
        return await DynamicSupervisor.start_child(sup, Task.child_spec(fn, *args, restart=restart, shutdown=shutdown))

    @staticmethod
    async def children(sup: Dest) -> list[Pid]:
        """The pids of all tasks under `sup`, oldest first. Waits for its answer.

        >>> import actorbook as ab
        >>> sup = await ab.TaskSupervisor.start()
        >>> pid = await ab.TaskSupervisor.start_child(sup, ab.sleep, 60)
        >>> await ab.TaskSupervisor.children(sup) == [pid]
        True
        >>> await ab.TaskSupervisor.terminate_child(sup, pid)
        'ok'
        """
        children = await DynamicSupervisor.which_children(sup)
        return [child.pid for child in reversed(children) if isinstance(child.pid, Pid)]

    def _describe(self) -> str:
        return "tasks"


async def _start_owned(sup: Any, fn: Any, args: tuple[Any, ...], shutdown: Shutdown, *, link: bool) -> Task:
    """Claim the result by an alias, and have the supervisor start the task that it belongs to."""
    me = current()
    ref = activate(me, me.node.make_ref(), "demonitor")
    name = name_of(check_function(fn))
    spec = ChildSpec(name, (_owned, (ref, link, fn, args), {}), "temporary", shutdown, modules=(name,))
    try:
        pid = await DynamicSupervisor.start_child(sup, spec)
    except BaseException:
        demonitor(ref, flush=True)
        raise
    if pid is None:
        raise CallExit("normal", f"{name}: its caller wanted it no more before it began")
    return Task(pid, ref, me.pid)


def _owned(ref: Ref, link: bool, fn: Callable[..., Any], args: tuple[Any, ...]) -> Pid | None:
    """Start a task in the supervisor, tied to its owner before it can do anything.

    None, for a child that is ignored, when the owner has ended, or gave its claim up, meanwhile.
    """
    me = current()
    claim = me.node.aliases.get(ref)
    if not isinstance(claim, Alias):
        return None
    process, body = spawn_task(me, fn, args, link=True)
    body.ref = ref
    me.node.exits.monitor(claim.process, process.pid, process.pid, ref)
    if link:
        me.node.exits.link(process, claim.process.pid)
    return process.pid
