"""Streams of tasks: one function over many inputs, so many at once and no more (rules TSK-11 to TSK-15).

>>> import actorbook as ab
>>> async def length(word):
...     await ab.sleep(0.001)
...     return len(word)
>>> [result async for result in ab.Task.async_stream(["a", "bee", "cobra"], length, max_concurrency=2)]
[('ok', 1), ('ok', 3), ('ok', 5)]
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from contextlib import suppress
from typing import Any, Literal, NamedTuple, get_args

from ..core.bodies import name_of
from ..core.errors import CallExit
from ..core.isolation import isolate, share
from ..core.process import Process
from ..core.reasons import describe
from ..core.running import current
from ..core.timers import check_seconds
from . import protocol
from .start import start
from .stream_server import Failed, Input, Streaming, StreamServer
from .task_body import check_function
from .task_results import Outcome

__all__ = ["OnTimeout", "StreamOptions", "TaskStream", "check_stream"]

OnTimeout = Literal["exit", "kill_task"]


class StreamOptions(NamedTuple):
    """How a stream goes: see `Task.async_stream`."""

    max_concurrency: int | None = None
    ordered: bool = True
    timeout: float | None = 5.0
    on_timeout: OnTimeout = "exit"
    zip_input_on_exit: bool = False


def check_stream(options: StreamOptions) -> StreamOptions:
    """The options, the number of processors filled in, or an error that names the one that cannot be used (TSK-15)."""
    most, ordered, timeout, on_timeout, zipped = tuple[Any, ...](options)
    if most is None:
        most = getattr(os, "process_cpu_count", os.cpu_count)() or 1
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise ValueError(f"async_stream: expected max_concurrency to be a whole number of 1 or more, got {most!r}")
    if on_timeout not in get_args(OnTimeout):
        raise ValueError(f"async_stream: expected on_timeout to be exit or kill_task, got {on_timeout!r}")
    for name, value in (("ordered", ordered), ("zip_input_on_exit", zipped)):
        if not isinstance(value, bool):
            raise TypeError(f"async_stream: expected {name} to be True or False, got {value!r}")
    seconds = None if timeout is None else check_seconds(timeout, "async_stream(timeout=…)")
    return options._replace(max_concurrency=most, timeout=seconds)


class TaskStream(AsyncIterator[Outcome]):
    """The results of a stream of tasks, made by `async_stream`: iterate over it once, with `async for`.

    Nothing runs before the first step. A class, and no async generator: what a `break` leaves behind is
    cleaned up when the last name for it goes, not whenever the loop finds the time.
    """

    def __init__(
        self,
        inputs: Iterable[Any] | AsyncIterable[Any],
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        options: StreamOptions,
        starter: Callable[..., Any],
        linked: bool = True,
    ) -> None:
        self._server: Process | None = None
        self._over = False
        self._inputs = _iterator(inputs)
        self._fn = check_function(fn)
        self._args = isolate(args, keep_shared=True)
        self._options = check_stream(options)
        self._starter = starter
        self._linked = linked

    def __repr__(self) -> str:
        state = "over" if self._over else "new" if self._server is None else repr(self._server.pid)
        return f"<TaskStream {name_of(self._fn)} {state}>"

    async def __anext__(self) -> Outcome:
        if self._over:
            raise StopAsyncIteration
        try:
            return await self._next()
        except BaseException:
            self._close()
            raise

    async def _next(self) -> Outcome:
        """Ask for what is next, and bring the inputs that are wanted for it."""
        request: Any = "next"
        while True:
            match await self._ask(request):
                case "want":
                    request = await self._pull()
                case "over":
                    raise StopAsyncIteration
                case Failed(error):
                    raise error
                case ("told", (item, (what, value))):
                    zipped = what == "exit" and self._options.zip_input_on_exit
                    return (what, (item, value)) if zipped else (what, value)

    async def _ask(self, request: Any) -> Any:
        server = self._server or await self._start()
        if server.ended:  # while the consumer, a shell, was elsewhere
            raise CallExit(server.reason, f"{self!r} ended with {describe(server.reason)}")
        return await protocol.call(server.pid, request, None)

    async def _start(self) -> Process:
        me = current()
        options, strict = self._options, self._linked and not me.trap_exit
        streaming = Streaming(self._fn, self._args, self._starter, strict, *options[:4])  # type: ignore[arg-type]
        pid = await start(StreamServer, (share(streaming), me.pid), {}, name=None, node=None, link=True)
        assert pid is not None
        self._server = me.node.local(pid)
        assert self._server is not None
        return self._server

    async def _pull(self) -> Any:
        """The next input, taken in the consumer's own process, with a copy for the task."""
        try:
            item = await anext(self._inputs) if isinstance(self._inputs, AsyncIterator) else next(self._inputs)
        except (StopIteration, StopAsyncIteration):
            return "exhausted"
        return Input(share(item), share(isolate(item)))

    async def aclose(self) -> None:
        """Want no more: when this returns, the tasks under way are dead. Safe to call twice.

        `async with contextlib.aclosing(ab.Task.async_stream(…)) as stream:` calls it.
        """
        server, self._over = self._server, True
        if server is not None and not server.ended:
            with suppress(CallExit):
                await protocol.call(server.pid, "close", None)

    def _close(self) -> None:
        """The same without waiting, from wherever the last name for this went away."""
        self._over = True
        server = self._server
        if server is None or server.ended or server.node.host is None:
            return
        if server.node.host.owns_thread():
            server.put(protocol.Cast("close"))
        else:
            server.node.host.from_thread(server.put, protocol.Cast("close"))

    def __del__(self) -> None:
        if not self._over:
            self._close()


def _iterator(inputs: Any) -> Any:
    """The inputs one by one: what a `for` or an `async for` would take."""
    if isinstance(inputs, AsyncIterable):
        return aiter(inputs)
    if isinstance(inputs, Iterable):
        return iter(inputs)
    raise TypeError(f"async_stream: expected an iterable of inputs, got {inputs!r}")
