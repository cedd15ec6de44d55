"""System requests, beyond the rules: of those who are suspended or dead."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.running import virtual
from tests.servers import started


@virtual
async def test_the_suspended_can_be_stopped() -> None:
    log: list[Any] = []
    pid = await started(log)
    await ab.sys.suspend(pid)
    await ab.stop(pid)
    assert log == [("terminate", "normal")]


@virtual
async def test_a_dead_server_has_no_state() -> None:
    pid = await started()
    await ab.stop(pid)
    with pytest.raises(ab.CallExit) as failed:
        await ab.sys.get_state(pid)
    assert failed.value.reason == "noproc"


@virtual
async def test_an_attribute_set_on_the_state_is_set_in_the_server() -> None:
    pid = await started([])

    def renamed(state: Any) -> Any:
        state.word = "new"
        return state

    assert (await ab.sys.replace_state(pid, renamed)).word == "new"
    assert (await ab.sys.get_state(pid))["word"] == "new"


@virtual
async def test_a_name_that_a_dict_has_cannot_be_set_on_the_state() -> None:
    pid = await started([])
    with pytest.raises(ab.SysError, match="read-only"):
        await ab.sys.replace_state(pid, lambda state: setattr(state, "items", 1))


@pytest.mark.parametrize("kind", [int, ab.Supervisor, ab.GenStateMachine, ab.Agent])
@virtual
async def test_code_of_another_kind_is_refused_and_harms_nobody(kind: type) -> None:
    pid = await started([])
    await ab.sys.suspend(pid)
    with pytest.raises(ab.SysError):
        await ab.sys.change_code(pid, kind)
    await ab.sys.resume(pid)
    assert (await ab.sys.get_status(pid))["status"] == "running"


class Slotted(ab.GenServer):
    """Keeps part of its state in slots."""

    __slots__ = ("n", "unset")

    def init(self) -> None:
        self.n = 1
        self.other = 2


@virtual
async def test_slots_are_part_of_the_state() -> None:
    pid = await Slotted.start()
    assert await ab.sys.get_state(pid) == {"n": 1, "other": 2}
    assert await ab.sys.replace_state(pid, lambda state: {"n": state.n + 9}) == {"n": 10}
    assert await ab.sys.replace_state(pid, lambda state: {"unset": 0}) == {"unset": 0}


@virtual
async def test_slots_are_put_back_when_a_code_change_fails() -> None:
    class Failing(Slotted):
        __slots__ = ()

        def code_change(self, old: Any) -> None:
            self.n = "spoilt"  # type: ignore[assignment]
            raise ValueError(old.n)

    pid = await Slotted.start()
    await ab.sys.suspend(pid)
    with pytest.raises(ab.SysError, match="ValueError: 1"):
        await ab.sys.change_code(pid, Failing)
    assert (await ab.sys.get_state(pid)).n == 1
