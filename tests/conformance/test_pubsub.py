"""Publish and subscribe, over the nodes of a cluster too. Rules CH-53 to CH-59."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

import actorbook as ab
from actorbook.behaviours.child_spec import ChildSpec
from actorbook.web import PubSub
from actorbook.web.pubsub_pg import PgAdapter
from tests.cluster.actors import Hand
from tests.conformance.rules import rule
from tests.running import settle, virtual
from tests.web.listeners import PUBSUB, heard, listener, marking, saying

HERE = "nb@local"


async def everywhere(*names: str, **options: Any) -> None:
    """One pubsub on this node and those, which have met."""
    for node in (HERE, *names):
        await PubSub.start(name=PUBSUB, node=node, **options)
    await ab.sleep(0.1)


@rule("CH-53", "Who subscribes twice hears everything twice, and one unsubscribe takes all of it back; the dead are "
      "out by themselves. What comes is the plain message.")  # fmt: skip
@virtual
async def test_subscriptions_add_up_and_go_at_once() -> None:
    await PubSub.start(name=PUBSUB)
    for topic in ("t", "t", "other"):
        PubSub.subscribe(PUBSUB, topic)
    mortal = await listener("t")
    PubSub.broadcast(PUBSUB, "t", {"plain": "message"})
    assert ab.flush() == [{"plain": "message"}] * 2
    PubSub.unsubscribe(PUBSUB, "t")
    PubSub.unsubscribe(PUBSUB, "never")
    PubSub.broadcast(PUBSUB, "t", 1)
    PubSub.broadcast(PUBSUB, "other", 2)
    await settle()
    assert heard(mortal) == [{"plain": "message"}, 1]
    assert ab.flush() == [2]
    ab.exit(mortal, "kill")
    await settle()

    assert ab.Registry.lookup(PUBSUB, "t") == []


@rule("CH-54", "A broadcast reaches each subscriber of each node once, the caller too if it subscribed; with none it "
      "is no error, and who comes later does not get it.")  # fmt: skip
@virtual
async def test_a_broadcast_reaches_those_who_are_there() -> None:
    async with ab.Cluster.simulated(["a", "b"]):
        await everywhere("a", "b")
        PubSub.broadcast(PUBSUB, "t", "to nobody")
        PubSub.subscribe(PUBSUB, "t")
        pids = [await listener("t", node) for node in ("a", "a", "b")]
        PubSub.broadcast(PUBSUB, "t", "x")
        await ab.sleep(5)

        assert [heard(pid) for pid in pids] == [["x"]] * 3
        assert ab.flush() == ["x"]


@rule("CH-55", "A broadcast from a process spares that one; a local one stays on its node; a direct one reaches the "
      "named node alone.", differs="They raise when they fail, so there is none with a `!`.")  # fmt: skip
@virtual
async def test_broadcasts_can_spare_one_or_mean_one_node() -> None:
    async with ab.Cluster.simulated(["a", "b"]):
        await everywhere("a", "b")
        PubSub.subscribe(PUBSUB, "t")
        beside, one, two = [await listener("t", node) for node in (HERE, "a", "b")]
        PubSub.broadcast_from(PUBSUB, ab.self_(), "t", "others")
        PubSub.local_broadcast(PUBSUB, "t", "here")
        PubSub.local_broadcast_from(PUBSUB, beside, "t", "only me")
        PubSub.direct_broadcast("b", PUBSUB, "t", "b")
        await ab.sleep(1)

        assert heard(beside) == ["others", "here"]
        assert (heard(one), heard(two)) == (["others"], ["others", "b"])
        assert ab.flush() == ["here", "only me"]


class Broken(PgAdapter):
    """It carries nothing."""

    @staticmethod
    def broadcast(adapter_name: str, topic: str, message: Any, dispatcher: Any) -> None:
        raise ConnectionError("the line is down")


@rule("CH-56", "The other nodes come first: when the adapter fails that is the caller's error, and nobody here hears "
      "the message.")  # fmt: skip
@virtual
async def test_what_the_adapter_refuses_nobody_hears() -> None:
    await PubSub.start(name=PUBSUB, adapter=Broken)
    PubSub.subscribe(PUBSUB, "t")
    with pytest.raises(ConnectionError):
        PubSub.broadcast(PUBSUB, "t", "x")
    with pytest.raises(ConnectionError):
        PubSub.broadcast_from(PUBSUB, ab.spawn(ab.sleep, 1), "t", "x")
    assert ab.flush() == []
    PubSub.local_broadcast(PUBSUB, "t", "y")

    assert ab.flush() == ["y"]


@rule("CH-57", "A dispatcher gets all entries of a topic, with the metadata that each subscribed with, the process "
      "to spare and the message, on every node, and delivers; a pubsub that is not there is an error.")  # fmt: skip
@virtual
async def test_a_dispatcher_delivers_in_place_of_send() -> None:
    async with ab.Cluster.simulated(["a"]):
        await everywhere("a")
        here, twice, there = (
            await listener("t", metadata={"n": 1}),
            await listener("t"),
            await listener("t", "a", "far"),
        )
        PubSub.broadcast_from(PUBSUB, twice, "t", "x", marking)
        await ab.sleep(1)

        assert heard(here) == [("marked", {"n": 1}, twice, "x")]
        assert heard(twice) == [("marked", None, twice, "x")]
        assert heard(there) == [("marked", "far", None, "x")]
    for use in (PubSub.subscribe, PubSub.unsubscribe, PubSub.node_name):
        with pytest.raises(ab.UnknownNameError, match=f"{use.__name__}: expected a running pubsub, got 'none'"):
            use("none", *["t"] * (use is not PubSub.node_name))
    with pytest.raises(ValueError, match="broadcast: expected a running pubsub"):
        PubSub.broadcast("none", "t", "x")


class Noted(PgAdapter):
    """An adapter that writes down what it is asked for."""

    asked: ClassVar[Any] = []

    @staticmethod
    def node_name(adapter_name: str) -> str:
        return f"a name for {adapter_name}"

    @staticmethod
    def broadcast(adapter_name: str, topic: str, message: Any, dispatcher: Any) -> None:
        Noted.asked.append((adapter_name, topic, message, dispatcher))

    @staticmethod
    def direct_broadcast(adapter_name: str, node_name: str, topic: str, message: Any, dispatcher: Any) -> None:
        Noted.asked.append((adapter_name, node_name, topic, message, dispatcher))

    @classmethod
    def child_spec(cls, *, name: str, adapter_name: str, pool_size: int, **options: Any) -> ChildSpec:  # type: ignore[override]
        Noted.asked.append((name, adapter_name, pool_size, options.pop("colour")))
        return super().child_spec(name=name, adapter_name=adapter_name, pool_size=pool_size)


@rule("CH-58", "An adapter has four functions: it names the node, is started below the pubsub with the options that "
      "are not the pubsub's own, and carries messages to all other nodes or to one.")  # fmt: skip
@virtual
async def test_an_adapter_is_asked_for_four_things() -> None:
    Noted.asked = []
    sup = await PubSub.start(name=PUBSUB, adapter=Noted, pool_size=2, colour="red")
    adapter = "pubsub.adapter"
    assert (PUBSUB, adapter, 2, "red") in Noted.asked
    assert [child.id for child in await ab.Supervisor.which_children(sup)] == [adapter, PUBSUB]
    Noted.asked.clear()
    PubSub.subscribe(PUBSUB, "t")
    PubSub.broadcast(PUBSUB, "t", "x", marking)
    PubSub.direct_broadcast("n", PUBSUB, "t", "y")
    PubSub.local_broadcast(PUBSUB, "t", "z")

    assert PubSub.node_name(PUBSUB) == "a name for pubsub.adapter"
    assert Noted.asked == [(adapter, "t", "x", marking), (adapter, "n", "t", "y", None)]
    assert ab.flush() == [("marked", None, None, "x"), "z"]


@rule("CH-58", "What a cut swallows is gone.")
@virtual
async def test_what_a_cut_swallows_is_gone() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        await everywhere("a")
        there = await listener("t", "a")
        cluster.partition({"a"})
        PubSub.broadcast(PUBSUB, "t", "into the cut")
        await ab.sleep(5)
        PubSub.broadcast(PUBSUB, "t", "while it is cut")
        cluster.heal()
        await ab.sleep(5)
        PubSub.broadcast(PUBSUB, "t", "healed")
        await ab.sleep(1)

        assert heard(there) == ["healed"]


@rule("CH-59", "A pool has so many workers on each node, and each sender its own one, so what it sends keeps its "
      "order; fewer may be used than there are, so that the size can be changed while others run, not more.", differs=(
    "Subscribers are in one part unless told: on one event loop more parts make nothing faster."
))  # fmt: skip
@virtual
async def test_each_sender_has_one_worker_of_the_pool() -> None:
    async with ab.Cluster.simulated(["a"]):
        await PubSub.start(name=PUBSUB, pool_size=3, broadcast_pool_size=2)
        await PubSub.start(name=PUBSUB, node="a", pool_size=3)
        await ab.sleep(0.1)
        there, busy = await listener("t", "a"), set()
        for n in range(6):
            before = await handled()
            ab.spawn(saying, "t", list(range(n, n + 5)))
            await ab.sleep(0.1)
            assert heard(there) == list(range(n, n + 5))
            grown = [worker for worker, count in (await handled()).items() if count > before[worker]]
            assert len(grown) == 1
            busy.update(grown)

        assert busy == {"pubsub.adapter.0", "pubsub.adapter.1"}
    with pytest.raises(ValueError, match="expected a broadcast_pool_size of at most the pool_size 2, got 3"):
        await PubSub.start(name="another", pool_size=2, broadcast_pool_size=3)


async def handled() -> dict[str, int]:
    """How many messages each worker of node a has handled."""
    hand = await Hand.on("a")
    counts: dict[str, int] = await hand.do(_handled)
    return counts


def _handled() -> dict[str, int]:
    names = [f"pubsub.adapter.{n}" for n in range(3)]
    return {name: ab.process_info(pid)["messages_handled"] for name in names if (pid := ab.whereis(name))}  # type: ignore[index]


@rule("CH-74", "When the registry of a pubsub is killed, those who subscribed die with it; it is there again at once, "
      "and so is what connects it with the other nodes.")  # fmt: skip
@virtual
async def test_subscribers_die_with_the_registry() -> None:
    async with ab.Cluster.simulated(["a"]):
        await everywhere("a")
        victim, there = await listener("t"), await listener("t", "a")
        registry, worker = ab.whereis(PUBSUB), ab.whereis("pubsub.adapter.0")
        assert isinstance(registry, ab.Pid)
        ab.exit(registry, "kill")
        await ab.sleep(1)
        assert (ab.is_alive(victim), ab.whereis(PUBSUB) in (None, registry)) == (False, False)
        assert ab.whereis("pubsub.adapter.0") not in (None, worker)
        again = await listener("t")
        PubSub.broadcast(PUBSUB, "t", "from here")
        ab.spawn(saying, "t", ["from there"], node="a")
        await ab.sleep(1)

        assert sorted(heard(again)) == sorted(heard(there)) == ["from here", "from there"]
