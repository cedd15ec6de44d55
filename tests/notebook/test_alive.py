"""The notebook stays alive: cells and completions are answered soon, however much the processes have to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import quantiles

import pytest

from tests.notebook.kernel import Kernel, a_kernel

CELL, COMPLETION = 0.100, 0.200
CROWD = """
from actorbook.core.running import nodes

class Talker(ab.GenServer):
    def init(self):
        self.peers = []

    @ab.cast
    def meet(self, peers):
        self.peers = peers

    @ab.cast
    def talk(self, n):
        self.peers[n % len(self.peers)].talk(n + 7)

talkers = await ab.Supervisor.start([Talker.child_spec(id=n) for n in range(300)], name="talkers")
peers = [child.pid for child in await ab.Supervisor.which_children(talkers)]
for n, peer in enumerate(peers):
    peer.meet(peers)
    peer.talk(n)
"""


def p99(ask: Callable[[], float], times: int = 100) -> float:
    """The 99th percentile in seconds; the best of at most three batches, since others use the machine too."""
    bests = []
    for _ in range(3):
        bests.append(quantiles([ask() for _ in range(times)], n=100, method="inclusive")[98])
        if min(bests) <= CELL:
            break
    print(f"99th percentiles, seconds: {bests}")  # noqa: T201  # the numbers are wanted
    return min(bests)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with a_kernel(tmp_path_factory.mktemp("alive")) as kernel:
        kernel.run(CROWD)
        kernel.run("%actor tree")
        yield kernel


def handled(kernel: Kernel) -> int:
    return int(kernel.run("print(nodes()[0].scheduler.handled)"))


def test_cells_and_completions_are_answered_soon_while_hundreds_of_processes_never_rest(kernel: Kernel) -> None:
    before = handled(kernel)
    cell = p99(lambda: kernel.seconds_of_reply(cell="1+1"))
    completion = p99(lambda: kernel.seconds_of_reply(completion="peers[0].ta"))

    assert handled(kernel) - before > 10_000
    assert cell <= CELL
    assert completion <= COMPLETION


def test_slices_that_are_too_long_are_seen_by_that_measure(kernel: Kernel) -> None:
    kernel.run("nodes()[0].slice = 0.1")
    slow = p99(lambda: kernel.seconds_of_reply(cell="1+1"), 20)
    kernel.run("nodes()[0].slice = 0.005")

    assert slow > CELL
