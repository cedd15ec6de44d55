"""Fifty nodes with a hundred thousand processes in one kernel stay at one's fingertips.

The limits are processor time, several times what it takes, so that a busy machine does not fail them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

import pytest

import actorbook as ab
from actorbook.core.running import current_node
from actorbook.notebook.picture import Picture
from tests.cluster.actors import Counter
from tests.running import now, passed, real, virtual

pytestmark = pytest.mark.alone

NAMES = [f"node {number:02}" for number in range(50)]
EACH = 2_000


@contextmanager
def within(seconds: float, what: str) -> Iterator[None]:
    """What is done in the block takes no more processor time than this."""
    began = process_time()
    yield
    took = process_time() - began
    assert took <= seconds, f"{what}: {took:.2f} s"


def connections(cluster: ab.Cluster) -> set[int]:
    """How many others the nodes see, the notebook's own left out."""
    return {len(node.remote.peers) for name, node in cluster.nodes.items() if name in NAMES}


async def crowd(cluster: ab.Cluster) -> ab.Pid:
    """Start them all; returns one of the last node's."""
    for name in NAMES:
        ab.spawn(Counter.start_many, range(EACH), node=name)
    while sum(len(node.processes) for node in cluster.nodes.values()) < EACH * len(NAMES) + 3 * len(cluster.nodes):
        await ab.sleep(0.01)
    return list(cluster.nodes[NAMES[-1]].tops)[-1]


@real
async def test_a_hundred_thousand_processes_on_fifty_nodes_are_started_seen_asked_cut_healed_and_stopped() -> None:
    with within(1, "fifty nodes"):
        cluster = await ab.Cluster.simulated(NAMES, net_tick=0.2)
    with within(8, "a hundred thousand processes"):
        last = await crowd(cluster)
    picture = Picture(current_node())
    with within(0.1, "a picture"):
        shown = picture.snapshot()
        picture.delta()
    assert shown["stats"]["processes"] > EACH * len(NAMES)
    with within(0.1, "a tree in part"):
        assert len(ab.observe.tree(most=400).children) == len(NAMES) + 1
    with within(4, "the whole tree"):
        assert sum(len(node.children) for node in ab.observe.tree().children) > EACH * len(NAMES)
    with within(0.5, "a call"):
        assert await last.add(1) > 0
    with within(4, "a cut in two halves"):
        cluster.partition(NAMES[:25], NAMES[25:])
        while connections(cluster) != {25}:
            await ab.sleep(0.01)
    with within(0.2, "a picture of the cut"):
        assert len(picture.snapshot()["stats"]["cuts"]) == 100
    with within(4, "healing"):
        cluster.heal()
        assert await last.add(1) > 0
    assert connections(cluster) == {50}
    with within(15, "stopping"):
        await cluster.stop()


@virtual
async def test_a_node_stops_at_once_however_many_end_at_their_next_turn() -> None:
    cluster = await ab.Cluster.simulated(["a"])
    ab.spawn(Counter.start_many, range(500), node="a")
    await ab.sleep(0.1)
    began = now()
    await cluster.stop()

    assert passed(began) < 0.1
