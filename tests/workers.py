"""Children that note their starts and ends, and what the tests of supervisors do with them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.running import settle

Log = list[Any]
STRATEGIES = ["one_for_one", "one_for_all", "rest_for_one"]


class Worker(ab.GenServer):
    """Notes its starts and its ends; `plan` says for each start in turn what happens: ok, ignore, or a failure."""

    def init(self, id: str, log: Log, plan: list[str] | None = None, trap: bool = True) -> Any:
        self.id, self.log = id, log
        ab.flag(trap_exit=trap)
        step = plan.pop(0) if plan else "ok"
        log.append(f"{step} {id}" if step != "ok" else f"start {id}")
        return None if step == "ok" else ab.Ignore() if step == "ignore" else ab.Stop(step)

    def handle_cast(self, request: Any) -> Any:
        return ab.Stop(request)

    def terminate(self, reason: Any) -> None:
        self.log.append(f"stop {self.id} {reason}")


class Hard(ab.GenServer):
    """Takes a second to start, and fails as long as `state["bad"]` says so."""

    async def init(self, state: dict[str, bool]) -> Any:
        await asyncio.sleep(1)
        return ab.Stop("bad") if state["bad"] else None

    def handle_cast(self, request: Any) -> Any:
        return ab.Stop(request)


def worker(id: str, log: Log, plan: list[str] | None = None, trap: bool = True, **options: Any) -> ab.ChildSpec:
    """The spec of a worker whose name is its id."""
    return Worker.child_spec(id, ab.share(log), ab.share(plan), trap, id=id, name=id, **options)


async def supervise(children: Any, **options: Any) -> ab.Pid:
    """The pid of a fresh supervisor."""
    pid = await ab.Supervisor.start(children, **options)
    assert pid is not None
    return pid


async def end(id: str, reason: Any = "boom") -> None:
    """Have a worker end itself."""
    ab.GenServer.cast(id, reason)
    await settle()


def pids(*ids: str) -> list[ab.Pid | None]:
    """Who has these names now."""
    return [ab.whereis(id) for id in ids]


async def ids_of(sup: Any) -> list[Any]:
    """The ids of a supervisor's children, newest first."""
    return [child.id for child in await ab.Supervisor.which_children(sup)]


async def refusal(attempt: Any) -> Any:
    """Why a supervisor refuses, or fails, in one clear line."""
    with pytest.raises(ab.SupervisorError) as failed:
        await attempt
    assert "\n" not in str(failed.value)
    return failed.value.reason
