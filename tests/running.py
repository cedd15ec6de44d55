"""Runs an async test body inside a node, on real time or on time that jumps, and sees that nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
import selectors
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import actorbook as ab

Body = Callable[..., Coroutine[Any, Any, None]]


class _JumpingSelector(selectors.SelectSelector):
    """Does not wait for time to pass: it moves the clock to the next timer instead."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 1000.25

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everybody waits and nothing will ever come: the test hangs")
        if not ready and timeout:
            self.time += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock is virtual; as an actorbook clock it has `now` and `wall` too."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.time

    now = wall = time

    def pass_time(self, seconds: float) -> None:
        """Let time pass while somebody computes."""
        self._jumping.time += seconds


def virtual(body: Body) -> Callable[..., None]:
    """Run a test inside a node whose seconds cost nothing."""
    return _runner(body, JumpingLoop)


def real(body: Body) -> Callable[..., None]:
    """Run a test inside a node on real time: for threads, sockets and other event sources."""
    return _runner(body, asyncio.new_event_loop)


def _runner(body: Body, make_loop: Callable[[], asyncio.AbstractEventLoop]) -> Callable[..., None]:
    @wraps(body)
    def test(*args: Any, **kwargs: Any) -> None:
        run(lambda: body(*args, **kwargs), make_loop)

    return test


def run(
    body: Callable[[], Coroutine[Any, Any, None]],
    make_loop: Callable[[], asyncio.AbstractEventLoop] = JumpingLoop,
) -> None:
    """Run `body` inside a node; then no task, no timer and no unheard exception may be there."""
    complaints: list[str] = []
    gc.freeze()  # what was there before is not looked through at the end: that is most of a test's time
    with asyncio.Runner(loop_factory=make_loop) as runner:
        loop = runner.get_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(str(context)))
        runner.run(_inside_node(body, loop))
        gc.collect()
        runner.run(asyncio.sleep(0))
    assert complaints == [], complaints


async def _inside_node(body: Callable[[], Coroutine[Any, Any, None]], loop: Any) -> None:
    clock = loop if isinstance(loop, JumpingLoop) else None
    async with ab.Node(clock=clock):
        await body()
    for _ in range(3):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert [handle for handle in loop._scheduled if not handle.cancelled()] == []


async def settle() -> None:
    """Let every process that has something to do do it; no time passes."""
    for _ in range(20):
        await asyncio.sleep(0)


def busy(seconds: float) -> None:
    """Compute for so long: virtual time passes, and nobody else gets a turn meanwhile."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, JumpingLoop)
    loop.pass_time(seconds)


def passed(since: float) -> float:
    """Seconds since `now()` was `since`, without the dust that adding floats leaves."""
    return round(now() - since, 6)


def now() -> float:
    """The loop's clock."""
    return asyncio.get_running_loop().time()


async def reason_of_end(pid: ab.Pid) -> Any:
    """Wait until a process is dead, and say with which reason."""
    ref = ab.monitor(pid)
    down = await ab.receive(lambda message: isinstance(message, ab.DOWN) and message.ref is ref, timeout=60)
    return down.reason


async def idle() -> None:
    """The body of a process that does nothing until it is ended."""
    await ab.receive(lambda message: message == "end")


async def dead() -> ab.Pid:
    """The pid of a process that has ended."""
    pid: ab.Pid = ab.spawn(lambda: None)
    await settle()
    return pid


async def ends_as_told() -> None:
    """The body of a process that ends with the first thing it hears."""
    raise ab.Exit(await ab.receive())


async def linked_to(peer: ab.Pid, trap: bool = False, log: list[Any] | None = None) -> None:
    """The body of a process that links itself to `peer`; with `trap` it notes what it hears in `log`."""
    ab.link(peer)
    await (trapping(log) if trap else idle())


async def trapping(log: list[Any] | None = None) -> None:
    """The body of a process that traps exits and notes what it hears in `log`, a shared list."""
    ab.flag(trap_exit=True)
    while True:
        message = await ab.receive()
        if log is not None:
            log.append(message)


async def ends_with(reason: Any) -> None:
    """The body of a process that ends itself."""
    raise ab.Exit(reason)
