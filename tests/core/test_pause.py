"""Standing still: nobody runs, no timer fires, time does not pass, and one step is one message."""

from __future__ import annotations

import asyncio

import pytest

import actorbook as ab
from actorbook.core.running import current_node
from tests.running import virtual


class Counter(ab.GenServer):
    def init(self) -> None:
        self.seen: list[object] = []

    def handle_info(self, message: object) -> None:
        self.seen.append(message)


def seen(pid: ab.Pid) -> list[object]:
    body = current_node().processes[pid].body
    return list(body.server.seen)  # type: ignore[attr-defined]


@virtual
async def test_nothing_is_handled_and_no_timer_fires_while_paused() -> None:
    pid = await Counter.start()
    ab.send_after(pid, "late", 1.0)
    ab.pause()
    ab.send(pid, "now")
    await asyncio.sleep(10)

    assert ab.paused()
    assert (seen(pid), ab.process_info(pid)["message_queue_len"]) == ([], 1)  # type: ignore[index]

    ab.continue_()
    await asyncio.sleep(0.99)
    assert seen(pid) == ["now"]
    await asyncio.sleep(0.02)
    assert seen(pid) == ["now", "late"]


@virtual
async def test_time_stands_still_and_deadlines_are_as_far_away_as_before() -> None:
    async def patient() -> None:
        try:
            await ab.receive(timeout=5)
        except TimeoutError:
            ab.send("me", current_node().clock.now())

    ab.register(ab.self_(), "me")
    began = current_node().clock.now()
    ab.spawn(patient)
    await asyncio.sleep(2)
    ab.pause()
    before = current_node().clock.now()
    await asyncio.sleep(100)
    assert current_node().clock.now() == before
    ab.continue_()

    assert await ab.receive() == pytest.approx(began + 5)


@virtual
async def test_a_step_is_one_message_of_one_process_and_says_which() -> None:
    one, other = await Counter.start(name="one"), await Counter.start(name="other")
    ab.pause()
    for n in range(2):
        ab.send(one, n)
        ab.send(other, n)

    assert ab.step() == [(one, "one", "0")]
    assert (seen(one), seen(other)) == ([0], [])
    assert [step.name for step in ab.step(3)] == ["other", "one", "other"]
    assert (seen(one), seen(other)) == ([0, 1], [0, 1])
    assert ab.step() == []
    assert [e.name for e in ab.observe.events(kind="stepped")] == ["one", "other", "one", "other"]


@virtual
async def test_with_nothing_to_do_a_step_moves_time_to_the_next_timer() -> None:
    pid = await Counter.start(name="it")
    ab.send_after(pid, "late", 2.0)
    ab.pause()
    began = current_node().clock.now()

    assert [step.what for step in ab.step(2)] == ["a timer, 2 s later", "'late'"]
    assert seen(pid) == ["late"]
    assert current_node().clock.now() == pytest.approx(began + 2)


@virtual
async def test_a_cell_that_would_wait_is_told_instead_of_left_hanging() -> None:
    pid = await Counter.start()
    ab.pause()

    with pytest.raises(ab.PausedError, match=r"%actor continue or ab\.continue_\(\) first"):
        await ab.GenServer.call(pid, "x")
    with pytest.raises(ab.PausedError):
        await ab.sleep(1)
    with pytest.raises(ab.StartError, match="the runtime is paused"):
        await Counter.start()
    ab.exit(pid, "kill")
    assert not ab.is_alive(pid)  # what is done by hand is done


@virtual
async def test_steps_need_a_pause_and_twice_is_once() -> None:
    with pytest.raises(RuntimeError, match="not paused; pause it first"):
        ab.step()
    ab.continue_()
    ab.pause()
    ab.pause()
    ab.continue_()

    assert not ab.paused()
    assert [e.kind for e in ab.observe.events(last=2)] == ["paused", "continued"]
    for wrong in (0, -1, True, "two"):
        ab.pause()
        with pytest.raises(ValueError, match="how many messages"):
            ab.step(wrong)  # type: ignore[arg-type]
        ab.continue_()


@virtual
async def test_a_node_that_stops_while_paused_goes_on_for_it() -> None:
    async with ab.Node("other@local"):
        await Counter.start()
        ab.pause()


@virtual
async def test_all_nodes_of_a_cluster_stand_still_together() -> None:
    async with ab.Cluster.simulated(["a", "b"], latency=0.5) as cluster:
        pid = ab.spawn(ab.receive, node="a")
        await ab.sleep(2)
        ab.send(pid, "hello")
        ab.pause()
        await asyncio.sleep(20)

        assert pid in cluster.nodes["a"].processes
        while ab.step():
            if pid not in cluster.nodes["a"].processes:
                break
        ab.continue_()
        await ab.sleep(1)
        assert pid not in cluster.nodes["a"].processes


@virtual
async def test_coroutines_take_a_message_a_step() -> None:
    got = []

    async def body() -> None:
        while True:
            got.append(await ab.receive())

    pid = ab.spawn(body)
    await ab.sleep(0)
    ab.pause()
    for n in range(3):
        ab.send(pid, n)
    counts = []
    for _ in range(3):
        ab.step()
        counts.append(len(got))

    assert counts == [1, 2, 3]
