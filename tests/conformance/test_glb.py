"""Names and locks that the whole cluster knows. Rules GLB-01 to GLB-06."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

import actorbook as ab
from tests.cluster import actors
from tests.cluster.actors import Counter, Hand, heard, reason_of
from tests.conformance.rules import rule
from tests.running import now, passed, settle, virtual

HERE = "nb@local"
judged: list[tuple[str, ab.Pid, ab.Pid]] = []
inside: list[str] = []


async def alone() -> str:
    """Be inside for a while, and see that nobody else is."""
    assert inside == []
    inside.append("somebody")
    await ab.sleep(0.3)
    inside.clear()
    return "alone"


def keep_first(name: str, one: ab.Pid, other: ab.Pid) -> ab.Pid:
    judged.append((name, one, other))
    return one


def keep_second(name: str, one: ab.Pid, other: ab.Pid) -> ab.Pid:
    judged.append((name, one, other))
    return other


def fail(name: str, one: ab.Pid, other: ab.Pid) -> ab.Pid:
    raise RuntimeError("cannot decide")


def say_nonsense(name: str, one: ab.Pid, other: ab.Pid) -> Any:
    return "both"


async def everywhere(cluster: ab.Cluster, name: str) -> list[ab.Pid | None]:
    """Whom each node takes for the holder of a name, without repetition."""
    await settle()
    found = [await (await Hand.on(node)).do(ab.names.whereis_name, name) for node in cluster.nodes]
    return list(dict.fromkeys(found))


@asynccontextmanager
async def split(resolve: Any, seed: int = 0) -> AsyncIterator[tuple[ab.Cluster, ab.Pid, ab.Pid]]:
    """Both sides of a cut have given the same name away; this node looks on from between."""
    judged.clear()
    async with ab.Cluster.simulated(["a", "b", "c"], seed=seed) as cluster:
        hands = [await Hand.on(node) for node in ("b", "c")]
        pids = [ab.spawn(actors.trapping, ab.self_(), node=node) for node in ("b", "c")]
        cluster.partition({"a", "b"}, {"c"})
        await ab.sleep(2)
        ab.flush()
        for hand, pid in zip(hands, pids, strict=True):
            assert await hand.do(ab.names.register_name, "leader", pid, resolve) is True
            assert await hand.do(ab.names.whereis_name, "leader") is pid
        yield cluster, *pids


@rule("GLB-01", "A free name is given, a taken one is not, nor a second one to the same process; registering again "
      "replaces the holder.", differs="True and False for yes and no; `ab.register` raises instead.")  # fmt: skip
@virtual
async def test_a_name_is_given_once_and_replaced_only_on_purpose() -> None:
    async with ab.Cluster.simulated(["a", "b"]) as cluster:
        one, two = await Counter.start(1, node="a"), await Counter.start(2, node="b")
        assert one is not None
        assert two is not None
        assert await ab.names.register_name("n", one) is True
        assert await ab.names.register_name("n", two) is False
        assert await ab.names.register_name("n", one) is False
        assert await ab.names.register_name("m", one) is False
        assert await everywhere(cluster, "n") == [one]
        with pytest.raises(ab.NameTakenError, match=r"register: 'n' is taken by <a\.\d+>"):
            await ab.register(two, "n", scope="cluster")
        assert await ab.names.re_register_name("n", two) is True
        assert await everywhere(cluster, "n") == [two]
        assert (await ab.GenServer.call(("via", ab.names, "n"), "self"), ab.names.registered_names()) == (two, ["n"])
        assert await ab.unregister("n", scope="cluster") is True

        assert await everywhere(cluster, "n") == [None]
        assert await ab.names.unregister_name("n") is False
        with pytest.raises(ab.UnknownNameError, match="nobody in the cluster has the name 'n'"):
            await ab.unregister("n", scope="cluster")


@rule("GLB-01", "Of many that ask for one name at the same moment, from all nodes, one gets it.")
@virtual
async def test_of_many_at_once_one_gets_the_name() -> None:
    async with ab.Cluster.simulated(["a", "b", "c"], latency=0.01, jitter=0.05, seed=3) as cluster:
        hands = [await Hand.on(node) for node in ("a", "b", "c", "a", "b", "c")]
        for hand in hands:
            ab.send(hand.pid, ("do", ab.names.register_name, ("n", hand.pid)))
        answers = [(await heard())[1] for _ in hands]

        assert sorted(answers) == [False] * 5 + [True]
        assert len(await everywhere(cluster, "n")) == 1


@rule(
    "GLB-01", "A server that is started with such a name has it before its init runs; the next one is told who has it."
)
@virtual
async def test_a_server_is_started_under_a_name_of_the_cluster() -> None:
    async with ab.Cluster.simulated(["a", "b"]):
        name = ("via", ab.names, "counter")
        pid = await Counter.start(3, name=name, node="a")
        assert await (await Hand.on("b")).do(ab.GenServer.call, name, "self") is pid
        for node in ("a", "b", HERE):
            with pytest.raises(ab.StartError) as taken:
                await Counter.start(name=name, node=node)
            assert taken.value.reason == ("already_started", pid)


@rule("GLB-02", "A name is free when its process has ended, or its node is lost.")
@virtual
async def test_a_name_ends_with_its_process_and_with_its_node() -> None:
    async with ab.Cluster.simulated(["a", "b"]) as cluster:
        one, two = await Counter.start(node="a"), await Counter.start(node="b")
        assert one is not None
        assert two is not None
        await ab.register(one, "one", scope="cluster")
        await ab.register(two, "two", scope="cluster")
        ab.exit(one, "kill")
        assert await everywhere(cluster, "one") == [None]
        cluster.crash("b")
        assert await everywhere(cluster, "two") == [None]
        with pytest.raises(ValueError, match=r"got <b\.\d+>: its node 'b' cannot be reached"):
            await ab.register(two, "two", scope="cluster")
        with pytest.raises(ValueError, match=r"got <a\.\d+>: it is not alive"):
            await ab.register(one, "one", scope="cluster")
        here = ab.spawn(actors.idle)

        assert await ab.register(here, "two", scope="cluster") is True
        assert await everywhere(cluster, "two") == [here]


@rule("GLB-02", "A name that is asked for while the node that would give it is lost is given by the next.")
@virtual
async def test_a_request_outlives_the_node_that_was_asked() -> None:
    async with ab.Cluster.simulated(["a", "b", "c"], latency=0.5) as cluster:
        pid = ab.spawn(actors.idle, node="c")
        asking = ab.spawn(ab.names.register_name, "n", pid, monitor=True)
        await ab.sleep(0.1)
        cluster.crash("a")

        assert await heard() == ab.DOWN(asking[1], asking[0], "normal")
        assert await everywhere(cluster, "n") == [pid]


@rule("GLB-03", "When two sides of a healed cut have the same name, the resolver is called once, and whom it returns "
      "keeps the name.")  # fmt: skip
@pytest.mark.parametrize("resolve", [keep_first, keep_second])
@virtual
async def test_a_clash_is_judged_once(resolve: Any) -> None:
    async with split(resolve) as (cluster, one, other):
        cluster.heal()
        await ab.sleep(1)

        assert judged == [("leader", one, other)]
        assert await everywhere(cluster, "leader") == [one if resolve is keep_first else other]


@rule("GLB-03", "Unless told otherwise chance decides who keeps the name, and the other one is killed.")
@virtual
async def test_by_default_one_is_killed() -> None:
    kept = []
    for seed in (0, 9):
        async with split(ab.names.random_exit_name, seed) as (cluster, one, other):
            cluster.heal()
            await ab.sleep(1)
            (winner,) = await everywhere(cluster, "leader")
            assert winner in (one, other)
            assert await reason_of(other if winner is one else one) == "noproc"
            kept.append(winner is one)

    assert set(kept) == {True, False}


@rule("GLB-03", "A resolver that notifies lets both live: one keeps the name and the other is told, or both are told.")
@virtual
async def test_the_loser_of_a_clash_or_both_are_told() -> None:
    async with split(ab.names.random_notify_name) as (cluster, one, other):
        cluster.heal()
        await ab.sleep(1)
        (winner,) = await everywhere(cluster, "leader")
        assert winner in (one, other)
        assert await heard() == ("heard", ("global_name_conflict", "leader", winner))
    async with split(ab.names.notify_all_name) as (cluster, one, other):
        cluster.heal()
        await ab.sleep(1)
        told = {await heard(), await heard()}

        assert told == {("heard", ("global_name_conflict", "leader", pid)) for pid in (one, other)}
        assert await everywhere(cluster, "leader") == [None]


@rule("GLB-03", "A resolver that fails, or returns neither of the two, leaves the name to nobody.")
@pytest.mark.parametrize("resolve", [fail, say_nonsense])
@virtual
async def test_a_resolver_that_makes_no_sense_drops_the_name(resolve: Any) -> None:
    async with split(resolve) as (cluster, _, other):
        cluster.heal()
        await ab.sleep(1)

        assert await everywhere(cluster, "leader") == [None]
        assert await ab.register(other, "leader", scope="cluster") is True


@rule("GLB-04", "A process that both sides of a cut know by its name is no clash.")
@virtual
async def test_what_both_sides_know_is_no_clash() -> None:
    judged.clear()
    async with ab.Cluster.simulated(["a", "b", "c"]) as cluster:
        pid = ab.spawn(actors.idle, node="b")
        await ab.names.register_name("leader", pid, keep_first)
        cluster.partition({"a"}, {"c"})
        await ab.sleep(3)
        cluster.heal()
        await ab.sleep(1)

        assert judged == []
        assert await everywhere(cluster, "leader") == [pid]


@rule("GLB-05", "Sending to a name that nobody has is an error of the sender.", differs=(
    "`UnknownNameError`, a `ValueError`, where Erlang exits with badarg."
))  # fmt: skip
@virtual
async def test_sending_to_nobody_is_an_error() -> None:
    async with ab.Cluster.simulated(["a"]):
        await ab.names.register_name("me", ab.self_())
        ab.names.send("me", 1)
        ab.send(("via", ab.names, "me"), 2)
        assert [await heard(), await heard()] == [1, 2]
        with pytest.raises(ab.UnknownNameError, match="nobody in the cluster has the name 'you'; names: me"):
            ab.names.send("you", 3)
        with pytest.raises(ab.UnknownNameError):
            ab.send(("via", ab.names, "you"), 3)
    with pytest.raises(ab.CallExit, match="this node is in no cluster") as alone:
        ab.names.whereis_name("me")
    assert alone.value.reason == "noproc"


# ── locks


def locks(cluster: ab.Cluster) -> dict[str, Any]:
    """Which resources are locked, on which node."""
    servers: dict[str, Any] = {name: node.names.get("global_names") for name, node in cluster.nodes.items()}
    return {name: sorted(server.body.server.locks.held) for name, server in servers.items()}


@rule("GLB-06", "Who holds a lock gets it again, and so does whoever asks as the same requester; another is refused "
      "after so many further tries, and nothing of what it got stays. One give-back frees it, whoever does not hold it "
      "changes nothing.", differs="True and False; on which nodes and how often it is tried are keywords.")  # fmt: skip
@virtual
async def test_a_lock_is_for_one_requester() -> None:
    async with ab.Cluster.simulated(["a", "b"]) as cluster:
        mine = "disk", ab.self_()
        a, b = await Hand.on("a"), await Hand.on("b")
        assert await a.do(ab.names.set_lock, mine, ["b"]) is True  # the same requester, another process
        assert await ab.names.set_lock(mine) is True
        assert await ab.names.set_lock(mine) is True
        assert locks(cluster) == {HERE: ["disk"], "a": ["disk"], "b": ["disk"]}
        began = now()
        assert await b.do(ab.names.set_lock, ("disk", "b"), None, 0) is False
        assert await b.do(ab.names.set_lock, ("tape", "b"), None, 0) is True
        assert passed(began) == 0
        assert await b.do(ab.names.set_lock, ("disk", "b"), None, 3) is False
        assert 0 < passed(began) <= 0.25 + 0.5 + 1.0
        assert await b.do(ab.names.del_lock, mine) is True

        assert await ab.names.del_lock(mine) is True
        assert locks(cluster) == {HERE: ["tape"], "a": ["tape"], "b": ["disk", "tape"]}
        assert await ab.names.set_lock(("disk", "here"), retries=0) is False
        assert locks(cluster)["a"] == ["tape"]  # what it got elsewhere was given back
        assert await a.do(ab.names.del_lock, mine, ["b"]) is True
        assert await b.do(ab.names.set_lock, ("disk", "b"), None, 0) is True


@rule("GLB-06", "A lock is free when its holder ends or its node is lost; whoever waits for it gets it.")
@virtual
async def test_a_lock_ends_with_its_holder() -> None:
    async with ab.Cluster.simulated(["a", "b"], net_tick=1.0) as cluster:
        for lose in (
            lambda pid: ab.exit(pid, "kill"),
            lambda pid: cluster.crash("a"),
            lambda pid: cluster.partition("a"),
        ):
            if "a" not in cluster.nodes:
                cluster.restart("a")
            hand = await Hand.on("a")
            assert await hand.do(ab.names.set_lock, ("disk", hand.pid)) is True
            assert await ab.names.set_lock(("disk", "next"), retries=0) is False
            lose(hand.pid)
            assert await ab.names.set_lock(("disk", "next")) is True
            assert await ab.names.del_lock(("disk", "next")) is True
            await settle()
            assert locks(cluster)["b"] == []


@rule("GLB-06", "Of many that want one lock at the same moment, from all nodes, each has it alone, and all have it "
      "in the end.")  # fmt: skip
@virtual
async def test_a_lock_keeps_all_others_out() -> None:
    async with ab.Cluster.simulated(["a", "b", "c"], latency=0.01, jitter=0.05, seed=4) as cluster:
        inside.clear()
        hands = [await Hand.on(node) for node in ("a", "b", "c", "a", "b", "c")]
        for hand in hands:
            ab.send(hand.pid, ("do", ab.names.trans, (("disk", hand.pid), alone)))
        assert [(await heard(600))[1] for _ in hands] == ["alone"] * 6
        await settle()
        assert not any(locks(cluster).values())


@rule("GLB-06", "A transaction that does not get its lock is aborted, and its function is not called; one that raises "
      "gives the lock back.")  # fmt: skip
@virtual
async def test_a_transaction_is_aborted_or_gives_its_lock_back() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        hand = await Hand.on("a")
        assert await hand.do(ab.names.set_lock, ("disk", "other")) is True
        assert await ab.names.trans(("disk", "me"), lambda: inside.append("never"), retries=0) == "aborted"
        assert inside == []
        with pytest.raises(ZeroDivisionError):
            await ab.names.trans(("tape", "me"), lambda: 1 / 0)
        assert locks(cluster) == {HERE: ["disk"], "a": ["disk"]}


@virtual
async def test_a_lock_that_makes_no_sense_is_one_clear_line() -> None:
    with pytest.raises(ab.CallExit, match="this node is in no cluster"):
        await ab.names.set_lock(("disk", "me"))
    async with ab.Cluster.simulated(["a"]):
        with pytest.raises(TypeError, match=r"set_lock: expected \(resource, requester\) such as .*, got 'disk'"):
            await ab.names.set_lock("disk")  # type: ignore[arg-type]
        with pytest.raises(
            ValueError, match=r"del_lock: expected nodes such as \['a'\], got none; in reach are a, nb@local"
        ):
            await ab.names.del_lock(("disk", "me"), [])
        assert await ab.names.set_lock(("disk", "me"), ["nowhere"]) is True  # as in Erlang: nobody there says no
