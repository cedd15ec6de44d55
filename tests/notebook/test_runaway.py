"""Runaway callbacks in a real kernel: an interrupt ends the process that holds the loop, and nothing else is harmed."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator
from random import Random
from time import sleep
from typing import Any

import pytest

from tests.notebook.kernel import Kernel, a_kernel

pytestmark = pytest.mark.alone

SHOP = """
import time, asyncio

class Till(ab.GenServer):
    def init(self, log=None):
        self.n = 0

    @ab.call
    def add(self, k):
        self.n += k
        return self.n

    @ab.cast
    def spin(self):
        while True:
            pass

    @ab.cast
    def nap(self):
        time.sleep(60)

    @ab.cast
    async def compute(self):
        await ab.sleep(0)
        while True:
            len("computing")

    @ab.cast
    def clutch(self):
        while True:
            try:
                while True:
                    try:
                        self.n += 1
                    except BaseException:
                        ab.send("neighbour", "still alive")
            except BaseException:
                continue

    @ab.cast
    async def delegate(self):
        async def work():
            while True:
                pass
        await asyncio.create_task(work())

shop = await ab.Supervisor.start(
    [Till.child_spec(id="till", name="till"), Till.child_spec(id="neighbour", name="neighbour")], name="shop")
pids = [ab.whereis("till"), ab.whereis("neighbour")]
"""
AFTER = """
while ab.whereis("till") in (None, pids[0]):
    await ab.sleep(0.01)
told = {event.kind: event.text for event in ab.observe.events(pid=pids[0])}
print()
print([told["exited"], told["blocking"], ab.whereis("neighbour") is pids[1], await ab.whereis("till").add(1)])
"""
INIT = """
import time
class Slow(ab.GenServer):
    starts = 0
    def init(self, most=1):
        Slow.starts += 1
        while Slow.starts >= most:
            pass
await ab.Supervisor.start([Slow.child_spec(id="slow")])
"""
RESTARTS = """
Slow.starts = 0
sup = await ab.Supervisor.start([Slow.child_spec(2, id="slow", name="slow")], max_restarts=1)
ref = ab.monitor(sup)
ab.exit(ab.whereis("slow"), "kill")
print("told", (await ab.receive(ab.DOWN, timeout=20)).reason)
"""
EXCHANGE = """
import asyncio
class Player(ab.GenServer):
    def init(self):
        self.received = self.sent = 0
        self.peers = []
        self.on = True
    def handle_info(self, message):
        if isinstance(message, list):
            self.peers = message
        elif message == "stop":
            self.on = False
        else:
            self.received += 1
            if self.on:
                self.sent += 1
                ab.send(self.peers[self.sent % len(self.peers)], self.sent)
class Singer(ab.GenServer):
    def init(self):
        self.turns = 0
    @ab.call
    async def sing(self):
        self.turns += 1
        await ab.sleep(0)
        return self.turns
async def chorus():
    while not over:
        sung.append(await singer.sing())
over, sung = [], []
players = [await Player.start() for _ in range(20)]
singer = await Singer.start()
conductor = ab.spawn(chorus)
for player in players:
    ab.send(player, players)
first = 100
for n in range(first):
    ab.send(players[n % 20], n)
print("begin")
await asyncio.sleep(60)
"""
ACCOUNT = """
over.append(True)
for player in players:
    ab.send(player, "stop")
await ab.sleep(0.3)
states = [await ab.sys.get_state(player) for player in players]
assert all(map(ab.is_alive, players)) and ab.is_alive(singer)
received, sent = sum(s.received for s in states), sum(s.sent for s in states)
assert received > 1000 and received == sent + first, (received, sent)
assert len(sung) > 10 and sung == list(range(1, len(sung) + 1)), sung[-3:]
print("all there")
"""
SENDS = """
sink = ab.spawn(count, name="sink")
ab.send(sink, "first")
told = 1
print("begin", flush=True)
while True:
    ab.send(sink, told)
    told += 1
"""
RECEIVED = """
ab.send(sink, (ab.self_(), "how many"))
received = await ab.receive(int, timeout=10)
assert received in (told, told + 1), (received, told)
ab.exit(sink, "kill")
print("all there")
"""
COUNT = """
async def count():
    n = 0
    while True:
        message = await ab.receive()
        if isinstance(message, tuple):
            ab.send(message[0], n)
        n += 1
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with a_kernel(tmp_path_factory.mktemp("runaway")) as kernel:
        yield kernel


