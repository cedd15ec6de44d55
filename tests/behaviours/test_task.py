"""Tasks beyond the rules: what starts them, how servers use them, how they are seen."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.running import ends_with, idle, settle, virtual


class Asker(ab.GenServer):
    """Starts tasks in a `def` callback, and hears of them as messages."""

    def init(self) -> None:
        self.heard: list[Any] = []

    @ab.cast
    def ask(self, n: int) -> None:
        self.task = ab.Task.async_(pow, n, 2)

    @ab.call
    async def ask_and_wait(self, n: int) -> Any:
        return [value async for _, value in ab.Task.async_stream(range(n), pow, 2)]

    def handle_info(self, message: Any) -> None:
        match message:
            case (ab.Ref() as ref, value) if ref is self.task.ref:
                self.heard.append(value)
            case ab.DOWN(ref, _, reason) if ref is self.task.ref:
                self.heard.append(reason)


@virtual
async def test_a_server_may_hear_of_a_task_by_messages_or_wait_for_it() -> None:
    pid = await Asker.start()
    assert pid is not None
    pid.ask(3)
    assert await pid.ask_and_wait(4) == [0, 1, 4, 9]
    state = await ab.sys.get_state(pid)
    assert (state["heard"] if isinstance(state, dict) else state.heard) == [9, "normal"]


@virtual
async def test_start_runs_alone_and_start_link_does_not() -> None:
    log: list[str] = []
    ab.Task.start(log.append, "ran")
    ab.Task.start(ends_with, "boom")
    linked = ab.Task.start_link(idle)
    await settle()
    assert (log, ab.flush()) == (["ran"], [])
    assert ab.process_info(ab.self_())["links"] == [linked]  # type: ignore[index]


@virtual
async def test_a_crash_is_logged_and_an_orderly_end_is_not(caplog: Any) -> None:
    ab.Task.start(ends_with, ("shutdown", "tired"))
    ab.Task.start(int, "x")
    await settle()
    (record,) = caplog.records
    assert "int <nb.3>: ended with ValueError: invalid literal" in record.getMessage()


@virtual
async def test_a_result_that_cannot_be_copied_is_the_tasks_failure() -> None:
    with pytest.raises(ab.CallExit, match="MessageError: cannot copy the message"):
        await ab.Task.async_(lambda: (n for n in "ab"))


@virtual
async def test_what_is_no_function_is_refused_by_the_caller() -> None:
    sup = await ab.TaskSupervisor.start()
    for start in (ab.Task.async_, ab.Task.start, ab.Task.child_spec):
        with pytest.raises(TypeError, match="expected a function, got 5"):
            start(5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected a function, got 5"):
        await ab.TaskSupervisor.async_(sup, 5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="give each task its arguments"):
        await ab.TaskSupervisor.start(extra_arguments=(1,))


@virtual
async def test_a_completed_task_has_a_result_and_no_process() -> None:
    task = ab.Task.completed([1])
    assert task.pid is None
    with pytest.raises(ValueError, match="expected a task with a process"):
        await ab.Task.shutdown(task)
    with pytest.raises(ValueError, match="expected a task with a process"):
        ab.Task.ignore(task)
    assert await task == [1]
    with pytest.raises(ab.CallExit, match="once only"):
        await task


@virtual
async def test_an_ignored_task_runs_on_alone() -> None:
    task, done = ab.Task.async_(idle), ab.Task.async_(abs, -1)
    await settle()
    assert (ab.Task.ignore(task), ab.Task.ignore(done)) == (None, ("ok", 1))
    ab.exit(task.pid, "boom")  # type: ignore[arg-type]
    await settle()
    assert ab.flush() == []


@virtual
async def test_a_function_may_hand_back_what_it_wants_to_wait_for() -> None:
    task = ab.Task.async_(ab.receive, str)
    await settle()
    ab.send(task.pid, "hello")  # type: ignore[arg-type]
    assert await task == "hello"
