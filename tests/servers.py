"""A server that does as it is told, and what the tests of servers ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import actorbook as ab

Log = list[Any]


class Server(ab.GenServer):
    """Notes in `log` (a shared list) what it hears, and does what a request, a function of the server, says."""

    def init(self, log: Log | None = None, then: Callable[[Any], Any] | None = None, trap: bool = False) -> Any:
        self.log: Log = [] if log is None else log
        ab.flag(trap_exit=trap)
        return then(self) if then is not None else None

    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        self.caller = caller
        return request(self) if callable(request) else request

    def handle_cast(self, request: Any) -> Any:
        return request(self) if callable(request) else self.log.append(("cast", request))

    def handle_info(self, message: Any) -> Any:
        return message(self) if callable(message) else self.log.append(message)

    def handle_continue(self, value: Any) -> Any:
        if callable(value):
            return value(self)
        self.log.append(("continue", value))
        return ab.Continue(value - 1) if isinstance(value, int) and value > 1 else None

    def terminate(self, reason: Any) -> None:
        self.log.append(("terminate", reason))


class Sleeper(ab.GenServer):
    """Answers each call after so many seconds, with all that it has slept."""

    def init(self) -> None:
        self.done: list[Any] = []

    async def handle_call(self, seconds: Any, caller: ab.Caller) -> Any:
        await asyncio.sleep(seconds)
        self.done.append(seconds)
        return list(self.done)


async def started(log: Log | None = None, then: Any = None, trap: bool = False, **options: Any) -> ab.Pid:
    """The pid of a fresh server."""
    pid = await Server.start(ab.share(log), then, trap, **options)
    assert pid is not None
    return pid


async def parent(log: Log, trap: bool) -> None:
    """The body of a process that starts a server named child, linked to it, and ends as it is told."""
    pid = await Server.start_link(ab.share(log), None, trap, name="child")
    assert pid is not None
    while True:
        match await ab.receive():
            case ("send", message):
                ab.send(pid, message)
            case reason:
                raise ab.Exit(reason)


def fails(server: Any) -> None:
    """A request that the server crashes at."""
    raise ValueError("no")


def leaves(server: Any) -> None:
    """A request that makes the server end itself."""
    raise ab.Exit("left")


async def call_reason(pid: Any, request: Any, timeout: float | None = 5.0) -> Any:
    """Why a call fails."""
    with pytest.raises(ab.CallExit) as failed:
        await ab.GenServer.call(pid, request, timeout)
    return failed.value.reason


async def start_reason(*args: Any, cls: Any = Server, **options: Any) -> Any:
    """Why a start fails."""
    with pytest.raises(ab.StartError) as failed:
        await cls.start(*args, **options)
    return failed.value.reason
