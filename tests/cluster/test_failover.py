"""Cluster supervisors: placement, failover, hand-over, cuts with each policy, and storms after which all is in order.

Each seed is one storm; the environment variable ACTORBOOK_STORMS says how many are tried.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

import actorbook as ab
from actorbook.cluster.failover_plan import Copy, End, HandOver, Sight, Start, View, goes_on, plan
from actorbook.cluster.ring import Ring
from tests.cluster.weather import Weather
from tests.running import now, passed, virtual

NODES = ["a", "b", "c"]
IDS = [f"child {n}" for n in range(12)]
STORMS = int(os.environ.get("ACTORBOOK_STORMS", "15"))
Sup = ab.ClusterSupervisor


class Basket(ab.GenServer):
    """Keeps what is put into it, and takes it along."""

    def init(self, *things: str) -> Any:
        if "bad" in things:
            return ab.Stop("bad")
        self.things = list(things)
        return None

    @ab.call
    def put(self, thing: str) -> list[str]:
        self.things.append(thing)
        return self.things

    @ab.call
    def look(self) -> list[str]:
        return self.things

    @ab.cast
    def crash(self) -> None:
        raise RuntimeError("boom")

    @ab.call
    def hand_over(self) -> Any:
        if "secret" in self.things:
            raise ValueError("not mine to give")
        return Homebody() if "home" in self.things else self.things

    @ab.call
    def take_over(self, state: list[str]) -> None:
        if "hot" in state:
            raise ValueError("not mine to take")
        self.things = state


class Homebody:
    """Can be copied, but cannot travel."""

    def __deepcopy__(self, memo: Any) -> Homebody:
        return self

    def __reduce__(self) -> Any:
        raise TypeError("I stay")


class Plain(ab.GenServer):
    """Takes nothing along."""


def youngest(id: str, copies: list[Copy]) -> str:
    return copies[-1].node


def confused(id: str, copies: list[Copy]) -> str:
    if id.endswith("1"):
        raise RuntimeError("which?")
    return "nowhere"


async def started(ids: list[str] = IDS, cls: Any = Basket, **options: Any) -> None:
    await Sup.start([cls.child_spec(id=id) for id in ids], name="shop", **options)


def homes() -> dict[str, str | None]:
    """Where each child runs, as the notebook's node knows it."""
    found = {id: Sup.whereis("shop", id) for id in IDS}
    return {id: None if pid is None else pid.node for id, pid in found.items()}


def placed(*nodes: str) -> dict[str, str]:
    return {id: Ring(nodes).owner(id) for id in IDS}


def exactly_once(cluster: ab.Cluster) -> bool:
    """Each child has one process in the whole cluster, and everybody finds that one."""
    alive = [
        process.pid
        for node in cluster.nodes.values()
        for process in node.processes.values()
        if getattr(process.body, "cls", None) is Basket
    ]
    known = [pid for id in IDS if (pid := Sup.whereis("shop", id)) is not None]
    return sorted(alive) == sorted(known) and len(alive) == len(IDS)


def alive(node: ab.Node) -> int:
    return sum(getattr(process.body, "cls", None) is Basket for process in node.processes.values())


# ── the plan


def view(here: str, runs: dict[str, dict[str, float]], **fields: Any) -> View:
    members = frozenset(runs)
    return View(here, ("a", "b", "c"), members, {n: Sight(r, members) for n, r in runs.items()})._replace(**fields)


def test_nothing_is_started_while_somebody_has_not_spoken() -> None:
    owner = Ring(NODES).owner("x")
    seen = view(owner, {"a": {}, "b": {}, "c": {}})

    assert plan(seen, ["x"], "keep_oldest") == [Start("x")]
    assert plan(seen._replace(waiting=True), ["x"], "keep_oldest") == []


def test_a_child_is_handed_to_its_owner_only_when_all_members_see_the_same() -> None:
    owner = Ring(NODES).owner("x")
    other = next(node for node in NODES if node != owner)
    seen = view(other, {node: {"x": 1.0} if node == other else {} for node in NODES})
    blind = {**seen.sights, owner: Sight({}, frozenset({owner}))}

    assert plan(seen, ["x"], "keep_oldest") == [HandOver("x", owner)]
    assert plan(seen._replace(sights=blind), ["x"], "keep_oldest") == []


def test_of_several_copies_one_stays_whoever_judges() -> None:
    runs = {"a": {"x": 3.0}, "b": {"x": 1.0}, "c": {"x": 1.0}}

    for split, keeper in (("keep_oldest", "b"), ("keep_majority", "b"), (youngest, "a"), (confused, "b")):
        plans = {node: plan(view(node, runs), ["x"], split) for node in NODES}
        assert [node for node, actions in plans.items() if End("x") not in actions] == [keeper]


