"""`top`: who does how much; measured only while somebody looks."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from actorbook.core.running import current_node
from actorbook.core.scheduler import FirstComeFirstServed
from actorbook.observe.top_sampler import last_window, sampler_of
from actorbook.observe.top_view import spark
from tests.running import busy, idle, settle, virtual


class Worker(ab.GenServer):
    def handle_info(self, seconds: Any) -> None:
        busy(seconds)

    @ab.cast
    def crash(self) -> None:
        raise ValueError("no")


@virtual
async def test_time_in_callbacks_is_measured_and_shared_out() -> None:
    quick, slow = await Worker.start(name="quick"), await Worker.start(name="slow")
    for _ in range(100):
        ab.send_after(quick, 0.001, 1.0)
    ab.send_after(slow, 3.0, 2.0)

    table = await ab.observe.sample(10.0)

    rows = {row.name: row for row in table}
    assert [row.name for row in table][:2] == ["slow", "quick"]
    assert rows["slow"].time == pytest.approx(0.3, rel=0.05)
    assert rows["quick"].time == pytest.approx(0.01, rel=0.05)
    assert rows["quick"].rate == pytest.approx(10, rel=0.05)
    assert rows["slow"].late == pytest.approx(0.3, rel=0.05)


@virtual
async def test_nothing_is_measured_while_nobody_looks() -> None:
    node = current_node()
    worker = await Worker.start(name="worker")
    watchers = len(node.watchers)
    first = ab.observe.top()[0]
    assert (first.time, first.late) == (None, None)

    sampler = sampler_of(node).open()
    assert sampler_of(node).open() is sampler
    ab.send(worker, 1.0)
    await ab.sleep(2.0)
    sampler.take()
    assert ab.observe.top()[0].time == pytest.approx(0.5, rel=0.01)
    sampler.close()
    assert type(node.scheduler._chooser) is not FirstComeFirstServed
    sampler.close()

    assert type(node.scheduler._chooser) is FirstComeFirstServed
    assert len(node.watchers) == watchers
    assert last_window(node) is None


@virtual
async def test_without_a_window_rates_are_those_of_the_whole_life() -> None:
    worker = await Worker.start(name="worker")
    for _ in range(20):
        ab.send(worker, 0)
    await ab.sleep(10.0)

    assert ab.observe.top(filter="worker")[0].rate == pytest.approx(2.0)


@virtual
async def test_mailboxes_restarts_and_memory_are_seen() -> None:
    await ab.Supervisor.start([Worker.child_spec(name="worker")], name="shop")
    ab.whereis("worker").crash()
    await ab.sleep(0.1)
    stuck = ab.spawn(idle, name="stuck")
    await settle()
    for _ in range(7):
        ab.send(stuck, "x" * 10_000)
    rows = {row.name: row for row in ab.observe.top(sort="memory")}

    assert rows["worker"].restarts == 1
    assert rows["stuck"].mailbox == 7
    assert rows["stuck"].memory > 10_000
    assert ab.observe.top(sort="restarts")[0].name == "worker"


@virtual
async def test_a_table_can_be_sorted_filtered_and_given_to_pandas() -> None:
    for name in ("b", "a", "c"):
        await Worker.start(name=name)
    ab.spawn(idle, name="idler")
    table = ab.observe.top(sort="name")

    assert [row.name for row in table] == ["a", "b", "c", "idler"]
    assert [row.name for row in table.sort("pid")] == ["b", "a", "c", "idler"]
    assert len(table.filter("WORKER")) == 3
    assert len(ab.observe.top(most=2)) == 2
    assert list(table.to_pandas()["name"]) == ["a", "b", "c", "idler"]
    with pytest.raises(ValueError, match=r"top\(sort=…\): expected one of time, .*, got 'size'"):
        ab.observe.top(sort="size")


@virtual
async def test_a_table_shows_itself() -> None:
    await Worker.start(name="a<b>")
    table = await ab.observe.sample(1.0)

    assert repr(table).splitlines()[0].split() == [
        "pid",
        "name",
        "class",
        "mailbox",
        "msg/s",
        "time",
        "late",
        "memory",
        "↻",
    ]
    assert repr(table).splitlines()[-1] == "1 of 1 process, by time; of the last 1 s"
    assert "&lt;b&gt;" in table._repr_html_()
    assert repr(table.filter("nobody")) == "no processes"


@virtual
async def test_all_nodes_of_a_cluster_are_measured() -> None:
    async with ab.Cluster.simulated(["a"]):
        worker = await Worker.start(node="a", name="far")
        ab.send_after(worker, 0.5, 0.5)
        table = await ab.observe.sample(2.0)
        assert (table[0].name, table[0].time) == ("far", pytest.approx(0.25, rel=0.05))


def test_a_spark_is_as_high_as_its_number() -> None:
    assert spark([0, 1, 2, 4, 8]) == "▁▂▃▅█"
    assert spark([]) == ""
