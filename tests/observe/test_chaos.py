"""Chaos: the same seed does the same, nobody is hit who is to be spared, and nothing of it stays behind."""

from __future__ import annotations

import pytest

import actorbook as ab
from actorbook.core.mailbox import Queue
from actorbook.core.running import current_node
from tests.running import run, virtual


class Worker(ab.GenServer):
    def init(self) -> None:
        self.seen: list[object] = []

    def handle_info(self, message: object) -> None:
        self.seen.append(message)

    @ab.call
    def got(self) -> list[object]:
        return self.seen


async def shop(n: int) -> None:
    specs = [Worker.child_spec(id=f"worker{i}", name=f"worker{i}") for i in range(n)]
    await ab.Supervisor.start(specs, max_restarts=10_000, name="shop")


def faults() -> list[tuple[float, str, str]]:
    return [(round(e.at, 6), e.name, e.text) for e in ab.observe.events(kind="injected")]


def test_the_same_seed_does_the_same_and_another_one_something_else() -> None:
    told: list[list[tuple[float, str, str]]] = []

    async def storm(seed: int) -> None:
        await shop(5)
        async with ab.observe.chaos(kill_every=0.1, drop=0.3, only="worker*", seed=seed):
            for n in range(40):
                ab.send(f"worker{n % 5}", n)
                await ab.sleep(0.05)
        told.append(faults())

    for seed in (7, 7, 8):
        run(lambda seed=seed: storm(seed))  # type: ignore[misc]

    assert len(told[0]) > 20
    assert told[0] == told[1] != told[2]


@virtual
async def test_supervisors_and_the_shell_are_spared_unless_they_are_named() -> None:
    await shop(2)
    async with ab.observe.chaos(kill_every=0.1) as chaos:
        await ab.sleep(5.05)
    assert chaos.killed == 50
    assert {name for _, name, _ in faults()} == {"worker0", "worker1"}

    async with ab.observe.chaos(kill_every=0.1, only="shop"):
        await ab.sleep(0.15)
    assert ab.whereis("shop") is None


@virtual
async def test_what_is_lost_is_counted_and_replies_are_not() -> None:
    await shop(1)
    async with ab.observe.chaos(drop=0.5, only="worker0", seed=1) as chaos:
        for n in range(200):
            ab.send("worker0", n)
        await ab.sleep(0.1)

    got = await ab.whereis("worker0").got()  # type: ignore[union-attr]
    assert chaos.messages == 200
    assert len(got) == 200 - chaos.dropped
    assert 60 < chaos.dropped < 140
    assert len(faults()) == chaos.dropped
    assert repr(chaos).startswith(f"killed 0, dropped {chaos.dropped} and delayed 0 of 200 messages in 0.1")


@virtual
async def test_what_is_late_comes_in_order_also_after_the_end() -> None:
    await shop(1)
    async with ab.observe.chaos(delay=(0.5, 2.0), only="worker0", seed=3):
        for n in range(20):
            ab.send("worker0", n)
        await ab.sleep(0.4)
    await ab.sleep(0)
    assert await ab.whereis("worker0").got() == []  # type: ignore[union-attr]
    await ab.sleep(3)

    assert await ab.whereis("worker0").got() == list(range(20))  # type: ignore[union-attr]


@virtual
async def test_a_time_ends_it_and_nothing_stays() -> None:
    await shop(2)
    chaos = ab.observe.chaos(kill_every=0.3, drop=0.1, seconds=1.0).start()
    await ab.sleep(0.5)
    assert chaos.running
    assert "so far" in repr(chaos)
    await ab.sleep(2)

    assert (chaos.running, chaos.killed) == (False, 3)
    assert all(type(p.mailbox) in (Queue, type(None)) for p in current_node().processes.values())


@virtual
async def test_who_starts_meanwhile_is_meant_too() -> None:
    await shop(1)
    async with ab.observe.chaos(drop=1.0, only="worker0"):
        ab.exit(ab.whereis("worker0"), "kill")  # type: ignore[arg-type]
        await ab.sleep(0.01)
        ab.send("worker0", "lost")
        await ab.sleep(0.01)

    assert await ab.whereis("worker0").got() == []  # type: ignore[union-attr]


@virtual
async def test_the_picture_knows_who_was_hit_and_what_came_of_it() -> None:
    await shop(1)
    async with ab.observe.chaos(kill_every=0.1, only="worker0"):
        await ab.sleep(0.15)

    restarted = ab.observe.events(kind="restarted")[-1]
    assert [e.kind for e in ab.observe.why(restarted)] == ["injected", "exited", "restarted"]


@virtual
async def test_numbers_that_make_no_sense_are_refused() -> None:
    for wrong in ({}, {"drop": 5}, {"kill_every": 0}, {"delay": (2.0, 1.0)}, {"kill_every": -1}, {"drop": True}):
        with pytest.raises(ValueError, match="expected"):
            ab.observe.chaos(**wrong)  # type: ignore[arg-type]
