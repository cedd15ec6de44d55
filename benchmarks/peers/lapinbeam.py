"""lapinbeam, one local node: an actor is a named object with a queue and two tasks, driven by a supervisor."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from lapinbeam import Node, Supervisor, actor, current_message

from benchmarks.meter import Meter
from benchmarks.rows import actors

MOST = {
    "spawn": 5_000, "bytes_process": 5_000, "bytes_server": 5_000, "start": 5_000, "forkjoin": 5_000,
    "skynet": 1_000, "call": 20_000, "cast": 50_000, "ring": 50_000, "pingpong": 20_000, "fanin": 50_000,
    "big": 24_000,
}  # fmt: skip
"""A spawn names its class anew, since names are unique."""

ABSENT = {
    "message_among": "each actor has two tasks and a queue: 1,000,000 do not fit",
    "spawn_among": "each actor has two tasks and a queue: 1,000,000 do not fit",
    "restart": "its supervisor sleeps before each restart, 0.1 s and more",
    "selective": "it has no selective receive",
}

_numbers = count()
_top: list[Supervisor] = []


async def stage(play: Callable[[], Awaitable[None]]) -> None:
    """A node on a free port of this machine, and a supervisor for everybody."""
    async with Node("bench@127.0.0.1:0") as node:
        _top.append(Supervisor(node=node))
        await play()


def _spawn(cls: type, *args: Any) -> Any:
    return _top[0].spawn(actor(name=str(next(_numbers)))(cls), *args)


class Echo:
    """Answers with what it got, or counts."""

    def __init__(self) -> None:
        self.n = 0

    async def receive(self, message: Any) -> None:
        """Ask or send."""
        meta = current_message()
        if meta.reply_to is None:
            self.n += message
        else:
            await meta.reply(message)


async def _start(size: int) -> None:
    refs = [_spawn(Echo) for _ in range(size)]
    await refs[-1].ask(0)


async def spawn(meter: Meter) -> None:
    with meter.time(meter.size):
        await _start(meter.size)


start = spawn


async def bytes_process(meter: Meter) -> None:
    with meter.memory(meter.size):
        await _start(meter.size)


bytes_server = bytes_process


async def call(meter: Meter) -> None:
    server = _spawn(Echo)
    with meter.time(meter.size):
        for n in range(meter.size):
            await server.ask(n)


async def cast(meter: Meter) -> None:
    server = _spawn(Echo)
    with meter.time(meter.size):
        for _ in range(meter.size):
            await server.send(1)
        await server.ask(0)


class Forward:
    """Passes a number on, one less."""

    def __init__(self, over: asyncio.Event) -> None:
        self.over = over
        self.after: Any = None

    async def receive(self, message: Any) -> None:
        """A neighbour, then numbers."""
        if self.after is None:
            self.after = message
        elif message > 0:
            await self.after.send(message - 1)
        else:
            self.over.set()


async def ring(meter: Meter) -> None:
    over = asyncio.Event()
    refs = [_spawn(Forward, over) for _ in range(100)]
    for ref, after in zip(refs, refs[1:] + refs[:1], strict=True):
        await ref.send(after)
    with meter.time(meter.size):
        await refs[0].send(meter.size)
        await over.wait()


class Ping:
    """Sends a number to Pong until none is left."""

    def __init__(self, other: Any, over: asyncio.Event) -> None:
        self.other, self.over = other, over

    async def receive(self, message: Any) -> None:
        """Itself and a number, from whoever begins and then from Pong."""
        me, n = message
        if n == 0:
            self.over.set()
        else:
            await self.other.send((me, n - 1))


class Pong:
    """Sends it back."""

    async def receive(self, message: Any) -> None:
        """From whom, and what."""
        await message[0].send(message)


async def pingpong(meter: Meter) -> None:
    over = asyncio.Event()
    ping = _spawn(Ping, _spawn(Pong), over)
    with meter.time(meter.size):
        await ping.send((ping, meter.size))
        await over.wait()


class Count:
    """Tells when so many messages have come."""

    def __init__(self, expected: int, over: asyncio.Event) -> None:
        self.left, self.over = expected, over

    async def receive(self, message: Any) -> None:
        """One more."""
        self.left -= 1
        if self.left == 0:
            self.over.set()


class Sender:
    """Sends so many numbers."""

    async def receive(self, message: Any) -> None:
        """To whom, and how many."""
        sink, each = message
        for n in range(each):
            await sink.send(n)


async def fanin(meter: Meter) -> None:
    over, each = asyncio.Event(), meter.size // 100
    with meter.time(each * 100):
        sink = _spawn(Count, each * 100, over)
        for _ in range(100):
            await _spawn(Sender).send((sink, each))
        await over.wait()


async def forkjoin(meter: Meter) -> None:
    over = asyncio.Event()
    with meter.time(meter.size):
        join = _spawn(Count, meter.size, over)
        workers = [_spawn(Sender) for _ in range(meter.size)]
        for worker in workers:
            await worker.send((join, 1))
        await over.wait()
        for worker in workers:
            worker.task.cancel()


class Big:
    """Pings one of the others after the other, and answers their pings."""

    def __init__(self, index: int, each: int, done: asyncio.Semaphore) -> None:
        self.index, self.each, self.done = index, each, done
        self.answered = -1
        self.me: Any = None
        self.others: list[Any] = []

    async def receive(self, message: Any) -> None:
        """The others and itself, a ping or a pong."""
        kind, what = message
        if kind == "ping":
            await what.send(("pong", None))
            return
        if kind == "others":
            self.others, self.me = what, what[self.index]
        self.answered += 1
        if self.answered < self.each:
            await self.others[(self.index * 31 + self.answered * 17) % 120].send(("ping", self.me))
        else:
            self.done.release()


async def big(meter: Meter) -> None:
    each, done = meter.size // 120, asyncio.Semaphore(0)
    refs = [_spawn(Big, index, each, done) for index in range(120)]
    with meter.time(each * 120):
        for ref in refs:
            await ref.send(("others", refs))
        for _ in refs:
            await done.acquire()


class Skynet:
    """Adds up what its ten children say, and tells its parent."""

    def __init__(self, parent: Any) -> None:
        self.parent = parent
        self.left, self.total = 10, 0

    async def receive(self, message: Any) -> None:
        """Itself and its share of the leaves, or a child's sum."""
        if isinstance(message, int):
            self.left -= 1
            self.total += message
            if self.left == 0:
                await self.parent.send(self.total)
            return
        me, number, leaves = message
        if leaves == 1:
            await self.parent.send(number)
            return
        part = leaves // 10
        for k in range(10):
            child = _spawn(Skynet, me)
            await child.send((child, number + k * part, part))


async def skynet(meter: Meter) -> None:
    over = asyncio.Event()
    with meter.time(actors(meter.size)):
        top = _spawn(Skynet, _spawn(Count, 1, over))
        await top.send((top, 0, meter.size))
        await over.wait()
