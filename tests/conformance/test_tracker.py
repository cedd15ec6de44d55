"""How the nodes of a tracker agree, and how soon. Rules CH-69 to CH-73."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

import actorbook as ab
from actorbook.web import Broadcast, PubSub
from actorbook.web.tracker_words import Heartbeat, PermDown, TransferAck, TransferRequest
from tests.cluster.actors import Hand
from tests.conformance.rules import rule
from tests.running import now, settle, virtual
from tests.web.listeners import PUBSUB, heard, listener
from tests.web.present import HERE, TOPIC, Present, Rooms, begin, diffs, keys_of, place, present, together

WORDS = (Heartbeat, TransferRequest, TransferAck, PermDown)


async def overheard(seconds: float, tracker: str = "Present") -> list[tuple[float, Any]]:
    """What shards say to those of this node within so many seconds, and when."""
    topic, said, began = f"tracker:{tracker}.0", [], now()
    PubSub.subscribe(PUBSUB, topic)
    try:
        while (left := began + seconds - now()) > 0:
            said.append((now(), await ab.receive(WORDS, timeout=left)))
            said[-1] = (now() - began, said[-1][1])
    except TimeoutError:
        pass
    PubSub.unsubscribe(PUBSUB, topic)
    return said


def views(cluster: ab.Cluster, tracker: Any = Present) -> list[list[str]]:
    """Who is present, as each node sees it."""
    return [keys_of(node, tracker) for node in cluster.nodes.values()]


# ── CH-69


@rule("CH-69", "Nodes that cannot hear each other go on, and agree as soon as they can: one key tracked on both sides "
      "has both metas, what was removed stays so, and nothing is lost.")  # fmt: skip
@virtual
async def test_both_sides_of_a_cut_agree_when_it_heals() -> None:
    async with together("a", "b") as cluster:
        gone = await present("gone", node="a")
        await ab.sleep(5)
        cluster.partition({"a"})
        place(cluster, "a", "ada")
        await present("ada", "bob")
        cluster.nodes["a"].end(cluster.nodes["a"].processes[gone], "killed")
        await ab.sleep(10)
        assert views(cluster)[1:] == [["ada"], ["ada", "bob", "gone"]]
        cluster.heal()
        await ab.sleep(25)

        assert views(cluster) == [["ada", "ada", "bob"]] * 3
        assert len((await Present.get_by_key(TOPIC, "ada"))["metas"]) == 2


# ── CH-70


@rule("CH-70", "What changed is told after one period of 1.5 s at the latest, in one message, and without a change a "
      "node is heard every ten periods; the first time within a quarter of one.")  # fmt: skip
@virtual
async def test_changes_are_told_each_period_and_life_each_ten() -> None:
    async with ab.Cluster.simulated(["a"]):
        await begin(HERE)
        await PubSub.start(name=PUBSUB, node="a")
        await ab.sleep(30)
        await Present.start(node="a")
        said = [(at, word) for at, word in await overheard(3) if word.node == "a"]
        assert 0 <= said[0][0] <= 0.25 * 1.5
        await ab.sleep(20)
        quiet = [at for at, word in await overheard(100) if isinstance(word, Heartbeat) and word.node == "a"]
        assert {round(later - earlier, 6) for earlier, later in pairwise(quiet)} == {15.0}
        began = now()
        await present("ada", node="a")
        await present("bob", node="a")
        changes = [(now(), word) for _, word in await overheard(1.5) if word.node == "a"]

        assert len(changes) == 1
        assert changes[0][1].delta.size() == 2
        assert now() - began <= 1.5 + 0.01
        assert sorted(await Present.list(TOPIC)) == ["ada", "bob"]


@rule("CH-70", "Who lacks something knows by the clock, asks for it within two periods, and gets what follows on what "
      "it knows, or, when that is longer ago than what is kept, everything.")  # fmt: skip
@pytest.mark.parametrize(("missed", "sent"), [(2, 2), (30, 33)])
def test_what_was_missed_is_asked_for(missed: int, sent: int) -> None:
    @virtual
    async def missing() -> None:
        async with together("a", max_delta_sizes=[2]) as cluster:
            for n in range(3):
                await present(f"before {n}", node="a")
                await ab.sleep(2)
            await Present.track(ab.self_(), "room:2", "nobody speaks for others", {})
            await ab.sleep(2)
            cluster.partition({"a"})
            await ab.sleep(2)
            for n in range(missed):
                place(cluster, "a", f"missed {n}")
            await ab.sleep(4)
            assert len(await Present.list(TOPIC)) == 3
            cluster.heal()
            said = [(at, word) for at, word in await overheard(20) if word.node == "a"]

            assert len(await Present.list(TOPIC)) == 3 + missed
            (heartbeat, _), (answered, ack) = said[:2]
            assert (type(ack), ack.delta.size()) == (TransferAck, sent)
            assert answered - heartbeat <= 2 * 1.5 + 0.01
            assert [word for _, word in said if isinstance(word, TransferAck)] == [ack]

    missing()


# ── CH-71


@rule("CH-71", "A node that is silent for more than 30 s is down, and what is present there leaves; heard again it is "
      "up, and they join again, though it told nothing new.")  # fmt: skip
@virtual
async def test_a_silent_node_is_down_and_comes_back() -> None:
    async with together("a") as cluster:
        await present("ada", node="a")
        await ab.sleep(20)
        PubSub.subscribe(PUBSUB, TOPIC)
        cluster.partition({"a"})
        await ab.sleep(14)
        assert sorted(await Present.list(TOPIC)) == ["ada"]
        await ab.sleep(19)
        assert await Present.list(TOPIC) == {}
        assert diffs() == [([], ["ada"])]
        cluster.heal()
        await ab.sleep(16)

        assert sorted(await Present.list(TOPIC)) == ["ada"]
        assert diffs() == [(["ada"], [])]


@rule("CH-71", "After 20 minutes of silence what is known of a node is dropped; should it come back nevertheless, all "
      "of it is sent again.")  # fmt: skip
@virtual
async def test_a_node_that_is_silent_for_long_is_forgotten() -> None:
    async with together("a") as cluster:
        await present("ada", node="a")
        await ab.sleep(3)
        state = cluster.here.names.get("Present.0").body.server.state  # type: ignore[union-attr]
        cluster.partition({"a"})
        await ab.sleep(1190)
        assert [entry.key for entry in state] == ["ada"]
        await ab.sleep(30)
        assert list(state) == []
        assert list(state.context.replicas()) == []
        cluster.heal()
        await ab.sleep(20)

        assert sorted(await Present.list(TOPIC)) == ["ada"]


@rule("CH-71", "A node that was restarted is heard as another: what was present on it before leaves at once.")
@virtual
async def test_a_restarted_node_has_left_its_former_presences() -> None:
    async with together("a") as cluster:
        await present("ada", node="a")
        await ab.sleep(3)
        PubSub.subscribe(PUBSUB, TOPIC)
        cluster.crash("a")
        await ab.sleep(5)
        assert sorted(await Present.list(TOPIC)) == ["ada"]
        cluster.restart("a")
        await begin("a")
        await ab.sleep(1)

        assert await Present.list(TOPIC) == {}
        assert diffs() == [([], ["ada"])]


# ── CH-72


@rule("CH-72", "Who leaves gracefully is dropped by the others at once; so is who is shut down, if "
      "permdown_on_shutdown says so, and else after its silence.")  # fmt: skip
@pytest.mark.parametrize("how", ["gracefully", "shut down", "shut down with permdown"])
def test_a_node_can_leave_at_once(how: str) -> None:
    @virtual
    async def leaving() -> None:
        async with together("a", permdown_on_shutdown=how.endswith("permdown")) as cluster:
            pid = await present("ada", node="a")
            there = await Hand.on("a")
            await ab.sleep(3)
            if how == "gracefully":
                await there.do(Present.graceful_permdown)
            else:
                ab.spawn(ab.stop, "Present", "shutdown", node="a")
            await ab.sleep(1)
            left = [] if how != "shut down" else ["ada"]
            assert sorted(await Present.list(TOPIC)) == left
            assert pid not in cluster.nodes["a"].processes
            assert (cluster.nodes["a"].names.get("Present.0") is not None) == (how == "gracefully")
            await ab.sleep(40)
            assert await Present.list(TOPIC) == {}

    leaving()


@rule("CH-72", "A down_period below two broadcast periods is refused at the start, and a permdown_period that is not "
      "above the down_period.")  # fmt: skip
@virtual
async def test_periods_that_contradict_each_other_are_refused() -> None:
    await PubSub.start(name=PUBSUB)
    for options, text in (
        ({"down_period": 2.9}, "expected down_period to be at least twice broadcast_period"),
        ({"down_period": 40, "permdown_period": 40}, "expected permdown_period to be above the down_period of 40 s"),
    ):
        for start in (Present.start, Present.start_link):
            with pytest.raises(ValueError, match=text):
                await start(**options)
        with pytest.raises(ValueError, match=text):
            Present.child_spec(**options)

    assert await Present.start(down_period=3, permdown_period=3.1)


# ── CH-73


@rule("CH-73", "A shard that crashes, be it in handle_diff, takes those with it who are tracked in it; it is there "
      "again at once, and knows again who is present elsewhere.")  # fmt: skip
@virtual
async def test_a_crashing_shard_takes_the_tracked_with_it() -> None:
    async with together("a", tracker=Rooms) as cluster:
        mine = await present("mine", tracker=Rooms)
        await present("theirs", node="a", tracker=Rooms)
        await ab.sleep(3)
        shard = ab.whereis("Rooms.0")
        assert isinstance(shard, ab.Pid)
        ab.exit(shard, "kill")
        await settle()
        assert ab.whereis("Rooms.0") not in (None, shard)
        assert not ab.is_alive(mine)
        await ab.sleep(5)
        assert views(cluster, Rooms) == [["theirs"]] * 2
        again = await present("mine", tracker=Rooms)
        ab.spawn(_track_to_crash)
        await settle()
        assert not ab.is_alive(again)
        await ab.sleep(5)

        assert views(cluster, Rooms) == [["theirs"]] * 2


async def _track_to_crash() -> None:
    await Rooms.track(ab.self_(), "crash", "me", {})


@rule("CH-73", "The topics are dealt among the shards of a pool, the same way on every node, and a crash concerns the "
      "topics of one shard only.")  # fmt: skip
@virtual
async def test_a_pool_deals_the_topics_out() -> None:
    topics = [f"room:{n}" for n in range(8)]
    async with together("a", pool_size=3) as cluster:
        pids = {topic: await present("ada", node="a", topic=topic) for topic in topics}
        here = {topic: await present("bob", topic=topic) for topic in topics}
        await ab.sleep(3)
        assert [keys_of(node, topic=topic) for node in cluster.nodes.values() for topic in topics] == [
            ["ada", "bob"]
        ] * 16
        shards = {topic: Present._shard_of(topic) for topic in topics}
        assert set(shards.values()) == {"Present.0", "Present.1", "Present.2"}
        victim = ab.whereis("Present.1")
        assert isinstance(victim, ab.Pid)
        ab.exit(victim, "kill")
        await settle()

        assert {topic for topic, pid in here.items() if not ab.is_alive(pid)} == {
            topic for topic, shard in shards.items() if shard == "Present.1"
        }
        assert all(pid in cluster.nodes["a"].processes for pid in pids.values())


@rule("CH-73", "A bare tracker hands each change to its handle_diff, by topic, as pairs of key and meta that joined "
      "and left, and broadcasts nothing to the topics.")  # fmt: skip
@virtual
async def test_a_bare_tracker_has_a_function_for_changes() -> None:
    async with together("a", tracker=Rooms):
        there = await listener(TOPIC, "a")
        PubSub.subscribe(PUBSUB, TOPIC)
        ab.register(ab.self_(), "boss")
        await present("ada", "bob", node="a", tracker=Rooms, n=1)
        await ab.sleep(3)
        (told,) = ab.flush()
        joins, leaves = told[1][TOPIC]
        assert [(key, meta["n"]) for key, meta in joins] == [("ada", 1), ("bob", 1)]
        assert leaves == []
        assert Rooms.list(TOPIC) == joins
        assert Rooms.get_by_key(TOPIC, "bob") == [joins[1][1]]
        await Rooms.track(ab.self_(), "other", ("any", "key"), {})
        await Rooms.update(ab.self_(), "other", ("any", "key"), {"n": 2})
        _, (_, updated) = ab.flush()

        assert [[meta.get("n") for _, meta in side] for side in updated["other"]] == [[2], [None]]
        assert (heard(there), [m for m in ab.flush() if isinstance(m, Broadcast)]) == ([], [])
