"""Supervisors: significant children, whose end can end their supervisor."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import settle, virtual
from tests.workers import end, pids, refusal, supervise, worker

Log = list[Any]


def significant(id: str, restart: Any, log: Log | None = None) -> ab.ChildSpec:
    return worker(id, [] if log is None else log, restart=restart, significant=True)


@rule("SUP-51", "A significant child needs an auto shutdown other than never, and must not be permanent.")
@pytest.mark.parametrize(
    ("restart", "auto"),
    [
        ("transient", "never"),
        ("temporary", "never"),
        ("permanent", "any_significant"),
        ("permanent", "all_significant"),
    ],
)
@virtual
async def test_significant_children_need_an_auto_shutdown_and_an_end(restart: Any, auto: str) -> None:
    spec = significant("a", restart)
    with pytest.raises(ab.ChildSpecError, match="expected significant children to be") as failed:
        await supervise([spec], auto_shutdown=auto)
    assert failed.value.reason == ("bad_combination", "a")
    sup = await supervise([], auto_shutdown=auto)
    assert await refusal(ab.Supervisor.start_child(sup, spec)) == ("bad_combination", "a")
    assert ab.whereis("a") is None


@rule(
    "SUP-52",
    "any_significant: an orderly end of a transient one, or any end of a temporary one, stops the rest, shutdown.",
)
@pytest.mark.parametrize(
    ("restart", "reason"),
    [
        ("transient", "normal"),
        ("transient", "shutdown"),
        ("transient", ("shutdown", 1)),
        ("temporary", "normal"),
        ("temporary", "boom"),
    ],
)
@virtual
async def test_any_significant_end_stops_the_rest(restart: Any, reason: Any) -> None:
    log: Log = []
    specs = [worker("b", log), significant("a", restart, log), worker("c", log)]
    sup = await supervise(specs, auto_shutdown="any_significant")
    ref = ab.monitor(sup)
    await end("a", reason)
    assert ab.flush() == [ab.DOWN(ref, sup, "shutdown")]
    assert log[3:] == [f"stop a {reason}", "stop c shutdown", "stop b shutdown"]


@rule("SUP-53", "A significant transient child that crashes is restarted, and nothing shuts down.")
@pytest.mark.parametrize("auto", ["any_significant", "all_significant"])
@virtual
async def test_a_significant_child_that_crashes_is_restarted(auto: str) -> None:
    sup = await supervise([significant("a", "transient"), worker("b", [])], auto_shutdown=auto)
    before = pids("a", "b")
    await end("a")
    assert ab.is_alive(sup)
    assert None not in pids("a", "b")
    assert pids("a", "b")[0] != before[0]


@rule("SUP-53", "all_significant waits for the last significant child that is active.")
@virtual
async def test_all_significant_waits_for_the_last() -> None:
    specs = [significant("a", "transient"), significant("b", "temporary"), significant("c", "transient")]
    sup = await supervise([*specs, worker("d", [])], auto_shutdown="all_significant")
    ref = ab.monitor(sup)
    await end("a", "normal")
    await end("b", "boom")
    assert ab.is_alive(sup)
    await end("c", "normal")
    assert ab.flush() == [ab.DOWN(ref, sup, "shutdown")]
    assert ab.whereis("d") is None


@rule("SUP-54", "Stopping a significant child by hand shuts nothing down.")
@pytest.mark.parametrize("restart", ["transient", "temporary"])
@virtual
async def test_stopping_a_significant_child_by_hand_triggers_nothing(restart: Any) -> None:
    sup = await supervise([significant("a", restart), worker("b", [])], auto_shutdown="any_significant")
    await ab.Supervisor.terminate_child(sup, "a")
    await settle()
    assert ab.is_alive(sup)
    assert ab.whereis("b") is not None


@rule("SUP-54", "Nor does it when a restart of its group stops it.")
@pytest.mark.parametrize("restart", ["transient", "temporary"])
@pytest.mark.parametrize("strategy", ["one_for_all", "rest_for_one"])
@virtual
async def test_a_significant_child_stopped_for_a_sibling_triggers_nothing(restart: Any, strategy: str) -> None:
    specs = [worker("a", []), significant("b", restart)]
    sup = await supervise(specs, auto_shutdown="any_significant", strategy=strategy)
    await end("a")
    await settle()
    assert ab.is_alive(sup)
    assert [pid is not None for pid in pids("a", "b")] == [True, restart == "transient"]


@rule("SUP-55", "An auto shutdown climbs to the next supervisor only when the nested one is significant itself.")
@pytest.mark.parametrize("climbs", [True, False])
@virtual
async def test_auto_shutdown_climbs_only_through_significant_supervisors(climbs: bool) -> None:
    inner = ab.Supervisor.child_spec(
        [significant("a", "transient")],
        auto_shutdown="any_significant",
        name="in",
        restart="transient",
        significant=climbs,
    )
    top = await supervise([inner], auto_shutdown="any_significant")
    await end("a", "normal")
    assert ab.whereis("in") is None
    assert ab.is_alive(top) is not climbs
