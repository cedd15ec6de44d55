"""The notebook stays alive: cells and completions are answered soon, however much the processes have to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import quantiles

import pytest

from tests.notebook.kernel import Kernel, a_kernel

pytestmark = pytest.mark.alone

CELL, COMPLETION = 0.100, 0.200
CROWD = """
import time
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

LONG = """
async def takes_long():
    while True:
        until = time.process_time() + 0.15
        while time.process_time() < until:
            pass
        await ab.sleep(0)
long = ab.spawn(takes_long)
"""


def clocks(kernel: Kernel) -> tuple[float, float]:
    """The kernel's processor time and the wall's, in seconds."""
    cpu, wall = kernel.run("print(time.process_time(), time.monotonic())").split()
    return float(cpu), float(wall)


def p99(kernel: Kernel, ask: Callable[[], float], bound: float, times: int = 100) -> float:
    """The 99th percentile in seconds, as on a machine of one's own; the best of at most three batches.

    A kernel that never rests would have a processor all the time. Where others use it too, it has a share: what it
    takes is multiplied by that. Without the others the share is one, and nothing is changed.
    """
    best = float("inf")
    for _ in range(3):
        cpu, wall = clocks(kernel)
        measured = quantiles([ask() for _ in range(times)], n=100, method="inclusive")[98]
        cpu_after, wall_after = clocks(kernel)
        share = min(1.0, (cpu_after - cpu) / (wall_after - wall))
        print(f"99th percentile: {measured:.3f} s with {share:.0%} of a processor")  # noqa: T201  # wanted
        best = min(best, measured * share)
        if best <= bound:
            break
    return best


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
    cell = p99(kernel, lambda: kernel.seconds_of_reply(cell="1+1"), CELL)
    completion = p99(kernel, lambda: kernel.seconds_of_reply(completion="peers[0].ta"), COMPLETION)

    assert handled(kernel) - before > 10_000
    assert cell <= CELL
    assert completion <= COMPLETION


def test_callbacks_that_are_too_long_are_seen_by_that_measure(kernel: Kernel) -> None:
    kernel.run(LONG)
    slow = p99(kernel, lambda: kernel.seconds_of_reply(cell="1+1"), CELL, 20)
    kernel.run("ab.exit(long, 'kill')")

    assert slow > CELL
