"""`%actor trace`, `%%actor trace` and `%actor top` in a real kernel: what grows below the cell, and what is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actorbook.notebook.tracing import trace_cells
from tests.notebook.kernel import Kernel, a_kernel

SHOP = """
class Till(ab.GenServer):
    def init(self):
        self.total = 0
    @ab.call
    def add(self, cents):
        self.total += cents
        return self.total
    @ab.cast
    def slowly(self, cents):
        ab.send_after(ab.self_(), cents, 0.05)
    @ab.cast
    def crash(self):
        raise ValueError("no")
    def handle_info(self, cents):
        self.total += cents
class Shop(ab.GenServer):
    @ab.call
    async def buy(self, cents):
        return await ab.whereis("till").add(cents)
shop = await ab.Supervisor.start([Till.child_spec(name="till"), Shop.child_spec(name="shop")], name="sup")
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with a_kernel(tmp_path_factory.mktemp("kernel")) as running:
        running.run(SHOP)
        yield running


def test_a_trace_grows_in_place_until_untrace(kernel: Kernel) -> None:
    assert "Trace of till: 0 events so far" in kernel.run("t = %actor trace till\nt")
    assert "add(41)" in kernel.watch("await ab.whereis('till').add(41)", expect="add(41)")
    assert "add(41)" in kernel.run("t.sequence()")
    kernel.run("%actor trace *")

    assert "2 traces stopped" in kernel.run("%actor untrace")
    assert "no trace runs" in kernel.run("%actor untrace")


def test_a_traced_cell_shows_exactly_what_it_caused(kernel: Kernel) -> None:
    kernel.run(
        "import asyncio\n"
        "async def noise():\n"
        "    while True:\n"
        "        await ab.whereis('till').add(1000)\n"
        "        await asyncio.sleep(0.01)\n"
        "task = asyncio.ensure_future(noise())"
    )
    shown = kernel.run("%%actor trace\nawait ab.whereis('shop').buy(5)", expect="buy(5)")
    kernel.run("task.cancel()")

    assert "buy(5)" in shown
    assert "add(5)" in shown
    assert "add(1000)" not in shown


def test_a_traced_cell_is_a_cell_like_any_other(kernel: Kernel) -> None:
    assert "43" in kernel.run("%%actor trace --limit 5\nx = 42\nx + 1")
    failed = kernel.run("%%actor trace\nawait ab.sleep(0)\n1 / 0")
    assert "ZeroDivisionError" in failed
    assert "line 3" in failed.replace("Line", "line") or "----> 3" in failed


def test_a_trace_says_when_it_stopped_itself(kernel: Kernel) -> None:
    kernel.run("t = %actor trace till --limit 4")
    kernel.run("for _ in range(5):\n    await ab.whereis('till').add(1)")
    assert "stopped itself: limit: 4 events" in kernel.run("t.trace")


def test_errors_are_one_line(kernel: Kernel) -> None:
    for line, said in (
        ("%actor trace", "expected a process: a name, a pid, a glob"),
        ("%actor trace tilt", "no process 'tilt'"),
        ("%actor trace till --limit 0", "trace(limit=…): expected 1 or more, got 0"),
        ("%actor trace till --limit x", "invalid int value"),
        ("%actor top --sort size", "invalid choice: 'size'"),
    ):
        below = kernel.run(line)
        assert said in below, below
        assert "Traceback" not in below


def test_classes_globs_and_variables_are_targets(kernel: Kernel) -> None:
    assert "Trace of Till, sh*, " in kernel.run("%actor trace Till sh* shop")
    kernel.run("%actor untrace")


def test_top_is_a_table_that_is_drawn_again_and_again(kernel: Kernel) -> None:
    first = kernel.run("busy = %actor top --filter till --sort name\nbusy", expect="msg/s")
    assert "1 of 1 process, by name" in first
    assert "of the last 1 s" in kernel.watch("await ab.whereis('till').add(1)", expect="of the last 1 s")
    kernel.run("busy.stop()")
    assert "FirstComeFirstServed" in kernel.run(
        "from actorbook.core.running import current_node\ntype(current_node().scheduler._chooser).__name__"
    )


def test_only_a_cell_that_begins_so_is_traced() -> None:
    lines = ["x = '''\n", "%%actor trace\n", "'''\n"]
    assert trace_cells(lines) is lines
    assert trace_cells([]) == []
    assert trace_cells(["%%actor trace --limit 5\n", "x\n"]) == [
        "get_ipython().run_line_magic('actor', 'trace --cell --limit 5');\n", "x\n",
    ]  # fmt: skip


def test_nothing_is_left_after_unloading(tmp_path: Path) -> None:
    with a_kernel(tmp_path) as kernel:
        kernel.run(SHOP)
        kernel.run("%actor trace till\n")
        kernel.run("%actor top\n")
        kernel.run("%unload_ext actorbook")
        assert "actor" in kernel.run("%%actor trace\nx = 1")
