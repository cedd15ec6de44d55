"""Process groups across nodes. Rules PG-01 to PG-07."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.cluster import actors
from tests.cluster.actors import Hand, heard
from tests.conformance.rules import rule
from tests.running import settle, virtual

HERE = "nb@local"


async def members() -> list[ab.Pid]:
    pids = [ab.spawn(actors.idle) for _ in range(3)]
    await settle()
    return pids


@rule("PG-01", "Who joins several times is in as often, also within one list, and has to leave as often.")
@virtual
async def test_joining_adds_up() -> None:
    await ab.pg.start()
    one, two, _ = await members()
    await ab.pg.join("g", one)
    await ab.pg.join("g", [one, two, one])
    assert ab.pg.get_members("g") == [one, one, two, one]
    for left in ([one, two, one], [two, one], [two]):
        await ab.pg.leave("g", one)
        assert sorted(ab.pg.get_members("g")) == sorted(left)


@rule("PG-02", "Leaving without being a member is told; of several it is enough that one was in.", differs=(
    "`leave` returns False where Erlang returns `not_joined`, and True for `ok`."
))  # fmt: skip
@virtual
async def test_leaving_says_whether_anyone_was_in() -> None:
    await ab.pg.start()
    one, two, three = await members()
    await ab.pg.join("g", [one, two])

    assert await ab.pg.leave("g", three) is False
    assert await ab.pg.leave("nothing", one) is False
    assert await ab.pg.leave("g", [three, two]) is True
    assert ab.pg.get_members("g") == [one]


@rule("PG-03", "An unknown group is empty, a group is gone with its last member, and the dead leave by themselves.")
@virtual
async def test_groups_are_made_of_their_living_members() -> None:
    await ab.pg.start()
    one, two, _ = await members()
    assert ab.pg.get_members("unknown") == []
    await ab.pg.join("g", [])
    assert ab.pg.which_groups() == []
    await ab.pg.join("g", [one, two, one])
    await ab.pg.join("h", two)
    ab.exit(one, "kill")
    await settle()
    assert (ab.pg.get_members("g"), ab.pg.which_groups()) == ([two], ["g", "h"])
    await ab.pg.leave("g", two)

    assert ab.pg.which_groups() == ["h"]


@rule("PG-04", "Only processes of one's own node can be joined; the local members leave those of others out.", differs=(
    "A `ValueError` that says so, where Erlang has the error `nolocal`."
))  # fmt: skip
@virtual
async def test_each_node_speaks_for_its_own_processes() -> None:
    async with ab.Cluster.simulated(["a"]):
        here, there = ab.spawn(actors.idle), await Hand.on("a")
        with pytest.raises(ValueError, match=r"pg\.join: expected a process of 'nb@local', got <a\.\d+> of 'a'"):
            await ab.pg.join("g", [here, there.pid])
        assert ab.pg.get_members("g") == []
        await ab.pg.join("g", here)
        await there.do(ab.pg.join, "g", there.pid)
        await settle()

        assert ab.pg.get_members("g") == [here, there.pid]
        assert ab.pg.get_local_members("g") == [here]
        assert await there.do(ab.pg.get_local_members, "g") == [there.pid]
        assert sorted(await there.do(ab.pg.get_members, "g")) == sorted([here, there.pid])


@rule("PG-05", "Scopes know nothing of each other; a scope that does not run is noproc; restarted, it has forgotten "
      "who joined here and learns again who is in elsewhere.")  # fmt: skip
@virtual
async def test_scopes_are_apart_and_learn_anew() -> None:
    async with ab.Cluster.simulated(["a"]):
        there = await Hand.on("a")
        with pytest.raises(ab.CallExit, match="the scope 'mine' does not run on this node") as missing:
            await ab.pg.join("g", ab.self_(), scope="mine")
        assert missing.value.reason == "noproc"
        with pytest.raises(ab.CallExit):
            ab.pg.get_members("g", scope="mine")
        scope = await ab.pg.start("mine")
        await there.do(ab.pg.start, "mine")
        await ab.pg.join("g", ab.self_(), scope="mine")
        await there.do(ab.pg.join, "g", there.pid, "mine")
        await settle()
        assert (ab.pg.get_members("g"), len(ab.pg.get_members("g", scope="mine"))) == ([], 2)
        ab.exit(scope, "kill")
        await settle()
        assert await there.do(ab.pg.get_members, "g", "mine") == [there.pid]
        await ab.pg.start("mine")
        await settle()

        assert ab.pg.get_members("g", scope="mine") == [there.pid]


@rule("PG-06", "A monitor starts with the members there are; joins and leaves follow in order, by group or for the "
      "whole scope; stopping it drops what is queued, and an unknown one cannot be stopped.")  # fmt: skip
@virtual
async def test_changes_are_told_in_order() -> None:
    async with ab.Cluster.simulated(["a"]):
        there, (one, two, _) = await Hand.on("a"), await members()
        await ab.pg.join("g", one)
        ref, now = await ab.pg.monitor("g")
        whole, groups = await ab.pg.monitor_scope()
        assert (now, groups) == ([one], {"g": [one]})
        await ab.pg.join("g", [two, two])
        await there.do(ab.pg.join, "h", there.pid)
        await ab.pg.leave("g", two)
        ab.exit(one, "kill")
        await settle()
        told: list[Any] = ab.flush()

        changes = [("join", "g", [two, two]), ("leave", "g", [two]), ("leave", "g", [one])]
        assert [message[1:] for message in told if message[0] is ref] == changes
        assert [message[1:] for message in told if message[0] is whole] == [
            changes[0], ("join", "h", [there.pid]), *changes[1:],
        ]  # fmt: skip
        await ab.pg.join("g", two)
        assert await ab.pg.demonitor(ref) is True
        assert await ab.pg.demonitor(ref) is False
        assert [message[0] for message in ab.flush()] == [whole]


@rule("PG-07", "When a node is lost its members are, on all others; healed or restarted, all agree again.")
@virtual
async def test_a_lost_node_takes_its_members_along() -> None:
    async with ab.Cluster.simulated(["a", "b"]) as cluster:
        one, two = await Hand.on("a"), await Hand.on("b")
        for hand in (one, two):
            await hand.do(ab.pg.join, "g", hand.pid)
        ref, now = await ab.pg.monitor("g")
        assert sorted(now) == [one.pid, two.pid]
        cluster.partition({"a"}, {"b"})
        await ab.sleep(2)
        assert await one.do(ab.pg.get_members, "g") == [one.pid]
        assert await two.do(ab.pg.get_members, "g") == [two.pid]
        assert sorted(ab.pg.get_members("g")) == [one.pid, two.pid]
        cluster.heal()
        await ab.sleep(1)
        assert sorted(await one.do(ab.pg.get_members, "g")) == [one.pid, two.pid]
        assert ab.flush() == []
        cluster.crash("b")

        assert await heard() == (ref, "leave", "g", [two.pid])
        assert await one.do(ab.pg.get_members, "g") == [one.pid]
        cluster.restart("b")
        two = await Hand.on("b")
        await ab.sleep(1)
        assert await two.do(ab.pg.get_members, "g") == [one.pid]
