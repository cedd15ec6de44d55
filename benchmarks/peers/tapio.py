"""tapio-py: an actor is a task with a mailbox, a message is a Pydantic model that is validated on delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tapio import ActorContext, ActorRef, ActorSystem, Behavior, Behaviors, Message, SupervisorStrategy

from benchmarks.meter import Meter
from benchmarks.rows import actors

MOST = {
    "spawn": 20_000, "bytes_process": 20_000, "bytes_server": 20_000, "start": 10_000, "call": 10_000,
    "cast": 50_000, "ring": 50_000, "pingpong": 20_000, "fanin": 50_000, "forkjoin": 10_000, "big": 24_000,
    "skynet": 10_000, "restart": 1_000,
}  # fmt: skip
"""An actor has about 15 KB."""

ABSENT = {
    "message_among": "15 KB for each actor: 1,000,000 do not fit",
    "spawn_among": "15 KB for each actor: 1,000,000 do not fit",
    "selective": "it has a stash, not a selective receive",
}

_system: list[ActorSystem] = []


class Number(Message):
    """One number."""

    n: int


class From(Message):
    """One number, and who sent it."""

    n: int
    sender: ActorRef[Any]


class Part(Message):
    """A share of a skynet."""

    number: int
    leaves: int
    parent: ActorRef[Any]


async def stage(play: Callable[[], Awaitable[None]]) -> None:
    """A system with its own settings."""
    async with ActorSystem("bench") as system:
        _system.append(system)
        await play()


def _spawn(behavior: Behavior[Any]) -> ActorRef[Any]:
    return _system[0].spawn_anonymous(behavior)


async def _on_echo(message: Number | From) -> Behavior[Any]:
    if isinstance(message, From):
        message.sender.tell(Number(n=message.n))
    return Behaviors.same()


def _echo() -> ActorRef[Any]:
    return _spawn(Behaviors.receive_message(_on_echo))


async def _ask(server: ActorRef[Any], n: int) -> None:
    await server.ask(lambda sender: From(n=n, sender=sender), expect=Number)


async def _start(size: int) -> None:
    servers = [_echo() for _ in range(size)]
    await _ask(servers[-1], 0)


async def spawn(meter: Meter) -> None:
    with meter.time(meter.size):
        await _start(meter.size)


start = spawn


async def bytes_process(meter: Meter) -> None:
    with meter.memory(meter.size):
        await _start(meter.size)


bytes_server = bytes_process


async def call(meter: Meter) -> None:
    server = _echo()
    with meter.time(meter.size):
        for n in range(meter.size):
            await _ask(server, n)


async def cast(meter: Meter) -> None:
    server = _echo()
    with meter.time(meter.size):
        for _ in range(meter.size):
            server.tell(Number(n=1))
        await _ask(server, 0)


async def ring(meter: Meter) -> None:
    def forward(index: int) -> ActorRef[Any]:
        async def on_number(message: Number) -> Behavior[Any]:
            if message.n > 0:
                refs[(index + 1) % 100].tell(Number(n=message.n - 1))
            else:
                over.set()
            return Behaviors.same()

        return _spawn(Behaviors.receive_message(on_number, Number))

    over = asyncio.Event()
    refs = [forward(index) for index in range(100)]
    with meter.time(meter.size):
        refs[0].tell(Number(n=meter.size))
        await over.wait()


async def _on_reflect(ctx: ActorContext[From], message: From) -> Behavior[Any]:
    message.sender.tell(From(n=message.n, sender=ctx.self_ref))
    return Behaviors.same()


async def pingpong(meter: Meter) -> None:
    async def on_back(ctx: ActorContext[From], message: From) -> Behavior[Any]:
        if message.n == 0:
            over.set()
        else:
            message.sender.tell(From(n=message.n - 1, sender=ctx.self_ref))
        return Behaviors.same()

    over = asyncio.Event()
    pong = _spawn(Behaviors.receive(_on_reflect, From))
    ping = _spawn(Behaviors.receive(on_back, From))
    with meter.time(meter.size):
        ping.tell(From(n=meter.size, sender=pong))
        await over.wait()


def _count(expected: int, over: asyncio.Event) -> ActorRef[Any]:
    left = expected

    async def on_number(message: Number) -> Behavior[Any]:
        nonlocal left
        left -= 1
        if left == 0:
            over.set()
        return Behaviors.same()

    return _spawn(Behaviors.receive_message(on_number, Number))


async def fanin(meter: Meter) -> None:
    async def on_start(message: From) -> Behavior[Any]:
        for n in range(message.n):
            message.sender.tell(Number(n=n))
        return Behaviors.same()

    over, each = asyncio.Event(), meter.size // 100
    with meter.time(each * 100):
        sink = _count(each * 100, over)
        for _ in range(100):
            _spawn(Behaviors.receive_message(on_start, From)).tell(From(n=each, sender=sink))
        await over.wait()


async def _on_work(message: From) -> Behavior[Any]:
    message.sender.tell(Number(n=message.n + 1))
    return Behaviors.stopped()


async def forkjoin(meter: Meter) -> None:
    over = asyncio.Event()
    with meter.time(meter.size):
        join = _count(meter.size, over)
        for n in range(meter.size):
            _spawn(Behaviors.receive_message(_on_work, From)).tell(From(n=n, sender=join))
        await over.wait()


async def big(meter: Meter) -> None:
    def actor(index: int) -> ActorRef[Any]:
        asked = 0

        async def on_message(ctx: ActorContext[Any], message: From | Number) -> Behavior[Any]:
            nonlocal asked
            if isinstance(message, From):
                message.sender.tell(Number(n=message.n))
            elif asked < each:
                refs[(index * 31 + asked * 17) % 120].tell(From(n=asked, sender=ctx.self_ref))
                asked += 1
            else:
                done.release()
            return Behaviors.same()

        return _spawn(Behaviors.receive(on_message, From | Number))

    each, done = meter.size // 120, asyncio.Semaphore(0)
    refs = [actor(index) for index in range(120)]
    with meter.time(each * 120):
        for ref in refs:
            ref.tell(Number(n=0))
        for _ in refs:
            await done.acquire()


def _skynet() -> Behavior[Any]:
    left, total = 10, 0
    above: list[ActorRef[Any]] = []

    async def on_message(ctx: ActorContext[Any], message: Part | Number) -> Behavior[Any]:
        nonlocal left, total
        if isinstance(message, Number):
            left, total = left - 1, total + message.n
            if left:
                return Behaviors.same()
            above[0].tell(Number(n=total))
            return Behaviors.stopped()
        if message.leaves == 1:
            message.parent.tell(Number(n=message.number))
            return Behaviors.stopped()
        above.append(message.parent)
        part = message.leaves // 10
        for k in range(10):
            child = ctx.spawn_anonymous(_skynet())
            child.tell(Part(number=message.number + k * part, leaves=part, parent=ctx.self_ref))
        return Behaviors.same()

    return Behaviors.receive(on_message, Part | Number)


async def skynet(meter: Meter) -> None:
    over = asyncio.Event()
    with meter.time(actors(meter.size)):
        _spawn(_skynet()).tell(Part(number=0, leaves=meter.size, parent=_count(1, over)))
        await over.wait()


async def restart(meter: Meter) -> None:
    async def on_crash(message: Number) -> Behavior[Any]:
        raise RuntimeError("boom")

    def setup(ctx: ActorContext[Any]) -> Behavior[Any]:
        started.put_nowait("started")
        return Behaviors.receive_message(on_crash, Number)

    started: asyncio.Queue[str] = asyncio.Queue()
    supervised = Behaviors.supervise(Behaviors.setup(setup)).on_failure(SupervisorStrategy.restart(), on=RuntimeError)
    child = _spawn(supervised)
    await started.get()
    with meter.time(meter.size):
        for _ in range(meter.size):
            child.tell(Number(n=0))
            await started.get()
