"""The bounded log: what it keeps, what it says of what it forgot, and its table."""

from __future__ import annotations

import actorbook as ab
from actorbook.observe import Recorder, recorder_of
from tests.running import virtual


@virtual
async def test_the_life_of_a_process_is_told_in_order() -> None:
    async def brief() -> None:
        raise ValueError("no")

    pid = ab.spawn(brief, name="brief")
    await ab.sleep(0.01)

    assert [(e.kind, e.name) for e in ab.observe.events(pid=pid)] == [("started", "brief"), ("crashed", "brief")]
    assert ab.observe.events(kind="crashed")[-1].text == "ValueError: no"
    assert ab.observe.events(last=0) == []


@virtual
async def test_a_full_log_forgets_the_oldest_and_counts_them() -> None:
    from actorbook.core.running import current_node

    log = Recorder(current_node(), capacity=3)
    for n in range(10):
        log.record("output", None, "x", str(n))

    assert [e.n for e in log.events()] == [8, 9, 10]
    assert (log.count, log.dropped) == (10, 7)
    assert [e.n for e in log.since(8, most=10)] == [9, 10]
    assert [e.n for e in log.since(0, most=2)] == [9, 10]


@virtual
async def test_events_are_a_table_too() -> None:
    pid = ab.spawn(lambda: None, name="brief")
    await ab.sleep(0.01)
    table = ab.observe.events(pid=pid).to_pandas()

    assert list(table.columns) == ["n", "at", "kind", "pid", "name", "text", "cause"]
    assert list(table["kind"]) == ["started", "exited"]


@virtual
async def test_a_node_without_a_recorder_gets_one_when_somebody_asks() -> None:
    from actorbook.core.running import current_node

    node = current_node()
    node.tracer = None
    ab.spawn(lambda: None)

    assert recorder_of(node).count == 0
    assert recorder_of(node) is node.tracer
