"""xoscar, one pool in this process: an actor is an object with a lock, a message is an awaited method call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import xoscar as xo

from benchmarks.meter import Meter
from benchmarks.rows import actors

MOST = {
    "spawn": 5_000, "bytes_process": 5_000, "bytes_server": 5_000, "start": 5_000, "call": 10_000, "cast": 10_000,
    "ring": 10_000, "pingpong": 5_000, "fanin": 10_000, "forkjoin": 2_000, "big": 6_000, "skynet": 1_000,
}  # fmt: skip
"""Each create and each call takes tenths of a millisecond."""

ABSENT = {
    "message_among": "1,000,000 creates take minutes",
    "spawn_among": "1,000,000 creates take minutes",
    "restart": "it restarts pools, not actors",
    "selective": "it has no selective receive",
}

_numbers = count()
_pool: list[Any] = []


async def stage(play: Callable[[], Awaitable[None]]) -> None:
    """One pool, no further processes."""
    pool = await xo.create_actor_pool("127.0.0.1:0", n_process=0)
    _pool.append(pool)
    async with pool:
        await play()


async def _create(cls: type[xo.Actor], *args: Any) -> Any:
    return await xo.create_actor(cls, *args, address=_pool[0].external_address, uid=str(next(_numbers)))


class Echo(xo.Actor):
    """Answers with what it got, and counts."""

    def __init__(self) -> None:
        self.n = 0

    def echo(self, request: Any) -> Any:
        """For calls."""
        return request

    def add(self, k: int) -> None:
        """For tells."""
        self.n += k


async def _start(size: int) -> None:
    for _ in range(size):
        await _create(Echo)


async def spawn(meter: Meter) -> None:
    with meter.time(meter.size):
        await _start(meter.size)


start = spawn


async def bytes_process(meter: Meter) -> None:
    with meter.memory(meter.size):
        await _start(meter.size)


bytes_server = bytes_process


async def call(meter: Meter) -> None:
    server = await _create(Echo)
    with meter.time(meter.size):
        for n in range(meter.size):
            await server.echo(n)


async def cast(meter: Meter) -> None:
    server = await _create(Echo)
    with meter.time(meter.size):
        for _ in range(meter.size):
            await server.add.tell(1)
        await server.echo(0)


class Forward(xo.Actor):
    """Passes a number on, one less."""

    def follow(self, after: Any, over: asyncio.Event) -> None:
        """Who comes after it."""
        self.after, self.over = after, over

    async def token(self, n: int) -> None:
        """The number comes."""
        if n > 0:
            await self.after.token.tell(n - 1)
        else:
            self.over.set()


async def ring(meter: Meter) -> None:
    over = asyncio.Event()
    refs = [await _create(Forward) for _ in range(100)]
    for ref, after in zip(refs, refs[1:] + refs[:1], strict=True):
        await ref.follow(after, over)
    with meter.time(meter.size):
        await refs[0].token.tell(meter.size)
        await over.wait()


class Ping(xo.Actor):
    """Sends a number, is sent it back, so often; and counts what else comes."""

    def __init__(self, expected: int, over: asyncio.Event) -> None:
        self.left, self.over = expected, over

    def receive(self, n: int) -> None:
        """One more."""
        self.left -= 1
        if self.left == 0:
            self.over.set()

    async def pong(self, other: Any, n: int) -> None:
        """It came back."""
        if n == 0:
            self.over.set()
        else:
            await other.ping.tell(self.ref(), n - 1)


class Pong(xo.Actor):
    """Sends it back."""

    async def ping(self, sender: Any, n: int) -> None:
        """From whom, and what."""
        await sender.pong.tell(self.ref(), n)


async def pingpong(meter: Meter) -> None:
    over = asyncio.Event()
    ping, pong = await _create(Ping, 0, over), await _create(Pong)
    with meter.time(meter.size):
        await ping.pong.tell(pong, meter.size)
        await over.wait()


class Sender(xo.Actor):
    """Sends numbers, or answers once."""

    async def send(self, sink: Any, each: int) -> None:
        """So many."""
        for n in range(each):
            await sink.receive.tell(n)

    async def work(self, sink: Any, n: int) -> None:
        """One, and end."""
        await sink.receive.tell(n + 1)


async def fanin(meter: Meter) -> None:
    over, each = asyncio.Event(), meter.size // 100
    with meter.time(each * 100):
        sink = await _create(Ping, each * 100, over)
        for _ in range(100):
            await (await _create(Sender)).send.tell(sink, each)
        await over.wait()


async def forkjoin(meter: Meter) -> None:
    over = asyncio.Event()
    with meter.time(meter.size):
        join = await _create(Ping, meter.size, over)
        for n in range(meter.size):
            worker = await _create(Sender)
            await worker.work.tell(join, n)
            await xo.destroy_actor(worker)
        await over.wait()


class Big(xo.Actor):
    """Pings one of the others after the other, and answers their pings."""

    def __init__(self, index: int, each: int, done: asyncio.Semaphore) -> None:
        self.index, self.each, self.done = index, each, done
        self.answered = 0

    async def begin(self, others: list[Any]) -> None:
        """Know the others."""
        self.others = others
        await self._next()

    async def _next(self) -> None:
        if self.answered < self.each:
            await self.others[(self.index * 31 + self.answered * 17) % 120].ping.tell(self.ref())
        else:
            self.done.release()

    async def ping(self, other: Any) -> None:
        """Answer."""
        await other.pong.tell()

    async def pong(self) -> None:
        """Answered."""
        self.answered += 1
        await self._next()


async def big(meter: Meter) -> None:
    each, done = meter.size // 120, asyncio.Semaphore(0)
    refs = [await _create(Big, index, each, done) for index in range(120)]
    with meter.time(each * 120):
        for ref in refs:
            await ref.begin.tell(refs)
        for _ in refs:
            await done.acquire()


class Skynet(xo.Actor):
    """Adds up what its ten children say."""

    async def total(self, number: int, leaves: int) -> int:
        """The sum of all leaves under it."""
        if leaves == 1:
            return number
        part = leaves // 10
        children = [await _create(Skynet) for _ in range(10)]
        answers = [child.total(number + k * part, part) for k, child in enumerate(children)]
        return sum(await asyncio.gather(*answers))


async def skynet(meter: Meter) -> None:
    with meter.time(actors(meter.size)):
        total = await (await _create(Skynet)).total(0, meter.size)
    assert total == meter.size * (meter.size - 1) // 2