def test_exactly_one_side_of_a_cut_goes_on_with_keep_majority() -> None:
    for cut in range(1, 8):
        side = frozenset(node for bit, node in enumerate("abcd") if cut >> bit & 1)
        sides = [goes_on(part, "abcd", "keep_majority") for part in (side, frozenset("abcd") - side)]

        assert sorted(sides) == [False, True]


# ── starting and stopping


@virtual
async def test_children_run_once_each_where_the_ring_says() -> None:
    async with ab.Cluster.simulated(NODES, latency=0.01) as cluster:
        await started()

        assert homes() == placed(*NODES)
        assert exactly_once(cluster)
        assert [child.id for child in await Sup.which_children("shop")] == IDS


@virtual
async def test_children_come_and_go_while_it_runs() -> None:
    async with ab.Cluster.simulated(NODES, latency=0.01) as cluster:
        await started(IDS[:-1])
        pid = await Sup.start_child("shop", Basket.child_spec("tea", id=IDS[-1]))
        assert await pid.look() == ["tea"]
        with pytest.raises(ab.SupervisorError) as twice:
            await Sup.start_child("shop", Basket.child_spec(id=IDS[0]))
        assert await Sup.terminate_child("shop", IDS[0]) == "ok"
        with pytest.raises(ab.SupervisorError) as gone:
            await Sup.terminate_child("shop", IDS[0])

        assert (twice.value.reason, gone.value.reason) == ("already_present", "not_found")
        assert Sup.whereis("shop", IDS[0]) is None
        await Sup.start_child("shop", Basket.child_spec(id=IDS[0]))
        assert exactly_once(cluster)


@virtual
async def test_stop_leaves_nothing_behind_and_frees_the_name() -> None:
    async with ab.Cluster.simulated(NODES, latency=0.01) as cluster:
        await started()
        with pytest.raises(ab.SupervisorError, match="runs already"):
            await started()
        await Sup.stop("shop")
        await ab.sleep(5)

        assert [alive(node) for node in cluster.nodes.values()] == [0, 0, 0, 0]
        with pytest.raises(ab.CallExit, match="no member"):
            await Sup.which_children("shop")
        await started()
        assert exactly_once(cluster)


@virtual
async def test_what_cannot_be_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="expected nodes, got none"):
        await Sup.start([], name="shop", nodes=[])
    async with ab.Cluster.simulated(NODES):
        with pytest.raises(ValueError, match="expected 'keep_majority', 'keep_oldest' or a function"):
            await Sup.start([], name="shop", split="keep_all")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="expected the name as text"):
            await Sup.start([], name="")
        with pytest.raises(ValueError, match="none of x, y is in reach"):
            await Sup.start([], name="shop", nodes=["x", "y"])
        with pytest.raises(ab.SupervisorError) as failed:
            await Sup.start([(Basket, "bad")], name="shop")

        assert failed.value.reason == "timeout"
        assert ab.pg.get_members(("cluster_supervisor", "shop")) == []


@virtual
async def test_a_message_of_a_stranger_harms_no_member() -> None:
    async with ab.Cluster.simulated(NODES):
        await started()
        before = ab.pg.get_members(("cluster_supervisor", "shop"))
        for message in ("hello", (), ("strange", 1), 7):
            for node in NODES:
                ab.send(("shop", node), message)
        await ab.sleep(1)

        assert sorted(ab.pg.get_members(("cluster_supervisor", "shop"))) == sorted(before)


# ── nodes are lost, and come back


@virtual
async def test_children_of_a_crashed_node_run_elsewhere_at_once() -> None:
    async with ab.Cluster.simulated(NODES, net_tick=2.0, latency=0.01) as cluster:
        await started()
        stayed = {id: Sup.whereis("shop", id) for id, node in placed(*NODES).items() if node != "b"}
        cluster.crash("b")
        await ab.sleep(0.2)

        assert homes() == placed("a", "c")
        assert {id: Sup.whereis("shop", id) for id in stayed} == stayed


@virtual
async def test_children_of_a_node_that_is_cut_off_run_elsewhere_after_net_tick() -> None:
    async with ab.Cluster.simulated(NODES, net_tick=2.0, latency=0.01) as cluster:
        await started()
        since = now()
        cluster.partition({"b"})
        while set(homes().values()) != {"a", "c"}:
            await ab.sleep(0.05)

        assert 2.0 <= passed(since) < 2.3


@virtual
async def test_who_returns_gets_its_children_with_their_state() -> None:
    async with ab.Cluster.simulated(NODES, latency=0.01) as cluster:
        await started()
        cluster.crash("b")
        await ab.sleep(1)
        for id in IDS:
            pid: Any = Sup.whereis("shop", id)
            await pid.put(f"of {id}")
        cluster.restart("b")
        await ab.sleep(1)

        assert homes() == placed(*NODES)
        assert exactly_once(cluster)
        for child in await Sup.which_children("shop"):
            assert await child.pid.look() == [f"of {child.id}"]


