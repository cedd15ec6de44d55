"""The watchdog sees a callback that keeps the loop, tells of it, and can have it ended in its middle."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import closing
from functools import wraps
from typing import Any

import pytest

import actorbook as ab
from actorbook.core.watchdog import Blocking, Watchdog
from tests.running import JumpingLoop, idle, reason_of_end

pytestmark = pytest.mark.alone

THRESHOLD = 0.2
Body = Callable[[ab.Node], Coroutine[Any, Any, None]]


def guarded(body: Body) -> Callable[[], None]:
    """Run a test inside a node with a watchdog, on real time; afterwards signals and threads are as before."""

    @wraps(body)
    def test() -> None:
        before = (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGURG), threading.active_count())

        async def main() -> None:
            async with ab.Node(watchdog=THRESHOLD) as node:
                await body(node)
            assert node.watchdog is None

        asyncio.run(main())
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGURG), threading.active_count()) == before

    del test.__wrapped__  # type: ignore[attr-defined]  # its argument is no fixture
    return test


def dog(node: ab.Node) -> Watchdog:
    assert node.watchdog is not None
    return node.watchdog


def soon(call: Callable[[], Any], seconds: float = 2 * THRESHOLD) -> None:
    """Call from another thread, while the loop is kept."""
    threading.Timer(seconds, call).start()


def spin() -> None:
    while True:
        pass


def clutch() -> None:
    """Lets go of nothing: whatever comes is caught, on two levels."""
    while True:
        try:
            while True:
                try:
                    len("busy")
                finally:
                    continue  # noqa: B012  # that is the point
        except BaseException:  # noqa: BLE001  # as a runaway might
            continue


def collects(errors: list[BaseException]) -> None:
    """Keeps what it catches, so that no dying exception can be the sign that it was caught."""
    while True:
        try:
            time.sleep(60)
        except BaseException as error:  # noqa: BLE001  # as a runaway might
            errors.append(error)


async def waits_then_spins() -> None:
    await ab.sleep(0)
    spin()


async def delegates() -> None:
    async def work() -> None:
        spin()

    await asyncio.create_task(work())


ENDLESS = [spin, clutch, waits_then_spins, delegates, lambda: collects([]), lambda: time.sleep(60)]


@pytest.mark.parametrize("body", ENDLESS)
def test_a_kill_from_another_thread_reaches_what_never_lets_go(body: Any) -> None:
    async def main() -> None:
        async with ab.Node(watchdog=THRESHOLD):
            bystander, runaway = ab.spawn(idle), ab.spawn(body)
            soon(lambda: ab.exit(runaway, "kill"))

            assert await reason_of_end(runaway) == "killed"
            assert ab.is_alive(bystander)
            assert [event.kind for event in ab.observe.events(pid=runaway)] == ["started", "blocking", "exited"]

    asyncio.run(main())


@guarded
async def test_an_interrupt_ends_the_process_that_keeps_the_loop_even_if_it_traps_exits(node: ab.Node) -> None:
    def traps() -> None:
        ab.flag(trap_exit=True)
        spin()

    runaway = ab.spawn(traps)
    soon(lambda: os.kill(os.getpid(), signal.SIGINT))

    assert await reason_of_end(runaway) == "interrupted"


@guarded
async def test_what_was_caught_helps_nothing_the_process_is_dead_the_moment_it_is_told(node: ab.Node) -> None:
    said = []

    def argues() -> None:
        try:
            spin()
        except BaseException as error:  # noqa: BLE001  # as a runaway might
            said.append(type(error))
            ab.send("listener", "I live")

    listener = ab.spawn(idle, name="listener")
    runaway = ab.spawn(argues)
    soon(lambda: ab.exit(runaway, "kill"))

    assert await reason_of_end(runaway) == "killed"
    assert said in ([ab.Exit], [])
    assert ab.process_info(listener)["message_queue_len"] == 0  # type: ignore[index]


@guarded
async def test_listeners_are_told_while_it_lasts_on_another_thread_and_when_it_is_over_on_the_loops(
    node: ab.Node,
) -> None:
    told: list[tuple[Blocking, bool, bool]] = []
    dog(node).listeners.append(lambda b, over: told.append((b, over, threading.current_thread() is here)))
    here = threading.current_thread()

    naps = ab.spawn(lambda: time.sleep(3 * THRESHOLD), name="napper")
    await reason_of_end(naps)
    await ab.sleep(THRESHOLD)

    assert [(over, on_loop) for _, over, on_loop in told] == [(False, False), (True, True)]
    assert {blocking.pid for blocking, _, _ in told} == {naps}
    assert told[0][0].title == "napper"
    assert "time.sleep(3 * THRESHOLD)" in str(told[0][0].place)
    assert told[1][0].seconds >= 3 * THRESHOLD * 0.9
    assert dog(node).blocking() is None
    assert [spell.pid for spell in dog(node).spells()] == [naps]


@guarded
async def test_it_is_on_record_and_the_loops_lag_is_known(node: ab.Node) -> None:
    naps = ab.spawn(lambda: time.sleep(3 * THRESHOLD))
    await reason_of_end(naps)
    await ab.sleep(THRESHOLD)

    [event] = ab.observe.events("blocking")
    assert event.pid is naps
    assert "s in " in event.text
    assert ab.observe.lag().worst > THRESHOLD


@guarded
async def test_many_short_turns_are_no_blocking_and_an_interrupt_among_them_kills_nobody(node: ab.Node) -> None:
    async def echo() -> None:
        while True:
            ab.send(await ab.receive(ab.Pid), ab.self_())

    pair = [ab.spawn(echo), ab.spawn(echo)]
    ab.send(pair[0], pair[1])
    passed = []
    before = signal.signal(signal.SIGINT, lambda number, frame: passed.append(number))
    soon(lambda: os.kill(os.getpid(), signal.SIGINT))
    await ab.sleep(3 * THRESHOLD)
    signal.signal(signal.SIGINT, before)

    assert passed == [signal.SIGINT]
    assert all(map(ab.is_alive, pair))
    assert dog(node).spells() == []


@guarded
async def test_a_cell_or_any_other_code_that_keeps_the_loop_is_no_process(node: ab.Node) -> None:
    told: list[Blocking] = []
    dog(node).listeners.append(lambda blocking, over: told.append(blocking))
    await asyncio.sleep(0)
    time.sleep(3 * THRESHOLD)  # noqa: ASYNC251  # as a careless cell does
    await ab.sleep(THRESHOLD)

    assert {(blocking.pid, blocking.title) for blocking in told} == {(None, "a task")}
    assert ab.observe.events("blocking") == []


@guarded
async def test_an_urgent_call_is_made_also_when_nothing_keeps_the_loop(node: ab.Node) -> None:
    here, called = threading.current_thread(), []
    soon(lambda: node.urgently(lambda: called.append(threading.current_thread())), 0)
    await ab.sleep(THRESHOLD)

    assert called == [here]


def test_without_a_watchdog_an_exit_from_another_thread_waits_for_the_loop() -> None:
    async def main() -> None:
        async with ab.Node():
            runaway = ab.spawn(lambda: time.sleep(0.2))
            other = ab.spawn(idle)
            soon(lambda: ab.exit(other, "kill"), 0.1)
            refs = [ab.monitor(runaway), ab.monitor(other)]
            downs = [await ab.receive(ab.DOWN, timeout=60) for _ in refs]
            assert [down.reason for down in downs] == ["normal", "killed"]

    asyncio.run(main())


def test_virtual_time_and_a_watchdog_do_not_go_together() -> None:
    with closing(JumpingLoop()) as clock, pytest.raises(ValueError, match="real time"):
        ab.Node(clock=clock, watchdog=1.0)


@guarded
async def test_a_threshold_is_more_than_zero(node: ab.Node) -> None:
    dog(node).limit(0.5)
    assert dog(node).threshold == 0.5
    with pytest.raises(ValueError, match="more than zero"):
        dog(node).limit(0)


def test_a_node_on_another_thread_is_watched_though_nothing_can_be_ended_there() -> None:
    told: list[Blocking] = []

    async def main() -> None:
        async with ab.Node(watchdog=THRESHOLD) as node:
            dog(node).listeners.append(lambda blocking, over: told.append(blocking))
            await reason_of_end(ab.spawn(lambda: time.sleep(3 * THRESHOLD), name="napper"))
            await ab.sleep(THRESHOLD)

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    thread.join()

    assert {blocking.title for blocking in told} == {"napper"}
