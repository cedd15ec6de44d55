"""Threads take turns more often while a node runs, and as the program had it afterwards; a busy node starves none."""

from __future__ import annotations

import asyncio
import sys
from time import monotonic

import pytest

import actorbook as ab
from tests.running import real

pytestmark = pytest.mark.alone


@pytest.mark.parametrize(("chosen", "meanwhile"), [(0.005, 0.001), (0.02, 0.02), (0.0001, 0.0001)])
def test_a_running_node_shortens_the_interval_and_gives_it_back(chosen: float, meanwhile: float) -> None:
    async def body() -> None:
        async with ab.Node():
            async with ab.Node("second@local"):
                assert sys.getswitchinterval() == pytest.approx(meanwhile)
            assert sys.getswitchinterval() == pytest.approx(meanwhile)

    before = sys.getswitchinterval()
    sys.setswitchinterval(chosen)
    try:
        asyncio.run(body())
        assert sys.getswitchinterval() == pytest.approx(chosen)
    finally:
        sys.setswitchinterval(before)


async def echo() -> None:
    """Passes a message back and forth for ever."""
    while True:
        ab.send(await ab.receive(ab.Pid), ab.self_())


@real
async def test_threads_get_their_share_beside_a_node_that_never_rests() -> None:
    ab.send(ab.spawn(echo), ab.spawn(echo))
    began = monotonic()

    for _ in range(10):
        assert await asyncio.to_thread(sum, range(20_000)) == 199_990_000

    assert monotonic() - began < 2


@real
async def test_others_come_round_often_beside_a_node_that_never_rests() -> None:
    ab.send(ab.spawn(echo), ab.spawn(echo))
    await asyncio.sleep(0.05)
    began = monotonic()

    for _ in range(100):
        await asyncio.sleep(0)

    assert monotonic() - began < 100 * 0.005  # one slice each time would be more
