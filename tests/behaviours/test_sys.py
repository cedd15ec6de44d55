"""System requests: rules SYS-01 to SYS-05."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.behaviours.test_gen_server import Log, call_reason, parent, started
from tests.running import settle, virtual


class Keeper(ab.GenServer):
    def init(self) -> None:
        self.items = [1]

    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        self.items.append(request)
        return list(self.items)


@virtual
async def test_state_is_a_copy_and_can_be_replaced_or_stays_sys_01() -> None:
    pid = await Keeper.start()
    state = await ab.sys.get_state(pid)
    state["items"].append("mine")
    assert (await ab.sys.get_state(pid))["items"] == [1]
    assert (await ab.sys.replace_state(pid, lambda s: {"items": [*s["items"], 2]}))["items"] == [1, 2]
    await ab.sys.suspend(pid)
    assert (await ab.sys.get_state(pid))["items"] == [1, 2]
    bad_ones: list[Any] = [lambda s: 1 / 0, lambda s: 5]
    for bad in bad_ones:
        with pytest.raises(ab.SysError, match="callback_failed"):
            await ab.sys.replace_state(pid, bad)
    assert (await ab.sys.get_state(pid))["items"] == [1, 2]


@virtual
async def test_suspended_messages_wait_and_run_in_order_sys_02() -> None:
    log: Log = []
    pid = await started(log)
    assert [await ab.sys.suspend(pid), await ab.sys.suspend(pid)] == ["ok", "ok"]
    for n in range(3):
        ab.send(pid, n)
    assert await call_reason(pid, "x", 1) == "timeout"
    assert log == []
    assert [await ab.sys.resume(pid), await ab.sys.resume(pid)] == ["ok", "ok"]
    await settle()
    assert log == [0, 1, 2]


@virtual
async def test_the_suspended_still_obey_their_parent_and_the_kill_sys_03() -> None:
    log: Log = []
    father = ab.spawn(parent, ab.share(log), True)
    await settle()
    child = ab.whereis("child")
    assert child is not None
    await ab.sys.suspend(child)
    ab.send(child, "waits for ever")
    ab.send(father, "boom")
    await settle()
    assert (ab.is_alive(child), log) == (False, [("terminate", "boom")])
    other = await started()
    await ab.sys.suspend(other)
    ab.exit(other, "kill")
    assert not ab.is_alive(other)


@virtual
async def test_the_suspended_can_be_stopped() -> None:
    log: Log = []
    pid = await started(log)
    await ab.sys.suspend(pid)
    await ab.stop(pid)
    assert log == [("terminate", "normal")]


@virtual
async def test_an_async_terminate_of_a_suspended_server_runs_to_its_end_sys_03() -> None:
    class Slow(ab.GenServer):
        async def terminate(self, reason: Any) -> None:
            await asyncio.sleep(1)

    pid = await Slow.start()
    assert pid is not None
    await ab.sys.suspend(pid)
    await ab.stop(pid, timeout=5)
    assert not ab.is_alive(pid)


@virtual
async def test_status_tells_class_parent_and_whether_it_runs_sys_04() -> None:
    pid = await started()
    status = await ab.sys.get_status(pid)
    assert (status["module"], status["status"], status["parent"]) == ("Server", "running", None)
    await ab.sys.suspend(pid)
    assert (await ab.sys.get_status(pid))["status"] == "suspended"


@virtual
async def test_statistics_count_messages_in_and_replies_out_sys_05() -> None:
    pid = await started()
    assert await ab.sys.statistics(pid) == "no_statistics"
    await ab.sys.statistics(pid, True)
    before = await ab.sys.statistics(pid)
    await ab.GenServer.call(pid, 1)
    ab.GenServer.cast(pid, 2)
    ab.send(pid, 3)
    await settle()
    after = await ab.sys.statistics(pid)
    assert after["messages_out"] - before["messages_out"] == 1
    assert after["messages_in"] - before["messages_in"] == 3  # the requests for the counts are system messages
    await ab.sys.statistics(pid, False)
    assert await ab.sys.statistics(pid) == "no_statistics"


@virtual
async def test_a_dead_server_has_no_state() -> None:
    pid = await started()
    await ab.stop(pid)
    with pytest.raises(ab.CallExit) as failed:
        await ab.sys.get_state(pid)
    assert failed.value.reason == "noproc"