@virtual
async def test_a_state_that_cannot_be_given_or_taken_is_left_behind() -> None:
    async with ab.Cluster.simulated(NODES, latency=0.01) as cluster:
        mine = [id for id, node in placed(*NODES).items() if node == "b"]
        assert len(mine) >= 3
        await started()
        cluster.crash("b")
        await ab.sleep(1)
        for id, thing in zip(mine, ("secret", "home", "hot"), strict=False):
            pid: Any = Sup.whereis("shop", id)
            await pid.put(thing)
        cluster.restart("b")
        await ab.sleep(4)

        assert exactly_once(cluster)
        for id in mine[:3]:
            pid = Sup.whereis("shop", id)
            assert await pid.look() == []


@virtual
async def test_a_child_without_the_hooks_moves_too() -> None:
    async with ab.Cluster.simulated(NODES) as cluster:
        await started(cls=Plain)
        cluster.crash("c")
        await ab.sleep(1)
        cluster.restart("c")
        await ab.sleep(1)

        assert homes() == placed(*NODES)


@virtual
async def test_a_crashed_child_restarts_on_its_node_without_the_state_it_came_with() -> None:
    async with ab.Cluster.simulated(NODES) as cluster:
        await started()
        cluster.crash("b")
        await ab.sleep(1)
        moved = next(id for id, node in placed(*NODES).items() if node == "b")
        pid: Any = Sup.whereis("shop", moved)
        await pid.put("tea")
        cluster.restart("b")
        await ab.sleep(1)
        first: Any = Sup.whereis("shop", moved)
        first.crash()
        await ab.sleep(0.1)
        second: Any = Sup.whereis("shop", moved)

        assert (first.node, second.node, second is first) == ("b", "b", False)
        assert await second.look() == []


@virtual
async def test_a_node_that_gives_up_on_its_children_loses_them_and_gets_them_again() -> None:
    async with ab.Cluster.simulated(NODES) as cluster:
        await started(max_restarts=0)
        pid: Any = Sup.whereis("shop", IDS[0])
        pid.crash()
        await ab.sleep(0.1)
        assert homes() == placed(*(node for node in NODES if node != pid.node))
        await ab.sleep(3)

        assert homes() == placed(*NODES)
        assert exactly_once(cluster)


# ── cuts


@virtual
async def test_with_keep_majority_the_minority_ends_its_children() -> None:
    async with ab.Cluster.simulated(NODES, net_tick=0.5, latency=0.01) as cluster:
        await started()
        cluster.partition({"a"}, {"b", "c"})
        await ab.sleep(2)

        assert homes() == placed("b", "c")
        assert alive(cluster.nodes["a"]) == 0
        assert exactly_once(cluster)
        cluster.heal()
        await ab.sleep(2)
        assert homes() == placed(*NODES)
        assert exactly_once(cluster)


@virtual
async def test_with_keep_oldest_both_sides_go_on_and_the_oldest_copies_stay() -> None:
    async with ab.Cluster.simulated(NODES, net_tick=0.5, latency=0.01) as cluster:
        await started(split="keep_oldest")
        for id in IDS:
            pid: Any = Sup.whereis("shop", id)
            await pid.put("before the cut")
        cluster.partition({"a"}, {"b", "c"})
        await ab.sleep(2)
        assert [alive(cluster.nodes["a"]), alive(cluster.nodes["b"]) + alive(cluster.nodes["c"])] == [12, 12]
        cluster.heal()
        await ab.sleep(2)

        assert homes() == placed(*NODES)
        assert exactly_once(cluster)
        for child in await Sup.which_children("shop"):
            assert await child.pid.look() == ["before the cut"]


@pytest.mark.parametrize(("split", "kept"), [(youngest, []), (confused, ["before the cut"])])
@virtual
async def test_a_function_says_which_copy_stays(split: Any, kept: list[str]) -> None:
    async with ab.Cluster.simulated(NODES, net_tick=0.5, latency=0.01) as cluster:
        await started(split=split)
        for id in IDS:
            pid: Any = Sup.whereis("shop", id)
            await pid.put("before the cut")
        cluster.partition({"a"}, {"b", "c"})
        await ab.sleep(2)
        cluster.heal()
        await ab.sleep(2)

        assert exactly_once(cluster)
        for id, node in placed(*NODES).items():
            pid = Sup.whereis("shop", id)
            if node == "a":  # started anew by the others: there is a younger copy
                assert await pid.look() == kept


