"""Presence as those see it who are present. Rules CH-61 to CH-67."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from actorbook.web import Broadcast, Presence, PubSub
from tests.conformance.rules import rule
from tests.running import idle, settle, virtual
from tests.web.listeners import PUBSUB, heard, listener
from tests.web.present import HERE, REF, TOPIC, Present, Socket, begin, diffs, keys_of, present, together


@rule("CH-61", "Who is tracked gets a ref; the same process again under the same key of the topic is an error, "
      "`AlreadyTrackedError`; another process adds a meta to the key; keys become text.")  # fmt: skip
@virtual
async def test_each_process_is_present_once_under_a_key() -> None:
    await begin(HERE)
    me = ab.self_()
    ref = await Present.track(me, TOPIC, 7, {"n": 1})
    with pytest.raises(ab.AlreadyTrackedError, match=r"is present as '7' in 'room:1' already; update it"):
        await Present.track(me, TOPIC, "7", {"n": 2})
    other = ab.spawn(idle)
    second = await Present.track(Socket(other, TOPIC), 7, {"n": 3})
    await Present.track(me, TOPIC, "8", {})
    await Present.track(me, "room:2", "7", {})

    listed = await Present.list(TOPIC)
    assert sorted(listed) == ["7", "8"]
    assert listed["7"] == {"metas": [{"n": 1, "phx_ref": ref}, {"n": 3, "phx_ref": second}]}


@rule("CH-62", "An update gives a new ref and remembers the one before, and is one diff that joins and leaves; it "
      "takes a meta, or a function of the present one. Who is not tracked cannot be updated (`NoPresenceError`), but "
      "untracked.", differs=(
    "The function runs in the process that updates, so what it raises harms nobody else."
))  # fmt: skip
@virtual
async def test_an_update_is_one_change() -> None:
    await begin(HERE)
    me = ab.self_()
    with pytest.raises(ab.NoPresenceError, match="is not present as 'ada' in 'room:1'; track it first"):
        await Present.update(me, TOPIC, "ada", {})
    with pytest.raises(ab.NoPresenceError):
        await Present.update(me, TOPIC, "ada", dict)
    await Present.untrack(me, TOPIC, "ada")
    first = await Present.track(me, TOPIC, "ada", {"n": 1})
    await settle()
    PubSub.subscribe(PUBSUB, TOPIC)
    second = await Present.update(me, TOPIC, "ada", {"n": 2})
    await settle()
    (diff,) = ab.flush()
    new = {"n": 2, "phx_ref": second, "phx_ref_prev": first}
    assert diff.payload == {
        "joins": {"ada": {"metas": [new]}},
        "leaves": {"ada": {"metas": [{"n": 1, "phx_ref": first}]}},
    }
    third = await Present.update(Socket(me, TOPIC), "ada", lambda meta: {"n": meta["n"] + 1})
    with pytest.raises(ZeroDivisionError):
        await Present.update(me, TOPIC, "ada", lambda meta: {"n": 1 / 0})

    assert await Present.get_by_key(TOPIC, "ada") == {"metas": [{"n": 3, "phx_ref": third, "phx_ref_prev": second}]}
    await Present.untrack(Socket(me, TOPIC), "ada")
    await Present.untrack(me, TOPIC, "ada")
    assert await Present.list(TOPIC) == {}


@rule("CH-63", "A presence ends with its process, in whichever way that dies, on every node.")
@pytest.mark.parametrize("how", ["return", "raise", "exit", "kill", "signal", "dead", "own link", "supervisor"])
def test_a_presence_ends_with_its_process(how: str) -> None:
    @virtual
    async def dying() -> None:
        async with together("a") as cluster:
            there = await listener(TOPIC, "a")
            PubSub.subscribe(PUBSUB, TOPIC)
            pid = await present("ada", "ada's other", node="a" if how == "signal" else None)
            await ab.sleep(5)
            assert sorted(await Present.list(TOPIC)) == ["ada", "ada's other"]
            ab.flush()
            await end(how, pid)
            await ab.sleep(5)

            left_there = {key for message in heard(there) for key in message.payload["leaves"]}
            left_here = {key for _, left in diffs() for key in left}
            assert left_there - {"late"} == left_here - {"late"} == {"ada", "ada's other"}
            assert [keys_of(node) for node in cluster.nodes.values()] == [[], []]

    dying()


async def end(how: str, pid: ab.Pid) -> None:
    """Let a process die that way."""
    match how:
        case "return" | "raise":
            ab.send(pid, how)
        case "exit":
            ab.send(pid, ("end", "done"))
        case "kill" | "signal":
            ab.exit(pid, "kill" if how == "kill" else "boom")
        case "dead":
            ab.exit(pid, "kill")
            await Present.track(pid, TOPIC, "late", {})
        case "own link":
            ab.spawn(linked, pid)
        case "supervisor":
            ab.exit(pid, "shutdown")


async def linked(pid: ab.Pid) -> None:
    ab.link(pid)
    raise ab.Exit("taken along")


@rule("CH-64", "The list of a topic has for each key its metas, each with a ref of 16 url-safe characters; one key can "
      "be asked for, and one that nobody has is empty.")  # fmt: skip
@virtual
async def test_a_list_has_metas_by_key() -> None:
    await begin(HERE)
    await present("ada", mood="fine")
    await present("ada", "bob", mood="tired")
    listed = await Present.list(TOPIC)

    assert [meta["mood"] for meta in listed["ada"]["metas"]] == ["fine", "tired"]
    refs = [meta["phx_ref"] for found in listed.values() for meta in found["metas"]]
    assert len(set(refs)) == 3
    assert all(REF.fullmatch(ref) for ref in refs)
    assert await Present.list(Socket(ab.self_(), TOPIC)) == listed
    assert await Present.get_by_key(TOPIC, "bob") == listed["bob"]
    assert (await Present.get_by_key(TOPIC, "eve"), await Present.list("room:2")) == ({}, {})
    listed["bob"]["metas"][0]["mood"] = "changed by who asked"
    assert (await Present.list(TOPIC))["bob"]["metas"][0]["mood"] == "tired"


@rule("CH-65", "Each change is broadcast to its topic as presence_diff, by each node to its own subscribers, the one "
      "who joined among them.")  # fmt: skip
@virtual
async def test_every_node_tells_its_own_subscribers() -> None:
    async with together("a", "b"):
        others = [await listener(TOPIC, node) for node in ("a", "b")]
        PubSub.subscribe(PUBSUB, TOPIC)
        ref = await Present.track(ab.self_(), TOPIC, "ada", {})
        await settle()
        joined = Broadcast(TOPIC, "presence_diff", {"joins": {"ada": {"metas": [{"phx_ref": ref}]}}, "leaves": {}})
        assert ab.flush() == [joined]
        await ab.sleep(2)
        assert [heard(pid) for pid in others] == [[joined], [joined]]
        await Present.untrack(ab.self_())
        await ab.sleep(2)

        left = {"joins": {}, "leaves": joined.payload["joins"]}
        assert [message.payload for message in ab.flush() if isinstance(message, Broadcast)] == [left]


class Fetching(Presence):
    """Looks names up, slowly for those who join."""

    pubsub = PUBSUB

    async def fetch(self, topic: str, presences: Any) -> Any:
        if ab.whereis("boss"):
            ab.send("boss", ("fetch", topic, sorted(presences)))
        if "slow" in presences:
            await ab.sleep(3)
        if "crash" in presences:
            raise RuntimeError("boom")
        return {key: {**found, "name": key.title()} for key, found in presences.items()}


@rule("CH-66", "`fetch` may add to presences what is kept elsewhere: once a list, and once for each side of a change, "
      "whoever hears. Nobody waits for it, and the order of changes stays. What it raises ends the shard.")  # fmt: skip
@virtual
async def test_fetch_is_called_once_for_all_who_hear() -> None:
    await begin(HERE, Fetching)
    ab.register(ab.self_(), "boss")
    for _ in range(3):
        PubSub.subscribe(PUBSUB, TOPIC)
    me = ab.self_()
    await Fetching.track(me, TOPIC, "ada", {})
    await settle()
    asked, *told = ab.flush()
    assert asked == ("fetch", TOPIC, ["ada"])
    assert [message.payload["joins"]["ada"]["name"] for message in told] == ["Ada"] * 3
    assert (await Fetching.list(TOPIC))["ada"]["name"] == "Ada"
    assert (await Fetching.get_by_key(TOPIC, "ada"))["name"] == "Ada"
    assert ab.flush() == [("fetch", TOPIC, ["ada"])] * 2
    PubSub.unsubscribe(PUBSUB, TOPIC)
    PubSub.subscribe(PUBSUB, TOPIC)
    await Fetching.track(me, TOPIC, "slow", {})
    await Fetching.update(me, TOPIC, "ada", {"after": "slow"})
    assert diffs() == []
    await ab.sleep(4)
    assert diffs() == [(["slow"], []), (["ada"], ["ada"])]
    shard = ab.whereis("Fetching.0")
    victim = await present("crash", tracker=Fetching)
    await settle()

    assert (ab.is_alive(victim), ab.whereis("Fetching.0") in (None, shard)) == (False, False)


class Following(Presence):
    """Counts what it hears."""

    pubsub = PUBSUB

    def init(self) -> Any:
        return {"heard": 0}

    async def handle_metas(self, topic: str, diff: Any, presences: Any, state: Any) -> Any:
        ab.send("boss", ("metas", topic, sorted(diff["joins"]), sorted(diff["leaves"]), presences, state["heard"]))
        return {"heard": state["heard"] + 1}


@rule("CH-67", "`handle_metas` hears of each change on its node, with all who are there then, and hands its state, "
      "which `init` began, from one to the next.")  # fmt: skip
@virtual
async def test_a_listener_on_the_server_follows_a_topic() -> None:
    await begin(HERE, Following)
    ab.register(ab.self_(), "boss")
    me = ab.self_()
    one = await Following.track(me, TOPIC, "ada", {})
    two = await Following.update(me, TOPIC, "ada", {"n": 1})
    await Following.untrack(me, TOPIC, "ada")
    await settle()

    new = {"n": 1, "phx_ref": two, "phx_ref_prev": one}
    assert ab.flush() == [
        ("metas", TOPIC, ["ada"], [], {"ada": [{"phx_ref": one}]}, 0),
        ("metas", TOPIC, ["ada"], ["ada"], {"ada": [new]}, 1),
        ("metas", TOPIC, [], ["ada"], {}, 2),
    ]
