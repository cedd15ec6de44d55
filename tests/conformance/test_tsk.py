"""Tasks that are awaited: rules TSK-01 to TSK-08."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import ends_with, idle, reason_of_end, settle, virtual

Task = ab.Task


def now() -> float:
    return asyncio.get_running_loop().time()


async def after(seconds: float, value: Any = None) -> Any:
    await ab.sleep(seconds)
    return value


async def stubborn(reply: Any = None) -> Any:
    """Traps exits; ends with a value at the first signal, or never."""
    ab.flag(trap_exit=True)
    await ab.receive(ab.EXIT)
    if reply is None:
        await idle()
    return reply


async def in_process(body: Callable[..., Any], *args: Any, trap: bool = False) -> tuple[Any, list[Any]]:
    """Run `body` in a process; how it ended, and what it noted in the list that it is given first."""
    notes: list[Any] = []

    async def run() -> None:
        ab.flag(trap_exit=trap)
        await body(notes, *args)

    return await reason_of_end(ab.spawn(run)), notes


def links() -> list[ab.Pid]:
    info = ab.process_info(ab.self_())
    assert info is not None
    return list(info["links"])


async def failure(attempt: Any) -> Any:
    with pytest.raises(ab.CallExit) as failed:
        await attempt
    assert "\n" not in str(failed.value)
    return failed.value.reason


@rule("TSK-01", "A task is linked with its caller, who gets (ref, value), then DOWN with the reason normal.")
@virtual
async def test_the_result_comes_as_a_message_and_then_the_end() -> None:
    box = ["tea"]
    task = Task.async_(lambda given: [*given, box], box)
    assert task.pid in links()
    await settle()
    result, down = ab.flush()
    assert result == (task.ref, ["tea", ["tea"]])
    assert result[1][1] is not box
    assert down == ab.DOWN(task.ref, task.pid, "normal")


@rule("TSK-02", "await_ waits five seconds unless told otherwise; then the task runs on, linked, and is heard no more.")
@virtual
async def test_a_task_that_was_waited_for_in_vain_runs_on_unheard() -> None:
    began = now()
    task = Task.async_(after, 6, "late")
    assert await failure(Task.await_(task)) == "timeout"
    assert now() - began == 5
    assert task.pid is not None
    assert ab.is_alive(task.pid)
    assert task.pid in links()
    assert await reason_of_end(task.pid) == "normal"
    assert ab.flush() == []


@virtual
async def test_a_result_that_comes_while_the_time_runs_out_is_heard() -> None:
    assert await Task.await_(Task.async_(after, 1, "just"), 1) == "just"
    assert ab.flush() == []


@rule("TSK-03", "A crash of the task ends the process that awaits it, with the task's reason.")
@virtual
async def test_a_crash_ends_who_waits() -> None:
    async def awaits(notes: list[Any]) -> None:
        notes.append(Task.async_(ends_with, "boom"))
        await notes[0]
        notes.append("not reached")

    reason, notes = await in_process(awaits)
    assert (reason, len(notes)) == ("boom", 1)


@rule("TSK-03", "One that traps exits gets an error from await_ with the task's reason, and the EXIT as a message.")
@virtual
async def test_a_crash_is_told_to_one_that_traps_exits() -> None:
    async def awaits(notes: list[Any]) -> None:
        task = Task.async_(ends_with, "boom")
        notes.append(await failure(task))
        notes.append(ab.flush() == [ab.EXIT(task.pid, "boom")])
        await Task.async_(ends_with, "bang")

    assert await in_process(awaits, trap=True) == ("bang", ["boom", True])


@virtual
async def test_a_cell_survives_the_crash_of_a_task_and_is_told() -> None:
    reason = await failure(Task.async_(int, "x"))
    assert reason == ab.Crash(ValueError, "invalid literal for int() with base 10: 'x'")
    assert ab.flush() == []


@rule(
    "TSK-04",
    "Awaiting a task that ends normally but gave no value fails, with the reason normal.",
    differs="The reason is the plain word, as of every failed call; Elixir wraps it with the call, and so is abnormal.",
)
@virtual
async def test_a_normal_end_without_a_value_is_a_failure() -> None:
    assert await failure(Task.async_(ends_with, "normal")) == "normal"


@rule("TSK-05", "Only the process that started a task may ask for its result; any other is told so by an error.")
@virtual
async def test_a_task_is_its_owners() -> None:
    task = Task.async_(after, 1, "mine")

    async def asks(notes: list[Any]) -> None:
        for attempt in (Task.await_, Task.yield_, Task.shutdown):
            with pytest.raises(ValueError, match=r"expected to be called by <nb.1>, which started <Task <nb.2>>, got"):
                await attempt(task)
        for many in (Task.await_many, Task.yield_many):
            with pytest.raises(ValueError, match=r"have the owner await it"):
                await many([task])
        with pytest.raises(ValueError, match=r"Task\.ignore"):
            Task.ignore(task)
        notes.append("refused")

    assert await in_process(asks) == ("normal", ["refused"])
    assert await task == "mine"


@rule("TSK-06", "yield_ tells a value, a failure, or None when the time is up; then one may ask again, but once only.")
@virtual
async def test_yield_may_be_repeated_until_there_is_an_outcome() -> None:
    async def asks(notes: list[Any]) -> None:
        task, bad = Task.async_(after, 2, "v"), Task.async_(ends_with, "boom")
        notes += [await Task.yield_(task, 1), await Task.yield_(task, 0), await Task.yield_(task)]
        notes += [await Task.yield_(task, 1), await Task.yield_(bad), await Task.yield_(bad, 1)]
        notes.append([type(message) for message in ab.flush()] == [ab.EXIT, ab.EXIT])

    reason, notes = await in_process(asks, trap=True)
    assert notes == [None, None, ("ok", "v"), None, ("exit", "boom"), None, True]
    assert reason == "normal"


@rule("TSK-07", "shutdown tells a result that is there, or that the task still gives when told to end.")
@virtual
async def test_shutdown_tells_a_result() -> None:
    done, polite = Task.async_(abs, -1), Task.async_(stubborn, "last words")
    await settle()
    assert [await Task.shutdown(done), await Task.shutdown(polite)] == [("ok", 1), ("ok", "last words")]
    assert (ab.flush(), links()) == ([], [])


@rule("TSK-07", "shutdown says nothing of an end that was asked for, tells any other, and leaves no DOWN behind.")
@virtual
async def test_shutdown_tells_an_end_that_nobody_asked_for() -> None:
    began, me = now(), ab.self_()
    assert await Task.shutdown(Task.async_(idle)) is None
    never = Task.async_(stubborn)
    await settle()
    assert await Task.shutdown(never) == ("exit", "killed")
    assert now() - began == 5
    never = Task.async_(stubborn)
    await settle()
    assert await Task.shutdown(never, "brutal_kill") is None
    crashed = Task.async_(ends_with, "boom")
    await settle()
    assert await Task.shutdown(crashed) == ("exit", "boom")
    assert await Task.shutdown(crashed) == ("exit", "noproc")
    assert (ab.flush(), links(), ab.process_info(me)["monitors"]) == ([], [], [])  # type: ignore[index]


@rule("TSK-08", "await_many gives values in the order asked for, within one time for all.")
@virtual
async def test_await_many_has_one_deadline() -> None:
    tasks = [Task.async_(after, seconds, seconds) for seconds in (3, 1, 2)]
    assert await Task.await_many([*tasks, Task.completed(4)]) == [3, 1, 2, 4]
    tasks = [Task.async_(after, seconds, seconds) for seconds in (2, 4)]
    began = now()
    assert await failure(Task.await_many(tasks, 3)) == "timeout"
    assert now() - began == 3
    await ab.sleep(2)
    assert ab.flush() == []


@rule("TSK-08", "The first task that fails makes await_many fail at once.")
@virtual
async def test_await_many_fails_with_the_first() -> None:
    async def asks(notes: list[Any]) -> None:
        tasks = [Task.async_(after, 3), Task.async_(ends_with, "boom"), Task.async_(after, 1)]
        began = now()
        notes.append((await failure(Task.await_many(tasks)), now() - began))
        await ab.sleep(5)
        notes.append([message.reason for message in ab.flush()])

    assert await in_process(asks, trap=True) == ("normal", [("boom", 0), ["boom", "normal", "normal"]])


@rule("TSK-08", "yield_many is over when as many have ended as were asked for, or when the time is up.")
@pytest.mark.parametrize(("on_timeout", "later"), [("nothing", ("ok", 9)), ("ignore", None), ("kill_task", None)])
def test_yield_many_tells_what_there_is(on_timeout: Any, later: Any) -> None:
    @virtual
    async def body() -> None:
        tasks = [Task.async_(after, seconds, seconds) for seconds in (9, 1, 2)]
        began = now()
        outcomes = await Task.yield_many(tasks, limit=1, on_timeout=on_timeout)
        assert ([task for task, _ in outcomes], now() - began) == (tasks, 1)
        assert [outcome for _, outcome in outcomes] == [None, ("ok", 1), None]
        outcomes = await Task.yield_many(tasks[::2], 3, on_timeout=on_timeout)
        assert [outcome for _, outcome in outcomes] == [None, ("ok", 2)]
        assert ab.is_alive(tasks[0].pid) is (on_timeout != "kill_task")  # type: ignore[arg-type]
        assert bool(links()) is (on_timeout == "nothing")
        assert await Task.yield_(tasks[0], 10) == later
        assert ab.flush() == []

    body()


@virtual
async def test_yield_many_wants_options_that_make_sense() -> None:
    with pytest.raises(ValueError, match="nothing, ignore or kill_task, got 'die'"):
        await Task.yield_many([], on_timeout="die")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="1 or more, got 0"):
        await Task.yield_many([], limit=0)
