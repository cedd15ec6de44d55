"""Cuts, holds and crashes of a simulated cluster, and what the nodes notice of them."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.cluster import actors
from tests.cluster.actors import Counter, Hand, heard, quiet
from tests.running import now, passed, settle, virtual

HERE = "nb@local"


def peers(cluster: ab.Cluster) -> dict[str, list[str]]:
    """Who is connected with whom, to everybody's own knowledge."""
    return {name: sorted(node.remote.peers) for name, node in cluster.nodes.items()}


@virtual
async def test_a_cut_is_noticed_after_net_tick_on_both_sides_and_healing_connects_again() -> None:
    async with ab.Cluster.simulated(["a", "b"], net_tick=3) as cluster:
        ab.monitor_nodes()
        began = now()
        cluster.partition({"a"}, {"b", HERE})
        assert await heard() == ("nodedown", "a")
        assert passed(began) == 3
        assert peers(cluster) == {HERE: ["b"], "a": [], "b": [HERE]}
        cluster.heal()

        assert await heard() == ("nodeup", "a")
        assert peers(cluster) == {HERE: ["a", "b"], "a": ["b", HERE], "b": ["a", HERE]}


@virtual
async def test_a_cut_that_is_healed_in_time_loses_nothing_and_nobody_notices() -> None:
    async with ab.Cluster.simulated(["a"], net_tick=3, latency=0.1) as cluster:
        pid = ab.spawn(actors.echo, ab.self_(), node="a")
        ab.monitor_nodes()
        await ab.sleep(1)
        cluster.partition({"a"}, {HERE})
        for number in range(10):
            ab.send(pid, number)
        await ab.sleep(2.9)
        cluster.heal()

        assert [await heard() for _ in range(10)] == [("echo", number) for number in range(10)]
        assert await quiet(10)


@virtual
async def test_what_was_sent_into_a_cut_is_lost_with_the_connection() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        pid = ab.spawn(actors.echo, ab.self_(), node="a")
        await ab.sleep(0.1)
        cluster.partition({"a"})
        ab.send(pid, "lost")
        await ab.sleep(2)
        cluster.heal()
        ab.send(pid, "heard")

        assert await heard() == ("echo", "heard")
        assert await quiet()


@virtual
async def test_a_patient_network_holds_what_is_sent_into_a_cut_for_ever() -> None:
    async with ab.Cluster.simulated(["a"], network="tcp") as cluster:
        pid = ab.spawn(actors.echo, ab.self_(), node="a")
        await ab.sleep(0.1)
        ab.monitor_nodes()
        cluster.partition({"a"})
        ab.send(pid, "late")
        assert await quiet(10_000)
        cluster.heal()

        assert await heard() == ("echo", "late")


@virtual
async def test_a_patient_network_hears_of_a_crash_behind_a_cut_when_it_is_healed() -> None:
    async with ab.Cluster.simulated(["a"], network="tcp") as cluster:
        pid = ab.spawn(actors.idle, node="a")
        await ab.sleep(0.1)
        ref = ab.monitor(pid)
        cluster.partition({"a"})
        cluster.crash("a")
        assert await quiet(1000)
        cluster.heal()

        assert await heard() == ab.DOWN(ref, pid, "noconnection")


@virtual
async def test_a_one_way_cut_ends_the_connection_on_both_sides() -> None:
    async with ab.Cluster.simulated(["a", "b"], net_tick=1, latency=0.25) as cluster:
        hand = await Hand.on("b")
        cluster.partition({"a"}, {"b"}, oneway=True)
        ab.spawn(actors.idle, node="a")
        await ab.sleep(1.1)
        assert peers(cluster) == {HERE: ["a", "b"], "a": ["b", HERE], "b": [HERE]}
        await ab.sleep(0.3)

        assert peers(cluster) == {HERE: ["a", "b"], "a": [HERE], "b": [HERE]}
        assert await hand.do(ab.nodes) == [HERE]


@virtual
async def test_a_one_way_cut_lets_the_other_way_pass() -> None:
    async with ab.Cluster.simulated(["a"], net_tick=10) as cluster:
        pid = ab.spawn(actors.echo, ab.self_(), node="a")
        await ab.sleep(0.1)
        cluster.partition({HERE}, {"a"}, oneway=True)
        ab.send(pid, "held")
        assert await quiet(1)
        cluster.heal()
        assert await heard() == ("echo", "held")
        cluster.partition({"a"}, {HERE}, oneway=True)
        ab.send(pid, "heard there, and not answered")
        process = cluster.nodes["a"].local(pid)
        await settle()

        assert process is not None
        assert (process.handled, ab.flush()) == (2, [])