@pytest.fixture
def shop(kernel: Kernel) -> Iterator[Kernel]:
    """Two tills under a supervisor; stopped afterwards, so that each test begins with two new ones."""
    kernel.run("shop = None\n" + SHOP)
    yield kernel
    kernel.run("await ab.stop(shop)")


def interrupted(shop: Kernel) -> list[Any]:
    """Interrupt until the kernel has its loop back; then the outcome."""
    return outcome(shop.interrupt_until(shop.start(AFTER), "]"))


def outcome(text: str) -> list[Any]:
    """How it ended with the till, in which line it was, whether its neighbour lives, and what the new till answers."""
    said: list[Any] = literal_eval(re.findall(r"\['.*\]$", text, re.MULTILINE)[-1])  # maybe right behind a display
    return said


@pytest.mark.parametrize(
    ("runaway", "line"),
    [
        ("spin", "Till.spin, line"),
        ("nap", "time.sleep(60)"),
        ("compute", "Till.compute, line"),
        ("clutch", "Till.clutch, line"),
        ("delegate", "work, line"),
    ],
)
def test_an_interrupt_ends_the_process_that_holds_the_loop_also_when_no_cell_runs(
    shop: Kernel, runaway: str, line: str
) -> None:
    shop.run(f"ab.whereis('till').{runaway}()")

    reason, place, neighbour, answer = interrupted(shop)
    assert reason == "interrupted"
    assert line in place
    assert neighbour
    assert answer == 1


def test_a_cell_that_waits_for_it_hears_of_the_end_and_is_not_interrupted(shop: Kernel) -> None:
    cell = shop.start(
        "pids[0].spin()\ntry:\n    await pids[0].add(1)\nexcept ab.CallExit as error:\n    print('heard', error.reason)"
    )

    assert shop.interrupt_until(cell, "heard interrupted")
    assert outcome(shop.run(AFTER))[0] == "interrupted"


def test_what_blocks_is_said_below_the_cell_while_it_lasts_and_when_it_is_over(shop: Kernel) -> None:
    cell = shop.start("pids[0].spin()\nawait asyncio.sleep(2)\nprint('awake')")
    said = shop.wait_for(cell, "is blocking the loop for")
    assert re.search(r"till <nb\.\d+> is blocking the loop for 1\.\d s in Till\.spin, line \d+ of cell \[\d+\]: ", said)
    shop.interrupt()

    assert "blocked the loop for" in shop.wait(cell, "awake")
    assert "Till.spin" in shop.run("%actor blocking")
    assert "while True" in shop.run("print([e.text for e in ab.observe.events('blocking')])")


def test_a_cell_that_merely_awaits_is_interrupted_and_no_process_is_harmed(shop: Kernel) -> None:
    cell = shop.start("await asyncio.sleep(0)\nprint('begin')\nawait asyncio.sleep(30)")
    shop.wait_for(cell, "begin")
    shop.interrupt()

    assert "CancelledError" in shop.wait(cell)
    assert shop.run("print([ab.whereis('till'), ab.whereis('neighbour')] == pids)") == "True\n"


def test_another_thread_kills_the_process_that_spins(shop: Kernel) -> None:
    shop.run("import threading\nthreading.Timer(0.7, lambda: ab.exit(pids[0], 'kill')).start()\npids[0].spin()")

    reason, place, neighbour, answer = outcome(shop.run(AFTER))
    assert reason == "killed"
    assert "Till.spin" in place
    assert (neighbour, answer) == (True, 1)


def test_a_server_that_spins_in_init_counts_as_a_start_that_failed(kernel: Kernel) -> None:
    cell = kernel.start(INIT)
    said = kernel.interrupt_until(cell, "did not start")
    assert "interrupted" in said

    cell = kernel.start(RESTARTS)
    assert kernel.interrupt_until(cell, "told shutdown")


def test_interrupts_in_the_middle_of_the_runtime_lose_nothing(kernel: Kernel) -> None:
    random = Random(20_261)
    cell = kernel.start(EXCHANGE)
    kernel.wait_for(cell, "begin")
    for _ in range(200):
        sleep(random.uniform(0, 0.008))
        kernel.interrupt()

    assert kernel.run(ACCOUNT).splitlines()[-1] == "all there"


def test_a_cell_that_sends_is_interrupted_between_two_messages_and_none_is_lost(kernel: Kernel) -> None:
    kernel.run(COUNT)
    for _ in range(5):
        cell = kernel.start(SENDS)
        kernel.wait_for(cell, "begin")
        sleep(0.2)
        kernel.interrupt()
        assert "KeyboardInterrupt" in kernel.wait(cell)
        assert kernel.run(RECEIVED).splitlines()[-1] == "all there"
