"""Pykka: an actor is a thread, an ask is a future that the asking thread waits for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from queue import SimpleQueue
from typing import Any

import pykka

from benchmarks.meter import Meter

MOST = {
    "spawn": 2_000, "bytes_process": 2_000, "bytes_server": 2_000, "start": 2_000, "call": 20_000, "cast": 50_000,
    "ring": 50_000, "pingpong": 20_000, "fanin": 50_000, "forkjoin": 2_000, "big": 24_000,
}  # fmt: skip
"""A thread each: thousands are what an operating system likes to give."""

ABSENT = {
    "skynet": "a thread for each actor: 100,000 do not fit",
    "message_among": "a thread for each actor: 1,000,000 do not fit",
    "spawn_among": "a thread for each actor: 1,000,000 do not fit",
    "restart": "it has no supervisors",
    "selective": "it has no selective receive",
}


async def stage(play: Callable[[], Awaitable[None]]) -> None:
    """Threads need nothing around them; the loop stands still meanwhile."""
    await play()


class Echo(pykka.ThreadingActor):
    """Answers with what it got, and counts."""

    def __init__(self) -> None:
        super().__init__()
        self.n = 0

    def on_receive(self, message: Any) -> Any:
        """An ask or a tell."""
        self.n += 1
        return message


def spawn(meter: Meter) -> None:
    with meter.time(meter.size):
        for _ in range(meter.size):
            Echo.start()


start = spawn


def bytes_process(meter: Meter) -> None:
    with meter.memory(meter.size):
        for _ in range(meter.size):
            Echo.start()


bytes_server = bytes_process


def call(meter: Meter) -> None:
    server = Echo.start()
    with meter.time(meter.size):
        for n in range(meter.size):
            server.ask(n)


def cast(meter: Meter) -> None:
    server = Echo.start()
    with meter.time(meter.size):
        for _ in range(meter.size):
            server.tell(1)
        server.ask(0)


class Forward(pykka.ThreadingActor):
    """Passes a number on, one less."""

    def __init__(self, over: SimpleQueue[str]) -> None:
        super().__init__()
        self.over = over
        self.after: pykka.ActorRef[Any] | None = None

    def on_receive(self, message: Any) -> None:
        """A neighbour, then numbers."""
        if self.after is None:
            self.after = message
        elif message > 0:
            self.after.tell(message - 1)
        else:
            self.over.put("over")


def ring(meter: Meter) -> None:
    over: SimpleQueue[str] = SimpleQueue()
    refs = [Forward.start(over) for _ in range(100)]
    for ref, after in zip(refs, refs[1:] + refs[:1], strict=True):
        ref.tell(after)
    with meter.time(meter.size):
        refs[0].tell(meter.size)
        over.get()


class Ping(pykka.ThreadingActor):
    """Sends a number, waits for it to come back, so often."""

    def __init__(self, other: pykka.ActorRef[Any], over: SimpleQueue[str]) -> None:
        super().__init__()
        self.other, self.over = other, over

    def on_receive(self, message: Any) -> None:
        """How many are left."""
        if message == 0:
            self.over.put("over")
        else:
            self.other.tell((self.actor_ref, message - 1))


class Pong(pykka.ThreadingActor):
    """Sends it back."""

    def on_receive(self, message: Any) -> None:
        """From whom, and what."""
        sender, n = message
        sender.tell(n)


def pingpong(meter: Meter) -> None:
    over: SimpleQueue[str] = SimpleQueue()
    ping = Ping.start(Pong.start(), over)
    with meter.time(meter.size):
        ping.tell(meter.size)
        over.get()


class Count(pykka.ThreadingActor):
    """Tells when so many messages have come."""

    def __init__(self, expected: int, over: SimpleQueue[str]) -> None:
        super().__init__()
        self.left, self.over = expected, over

    def on_receive(self, message: Any) -> None:
        """One more."""
        self.left -= 1
        if self.left == 0:
            self.over.put("over")


class Sender(pykka.ThreadingActor):
    """Sends so many numbers."""

    def on_receive(self, message: Any) -> None:
        """To whom, and how many."""
        sink, each = message
        for n in range(each):
            sink.tell(n)


def fanin(meter: Meter) -> None:
    over: SimpleQueue[str] = SimpleQueue()
    each = meter.size // 100
    with meter.time(each * 100):
        sink = Count.start(each * 100, over)
        for _ in range(100):
            Sender.start().tell((sink, each))
        over.get()


class Worker(pykka.ThreadingActor):
    """Answers once, and ends."""

    def on_receive(self, message: Any) -> None:
        """To whom, and what."""
        sender, n = message
        sender.tell(n + 1)
        self.stop()


def forkjoin(meter: Meter) -> None:
    over: SimpleQueue[str] = SimpleQueue()
    with meter.time(meter.size):
        join = Count.start(meter.size, over)
        for n in range(meter.size):
            Worker.start().tell((join, n))
        over.get()


class Big(pykka.ThreadingActor):
    """Pings one of the others after the other, and answers their pings."""

    def __init__(self, index: int, each: int, over: SimpleQueue[str]) -> None:
        super().__init__()
        self.index, self.each, self.over = index, each, over
        self.others: list[pykka.ActorRef[Any]] = []
        self.answered = 0

    def on_receive(self, message: Any) -> None:
        """The others, a ping or a pong."""
        kind, what = message
        if kind == "ping":
            what.tell(("pong", self.actor_ref))
            return
        if kind == "others":
            self.others = what
        else:
            self.answered += 1
        if self.answered < self.each:
            other = self.others[(self.index * 31 + self.answered * 17) % 120]
            other.tell(("ping", self.actor_ref))
        else:
            self.over.put("done")


def big(meter: Meter) -> None:
    over: SimpleQueue[str] = SimpleQueue()
    each = meter.size // 120
    refs = [Big.start(index, each, over) for index in range(120)]
    with meter.time(each * 120):
        for ref in refs:
            ref.tell(("others", refs))
        for _ in refs:
            over.get()