@virtual
async def test_a_partial_cut_leaves_a_node_that_sees_both_sides() -> None:
    async with ab.Cluster.simulated(["a", "b", "c"]) as cluster:
        cluster.partition({"a"}, {"b"})
        await ab.sleep(2)

        assert peers(cluster) == {
            HERE: ["a", "b", "c"], "a": ["c", HERE], "b": ["c", HERE], "c": ["a", "b", HERE],
        }  # fmt: skip


@virtual
async def test_without_patience_a_cut_is_noticed_at_once() -> None:
    async with ab.Cluster.simulated(["a", "b"], net_tick=0) as cluster:
        cluster.partition({"a"}, {"b"})

        assert peers(cluster) == {HERE: ["a", "b"], "a": [HERE], "b": [HERE]}


@virtual
async def test_a_held_link_keeps_all_back_and_the_connection_too() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        pid = ab.spawn(actors.echo, ab.self_(), node="a")
        await ab.sleep(0.1)
        cluster.hold(HERE, "a")
        ab.send(pid, 1)
        ab.send(pid, 2)
        assert await quiet(100)
        cluster.release(HERE, "a")
        ab.send(pid, 3)

        assert [await heard() for _ in range(3)] == [("echo", 1), ("echo", 2), ("echo", 3)]


@virtual
async def test_a_crash_runs_nothing_and_flushes_nothing_but_what_was_sent_arrives() -> None:
    async with ab.Cluster.simulated(["a"], latency=1) as cluster:
        log = ab.share([])
        pid = ab.spawn(ab.send, ab.self_(), "sent before", node="a")
        waiting = await Counter.start(node="a")
        assert waiting is not None
        ref = ab.monitor(waiting)
        await ab.sleep(3)
        cluster.crash("a")
        ab.send(pid, "unheard")

        assert [await heard(), await heard()] == ["sent before", ab.DOWN(ref, waiting, "noconnection")]
        assert log.value == []
        assert await quiet()


class Tidy(ab.GenServer):
    """Would clean up."""

    def init(self, boss: ab.Pid) -> None:
        ab.flag(trap_exit=True)
        self.boss = boss

    def terminate(self, reason: Any) -> None:
        ab.send(self.boss, "cleaned up")


async def tidy(boss: ab.Pid) -> None:
    try:
        await ab.receive()
    finally:
        ab.send(boss, "cleaned up")


@virtual
async def test_neither_terminate_nor_finally_runs_on_a_node_that_crashes() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        await Tidy.start(ab.self_(), node="a")
        ab.spawn(tidy, ab.self_(), node="a")
        ab.spawn(ab.send_after, ab.self_(), "too late", 1.0, node="a")
        await ab.sleep(0.1)
        cluster.crash("a")

        assert await quiet()


@virtual
async def test_stopping_ends_the_nodes_in_an_orderly_way_and_leaves_this_one_alone_again() -> None:
    cluster = await ab.Cluster.simulated(["a", "b"])
    pid = await Tidy.start(ab.self_(), node="a")
    ab.monitor_nodes()
    await cluster.stop()

    assert ab.flush() == ["cleaned up", ("nodedown", "b"), ("nodedown", "a")]
    assert (ab.nodes(), list(cluster.nodes)) == ([], [HERE])
    with pytest.raises(ValueError, match="unknown node"):
        ab.spawn(actors.idle, node="a")
    ab.send(pid, "into the void")
    async with ab.Cluster.simulated(["a"]):
        assert ab.nodes() == ["a"]


@virtual
async def test_a_cluster_that_nobody_stops_ends_with_the_notebooks_node() -> None:
    await ab.Cluster.simulated(["a", "b"])
    ab.spawn(actors.idle, node="a")
    await ab.sleep(0.1)


@virtual
async def test_faults_and_nodes_are_events_of_the_one_recorder() -> None:
    async with ab.Cluster.simulated(["a", "b"]) as cluster:
        pid = ab.spawn(actors.idle, node="a")
        await ab.sleep(0.1)
        cluster.partition({"a"}, {"b"})
        cluster.hold("a", "b")
        cluster.release("a", "b")
        cluster.heal()
        cluster.crash("a")
        cluster.restart("a")
        events = [(event.kind, event.name) for event in ab.observe.events() if event.pid is None]

        assert events[-8:] == [
            ("node_started", "a"), ("node_started", "b"), ("partitioned", "a | b"), ("held", "a → b"),
            ("released", "a → b"), ("healed", ""), ("node_crashed", "a"), ("node_started", "a"),
        ]  # fmt: skip
        assert [event.kind for event in ab.observe.events(pid=pid)] == ["started"]


