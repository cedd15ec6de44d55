"""Our own rows. Plain processes are `async def` functions, servers have `def` callbacks; every message is isolated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import actorbook as ab
from benchmarks.meter import Meter
from benchmarks.rows import actors


async def stage(play: Callable[[], Awaitable[None]]) -> None:
    """A node as anyone gets it: its recorder is on, nobody looks."""
    async with ab.Node():
        await play()


async def _as_process(body: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `body` as a process, since the shell that calls this is woken by the event loop."""

    async def process() -> None:
        await body()
        ab.send(shell, "done")

    shell = ab.self_()
    ab.spawn(process)
    await ab.receive(lambda message: message == "done")


async def _idle() -> None:
    await ab.receive()


async def _tell(dest: ab.Pid, message: Any) -> None:
    ab.send(dest, message)


class Echo(ab.GenServer):
    """Answers with what it got, and counts."""

    def init(self, starter: ab.Pid | None = None) -> None:
        self.n = 0
        if starter is not None:
            ab.send(starter, ab.self_())

    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        return request

    def handle_cast(self, request: Any) -> None:
        if request == "crash":
            raise RuntimeError("boom")
        self.n += request


async def _spawn(count: int) -> None:
    """Spawn so many idle processes; the one after them says that all have run."""
    for _ in range(count):
        ab.spawn(_idle)
    ab.spawn(_tell, ab.self_(), "all run")
    await ab.receive()


async def spawn(meter: Meter) -> None:
    async def body() -> None:
        await _spawn(meter.among)
        with meter.time(meter.size):
            await _spawn(meter.size)

    await _as_process(body)


spawn_among = spawn


async def bytes_process(meter: Meter) -> None:
    async def body() -> None:
        with meter.memory(meter.size):
            await _spawn(meter.size)

    await _as_process(body)


async def bytes_server(meter: Meter) -> None:
    async def body() -> None:
        with meter.memory(meter.size):
            for _ in range(meter.size):
                await Echo.start()

    await _as_process(body)


async def start(meter: Meter) -> None:
    async def body() -> None:
        with meter.time(meter.size):
            for _ in range(meter.size):
                await Echo.start()

    await _as_process(body)


async def call(meter: Meter) -> None:
    async def body() -> None:
        server = await Echo.start()
        with meter.time(meter.size):
            for n in range(meter.size):
                await ab.GenServer.call(server, n)

    await _as_process(body)


async def cast(meter: Meter) -> None:
    async def body() -> None:
        server = await Echo.start()
        with meter.time(meter.size):
            for _ in range(meter.size):
                ab.GenServer.cast(server, 1)
            await ab.GenServer.call(server, 0, timeout=None)

    await _as_process(body)


async def ring(meter: Meter) -> None:
    async def forward() -> None:
        after = await ab.receive()
        while (n := await ab.receive()) > 0:
            ab.send(after, n - 1)
        ab.send(parent[0], "over")

    async def body() -> None:
        parent.append(ab.self_())
        pids = [ab.spawn(forward) for _ in range(100)]
        for pid, after in zip(pids, pids[1:] + pids[:1], strict=True):
            ab.send(pid, after)
        with meter.time(meter.size):
            ab.send(pids[0], meter.size)
            await ab.receive()

    parent: list[ab.Pid] = []
    await _as_process(body)


async def pingpong(meter: Meter) -> None:
    async def pong() -> None:
        while True:
            sender, n = await ab.receive()
            ab.send(sender, n)

    async def body() -> None:
        me, other = ab.self_(), ab.spawn(pong)
        with meter.time(meter.size):
            for n in range(meter.size):
                ab.send(other, (me, n))
                await ab.receive()

    await _as_process(body)


async def fanin(meter: Meter) -> None:
    each = meter.size // 100

    async def sender(sink: ab.Pid) -> None:
        for n in range(each):
            ab.send(sink, n)

    async def body() -> None:
        with meter.time(each * 100):
            for _ in range(100):
                ab.spawn(sender, ab.self_())
            for _ in range(each * 100):
                await ab.receive()

    await _as_process(body)


async def forkjoin(meter: Meter) -> None:
    async def worker() -> None:
        sender, n = await ab.receive()
        ab.send(sender, n + 1)

    async def body() -> None:
        me = ab.self_()
        with meter.time(meter.size):
            for n in range(meter.size):
                ab.send(ab.spawn(worker), (me, n))
            for _ in range(meter.size):
                await ab.receive()

    await _as_process(body)


async def big(meter: Meter) -> None:
    each = meter.size // 120

    async def actor(index: int) -> None:
        me, others = ab.self_(), await ab.receive()
        asked = answered = 0
        while answered < each:
            if asked == answered:
                ab.send(others[(index * 31 + asked * 17) % 120], ("ping", me))
                asked += 1
            kind, other = await ab.receive()
            if kind == "ping":
                ab.send(other, ("pong", me))
            else:
                answered += 1
        ab.send(parent[0], "done")
        while True:
            _, other = await ab.receive()
            ab.send(other, ("pong", me))

    async def body() -> None:
        parent.append(ab.self_())
        pids = tuple(ab.spawn(actor, index) for index in range(120))
        with meter.time(each * 120):
            for pid in pids:
                ab.send(pid, pids)
            for _ in pids:
                await ab.receive()

    parent: list[ab.Pid] = []
    await _as_process(body)


async def _skynet(parent: ab.Pid, number: int, leaves: int) -> None:
    if leaves == 1:
        ab.send(parent, number)
        return
    part = leaves // 10
    for k in range(10):
        ab.spawn(_skynet, ab.self_(), number + k * part, part)
    total = 0
    for _ in range(10):
        total += await ab.receive()
    ab.send(parent, total)


async def skynet(meter: Meter) -> None:
    async def body() -> None:
        with meter.time(actors(meter.size)):
            ab.spawn(_skynet, ab.self_(), 0, meter.size)
            total = await ab.receive()
        assert total == meter.size * (meter.size - 1) // 2

    await _as_process(body)


async def restart(meter: Meter) -> None:
    """A supervisor remembers its recent restarts, so each has few."""

    async def body() -> None:
        child, supervisors = Echo.child_spec(ab.self_()), max(1, meter.size // 50)
        for _ in range(supervisors):
            await ab.Supervisor.start([child], max_restarts=1000)
        with meter.time(meter.size):
            for _ in range(meter.size):
                ab.GenServer.cast(await ab.receive(), "crash")
            for _ in range(supervisors):
                await ab.receive()

    await _as_process(body)


async def selective(meter: Meter) -> None:
    async def reflect() -> None:
        while True:
            sender, n = await ab.receive()
            ab.send(sender, ("wanted", n))

    async def body() -> None:
        me, other = ab.self_(), ab.spawn(reflect)
        for n in range(1000):
            ab.send(me, ("other", n))
        with meter.time(meter.size):
            for n in range(meter.size):
                ab.send(other, (me, n))
                await ab.receive(lambda message: message[0] == "wanted")

    await _as_process(body)


async def message_among(meter: Meter) -> None:
    async def echo() -> None:
        while True:
            sender, n = await ab.receive()
            ab.send(sender, n)

    async def body() -> None:
        me, pids = ab.self_(), [ab.spawn(echo) for _ in range(max(1, meter.among))]
        ab.spawn(_tell, me, "all run")
        await ab.receive()
        with meter.time(meter.size):
            for n in range(meter.size):
                ab.send(pids[n * 7919 % len(pids)], (me, n))
                await ab.receive()

    await _as_process(body)
