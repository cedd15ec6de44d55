"""How the results of tasks are awaited: one or many, with patience or without (rules TSK-02 to TSK-08).

All that comes of a task are two messages to its owner: `(ref, value)`, and `DOWN` with the same ref. These
functions take them out of the mailbox, and leave neither there nor on its way.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..core.context import receive
from ..core.errors import CallExit
from ..core.ids import Pid, Ref
from ..core.messages import DOWN
from ..core.process import Process
from ..core.reasons import describe
from ..core.relations import demonitor, unlink
from ..core.running import current
from ..core.timers import check_seconds
from .shutdown import shut_down

if TYPE_CHECKING:
    from .task import Task

__all__ = ["Outcome", "await_", "await_many", "ignore", "ref_of", "shutdown", "yield_", "yield_many"]

Outcome = tuple[Literal["ok", "exit"], Any]
OnTimeout = Literal["nothing", "ignore", "kill_task"]


# --- one task -------------------------------------------------------------------------------------------


async def await_(task: Task, timeout: float | None = 5.0) -> Any:
    """Await the result of a task, for up to `timeout` seconds (None: for ever). Once only; `await task` is short.

    Raises `CallExit` with the reason for which the task ended (`"normal"` if it gave no value), or
    `"timeout"`: then the task runs on, still linked, and what it says later is never heard. Not caught, that
    ends the caller with the same reason. Raises `ValueError` when another process started the task.

        >>> import actorbook as ab
        >>> task = ab.Task.async_(sum, [1, 2, 3])
        >>> await ab.Task.await_(task)
        6

    Rules TSK-02 to TSK-05.
    """
    me = _owner(task, "await_")
    outcome = await _within(task.ref, _seconds(timeout, "await_")) or _forget(me, task.ref)
    return _value(task, outcome, timeout)


async def yield_(task: Task, timeout: float | None = 5.0) -> Outcome | None:
    """Wait up to `timeout` seconds: `("ok", value)`, `("exit", reason)`, or None when there is nothing yet.

    None may be asked again; an outcome is told once (rule TSK-06). Raises `ValueError` as `await_` does.

        >>> import actorbook as ab
        >>> task = ab.Task.async_(ab.sleep, 0.01)
        >>> await ab.Task.yield_(task, timeout=0)
        >>> await ab.Task.yield_(task)
        ('ok', None)
    """
    _owner(task, "yield_")
    return await _within(task.ref, _seconds(timeout, "yield_"))


async def shutdown(task: Task, timeout: float | Literal["brutal_kill"] | None = 5.0) -> Outcome | None:
    """Unlink a task, end it, and wait until it is dead; None when it ended as it was told to.

    A result that came in time is told all the same, as `("ok", value)`; another end is `("exit", reason)`. A
    task that traps exits has `timeout` seconds, then it is killed: `("exit", "killed")`. With
    `"brutal_kill"` it has none. Raises `ValueError` for a task that is somebody else's, or has no process.

        >>> import actorbook as ab
        >>> await ab.Task.shutdown(ab.Task.async_(ab.sleep, 60))

    Rules TSK-05, TSK-07.
    """
    me, pid = _owner(task, "shutdown"), _process(task, "shutdown")
    patience = timeout if timeout == "brutal_kill" else _seconds(timeout, "shutdown")
    outcome = _here(me, task.ref)
    if outcome is not None:
        unlink(pid)
        return outcome
    reason = await shut_down(pid, patience)
    outcome = _forget(me, task.ref) or ("exit", reason)
    return None if outcome == ("exit", "killed" if timeout == "brutal_kill" else "shutdown") else outcome


def ignore(task: Task) -> Outcome | None:
    """Unlink a task and hear of it no more: it runs on alone. Returns what it had to say until now, or None.

    Does not wait. Raises `ValueError` as `shutdown` does.
    """
    me, pid = _owner(task, "ignore"), _process(task, "ignore")
    unlink(pid)
    return _forget(me, task.ref)


# --- many tasks -----------------------------------------------------------------------------------------


async def await_many(tasks: Iterable[Task], timeout: float | None = 5.0) -> list[Any]:
    """The results of tasks in the order given, all within `timeout` seconds (rule TSK-08).

    Raises `CallExit` as `await_` does, at the first task that fails; of the others nothing is heard then.

        >>> import actorbook as ab
        >>> await ab.Task.await_many([ab.Task.async_(pow, n, 2) for n in range(4)])
        [0, 1, 4, 9]
    """
    tasks = list(tasks)
    for task in tasks:
        _owner(task, "await_many")
    waiting = {task.ref: task for task in tasks}
    deadline = _deadline(_seconds(timeout, "await_many"))
    values: dict[Ref, Any] = {}
    while waiting:
        ref, outcome = await _next(waiting, deadline)
        task = waiting[ref or next(iter(waiting))]  # when the time is up, the first is to blame
        try:
            values[task.ref] = _value(task, outcome, timeout)
        except CallExit:
            for other in waiting:
                _forget(current(), other)
            raise
        del waiting[task.ref]
    return [values[task.ref] for task in tasks]


async def yield_many(
    tasks: Iterable[Task],
    timeout: float | None = 5.0,
    limit: int | None = None,
    on_timeout: OnTimeout = "nothing",
) -> list[tuple[Task, Outcome | None]]:
    """Pairs `(task, outcome)` in the order given, after `timeout` seconds at most; None where there is none yet.

    Returns as soon as `limit` tasks have ended. What is to happen to tasks that have not when the time is up:
    `"nothing"` (they may be asked again), `"ignore"`, `"kill_task"`.

        >>> import actorbook as ab
        >>> tasks = [ab.Task.async_(ab.sleep, seconds) for seconds in (0.001, 60)]
        >>> [outcome for _, outcome in await ab.Task.yield_many(tasks, 0.05, on_timeout="kill_task")]
        [('ok', None), None]

    Rule TSK-08.
    """
    if on_timeout not in get_args(OnTimeout):
        raise ValueError(f"yield_many: expected on_timeout to be nothing, ignore or kill_task, got {on_timeout!r}")
    tasks = list(tasks)
    for task in tasks:
        _owner(task, "yield_many")
    waiting = {task.ref for task in tasks}
    enough = len(waiting) - _limit(limit, len(waiting))
    deadline = _deadline(_seconds(timeout, "yield_many"))
    outcomes: dict[Ref, Outcome | None] = {}
    while len(waiting) > enough:
        ref, outcome = await _next(waiting, deadline)
        if ref is None:
            late = [task for task in tasks if task.ref in waiting]
            outcomes |= {task.ref: await _let_go(task, on_timeout) for task in late}
            break
        waiting.discard(ref)
        outcomes[ref] = outcome
    return [(task, outcomes.get(task.ref)) for task in tasks]


async def _let_go(task: Task, on_timeout: OnTimeout) -> Outcome | None:
    if on_timeout == "kill_task":
        return await shutdown(task, "brutal_kill")
    return ignore(task) if on_timeout == "ignore" else None


# --- the two messages -----------------------------------------------------------------------------------


def ref_of(message: Any) -> Ref | None:
    """The ref of what may be a message of a task."""
    if isinstance(message, DOWN) or (type(message) is tuple and len(message) == 2 and isinstance(message[0], Ref)):
        ref: Ref = message[0]
        return ref
    return None


def _read(message: Any) -> Outcome:
    """What a message says; after a result, nobody wants to hear of the end."""
    if isinstance(message, DOWN):
        return "exit", message.reason
    demonitor(message[0], flush=True)
    return "ok", message[1]


async def _within(ref: Ref, seconds: float | None) -> Outcome | None:
    try:
        return _read(await receive(lambda message: ref_of(message) is ref, seconds))
    except TimeoutError:
        return None


async def _next(refs: Container[Ref | None], deadline: float | None) -> tuple[Ref | None, Outcome | None]:
    """The first that comes of any of these, or (None, None) when the time is up."""
    seconds = None if deadline is None else max(0.0, deadline - current().node.clock.now())
    try:
        message = await receive(lambda message: ref_of(message) in refs, seconds)
    except TimeoutError:
        return None, None
    return ref_of(message), _read(message)


def _here(me: Process, ref: Ref) -> Outcome | None:
    """What has come already."""
    found, message = me.take(lambda message: ref_of(message) is ref)
    return _read(message) if found else None


def _forget(me: Process, ref: Ref) -> Outcome | None:
    """Hear no more, now and later; what has come already is told (it may have come while the time ran out)."""
    demonitor(ref)
    return _here(me, ref)


# --- checks and words -----------------------------------------------------------------------------------


def _value(task: Task, outcome: Outcome | None, timeout: float | None) -> Any:
    """The value, or the failure as an error."""
    if outcome is None:
        hint = "" if task.pid and current().node.local(task.pid) else "; a result can be had once only"
        raise CallExit("timeout", f"{task!r} gave no result within {timeout} s{hint}")
    what, value = outcome
    if what == "exit":
        raise CallExit(value, f"{task!r} ended with {describe(value)}")
    return value


def _owner(task: Task, what: str) -> Process:
    me = current()
    if task.owner is not me.pid:
        raise ValueError(
            f"Task.{what}: expected to be called by {task.owner!r}, which started {task!r}, got {me.pid!r}; "
            "have the owner await it and send the result"
        )
    return me


def _process(task: Task, what: str) -> Pid:
    if task.pid is None:
        raise ValueError(f"Task.{what}: expected a task with a process, got {task!r}, which is complete; await it")
    return task.pid


def _seconds(timeout: float | None, what: str) -> float | None:
    return None if timeout is None else check_seconds(timeout, f"Task.{what}(timeout=…)")


def _deadline(seconds: float | None) -> float | None:
    return None if seconds is None else current().node.clock.now() + seconds


def _limit(limit: int | None, most: int) -> int:
    if limit is None:
        return most
    given: Any = limit
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise ValueError(f"yield_many: expected limit to be a whole number of 1 or more, got {given!r}")
    return min(limit, most)
