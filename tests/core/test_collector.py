"""The cycle collector is patient while a node runs, and the program's own again afterwards."""

from __future__ import annotations

import asyncio
import gc

import pytest

import actorbook as ab


@pytest.mark.parametrize(("chosen", "meanwhile"), [((700, 10, 10), 50_000), ((0, 10, 10), 0), ((90_000, 5, 5), 90_000)])
def test_a_running_node_makes_the_collector_patient_and_gives_it_back(
    chosen: tuple[int, int, int], meanwhile: int
) -> None:
    async def body() -> None:
        async with ab.Node():
            async with ab.Node("second@local"):
                assert gc.get_threshold()[0] == meanwhile
            assert gc.get_threshold()[0] == meanwhile

    before = gc.get_threshold()
    gc.set_threshold(*chosen)
    try:
        asyncio.run(body())
        assert gc.get_threshold() == chosen
    finally:
        gc.set_threshold(*before)
