"""Presence beyond its rules: what is refused, and what happens when the pubsub below fails."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from actorbook.web import Presence, PubSub, Tracker
from actorbook.web.pubsub_pg import PgAdapter
from tests.cluster.actors import Hand
from tests.running import idle, settle, virtual
from tests.web.listeners import PUBSUB, marking
from tests.web.present import HERE, TOPIC, Present, Socket, begin, diffs, keys_of, place, present, together


class Unnamed(Presence):
    """It does not say over which pubsub."""


class Named(Presence):
    pubsub = PUBSUB
    name = "who is there"
    broadcast_period = 0.5


class Marked(Presence):
    pubsub = PUBSUB
    dispatcher = marking


class Mute(Tracker):
    """It has no handle_diff."""

    pubsub = PUBSUB


# ── what is refused


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"pubsub": ""}, ValueError, "expected pubsub to be a name such as 'my_pubsub', got ''"),
        ({"pool_size": 0}, ValueError, "expected pool_size to be a whole number above 0, got 0"),
        ({"max_silent_periods": 1.5}, ValueError, "expected max_silent_periods to be a whole number above 0, got 1.5"),
        ({"max_delta_sizes": [10, 0]}, ValueError, "expected each of max_delta_sizes to be a whole number above 0"),
        ({"broadcast_period": 0}, ValueError, "expected broadcast_period to be above 0, got 0"),
        ({"broadcast_period": "1"}, TypeError, "broadcast_period: expected seconds as a number"),
        ({"down_period": float("nan")}, ValueError, "expected down_period to be at least twice"),
        ({"name": "other"}, TypeError, "expected options among pubsub, pool_size"),
        ({"colour": "red"}, TypeError, "colour"),
    ],
)
def test_an_option_that_makes_no_sense_is_the_callers_error(
    options: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        Present.child_spec(**options)


@virtual
async def test_a_presence_needs_a_pubsub_that_runs() -> None:
    with pytest.raises(ValueError, match="expected pubsub to be a name"):
        await Unnamed.start()
    with pytest.raises(ab.SupervisorError, match="expected a running pubsub, got 'pubsub'"):
        await Present.start()
    with pytest.raises(ab.CallExit, match=r"Present does not run on this node; `await Present\.start\(\)`") as missing:
        await Present.track(ab.self_(), TOPIC, "ada", {})

    assert missing.value.reason == "noproc"


@virtual
async def test_what_is_tracked_where_and_with_what_is_checked() -> None:
    async with together("a"):
        there = await Hand.on("a")
        me = ab.self_()
        for use, args, text in (
            (Present.track, (me, TOPIC, "ada"), r"track: expected \(pid, topic, key, meta\) or \(socket, key, meta\)"),
            (Present.untrack, (me, TOPIC), r"untrack: expected \(pid, topic, key\) or \(socket, key\)"),
            (Present.track, (me, TOPIC, "ada", "fine"), "track: expected the meta to be a dict"),
            (Present.track, (me, 7, "ada", {}), "track: expected the topic as text such as 'room:1', got 7"),
            (Present.track, ("ada", TOPIC, "ada", {}), "track: expected a Pid, got 'ada'"),
            (Present.list, (7,), "list: expected a topic such as 'room:1', or a socket, got 7"),
        ):
            with pytest.raises(TypeError, match=text):
                await use(*args)
        with pytest.raises(ValueError, match="track: expected a process of 'nb@local'"):
            await Present.track(there.pid, TOPIC, "ada", {})
        await Present.track(me, TOPIC, "ada", {})
        with pytest.raises(TypeError, match="update: expected the meta to be a dict"):
            await Present.update(me, TOPIC, "ada", len)


@virtual
async def test_a_tracker_without_handle_diff_says_so_when_it_crashes() -> None:
    await begin(HERE, Mute)
    pid = ab.spawn(idle)
    with pytest.raises(ab.CallExit, match="Mute is told of \\['room:1'\\], but defines no handle_diff"):
        await Mute.track(pid, TOPIC, "ada", {})


# ── tracking


@virtual
async def test_a_name_and_periods_can_be_attributes_of_the_class() -> None:
    await begin(HERE, Named)
    await Named.track(ab.self_(), TOPIC, "ada", {})

    assert ab.whereis("who is there.0") is not None
    assert sorted(await Named.list(TOPIC)) == ["ada"]


@virtual
async def test_all_presences_of_a_process_can_end_together_whichever_shard_has_them() -> None:
    await begin(HERE, pool_size=3)
    me, other = ab.self_(), await present("other")
    for n in range(6):
        await Present.track(Socket(me, f"room:{n}"), "ada", {})
    await Present.untrack(me)
    await Present.untrack(me)

    assert [sorted(await Present.list(f"room:{n}")) for n in range(6)] == [[], ["other"], [], [], [], []]
    shards = [pid for n in range(3) if (pid := ab.whereis(f"Present.{n}"))]
    info = ab.process_info(other)
    assert info is not None
    assert len([pid for pid in shards if pid in info["links"]]) == 1
    assert not set(shards) & set((ab.process_info(me) or {})["links"])


@virtual
async def test_updates_by_function_at_the_same_time_lose_nothing() -> None:
    await begin(HERE)
    pid = ab.spawn(idle)
    await Present.track(pid, TOPIC, "ada", {"n": 0})

    async def counted(meta: dict[str, Any]) -> dict[str, Any]:
        await ab.sleep(meta["n"] % 3)
        return {"n": meta["n"] + 1}

    async def counting() -> None:
        for _ in range(5):
            await Present.update(pid, TOPIC, "ada", counted)

    refs = [ab.spawn(counting, monitor=True)[1] for _ in range(4)]
    for ref in refs:
        await ab.receive(lambda message, ref=ref: isinstance(message, ab.DOWN) and message.ref is ref)

    assert (await Present.get_by_key(TOPIC, "ada"))["metas"][0]["n"] == 20


@virtual
async def test_a_meta_that_is_changed_by_who_gave_it_stays_as_it_was() -> None:
    await begin(HERE)
    meta = {"tags": ["a"]}
    await Present.track(ab.self_(), TOPIC, "ada", meta)
    meta["tags"].append("b")

    assert (await Present.get_by_key(TOPIC, "ada"))["metas"][0]["tags"] == ["a"]


@virtual
async def test_a_diff_is_delivered_by_the_dispatcher_of_the_class() -> None:
    await begin(HERE, Marked)
    PubSub.subscribe(PUBSUB, TOPIC, "window 1")
    await Marked.track(ab.self_(), TOPIC, "ada", {})
    await settle()
    ((what, metadata, from_pid, diff),) = ab.flush()

    assert (what, metadata, from_pid, diff.event) == ("marked", "window 1", None, "presence_diff")


# ── when the pubsub fails


@virtual
async def test_a_tracker_outlives_the_registry_and_is_told_what_it_missed() -> None:
    async with together("a") as cluster:
        spared = ab.spawn(idle)
        await Present.track(spared, TOPIC, "mine", {})
        await ab.sleep(3)
        for _ in range(2):
            registry = ab.whereis(PUBSUB)
            assert isinstance(registry, ab.Pid)
            ab.exit(registry, "kill")
            place(cluster, "a", "theirs")
            await ab.sleep(8)

        assert [keys_of(node) for node in cluster.nodes.values()] == [["mine", "theirs", "theirs"]] * 2
        PubSub.subscribe(PUBSUB, TOPIC)
        ab.exit(spared, "kill")
        await settle()
        assert diffs() == [([], ["mine"])]


class Flaky(PgAdapter):
    """Carries nothing while it is broken."""

    broken = False

    @staticmethod
    def broadcast(adapter_name: str, topic: str, message: Any, dispatcher: Any) -> None:
        if Flaky.broken:
            raise ConnectionError("the line is down")
        PgAdapter.broadcast(adapter_name, topic, message, dispatcher)


@virtual
async def test_what_cannot_be_told_now_is_told_later(caplog: pytest.LogCaptureFixture) -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        for node in (HERE, "a"):
            await PubSub.start(name=PUBSUB, node=node, adapter=Flaky)
            await Present.start(node=node)
        await ab.sleep(5)
        Flaky.broken = True
        pid = await present("ada")
        await ab.sleep(5)
        assert ab.is_alive(pid)
        assert [keys_of(node) for node in cluster.nodes.values()] == [["ada"], []]
        assert "its peers were not told, and will be later: ConnectionError('the line is down')" in caplog.text
        Flaky.broken = False
        await ab.sleep(2)

        assert [keys_of(node) for node in cluster.nodes.values()] == [["ada"]] * 2
