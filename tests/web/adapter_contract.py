"""What every adapter of a pubsub has to do (rule CH-58): subclass it, name the adapter, and these tests are its own.

`class TestMine(AdapterContract): options = {"adapter": Mine}`. Where its nodes are not those of a simulated cluster,
a subclass says how to start them: `nodes()`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest

import actorbook as ab
from actorbook.web import PubSub
from tests.cluster.actors import Hand
from tests.running import virtual
from tests.web.listeners import PUBSUB, heard, listener, marking, saying

HERE = "nb@local"


class AdapterContract:
    """Three nodes with one pubsub: this one, a and b."""

    options: ClassVar[dict[str, Any]] = {}

    @asynccontextmanager
    async def nodes(self) -> AsyncIterator[ab.Cluster]:
        """A cluster whose nodes have met."""
        async with ab.Cluster.simulated(["a", "b"], seed=1) as cluster:
            for name in (HERE, "a", "b"):
                await PubSub.start(name=PUBSUB, node=name, **self.options)
            await ab.sleep(0.1)
            yield cluster

    @virtual
    async def test_a_broadcast_reaches_the_subscribers_of_every_node_once(self) -> None:
        async with self.nodes():
            pids = [await listener("t", node) for node in (HERE, "a", "b", "b")]
            strangers = [await listener("other", node) for node in (HERE, "a")]
            for node in (HERE, "a", "b"):
                ab.spawn(PubSub.broadcast, PUBSUB, "t", f"from {node}", node=node)
            await ab.sleep(1)

            for pid in pids:
                assert sorted(heard(pid)) == ["from a", "from b", f"from {HERE}"]
            assert [heard(pid) for pid in strangers] == [[], []]

    @virtual
    async def test_a_local_broadcast_stays_on_its_node(self) -> None:
        async with self.nodes():
            here, there = await listener("t"), await listener("t", "a")
            PubSub.local_broadcast(PUBSUB, "t", "here")
            PubSub.local_broadcast_from(PUBSUB, here, "t", "to others")
            await ab.sleep(1)

            assert (heard(here), heard(there)) == (["here"], [])

    @virtual
    async def test_a_broadcast_from_somebody_spares_only_that_process(self) -> None:
        async with self.nodes():
            here, beside, there = await listener("t"), await listener("t"), await listener("t", "a")
            PubSub.broadcast_from(PUBSUB, here, "t", "not you")
            await ab.sleep(1)

            assert (heard(here), heard(beside), heard(there)) == ([], ["not you"], ["not you"])

    @virtual
    async def test_a_direct_broadcast_reaches_one_node(self) -> None:
        async with self.nodes():
            here, one, two = await listener("t"), await listener("t", "a"), await listener("t", "b")
            name = await (await Hand.on("a")).do(PubSub.node_name, PUBSUB)
            PubSub.direct_broadcast(name, PUBSUB, "t", "you")
            PubSub.direct_broadcast(PubSub.node_name(PUBSUB), PUBSUB, "t", "me")
            PubSub.direct_broadcast("nowhere", PUBSUB, "t", "lost")
            await ab.sleep(1)

            assert (heard(here), heard(one), heard(two)) == (["me"], ["you"], [])

    @virtual
    async def test_a_dispatcher_delivers_on_every_node(self) -> None:
        async with self.nodes():
            here, there = await listener("t", metadata="m1"), await listener("t", "a", metadata=["m2"])
            PubSub.broadcast_from(PUBSUB, ab.self_(), "t", "x", marking)
            PubSub.direct_broadcast("a", PUBSUB, "t", "y", marking)
            await ab.sleep(1)

            assert heard(here) == [("marked", "m1", ab.self_(), "x")]
            assert heard(there) == [("marked", ["m2"], None, "x"), ("marked", ["m2"], None, "y")]

    @virtual
    async def test_messages_of_one_sender_keep_their_order(self) -> None:
        async with self.nodes():
            here, there = await listener("t"), await listener("t", "a")
            messages = list(range(100))
            ab.spawn(saying, "t", messages, node="b")
            await ab.sleep(1)

            assert heard(here) == heard(there) == messages

    @virtual
    async def test_a_message_is_a_copy_on_its_way(self) -> None:
        async with self.nodes():
            here, there = await listener("t"), await listener("t", "a")
            basket = ["tea"]
            PubSub.broadcast(PUBSUB, "t", basket)
            basket.append("milk")
            await ab.sleep(1)

            assert heard(here) == heard(there) == [["tea"]]

    @virtual
    async def test_what_is_lost_in_a_cut_is_not_sent_again(self) -> None:
        async with self.nodes() as cluster:
            there = await listener("t", "a")
            cluster.partition({"a"})
            await ab.sleep(5)
            PubSub.broadcast(PUBSUB, "t", "lost")
            cluster.heal()
            await ab.sleep(5)
            PubSub.broadcast(PUBSUB, "t", "found")
            await ab.sleep(1)

            assert heard(there) == ["found"]

    @virtual
    async def test_a_node_that_returns_hears_broadcasts_again(self) -> None:
        async with self.nodes() as cluster:
            cluster.crash("a")
            PubSub.broadcast(PUBSUB, "t", "nobody hears")
            cluster.restart("a")
            await PubSub.start(name=PUBSUB, node="a", **self.options)
            there = await listener("t", "a")
            await ab.sleep(0.1)
            PubSub.broadcast(PUBSUB, "t", "again")
            await ab.sleep(1)

            assert heard(there) == ["again"]

    @virtual
    async def test_an_adapter_refuses_an_option_that_it_does_not_know(self) -> None:
        with pytest.raises(TypeError, match="colour"):
            await PubSub.start(name=PUBSUB, colour="red", **self.options)