@virtual
async def test_the_same_seed_gives_the_same_network() -> None:
    async def arrivals(seed: int) -> list[Any]:
        line = {"network": "udp", "latency": 0.1, "jitter": 0.2, "loss": 0.2, "duplicate": 0.2, "seed": seed}
        async with ab.Cluster.simulated(["a"], **line):
            pid = ab.spawn(actors.echo, ab.self_(), node="a")
            await ab.sleep(1)
            for number in range(50):
                ab.send(pid, number)
            await ab.sleep(5)
            return ab.flush()

    once, again, other = await arrivals(1), await arrivals(1), await arrivals(2)
    assert once == again
    assert once != other
    numbers = [number for _, number in once]
    assert set(numbers) < set(range(50))  # some are lost
    assert len(numbers) > len(set(numbers))  # some come twice
    assert numbers != sorted(numbers)  # some overtake others


@virtual
async def test_links_and_monitors_are_safe_even_on_a_network_that_loses_nearly_all() -> None:
    async with ab.Cluster.simulated(["a"], network="udp", loss=0.95, latency=0.01, jitter=0.1):
        ab.flag(trap_exit=True)
        for _ in range(20):
            pid, ref = ab.spawn(actors.idle, node="a", link=True, monitor=True)
            ab.exit(pid, "enough")
            assert {await heard(), await heard()} == {ab.EXIT(pid, "enough"), ab.DOWN(ref, pid, "enough")}


BAD: list[tuple[Any, type[Exception], str]] = [
    (lambda c: c.crash("z"), ValueError, "crash: expected one of 'nb@local', 'a', 'b', got 'z'"),
    (lambda c: c.crash(HERE), ValueError, "crash: 'nb@local' carries this code; expected one of 'a', 'b'"),
    (lambda c: c.restart("a"), ValueError, "restart: 'a' runs; crash it first"),
    (lambda c: c.restart("z"), ValueError, "restart: expected one of 'nb@local', 'a', 'b', got 'z'"),
    (lambda c: (c.crash("a"), c.crash("a")), ValueError, "crash: 'a' does not run; restart it first"),
    (lambda c: c.partition(), ValueError, r"partition: expected groups of nodes such as {'a'}, got an empty one"),
    (lambda c: c.partition({"a"}, set()), ValueError, r"partition: expected groups of nodes such as {'a'}"),
    (lambda c: c.partition({"a"}, {"z"}), ValueError, "partition: expected one of 'nb@local', 'a', 'b', got 'z'"),
    (lambda c: c.partition({"a"}, {"a", "b"}), ValueError, "partition: 'a' is in two groups"),
    (lambda c: c.partition(3), TypeError, r"partition: expected groups of nodes such as {'a'}, got 3"),
    (lambda c: c.partition("a", "b", HERE, oneway=True), ValueError, r"expected two groups, from and to, got 3"),
    (lambda c: c.hold("a", "a"), ValueError, "hold: expected two nodes, got 'a' twice"),
    (lambda c: c.release("a", "z"), ValueError, "release: expected one of 'nb@local', 'a', 'b', got 'z'"),
    (lambda c: ab.Cluster.simulated(["d"]), ValueError, "Cluster: 'nb@local' is in a cluster already"),
]


@pytest.mark.parametrize(("act", "error", "text"), BAD, ids=[text for *_, text in BAD])
@virtual
async def test_what_cannot_be_done_to_a_cluster_is_said_in_one_line(act: Any, error: Any, text: str) -> None:
    async with ab.Cluster.simulated(["a", "b"]) as cluster:
        with pytest.raises(error, match=text) as raised:
            act(cluster)

        assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("nodes", "error", "text"),
    [
        ([], ValueError, "Cluster: expected at least one name such as 'a', got none"),
        ("ab", TypeError, r"Cluster: expected a list of names such as \['a', 'b'\], got 'ab'"),
        (["a", "a"], ValueError, "Cluster: the name 'a' is taken"),
        ([HERE], ValueError, "Cluster: the name 'nb@local' is taken"),
        (["a", 3], TypeError, "Cluster: expected names as text, got 3"),
    ],
)
@virtual
async def test_names_that_make_no_cluster_are_refused(nodes: Any, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        ab.Cluster.simulated(nodes)


@virtual
async def test_an_unknown_kind_of_network_is_refused() -> None:
    with pytest.raises(ValueError, match="network='ip': expected one of 'otp', 'tcp', 'udp'"):
        ab.Cluster.simulated(["a"], network="ip")  # type: ignore[arg-type]


@virtual
async def test_a_cluster_says_in_one_line_what_it_is() -> None:
    async with ab.Cluster.simulated(["a", "b"], seed=5) as cluster:
        cluster.crash("a")
        assert repr(cluster) == "<Cluster nb@local b, crashed: a, seed 5>"
