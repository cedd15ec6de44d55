"""Plain asyncio, the idiomatic minimum: a task and an `asyncio.Queue` for each process, a future for each reply.

Nothing is isolated, supervised, linked or named: what stands here is the floor that the event loop sets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.meter import Meter
from benchmarks.rows import actors

ABSENT = {"selective": "a queue has no selective receive"}

Queue = asyncio.Queue[Any]
_tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps only weak references


async def stage(play: Callable[[], Awaitable[None]]) -> None:
    """The loop is there already."""
    await play()


def _go(body: Any) -> None:
    task = asyncio.create_task(body)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


class Echo:
    """A server: answers with what it got, and counts."""

    def __init__(self) -> None:
        self.n = 0
        self.queue: Queue = Queue()
        _go(self.serve())

    async def serve(self) -> None:
        """One request after another."""
        while True:
            request, reply = await self.queue.get()
            if reply is not None:
                reply.set_result(request)
            else:
                self.n += request

    async def call(self, request: Any) -> Any:
        """Ask, and wait."""
        reply = asyncio.get_running_loop().create_future()
        self.queue.put_nowait((request, reply))
        return await reply

    def cast(self, request: Any) -> None:
        """Tell, and go on."""
        self.queue.put_nowait((request, None))


async def _tell(queue: Queue, message: Any) -> None:
    queue.put_nowait(message)


async def _spawn(count: int) -> None:
    """So many idle tasks, each with a queue; the one after them says that all have run."""
    for _ in range(count):
        _go(Queue().get())
    all_run = Queue()
    _go(_tell(all_run, "all run"))
    await all_run.get()


async def _start(count: int) -> None:
    servers = [Echo() for _ in range(count)]
    await servers[-1].call(0)


async def spawn(meter: Meter) -> None:
    await _spawn(meter.among)
    with meter.time(meter.size):
        await _spawn(meter.size)


spawn_among = spawn


async def bytes_process(meter: Meter) -> None:
    with meter.memory(meter.size):
        await _spawn(meter.size)


async def bytes_server(meter: Meter) -> None:
    with meter.memory(meter.size):
        await _start(meter.size)


async def start(meter: Meter) -> None:
    with meter.time(meter.size):
        await _start(meter.size)


async def call(meter: Meter) -> None:
    server = Echo()
    with meter.time(meter.size):
        for n in range(meter.size):
            await server.call(n)


async def cast(meter: Meter) -> None:
    server = Echo()
    with meter.time(meter.size):
        for _ in range(meter.size):
            server.cast(1)
        await server.call(0)


async def ring(meter: Meter) -> None:
    async def forward(own: Queue, after: Queue) -> None:
        while (n := await own.get()) > 0:
            after.put_nowait(n - 1)
        over.put_nowait("over")

    over, queues = Queue(), [Queue() for _ in range(100)]
    for own, after in zip(queues, queues[1:] + queues[:1], strict=True):
        _go(forward(own, after))
    with meter.time(meter.size):
        queues[0].put_nowait(meter.size)
        await over.get()


async def _reflect(own: Queue) -> None:
    while True:
        sender, n = await own.get()
        sender.put_nowait(n)


async def pingpong(meter: Meter) -> None:
    mine, others = Queue(), Queue()
    _go(_reflect(others))
    with meter.time(meter.size):
        for n in range(meter.size):
            others.put_nowait((mine, n))
            await mine.get()


async def fanin(meter: Meter) -> None:
    async def sender() -> None:
        for n in range(each):
            sink.put_nowait(n)

    each, sink = meter.size // 100, Queue()
    with meter.time(each * 100):
        for _ in range(100):
            _go(sender())
        for _ in range(each * 100):
            await sink.get()


async def forkjoin(meter: Meter) -> None:
    async def worker(own: Queue) -> None:
        sender, n = await own.get()
        sender.put_nowait(n + 1)

    mine = Queue()
    with meter.time(meter.size):
        for n in range(meter.size):
            queue = Queue()
            _go(worker(queue))
            queue.put_nowait((mine, n))
        for _ in range(meter.size):
            await mine.get()


async def big(meter: Meter) -> None:
    async def actor(index: int) -> None:
        own = queues[index]
        asked = answered = 0
        while answered < each:
            if asked == answered:
                queues[(index * 31 + asked * 17) % 120].put_nowait(("ping", own))
                asked += 1
            kind, other = await own.get()
            if kind == "ping":
                other.put_nowait(("pong", own))
            else:
                answered += 1
        done.put_nowait("done")
        while True:
            _, other = await own.get()
            other.put_nowait(("pong", own))

    each, done, queues = meter.size // 120, Queue(), [Queue() for _ in range(120)]
    with meter.time(each * 120):
        for index in range(120):
            _go(actor(index))
        for _ in queues:
            await done.get()


async def _skynet(parent: Queue, number: int, leaves: int) -> None:
    if leaves == 1:
        parent.put_nowait(number)
        return
    own, part, total = Queue(), leaves // 10, 0
    for k in range(10):
        _go(_skynet(own, number + k * part, part))
    for _ in range(10):
        total += await own.get()
    parent.put_nowait(total)


async def skynet(meter: Meter) -> None:
    mine = Queue()
    with meter.time(actors(meter.size)):
        _go(_skynet(mine, 0, meter.size))
        total = await mine.get()
    assert total == meter.size * (meter.size - 1) // 2


async def restart(meter: Meter) -> None:
    """The least that starts a failed worker again: a loop around the task."""

    async def worker() -> None:
        started.put_nowait("started")
        await own.get()
        raise RuntimeError("boom")

    async def supervise() -> None:
        while True:
            try:
                await asyncio.create_task(worker())
            except RuntimeError:
                continue

    own, started = Queue(), Queue()
    _go(supervise())
    await started.get()
    with meter.time(meter.size):
        for _ in range(meter.size):
            own.put_nowait("crash")
            await started.get()


async def message_among(meter: Meter) -> None:
    mine, queues = Queue(), [Queue() for _ in range(max(1, meter.among))]
    for queue in queues:
        _go(_reflect(queue))
    await asyncio.sleep(0)
    with meter.time(meter.size):
        for n in range(meter.size):
            queues[n * 7919 % len(queues)].put_nowait((mine, n))
            await mine.get()
