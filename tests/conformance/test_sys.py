"""System requests: what a server's loop answers itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import settle, virtual
from tests.servers import call_reason, parent, started

Log = list[Any]


class Keeper(ab.GenServer):
    def init(self) -> None:
        self.items = [1]

    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        return list(self.items)


async def keeper(suspended: bool) -> ab.Pid:
    pid = await Keeper.start()
    assert pid is not None
    if suspended:
        await ab.sys.suspend(pid)
    return pid


@rule(
    "SYS-01",
    "get_state tells a running and a suspended server's state, replace_state replaces it and tells the new one.",
)
@pytest.mark.parametrize("suspended", [False, True])
@virtual
async def test_state_is_a_copy_and_can_be_replaced(suspended: bool) -> None:
    pid = await keeper(suspended)
    state = await ab.sys.get_state(pid)
    state["items"].append("mine")
    assert (await ab.sys.get_state(pid))["items"] == [1]
    assert (await ab.sys.replace_state(pid, lambda s: {"items": [*s["items"], 2]}))["items"] == [1, 2]
    assert (await ab.sys.get_state(pid))["items"] == [1, 2]
    await ab.sys.resume(pid)
    assert await ab.GenServer.call(pid, "items") == [1, 2]


@rule("SYS-01", "A function that raises leaves the old state, and fails the caller alone.")
@pytest.mark.parametrize("suspended", [False, True])
@pytest.mark.parametrize("bad", [lambda s: 1 / 0, lambda s: s["items"].append(2) or 1 / 0, lambda s: 5])
@virtual
async def test_a_replacement_that_fails_leaves_the_old_state(suspended: bool, bad: Any) -> None:
    pid = await keeper(suspended)
    with pytest.raises(ab.SysError, match="callback_failed") as failed:
        await ab.sys.replace_state(pid, bad)
    assert failed.value.reason[0] == "callback_failed"
    await ab.sys.resume(pid)
    assert await ab.GenServer.call(pid, "items") == [1]


@rule("SYS-02", "Of a suspended server calls time out; what it gets waits, and runs in order when it is resumed.")
@virtual
async def test_suspended_messages_wait_and_run_in_order() -> None:
    log: Log = []
    pid = await started(log)
    await ab.sys.suspend(pid)
    ab.send(pid, 0)
    ab.GenServer.cast(pid, 1)
    ab.send(pid, 2)
    assert await call_reason(pid, "x", 1) == "timeout"
    assert log == []
    await ab.sys.resume(pid)
    await settle()
    assert log == [0, ("cast", 1), 2]
    assert await ab.GenServer.call(pid, "x") == "x"


@rule("SYS-02", "Suspending or resuming twice is the same as once.")
@virtual
async def test_suspend_and_resume_twice_are_ok() -> None:
    log: Log = []
    pid = await started(log)
    assert [await ab.sys.suspend(pid) for _ in range(2)] == ["ok", "ok"]
    assert [await ab.sys.resume(pid) for _ in range(2)] == ["ok", "ok"]
    assert await ab.GenServer.call(pid, 1) == 1


@rule("SYS-03", "A suspended server still obeys the exit of its parent, and terminates with that.")
@pytest.mark.parametrize("reason", ["boom", "normal"])
@virtual
async def test_the_suspended_still_obey_their_parent(reason: str) -> None:
    log: Log = []
    father = ab.spawn(parent, ab.share(log), True)
    await settle()
    child = ab.whereis("child")
    assert child is not None
    ref = ab.monitor(child)
    await ab.sys.suspend(child)
    ab.send(child, "waits for ever")
    ab.send(father, reason)
    await settle()
    assert log == [("terminate", reason)]
    assert ab.flush() == [ab.DOWN(ref, child, reason)]


@rule("SYS-03", "And the kill.")
@virtual
async def test_the_suspended_can_be_killed() -> None:
    log: Log = []
    pid = await started(log, trap=True)
    await ab.sys.suspend(pid)
    ab.exit(pid, "kill")
    assert (ab.is_alive(pid), log) == (False, [])


@rule("SYS-03", "An async terminate of a suspended server runs to its end.")
@virtual
async def test_an_async_terminate_of_a_suspended_server_runs_to_its_end() -> None:
    ended: Log = []

    class Slow(ab.GenServer):
        async def terminate(self, reason: Any) -> None:
            await asyncio.sleep(1)
            ended.append(reason)

    pid = await Slow.start()
    assert pid is not None
    await ab.sys.suspend(pid)
    await ab.stop(pid, timeout=5)
    assert (ab.is_alive(pid), ended) == (False, ["normal"])


@rule(
    "SYS-04", "get_status tells the class, whether it runs or is suspended, the parent, what is traced, and the state."
)
@virtual
async def test_status_tells_class_parent_state_and_whether_it_runs() -> None:
    log: Log = []
    father = ab.spawn(parent, ab.share(log), True)
    await settle()
    status = await ab.sys.get_status("child")
    expected = {"module": "Server", "status": "running", "parent": father, "debug": []}
    assert {key: status[key] for key in expected} == expected
    assert status["state"]["log"] == []
    await ab.sys.suspend("child")
    await ab.sys.statistics("child", True)
    status = await ab.sys.get_status("child")
    assert (status["status"], status["debug"]) == ("suspended", ["statistics"])
    assert (await ab.sys.get_status(await started()))["parent"] is None


async def counted(pid: ab.Pid) -> tuple[int, int]:
    counts = await ab.sys.statistics(pid)
    return counts["messages_in"], counts["messages_out"]


@rule(
    "SYS-05", "Statistics count a call as one in and one out, a cast or a message as one in, and system requests not."
)
@virtual
async def test_statistics_count_messages_in_and_replies_out() -> None:
    pid = await started()
    assert await ab.sys.statistics(pid) == "no_statistics"
    assert await ab.sys.statistics(pid, True) == "ok"
    assert await counted(pid) == (0, 0)
    await ab.GenServer.call(pid, 1)
    assert await counted(pid) == (1, 1)
    ab.GenServer.cast(pid, 2)
    assert await counted(pid) == (2, 1)
    ab.send(pid, 3)
    await ab.sys.get_state(pid)
    await ab.sys.suspend(pid)
    await ab.sys.resume(pid)
    assert await counted(pid) == (3, 1)


@rule("SYS-05", "Turned off, there are none; turned on again, they begin anew.")
@virtual
async def test_statistics_can_be_turned_off() -> None:
    pid = await started()
    await ab.sys.statistics(pid, True)
    await ab.GenServer.call(pid, 1)
    assert await ab.sys.statistics(pid, False) == "ok"
    assert await ab.sys.statistics(pid) == "no_statistics"
    await ab.sys.statistics(pid, True)
    assert await counted(pid) == (0, 0)
