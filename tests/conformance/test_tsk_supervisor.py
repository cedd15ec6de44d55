"""Tasks under a supervisor: rules TSK-09, TSK-10."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.conformance.test_tsk import after, failure, in_process, links
from tests.conformance.test_tsk_stream import collect, fails_at
from tests.running import ends_with, idle, settle, virtual

Tasks = ab.TaskSupervisor


@rule("TSK-09", "A supervised task is linked with its caller and under its supervisor, and is never started again.")
@virtual
async def test_a_supervised_task_is_tied_to_its_caller_and_temporary() -> None:
    sup = await Tasks.start()
    task = await Tasks.async_(sup, after, 1, "v")
    assert task.pid in links()
    assert await Tasks.children(sup) == [task.pid]
    assert await task == "v"
    assert await Tasks.children(sup) == []

    async def asks(notes: list[Any]) -> None:
        await (await Tasks.async_(sup, ends_with, "boom"))

    assert await in_process(asks) == ("boom", [])
    assert (await Tasks.children(sup), ab.is_alive(sup)) == ([], True)
    task = await Tasks.async_(sup, idle)
    ab.exit(sup, "kill")
    assert await failure(task) == "killed"


@rule("TSK-09", "A task of async_nolink harms nobody: all that its caller gets is a DOWN with the ref of the task.")
@virtual
async def test_an_unlinked_task_tells_only_its_end() -> None:
    sup = await Tasks.start()

    async def asks(notes: list[Any]) -> None:
        task = await Tasks.async_nolink(sup, ends_with, "boom")
        await settle()
        notes.append(ab.flush() == [ab.DOWN(task.ref, task.pid, "boom")])
        notes.append(await (await Tasks.async_nolink(sup, abs, -1)))

    assert await in_process(asks) == ("normal", [True, 1])
    assert ab.is_alive(sup)


@virtual
async def test_a_task_whose_caller_is_gone_is_never_begun() -> None:
    sup = await Tasks.start()
    ran: list[int] = []
    await ab.sys.suspend(sup)
    pid = ab.spawn(Tasks.async_, sup, ran.append, 1)
    await settle()
    ab.exit(pid, "kill")
    await ab.sys.resume(sup)
    await settle()
    assert (ran, await Tasks.children(sup)) == ([], [])


@rule("TSK-10", "When there are too many children, async_ and start_child fail with max_children.")
@virtual
async def test_too_many_tasks_are_refused() -> None:
    sup = await Tasks.start(max_children=1)
    pid = await Tasks.start_child(sup, idle)
    for start in (Tasks.async_, Tasks.async_nolink, Tasks.start_child):
        with pytest.raises(ab.SupervisorError, match="1 children already") as refused:
            await start(sup, idle)
        assert refused.value.reason == "max_children"
    assert await Tasks.terminate_child(sup, pid) == "ok"
    assert await (await Tasks.async_(sup, abs, -1)) == 1
    assert (ab.flush(), ab.process_info(ab.self_())["monitors"]) == ([], [])  # type: ignore[index]


@virtual
async def test_streams_run_under_a_supervisor_and_tell_its_refusals() -> None:
    sup = await Tasks.start(max_children=2)
    assert await collect(Tasks.async_stream(sup, [1, 2, 3], fails_at, 9, max_concurrency=2)) == [
        ("ok", 1),
        ("ok", 2),
        ("ok", 3),
    ]
    assert await failure(collect(Tasks.async_stream(sup, [1, 2], fails_at, 2, max_concurrency=1))) == "boom"
    with pytest.raises(ab.SupervisorError, match="2 children already"):
        await collect(Tasks.async_stream(sup, [5, 5, 5], after, max_concurrency=3))
    await settle()
    assert await Tasks.children(sup) == []
    assert await failure(collect(Tasks.async_stream("nobody", [1], abs))) == "noproc"
    assert ab.flush() == []


@rule("TSK-14", "In a stream of unlinked tasks a crash is a result for every consumer.")
@virtual
async def test_a_crash_in_an_unlinked_stream_is_a_result() -> None:
    sup = await Tasks.start()

    async def consumes(notes: list[Any]) -> None:
        await collect(Tasks.async_stream_nolink(sup, [1, 2, 3], fails_at, 2, zip_input_on_exit=True), notes)

    assert await in_process(consumes) == ("normal", [("ok", 1), ("exit", (2, "boom")), ("ok", 3)])


@virtual
async def test_a_child_may_be_started_again_when_told_so() -> None:
    sup = await Tasks.start(max_restarts=1)
    pid = await Tasks.start_child(sup, idle, restart="transient")
    ab.exit(pid, "boom")
    await settle()
    (again,) = await Tasks.children(sup)
    assert again is not pid


@virtual
async def test_tasks_and_their_supervisor_have_their_place_in_a_tree() -> None:
    specs = [Tasks.child_spec(name="tasks"), ab.Task.child_spec(idle), ab.Task.child_spec(after, 0, id="once")]
    sup = await ab.Supervisor.start(specs)
    await Tasks.start_child("tasks", idle)
    assert [child.id for child in await ab.Supervisor.which_children(sup)] == ["idle", "tasks"]
    top = ab.observe.tree().children[0]
    assert [(child.kind, child.name) for child in top.children] == [("supervisor", "tasks"), ("task", "idle")]
    assert [(child.kind, child.cls) for child in top.children[0].children] == [("task", "idle")]
