"""The rows as they are played: what the clients do, what is checked, and what comes out.

Each function gets a running server, its crowd and a size, and tells `(value, cpu)` for one operation. Whatever is
lost, comes twice, out of order or with another payload is a failure, not a figure.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, sleep
from typing import Any

from benchmarks.web.crowd import Client, Crowd
from benchmarks.web.dialects import Phoenix
from benchmarks.web.service import Service, Timing

__all__ = ["PLAYS", "Play"]

BODY = "the quick brown fox jumps over a lazy dog."
SETTLED = 5.0
CRASHING, CRASHES = 10, 200
SAMPLE = 10
"""One subscriber in so many has all its deliveries looked through; the others' are counted."""

Play = Callable[[Service, Crowd, int], tuple[float, float]]


def echo(service: Service, crowd: Crowd, size: int) -> tuple[float, float]:
    """Twenty clients, each with sixteen messages in flight."""
    clients = crowd.join(20)
    _echoes(service, crowd, clients, 16, size // 10)
    return _told(_echoes(service, crowd, clients, 16, size))


def held(service: Service, crowd: Crowd, size: int) -> tuple[float, float]:
    """That many connections at the same time; each is asked once, and all have to answer."""
    clients = crowd.join(size)
    return _told(_echoes(service, crowd, clients, 1, size))


def joins(service: Service, crowd: Crowd, size: int) -> tuple[float, float]:
    """From the connection to the answer to the join, for that many clients."""
    crowd.join(20)
    with service.time(size) as timing:
        crowd.join(size)
    return _told(timing)


def memory(service: Service, crowd: Crowd, size: int) -> tuple[float, float]:
    """By how much the server has grown when they have joined and been idle for a while."""
    crowd.join(20)
    before = service.resident()
    crowd.join(size)
    sleep(SETTLED)
    return (service.resident() - before) / size, 0.0


def fanout(service: Service, crowd: Crowd, size: int) -> tuple[float, float]:
    """One client shouts, with four shouts in flight, and two hundred others hear it."""
    sender, *others = crowd.join(201)
    _shouts(service, crowd, sender, others, 10)
    timing = _shouts(service, crowd, sender, others, max(1, size // len(others)))
    return _told(timing)


def storm(service: Service, crowd: Crowd, size: int) -> tuple[float, float]:
    """How much less is echoed for fifty others while ten channels crash and are joined again, in percent.

    Calm and storm take turns. On a core that is shared the rates say little; the processor time of a crash with its
    join does, times two hundred a second.
    """
    clients = crowd.join(50 + CRASHING)
    crashing, others = clients[:CRASHING], clients[CRASHING:]
    turns, storming = 4, _Storm(crashing)
    calm, rough = Timing(), Timing()
    _echoes(service, crowd, others, 4, size // 10)
    for _ in range(turns):
        for total, storming.on in ((calm, False), (rough, True)):
            found = _echoes(service, crowd, others, 4, size // turns, storming)
            total.wall += found.wall / turns
            total.cpu += found.cpu / turns
    crash = (rough.cpu - calm.cpu) * size / max(1, storming.crashed)
    return max(0.1, 100 * (1 - calm.wall / rough.wall)), max(0.1, 100 * CRASHES * crash)


# --- parts ------------------------------------------------------------------------------------------------


class _Storm:
    """Clients that crash their channels, and join again, twenty times a second each."""

    def __init__(self, clients: list[Client]) -> None:
        self.clients = clients
        self.crashed = 0
        self.on = False
        self._dialect = Phoenix()
        self._ready = {client.number: client for client in clients}
        self._next = perf_counter()

    def go_on(self) -> None:
        """Have the next ones crash whose time has come."""
        now = perf_counter()
        while self.on and self._ready and now > self._next:
            _, client = self._ready.popitem()
            client.send([self._dialect.boom])
            self._next = max(self._next + 1 / CRASHES, now - 0.1)

    def heard(self, client: Client, text: str) -> bool:
        """Whether this was for one of them."""
        if client not in self.clients:
            return False
        if self._dialect.crashed(text):
            self.crashed += 1
            client.send([self._dialect.join])
        elif self._dialect.joined(text):
            self._ready[client.number] = client
        return True


def _echoes(
    service: Service, crowd: Crowd, clients: list[Client], flying: int, size: int, storming: _Storm | None = None
) -> Timing:
    """Each client asks on with each reply; every reply is checked, and that they come in order."""
    dialect, each = crowd.dialect, max(flying, size // len(clients))
    asked = dict.fromkeys((client.number for client in clients), flying)
    heard = dict.fromkeys(asked, 0)
    open_ = set(asked)

    def answered(client: Client, text: str) -> None:
        if storming is not None:
            storming.go_on()
            if storming.heard(client, text):
                return
        number = client.number
        _check(dialect.replied(text), heard[number])
        heard[number] += 1
        if asked[number] < each:
            client.send([dialect.echo(asked[number], BODY)])
            asked[number] += 1
        elif heard[number] == each:
            open_.discard(number)

    with service.time(each * len(clients)) as timing:
        for client in clients:
            client.send(dialect.echo(number, BODY) for number in range(flying))
        crowd.hear(answered, lambda: not open_)
    return timing


def _shouts(service: Service, crowd: Crowd, sender: Client, others: list[Client], count: int) -> Timing:
    dialect = crowd.dialect
    heard = {client.number: 0 for client in (sender, *others)}
    sampled = {client.number for client in others[::SAMPLE]} | {sender.number}
    state = {"sent": 4, "open": len(heard)}

    def told(client: Client, text: str) -> None:
        number = client.number
        if number in sampled:
            _check(dialect.said(text), heard[number])
        heard[number] += 1
        if client is sender and state["sent"] < count:
            sender.send([dialect.shout(state["sent"], BODY)])
            state["sent"] += 1
        if heard[number] >= count:
            state["open"] -= 1

    state["sent"] = min(4, count)
    with service.time(count * len(others)) as timing:
        sender.send(dialect.shout(number, BODY) for number in range(state["sent"]))
        crowd.hear(told, lambda: not state["open"])
    sleep(0.05)
    if set(heard.values()) != {count}:
        raise AssertionError(f"expected {count} deliveries to each, got {sorted(set(heard.values()))}")
    return timing


def _check(payload: Any, number: int) -> None:
    if payload != {"n": number, "body": BODY}:
        raise AssertionError(f"expected message {number} next, got {payload!r}; one is lost, or out of order")


def _told(timing: Timing) -> tuple[float, float]:
    return timing.wall, timing.cpu


PLAYS: dict[str, Play] = {play.__name__: play for play in (echo, fanout, joins, memory, held, storm)}
