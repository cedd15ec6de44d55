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
