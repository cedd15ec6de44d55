"""The functions of a supervisor, and significant children: rules SUP-44 to SUP-55."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.behaviours.test_supervisor import Log, end, pids, supervise, worker
from tests.running import settle, virtual


async def refusal(attempt: Any) -> Any:
    with pytest.raises(ab.SupervisorError) as failed:
        await attempt
    assert "\n" not in str(failed.value)
    return failed.value.reason


@virtual
async def test_which_children_lists_the_newest_first_and_counts_sup_44_sup_45() -> None:
    log: Log = []
    sup = await supervise([worker("a", log), ab.Supervisor.child_spec([], id="s")])
    await ab.Supervisor.start_child(sup, worker("b", log))
    await ab.Supervisor.terminate_child(sup, "a")
    children = await ab.Supervisor.which_children(sup)
    assert [(c.id, c.type, c.modules) for c in children] == [
        ("b", "worker", ("Worker",)),
        ("s", "supervisor", ("Supervisor",)),
        ("a", "worker", ("Worker",)),
    ]
    assert [children[0].pid, children[2].pid] == [ab.whereis("b"), None]
    assert await ab.Supervisor.count_children(sup) == {
        "specs": 3,
        "active": 2,
        "supervisors": 1,
        "workers": 2,
    }


@virtual
async def test_terminate_child_is_idempotent_and_keeps_the_spec_unless_temporary_sup_46() -> None:
    log: Log = []
    sup = await supervise([worker("a", log), worker("t", log, restart="temporary")])
    assert [await ab.Supervisor.terminate_child(sup, "a") for _ in range(2)] == ["ok", "ok"]
    assert await ab.Supervisor.terminate_child(sup, "t") == "ok"
    for unknown in ("t", "x", sup, ["no hash"]):
        assert await refusal(ab.Supervisor.terminate_child(sup, unknown)) == "not_found"
    assert [child.id for child in await ab.Supervisor.which_children(sup)] == ["a"]


@virtual
async def test_restart_child_refuses_or_fails_and_keeps_the_spec_sup_47() -> None:
    log: Log = []
    sup = await supervise([worker("a", log, ["ok", "bad", "ok"])])
    assert await refusal(ab.Supervisor.restart_child(sup, "a")) == "running"
    assert await refusal(ab.Supervisor.restart_child(sup, "x")) == "not_found"
    await ab.Supervisor.terminate_child(sup, "a")
    assert await refusal(ab.Supervisor.restart_child(sup, "a")) == "bad"
    assert await ab.Supervisor.restart_child(sup, "a") == ab.whereis("a")


@virtual
async def test_delete_child_wants_it_stopped_and_frees_the_id_sup_48() -> None:
    log: Log = []
    sup = await supervise([worker("a", log)])
    assert await refusal(ab.Supervisor.delete_child(sup, "a")) == "running"
    await ab.Supervisor.terminate_child(sup, "a")
    assert await ab.Supervisor.delete_child(sup, "a") == "ok"
    assert await refusal(ab.Supervisor.delete_child(sup, "a")) == "not_found"
    assert isinstance(await ab.Supervisor.start_child(sup, worker("a", log)), ab.Pid)


@virtual
async def test_start_child_knows_the_ids_and_appends_last_sup_49() -> None:
    log: Log = []
    sup = await supervise([worker("a", log)])
    spec = worker("a", log)
    assert await refusal(ab.Supervisor.start_child(sup, spec)) == ("already_started", ab.whereis("a"))
    await ab.Supervisor.terminate_child(sup, "a")
    assert await refusal(ab.Supervisor.start_child(sup, spec)) == "already_present"
    assert await refusal(ab.Supervisor.start_child(sup, worker("b", log, ["bad"]))) == "bad"
    await ab.Supervisor.start_child(sup, worker("c", log))
    assert [child.id for child in await ab.Supervisor.which_children(sup)] == ["c", "a"]


@virtual
async def test_a_missing_supervisor_is_noproc_sup_50() -> None:
    for attempt in (
        ab.Supervisor.which_children("nobody"),
        ab.Supervisor.count_children("nobody"),
        ab.Supervisor.terminate_child("nobody", "a"),
        ab.Supervisor.start_child("nobody", worker("a", [])),
    ):
        with pytest.raises(ab.CallExit, match="no process 'nobody'") as failed:
            await attempt
        assert failed.value.reason == "noproc"


@virtual
async def test_significant_children_need_an_auto_shutdown_and_an_end_sup_51() -> None:
    log: Log = []
    for restart, auto in [("transient", "never"), ("permanent", "any_significant")]:
        spec = worker("a", log, restart=restart, significant=True)
        with pytest.raises(ab.ChildSpecError, match="expected significant children to be") as failed:
            await supervise([spec], auto_shutdown=auto)
        assert failed.value.reason[0] == "bad_combination"
        sup = await supervise([], auto_shutdown=auto)
        assert (await refusal(ab.Supervisor.start_child(sup, spec)))[0] == "bad_combination"


@pytest.mark.parametrize(
    ("restart", "reason", "ends"),
    [("transient", "normal", True), ("transient", "boom", False), ("temporary", "boom", True)],
)
def test_any_significant_end_stops_the_rest_sup_52_sup_53(restart: Any, reason: str, ends: bool) -> None:
    @virtual
    async def body() -> None:
        log: Log = []
        specs = [worker("a", log, restart=restart, significant=True), worker("b", log)]
        sup = await supervise(specs, auto_shutdown="any_significant")
        ref = ab.monitor(sup)
        await end("a", reason)
        assert ab.is_alive(sup) is not ends
        if ends:
            assert ab.flush() == [ab.DOWN(ref, sup, "shutdown")]
            assert log[-1] == "stop b shutdown"
        else:
            assert None not in pids("a", "b")

    body()


@virtual
async def test_all_significant_waits_for_the_last_sup_53() -> None:
    log: Log = []
    specs = [worker(id, log, restart="transient", significant=True) for id in "ab"]
    sup = await supervise([*specs, worker("c", log)], auto_shutdown="all_significant")
    await end("a", "normal")
    assert ab.is_alive(sup)
    await end("b", "normal")
    assert not ab.is_alive(sup)


@virtual
async def test_stopping_a_significant_child_by_hand_or_by_a_sibling_triggers_nothing_sup_54() -> None:
    log: Log = []
    specs = [worker("a", log), worker("b", log, restart="temporary", significant=True)]
    sup = await supervise(specs, auto_shutdown="any_significant", strategy="one_for_all")
    await end("a")
    assert ab.is_alive(sup)
    await ab.Supervisor.start_child(sup, worker("c", log, restart="transient", significant=True))
    await ab.Supervisor.terminate_child(sup, "c")
    await settle()
    assert ab.is_alive(sup)


@pytest.mark.parametrize("significant", [True, False])
def test_auto_shutdown_climbs_only_through_significant_supervisors_sup_55(significant: bool) -> None:
    @virtual
    async def body() -> None:
        log: Log = []
        inner = ab.Supervisor.child_spec(
            [worker("a", log, restart="transient", significant=True)],
            auto_shutdown="any_significant",
            name="in",
            restart="transient",
            significant=significant,
        )
        top = await supervise([inner], auto_shutdown="any_significant")
        await end("a", "normal")
        assert ab.whereis("in") is None
        assert ab.is_alive(top) is not significant

    body()
