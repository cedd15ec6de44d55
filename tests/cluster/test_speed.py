"""What distance costs: a message to another node of the kernel at most three times what one within a node does.

ACTORBOOK_MESSAGES says how many are sent in each round: 20,000 tell it, and a million tells the same.
"""

from __future__ import annotations

import os
from time import process_time
from typing import Any

import pytest

import actorbook as ab
from tests.running import real

pytestmark = pytest.mark.alone

MESSAGES = int(os.environ.get("ACTORBOOK_MESSAGES", "20000"))


class Sink(ab.GenServer):
    """Takes so many messages, then says so."""

    def init(self, boss: ab.Pid) -> None:
        self.boss = boss
        self.left = MESSAGES

    def handle_info(self, message: Any) -> None:
        self.left -= 1
        if not self.left:
            ab.send(self.boss, "done")


async def seconds(node: str, message: Any) -> float:
    """Processor time for all the messages to a server on that node, on the way and there."""
    pid = await Sink.start(ab.self_(), node=node)
    assert pid is not None
    began = process_time()
    for _ in range(MESSAGES):
        ab.send(pid, message)
    assert await ab.receive() == "done"
    return process_time() - began


@pytest.mark.parametrize("message", [7, ("append", 5, "text")])
@real
async def test_a_message_to_another_node_costs_at_most_three_times_one_within(message: Any) -> None:
    async with ab.Cluster.simulated(["a"]):
        rounds = [(await seconds("nb@local", message), await seconds("a", message)) for _ in range(7)]
        near, far = (min(column) for column in zip(*rounds, strict=True))

        assert far <= 3 * near, f"{far / near:.2f} times"
