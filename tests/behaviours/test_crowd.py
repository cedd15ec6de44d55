"""Many starts at once: all or nothing, in order, heard of, and others have their turn meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from actorbook.core.progress import Progress
from tests.running import settle, virtual


class Sheep(ab.GenServer):
    def init(self, number: int = -1) -> Any:
        if number == 13:
            return ab.Ignore()
        if number == 666:
            raise ValueError("a wolf")
        self.number = number
        return None

    @ab.call
    def count(self) -> int:
        return self.number


class Slow(ab.GenServer):
    async def init(self, number: int) -> None:
        await ab.sleep(10 - number % 10)
        self.number = number


def living(cls: type) -> int:
    return sum(getattr(row.body, "cls", None) is cls for row in node().processes.values())


def node() -> ab.Node:
    from actorbook.core.running import current_node

    return current_node()


@virtual
async def test_each_item_is_the_argument_of_one_init_and_pids_come_in_order() -> None:
    flock = await Sheep.start_many(range(10, 20))
    assert [await pid.count() for pid in flock] == [10, 11, 12, 14, 15, 16, 17, 18, 19]  # 13 chose to be ignored
    assert await Sheep.start_many([]) == []
    assert len(await Sheep.start_many(3)) == 3
    assert [(await ab.sys.get_state(pid)).number for pid in await Slow.start_many(range(20))] == list(range(20))


@virtual
async def test_one_that_fails_ends_them_all_and_says_why() -> None:
    with pytest.raises(
        ab.StartError, match="Sheep did not start: ValueError: a wolf; the others were killed"
    ) as failed:
        await Sheep.start_many(range(100, 2000), link=True)
    assert failed.value.reason == ab.Crash(ValueError, "a wolf")
    await settle()
    assert (living(Sheep), ab.flush()) == (0, [])


@virtual
async def test_giving_up_kills_those_that_have_started() -> None:
    task = asyncio.ensure_future(Slow.start_many(range(1500)))
    await ab.sleep(15)
    assert living(Slow) > 0
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await settle()
    assert living(Slow) == 0


@virtual
async def test_progress_is_told_and_others_have_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    turns: list[int] = []
    monkeypatch.setattr(Progress, "show", said.append)

    async def other() -> None:
        while True:
            turns.append(len(said))
            await ab.sleep(1)

    ab.spawn(other)
    await Slow.start_many(range(1500))
    assert [line.partition(" (")[0] for line in said] == [
        f"start Slow: {n} of 1,500" for n in ("500", "1,000", "1,500")
    ]
    assert set(turns) == {0, 1, 2}
