"""A million live servers in one kernel: started with progress shown, drawn at once, and their memory given back."""

from __future__ import annotations

import time

import pytest

from tests.browser.lab import Lab

pytestmark = pytest.mark.alone

SETUP = """%load_ext actorbook
import actorbook as ab

class Idle(ab.GenServer):
    def init(self, number):
        self.number = number

    @ab.call
    def which(self):
        return self.number

def megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 // 1_000_000
"""
START = "flock = await Idle.start_many(range(1_000_000))"
ASK = "print(await flock[-1].which(), megabytes())"
TREE = "%actor tree"
STOP = """for pid in flock:
    ab.exit(pid, "kill")
del flock, pid
print(megabytes())
"""


def test_a_million_servers_start_are_drawn_and_leave(lab: Lab) -> None:
    lab.open([SETUP, START, ASK, TREE, STOP])
    lab.run(0)
    lab.run(1, seconds=240)
    assert "start Idle: 1,000,000 of 1,000,000 (100%)" in lab.text(1)

    lab.run(2)
    last, full = map(int, lab.text(2).split())
    assert last == 999_999
    assert full < 1000

    began = time.monotonic()
    lab.start(3)
    lab.page.locator("[role=treeitem][data-pid]").first.wait_for()
    assert time.monotonic() - began < 2

    lab.run(4, seconds=120)
    assert int(lab.text(4)) < full / 2
