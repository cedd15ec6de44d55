"""Going back: the tree of every event, put together afterwards, is the tree that there was at that event."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import actorbook as ab
from actorbook.behaviours import system
from actorbook.core.running import current_node
from actorbook.observe import Event, Tree, recorder_of
from tests.running import run, virtual


class Worker(ab.GenServer):
    def init(self, start: int = 0) -> None:
        self.n = start

    @ab.call
    def add(self, k: int) -> int:
        self.n += k
        return self.n

    @ab.cast
    def crash(self) -> None:
        raise RuntimeError("boom")

    @ab.cast
    async def work(self, seconds: float) -> None:
        await ab.sleep(seconds)


@contextmanager
def remembered() -> Iterator[dict[int, Tree]]:
    """The live tree of each event."""
    seen: dict[int, Tree] = {}

    def look(event: Event) -> None:
        seen[event.n] = ab.observe.tree()

    recorder = recorder_of(current_node())
    recorder.listeners.append(look)
    yield seen
    recorder.listeners.remove(look)


def compare(seen: dict[int, Tree]) -> None:
    for n, tree in seen.items():
        then = ab.observe.at(n)
        assert str(then) == str(tree), f"event {n}"
        assert then == tree, f"event {n}"


@virtual
async def test_restarts_that_are_too_old_by_now_count_again_where_they_were_not() -> None:
    with remembered() as seen:
        await ab.Supervisor.start([Worker.child_spec(id="a", name="a")], max_restarts=2, max_seconds=5, name="shop")
        for pause in (1, 20, 1, 1):
            a = ab.whereis("a")
            assert a is not None
            a.crash()
            await ab.sleep(pause)
    compare(seen)


@virtual
async def test_every_event_of_a_crashing_shop_can_be_had_back() -> None:
    with remembered() as seen:
        await ab.Supervisor.start(
            [
                Worker.child_spec(10, id="a", name="a"),
                Worker.child_spec(20, id="b", name="b"),
                Worker.child_spec(id="t", restart="temporary"),
            ],
            strategy="one_for_all",
            name="shop",
        )
        a = ab.whereis("a")
        assert a is not None
        a.work(1)
        for _ in range(3):
            a.work(0)
        await ab.sleep(0.01)
        ab.whereis("b").crash()  # type: ignore[union-attr]
        await ab.sleep(2)
        ab.whereis("b").crash()  # type: ignore[union-attr]
        await ab.sleep(10)
        while (a := ab.whereis("a")) is not None:
            a.crash()
            await ab.sleep(0.1)

    assert {"restarted", "gave_up"} <= {e.kind for e in ab.observe.events()}
    compare(seen)


# --- storms -----------------------------------------------------------------------------------------------------


async def _idle() -> None:
    await ab.receive(timeout=50)


async def _family(depth: int) -> None:
    """A plain function that starts others, linked and not."""
    ab.spawn(_idle, link=True)
    ab.spawn(_idle)
    if depth:
        child = ab.spawn(_family, depth - 1, link=True)
        late = ab.spawn(_idle)
        ab.link(late)
        ab.unlink(child)
    await ab.receive(timeout=30)


def _everybody() -> list[ab.Pid]:
    return [p.pid for p in current_node().processes.values() if p is not current_node().shell]


_STEPS = st.sampled_from(
    ["start", "kill", "crash", "stop", "supervisor", "dynamic", "family", "name", "suspend", "resume", "send", "wait",
     "delete", "temporary", "child", "exit"]
)  # fmt: skip


async def _step(what: str, pick: int) -> None:
    pids = _everybody()
    one = pids[pick % len(pids)] if pids else None
    names = [name for name, _ in current_node().names.items()]
    match what:
        case "start":
            await Worker.start(name=f"w{pick}" if f"w{pick}" not in names else None)
        case "supervisor":
            strategy: Any = ("one_for_one", "one_for_all", "rest_for_one")[pick % 3]
            restarts: Any = ("permanent", "transient", "temporary")
            kids = [Worker.child_spec(id=i, restart=restarts[(pick + i) % 3]) for i in range(pick % 4)]
            await ab.Supervisor.start(kids, strategy=strategy, max_restarts=pick % 4, max_seconds=5)
        case "dynamic":
            await ab.DynamicSupervisor.start(max_restarts=2)
        case "child":
            await _child(pick)
        case "family":
            ab.spawn(_family, pick % 3)
        case "wait":
            await ab.sleep((0.0, 0.01, 1.0, 6.0)[pick % 4])
        case _ if one is not None:
            await _strike(what, one, pick, names)


def _supervisors(kind: str) -> list[ab.Pid]:
    return [p for p in _everybody() if current_node().processes[p].body.describe().sub == kind]


async def _child(pick: int) -> None:
    found = _supervisors("dynamic")
    if found:
        restart: Any = ("permanent", "temporary")[pick % 2]
        with_it = Worker.child_spec(restart=restart)
        await ab.DynamicSupervisor.start_child(found[pick % len(found)], with_it)


async def _strike(what: str, one: ab.Pid, pick: int, names: list[str]) -> None:
    match what:
        case "kill":
            ab.exit(one, "kill")
        case "exit":
            ab.exit(one, "shutdown")
        case "crash":
            ab.GenServer.cast(one, "no such request")
        case "send":
            for n in range(pick % 5):
                ab.send(one, n)
        case "name" if current_node().processes[one].name is None and f"n{pick}" not in names:
            ab.register(one, f"n{pick}")
        case "suspend" | "resume" if hasattr(current_node().processes[one].body, "server"):
            getattr(system, what)(current_node().processes[one])
        case "delete" if found := _supervisors("one_for_one"):
            sup = found[pick % len(found)]
            children = await ab.Supervisor.which_children(sup)
            if children:
                child = children[pick % len(children)]
                await ab.Supervisor.terminate_child(sup, child.id)
                with suppress(ab.SupervisorError):
                    await ab.Supervisor.delete_child(sup, child.id)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(_STEPS, st.integers(0, 40)), max_size=25))
def test_storms_can_be_had_back(steps: list[tuple[str, int]]) -> None:
    async def storm() -> None:
        ab.flag(trap_exit=True)
        with remembered() as seen:
            for what, pick in steps:
                with suppress(ab.CallExit, TimeoutError, ab.NoProcessError):
                    async with asyncio.timeout(20):
                        await _step(what, pick)
            await ab.sleep(3)
        compare(seen)

    run(storm)


@virtual
async def test_a_full_log_still_knows_each_event_that_it_keeps() -> None:
    recorder = recorder_of(current_node())
    recorder.log = deque(maxlen=30)
    with remembered() as seen:
        await ab.Supervisor.start([Worker.child_spec(id=n, name=f"w{n}") for n in range(5)], max_restarts=100)
        for n in range(20):
            ab.exit(ab.whereis(f"w{n % 5}"), "kill")  # type: ignore[arg-type]
            ab.spawn(_family, 1)
            await ab.sleep(0.5)

    assert recorder.dropped > 0
    compare({n: tree for n, tree in seen.items() if n > recorder.dropped})
    with pytest.raises(LookupError, match="expected an event that is kept, got 3; the events"):
        ab.observe.at(3)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(_STEPS | st.sampled_from(["crash_node", "restart_node", "cut", "heal", "far"]),
                          st.integers(0, 40)), max_size=20))  # fmt: skip
def test_storms_on_several_nodes_can_be_had_back(steps: list[tuple[str, int]]) -> None:
    async def storm() -> None:
        ab.flag(trap_exit=True)
        with remembered() as seen:
            cluster = await ab.Cluster.simulated(["a", "b"], latency=0.001)
            for what, pick in steps:
                with suppress(ab.CallExit, TimeoutError, ab.NoProcessError, ab.StartError, ab.SupervisorError):
                    async with asyncio.timeout(20):
                        await _weather(cluster, what, pick)
            await ab.sleep(3)
            await cluster.stop()
        compare(seen)

    run(storm)


async def _weather(cluster: ab.Cluster, what: str, pick: int) -> None:
    up = [name for name in ("a", "b") if name in cluster.nodes]
    match what:
        case "crash_node":
            if up:
                cluster.crash(up[pick % len(up)])
        case "restart_node":
            for name in {"a", "b"} - set(up):
                cluster.restart(name)
        case "cut":
            cluster.partition({"a"}, {"b"} if pick % 2 else {"b", "nb@local"}, oneway=pick % 3 == 0)
        case "heal":
            cluster.heal()
        case "far":
            if up:
                ab.spawn(_family, 1, node=up[pick % len(up)], link=pick % 2 == 0)
                await ab.Supervisor.start([Worker.child_spec(id=1)], node=up[pick % len(up)])
        case _:
            await _step(what, pick)
    await ab.sleep(0.01)


# --- causes -----------------------------------------------------------------------------------------------------


def _chain(event: Event) -> list[tuple[str, str]]:
    return [(e.kind, e.name) for e in ab.observe.why(event)]


@virtual
async def test_a_chain_of_causes_leads_back_to_the_crash() -> None:
    await ab.Supervisor.start(
        [Worker.child_spec(id="a", name="a"), Worker.child_spec(id="b", name="b")], strategy="one_for_all"
    )
    ab.whereis("a").crash()  # type: ignore[union-attr]
    await ab.sleep(0.01)

    [again_a, again_b] = ab.observe.events(kind="restarted")
    assert _chain(again_a) == [("crashed", "a"), ("restarted", "a")]
    assert _chain(again_b) == [("crashed", "a"), ("exited", "b"), ("restarted", "b")]
    assert ab.observe.next_crash() == ab.observe.events(kind="crashed")[0]
    assert ab.observe.next_crash(again_b.n) is None


@virtual
async def test_links_carry_the_cause_on() -> None:
    async def chain(n: int) -> None:
        if n:
            ab.spawn(chain, n - 1, link=True, name=f"c{n - 1}")
        await ab.receive()
        raise RuntimeError("boom")

    ab.spawn(chain, 2, name="c2")
    await ab.sleep(0.01)
    ab.send("c0", "die")
    await ab.sleep(0.01)

    assert _chain(ab.observe.events()[-1]) == [("crashed", "c0"), ("crashed", "c1"), ("crashed", "c2")]


@virtual
async def test_a_supervisor_that_gives_up_is_behind_the_end_of_its_children() -> None:
    await ab.Supervisor.start(
        [Worker.child_spec(id="a", name="a"), Worker.child_spec(id="b", name="b")], max_restarts=0, name="sup"
    )
    ab.whereis("a").crash()  # type: ignore[union-attr]
    await ab.sleep(0.01)

    last = [("crashed", "a"), ("gave_up", "sup")]
    assert _chain(ab.observe.events(pid=ab.observe.events(kind="gave_up")[0].pid)[-1]) == [*last, ("exited", "sup")]
    assert _chain(next(e for e in ab.observe.events(kind="exited") if e.name == "b")) == [*last, ("exited", "b")]


@virtual
async def test_a_lost_node_is_behind_what_it_takes_along() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        far = ab.spawn(_idle, node="a")
        pid = ab.spawn(_linked_with, far)
        await ab.sleep(0.1)
        cluster.crash("a")
        await ab.sleep(2)

        assert _chain(ab.observe.events(pid=pid)[-1]) == [("node_crashed", "a"), ("exited", "")]


async def _linked_with(pid: ab.Pid) -> None:
    ab.link(pid)
    await ab.receive()