@pytest.mark.parametrize("split", ["keep_majority", "keep_oldest"])
@virtual
async def test_a_node_between_the_sides_passes_no_child_to_and_fro(split: Any) -> None:
    everywhere = [*NODES, "nb@local"]
    async with ab.Cluster.simulated(NODES, net_tick=0.5) as cluster:
        await started(split=split, nodes=everywhere)
        cluster.partition({"a"}, {"b", "c"})  # this node sees both sides
        await ab.sleep(3)
        settled = {id: Sup.whereis("shop", id) for id in IDS}
        await ab.sleep(3)

        assert {id: Sup.whereis("shop", id) for id in IDS} == settled
        assert None not in settled.values()
        cluster.heal()
        await ab.sleep(3)
        assert homes() == placed(*everywhere)
        assert exactly_once(cluster)


@virtual
async def test_on_a_line_slower_than_the_patience_there_is_one_of_each_in_the_end() -> None:
    async with ab.Cluster.simulated(NODES, latency=2.0, net_tick=10.0) as cluster:
        await started(patience=0.5, timeout=60)
        cluster.crash("b")
        await ab.sleep(60)
        cluster.restart("b")
        await ab.sleep(60)

        assert homes() == placed(*NODES)
        assert exactly_once(cluster)


# ── the one and only


@virtual
async def test_a_singleton_is_reached_by_its_name_and_survives_its_node() -> None:
    async with ab.Cluster.simulated(NODES, latency=0.01) as cluster:
        leader = await ab.ClusterSingleton.start((Basket, "crown"), name="leader")
        first: Any = ab.ClusterSingleton.whereis("leader")
        assert await first.look() == ["crown"]
        cluster.crash(first.node)
        await ab.sleep(0.5)
        second: Any = ab.ClusterSingleton.whereis("leader")

        assert second.node != first.node
        assert await second.look() == ["crown"]
        assert (await ab.sys.get_state(leader)).things == ["crown"]
        await ab.ClusterSingleton.stop("leader")
        assert ab.ClusterSingleton.whereis("leader") is None
        with pytest.raises(ab.UnknownNameError, match="no singleton 'leader'"):
            ab.ClusterSingleton.send("leader", "hello")


@pytest.mark.parametrize("latency", [0.0, 0.01])
@virtual
async def test_a_supervisor_that_was_stopped_can_be_started_again_at_once(latency: float) -> None:
    async with ab.Cluster.simulated(NODES, latency=latency, jitter=latency) as cluster:
        for _ in range(5):
            await started()
            await Sup.stop("shop")
            assert set(homes().values()) == {None}
        await started()

        assert exactly_once(cluster)


# ── storms


class Storm(Weather):
    """Children come and go under it."""

    survivors = 2

    def spared(self) -> list[str]:
        """The last member: somebody has to remember which children there are."""
        members = self.members()
        return members if len(members) == 1 else []

    def members(self) -> list[str]:
        """The nodes that have one."""
        return [name for name, node in self.cluster.nodes.items() if node.find("shop") is not None]

    def step(self) -> None:
        what = self.random.choice([self.cut, self.cut, self.heal, self.crash, self.restart, self.fail, self.member])
        what()

    def fail(self) -> None:
        """Some child crashes; not under the last member, which would give up after a few."""
        if len(self.members()) > 1:
            self._kill(Basket, "child")

    def member(self) -> None:
        """Some member crashes, where another one lives on that knows what it knew."""
        self.heal()
        if len(self.members()) > 1:
            self._kill(None, "member")

    def _kill(self, cls: Any, what: str) -> None:
        living = [
            process
            for node in self.cluster.nodes.values()
            for process in node.processes.values()
            if (getattr(process.body, "cls", None) is cls if cls else process.name == "shop")
        ]
        if living:
            process = self.random.choice(living)
            self.log.append(f"kill {what} {process.pid}")
            process.node.end(process, "killed")


@pytest.mark.parametrize("seed", range(STORMS))
@virtual
async def test_after_a_storm_every_child_exists_exactly_once(seed: int) -> None:
    line: dict[str, Any] = {"latency": 0.01, "jitter": 0.05, "loss": 0.05} if seed % 2 else {"latency": 0.0}
    split: Any = ("keep_majority", "keep_oldest", youngest)[seed % 3]
    async with ab.Cluster.simulated([*NODES, "d"], net_tick=(0.3, 1.0)[seed % 2], seed=seed, **line) as cluster:
        await started(split=split)
        storm = Storm(cluster, seed)
        for _ in range(30):
            storm.step()
            await ab.sleep(storm.random.choice([0.0, 0.01, 0.3, 1.0, 2.0]))
        await storm.calm()
        story = f"seed {seed}: {homes()}\n" + "\n".join(storm.log)

        assert exactly_once(cluster), story
        assert homes() == placed(*NODES, "d"), story
