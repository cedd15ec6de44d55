"""Streams of tasks: rules TSK-11 to TSK-15."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.conformance.test_tsk import after, failure, in_process, links, now, stubborn
from tests.running import idle, settle, virtual

stream = ab.Task.async_stream


async def collect(results: AsyncIterator[Any], into: list[Any] | None = None) -> list[Any]:
    found = [] if into is None else into
    async for result in results:
        found.append(result)
    return found


def counted(pulled: list[int], items: Iterator[int]) -> Iterator[int]:
    """The items, each noted when it is taken."""
    for item in items:
        pulled.append(item)
        yield item


def alive() -> int:
    """How many processes there are besides the shell."""
    return len(ab.observe.tree().children)


async def fails_at(item: int, bad: int, reason: Any = "boom") -> int:
    if item == bad:
        raise ab.Exit(reason)
    return item


@rule(
    "TSK-11",
    "A stream is lazy: input is pulled when there is room for its task, and never more tasks run than allowed.",
)
@virtual
async def test_a_stream_pulls_only_what_it_has_room_for() -> None:
    pulled: list[int] = []
    under_way: list[int] = []
    most: list[int] = []

    async def work(item: int, under_way: list[int], most: list[int]) -> int:
        under_way.append(item)
        most.append(len(under_way))
        await ab.sleep(1 + item % 3)
        under_way.remove(item)
        return item

    squares = stream(counted(pulled, count()), work, ab.share(under_way), ab.share(most), max_concurrency=3)
    await settle()
    assert (pulled, alive()) == ([], 0)
    told = [await anext(squares) for _ in range(7)]
    assert told == [("ok", item) for item in range(7)]
    assert max(most) == 3
    before = len(pulled)
    await ab.sleep(60)
    assert len(pulled) == before <= 7 + 3
    await squares.aclose()


@rule("TSK-11", "As many tasks as there are processors run at once unless told otherwise.")
@virtual
async def test_as_many_tasks_as_processors() -> None:
    pulled: list[int] = []
    results = stream(counted(pulled, count()), after, 1)
    await anext(results)
    assert len(pulled) == os.cpu_count()
    await results.aclose()


@rule("TSK-11", "Results come in the order of the input, or as they are ready when that is asked for.")
@virtual
async def test_results_come_in_order_or_as_they_are_ready() -> None:
    async def sleeps(seconds: float) -> float:
        return await after(seconds, seconds)  # type: ignore[no-any-return]

    seconds = [3, 1, 2, 1]
    ordered = await collect(stream(seconds, sleeps, max_concurrency=2))
    ready = await collect(stream(seconds, sleeps, max_concurrency=2, ordered=False))
    assert [value for _, value in ordered] == [3, 1, 2, 1]
    assert [value for _, value in ready] == [1, 3, 2, 1]


@virtual
async def test_streams_feed_streams_and_the_input_is_pulled_by_the_consumer() -> None:
    async def lengths() -> AsyncIterator[int]:
        async for _, length in stream(["a", "bee"], len):
            assert ab.self_() is me
            yield length

    me = ab.self_()
    assert await collect(stream(lengths(), pow, 2)) == [("ok", 1), ("ok", 9)]


@rule("TSK-12", "A task has five seconds unless told otherwise; one that takes longer fails the consumer with timeout.")
@virtual
async def test_a_late_task_ends_the_consumer() -> None:
    async def consumes(notes: list[Any]) -> None:
        began = now()
        try:
            await collect(stream([1, 9, 2], ab.sleep, max_concurrency=2), notes)
        finally:
            notes.append(now() - began)

    assert await in_process(consumes) == ("timeout", [("ok", None), 5])
    assert await in_process(consumes, trap=True) == ("timeout", [("ok", None), 5])
    assert alive() == 0


@rule("TSK-12", "With kill_task a late task is killed, its result is ('exit', 'timeout'), and the stream goes on.")
@virtual
async def test_a_late_task_is_killed_and_the_stream_goes_on() -> None:
    late = stream([3, 1, 9, 2], stubborn_or_quick, timeout=2.5, on_timeout="kill_task", max_concurrency=4)
    assert await collect(late) == [("exit", "timeout"), ("ok", 1), ("exit", "timeout"), ("ok", 2)]
    await settle()
    assert (ab.flush(), links(), alive()) == ([], [], 0)


async def stubborn_or_quick(seconds: int) -> int:
    return seconds if seconds < 3 else await stubborn()  # type: ignore[no-any-return]


@rule("TSK-13", "A consumer that stops early leaves nothing: no task, no link, no message.")
@pytest.mark.parametrize("way", ["break", "aclosing", "forget", "cancel"])
def test_a_consumer_that_stops_early_leaves_nothing(way: str) -> None:
    @virtual
    async def body() -> None:
        await _STOPS[way]()
        gc.collect()
        await settle()
        assert (ab.flush(), links(), alive()) == ([], [], 0)

    body()


def endless() -> Any:
    return stream(count(1), stubborn_or_quick, max_concurrency=4)


async def break_early() -> None:
    async for what, value in endless():
        if value == 2:
            assert what == "ok"
            break


async def close_early() -> None:
    async with contextlib.aclosing(endless()) as results:
        assert await anext(results) == ("ok", 1)
    assert alive() == 0
    assert await collect(results) == []
    await results.aclose()


async def forget() -> None:
    results = endless()
    await anext(results)
    cycle = [results]
    cycle.append(cycle)  # only the garbage collector finds it


async def cancel_early() -> None:
    import asyncio

    results = endless()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await collect(results)
    assert await collect(results) == []


_STOPS: dict[str, Callable[[], Any]] = {
    "break": break_early, "aclosing": close_early, "forget": forget, "cancel": cancel_early,
}  # fmt: skip


@rule("TSK-13", "The end of the consumer, of whatever kind, is the end of the tasks.")
@pytest.mark.parametrize("reason", ["normal", "boom", "kill"])
@pytest.mark.parametrize("trap", [True, False])
def test_tasks_end_with_their_consumer(reason: str, trap: bool) -> None:
    @virtual
    async def body() -> None:
        async def consumes() -> None:
            ab.flag(trap_exit=trap)
            async for _ in endless():
                await ab.receive(timeout=0)

        async def ends() -> None:
            async for _, value in endless():
                if value == 2:
                    raise ab.Exit(reason)

        await in_process(lambda _: ends(), trap=trap)
        pid = ab.spawn(consumes)
        await settle()
        ab.exit(pid, "kill")
        await settle()
        assert alive() == 0

    body()


@rule("TSK-14", "A task that crashes ends its consumer with its reason, and the other tasks.")
@virtual
async def test_a_crash_ends_the_consumer_and_the_other_tasks() -> None:
    async def consumes(notes: list[Any], reason: Any) -> None:
        await collect(stream([1, 2, 3], fails_at, 2, reason, max_concurrency=1), notes)

    assert await in_process(consumes, "boom") == ("boom", [("ok", 1)])
    assert await in_process(consumes, "normal") == ("normal", [("ok", 1), ("exit", "normal"), ("ok", 3)])
    await settle()
    assert alive() == 0


@rule("TSK-14", "One that traps exits is told of it instead, with the input if it likes, and gets no EXIT.")
@virtual
async def test_a_crash_is_a_result_for_a_consumer_that_traps_exits() -> None:
    async def consumes(notes: list[Any], zipped: bool) -> None:
        await collect(stream([1, 2, 3], fails_at, 2, zip_input_on_exit=zipped), notes)
        assert ab.flush() == []

    assert await in_process(consumes, False, trap=True) == ("normal", [("ok", 1), ("exit", "boom"), ("ok", 3)])
    assert await in_process(consumes, True, trap=True) == ("normal", [("ok", 1), ("exit", (2, "boom")), ("ok", 3)])


@virtual
async def test_a_cell_survives_a_crash_in_a_stream_whenever_it_looks() -> None:
    results = stream(count(), fails_at, 2, max_concurrency=1)
    assert await anext(results) == ("ok", 0)
    assert await failure(collect(results)) == "boom"
    results = stream([1, 1], fails_at, 1, max_concurrency=2)
    assert await failure(anext(results)) == "boom"
    results = stream([0, 1], delayed_crash, max_concurrency=2)
    assert await anext(results) == ("ok", 0)
    await ab.sleep(3)
    assert await failure(anext(results)) == "boom"
    assert await collect(results) == []
    await settle()
    assert (ab.flush(), alive()) == ([], 0)


async def delayed_crash(item: int) -> int:
    await ab.sleep(item)
    return await fails_at(item, 1)


@rule("TSK-15", "Options that make no sense are refused when the stream is made, before anything runs.")
@virtual
async def test_bad_options_are_refused_at_once() -> None:
    for options, text in [
        ({"max_concurrency": 0}, "whole number of 1 or more, got 0"),
        ({"timeout": -1}, "expected zero or more seconds, got -1"),
        ({"on_timeout": "die"}, "exit or kill_task, got 'die'"),
    ]:
        with pytest.raises(ValueError, match=text):
            stream([1], abs, **options)  # type: ignore[arg-type]
    for inputs, fn, options in [(5, abs, {}), ([1], "abs", {}), ([1], abs, {"ordered": 1})]:
        with pytest.raises(TypeError, match="expected"):
            stream(inputs, fn, **options)  # type: ignore[call-overload]


@virtual
async def test_an_input_that_fails_ends_the_stream_and_is_told() -> None:
    def inputs() -> Iterator[Any]:
        yield 9
        yield 8
        raise KeyError("no more")

    results = stream(inputs(), ab.sleep, max_concurrency=3)
    with pytest.raises(KeyError):
        await anext(results)
    await settle()
    assert (await collect(results), ab.flush(), alive()) == ([], [], 0)


@virtual
async def test_each_task_has_copies_of_its_own() -> None:
    def spoils(item: list[int], more: list[int]) -> list[int]:
        item.append(1)
        more.append(2)
        return item + more

    items: list[list[int]] = [[], []]
    results = await collect(stream(items, spoils, [0]))
    assert results == [("ok", [1, 0, 2])] * 2
    assert items == [[], []]


@virtual
async def test_a_stream_is_seen_in_the_tree_with_its_tasks() -> None:
    async def consumes() -> None:
        await collect(stream([1, 2, 3], idle_with, max_concurrency=2))

    ab.spawn(consumes)
    await settle()
    (consumer,) = ab.observe.tree().children
    (server,) = consumer.children
    assert (server.name, server.kind) == ("async_stream idle_with", "server")
    assert [(task.cls, task.kind) for task in server.children] == [("idle_with", "task")] * 2


async def idle_with(item: int) -> None:
    await idle()
