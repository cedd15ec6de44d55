"""Looking into a running server: log, trace, installed functions, code changes. Rules SYS-06 to SYS-09."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import settle, virtual


class Echo(ab.GenServer):
    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        return request

    def handle_cast(self, request: Any) -> None:
        pass

    def handle_info(self, message: Any) -> None:
        pass


async def started(name: str | None = None) -> ab.Pid:
    pid = await Echo.start(name=name)
    assert pid is not None
    return pid


@rule("SYS-06", "The log keeps the last ten events, or as many as asked for, oldest first.")
@virtual
async def test_a_log_keeps_the_last_events_oldest_first() -> None:
    pid = await started()
    assert await ab.sys.get_log(pid) == []
    await ab.sys.log(pid)
    for number in range(12):
        ab.GenServer.cast(pid, number)
    assert [event.content for event in await ab.sys.get_log(pid)] == list(range(2, 12))

    await ab.sys.log(pid, 3)
    await ab.GenServer.call(pid, "hi")
    ab.send(pid, "info")
    kept = await ab.sys.get_log(pid)
    assert [(e.direction, e.kind, e.content, e.peer) for e in kept] == [
        ("in", "call", "hi", ab.self_()),
        ("out", "reply", "hi", ab.self_()),
        ("in", "info", "info", None),
    ]
    await ab.sys.log(pid, False)
    assert await ab.sys.get_log(pid) == []
    with pytest.raises(ValueError, match="how many events"):
        await ab.sys.log(pid, -1)


@rule("SYS-07", "Traced, a process prints one line for each event that comes in and one for each reply that goes out.")
@virtual
async def test_a_trace_prints_a_line_per_event(capsys: Any) -> None:
    pid = await started("echo")
    await ab.sys.trace(pid)
    await ab.GenServer.call(pid, "hi")
    ab.GenServer.cast(pid, "there")
    ab.send(pid, ("any", 1))
    await settle()
    await ab.sys.trace(pid, False)
    await ab.GenServer.call(pid, "quiet")

    me = ab.self_()
    assert capsys.readouterr().out.splitlines() == [
        f"*DBG* echo {pid!r} got call hi from {me!r}",
        f"*DBG* echo {pid!r} sent hi to {me!r}",
        f"*DBG* echo {pid!r} got cast there",
        f"*DBG* echo {pid!r} got info ('any', 1)",
    ]


@rule("SYS-08", "An installed function carries its state from event to event, until it says done or raises.")
@virtual
async def test_an_installed_function_sees_each_event_and_carries_a_state() -> None:
    pid = await started("echo")
    seen: list[Any] = []

    def count(state: int, event: Any, who: str) -> Any:
        seen.append((state, event.content, who))
        return "done" if state == 2 else state + 1

    def fails(state: Any, event: Any, who: str) -> Any:
        seen.append("fails")
        raise ValueError("no")

    await ab.sys.install(pid, count, 0)
    await ab.sys.install(pid, count, 100)  # the same function is installed once
    await ab.sys.install(pid, fails, id="mine")
    assert len((await ab.sys.get_status(pid))["debug"]) == 2
    for number in range(4):
        ab.GenServer.cast(pid, number)
    await settle()

    assert seen == [(0, 0, "echo"), "fails", (1, 1, "echo"), (2, 2, "echo")]
    assert (await ab.sys.get_status(pid))["debug"] == []
    assert ab.is_alive(pid)


@rule("SYS-08", "no_debug switches everything off at once.")
@virtual
async def test_no_debug_switches_everything_off(capsys: Any) -> None:
    pid = await started()
    seen: list[Any] = []
    await ab.sys.install(pid, lambda state, event, who: seen.append(event), id="a")
    await ab.sys.install(pid, lambda state, event, who: seen.append(event), id="b")
    await ab.sys.remove(pid, "a")
    await ab.sys.statistics(pid, True)
    await ab.sys.log(pid)
    await ab.sys.trace(pid)
    assert (await ab.sys.get_status(pid))["debug"] == ["statistics", "log", "trace", "install 'b'"]
    await ab.sys.no_debug(pid)
    await ab.GenServer.call(pid, "hi")

    assert (seen, capsys.readouterr().out) == ([], "")
    assert await ab.sys.statistics(pid) == "no_statistics"


@rule("SYS-09", "A code change is refused outside of suspend, and nothing changes.")
@virtual
async def test_change_code_is_refused_while_running() -> None:
    class Other(Echo):
        def handle_call(self, request: Any, caller: ab.Caller) -> Any:
            return "other"

    pid = await started()
    with pytest.raises(ab.SysError, match="unknown_system_msg"):
        await ab.sys.change_code(pid, Other)

    assert await ab.GenServer.call(pid, "same") == "same"


@virtual
async def test_terminate_runs_terminate_and_waits_for_the_end() -> None:
    ended: list[Any] = []

    class Ends(Echo):
        def terminate(self, reason: Any) -> None:
            ended.append(reason)

    pid = await Ends.start()
    assert pid is not None
    assert await ab.sys.terminate(pid, "enough") == "ok"
    assert (ended, ab.is_alive(pid)) == (["enough"], False)
