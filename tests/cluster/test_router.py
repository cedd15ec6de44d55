"""Routers: whom they pick, on this node and on others, and what they know of those they cannot see."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import actorbook as ab
from tests.cluster import actors
from tests.cluster.actors import Counter, heard
from tests.running import dead, settle, virtual


async def counters(number: int, node: str | None = None) -> list[ab.Pid]:
    return [pid for _ in range(number) if (pid := await Counter.start(node=node)) is not None]


@virtual
async def test_targets_take_turns_in_calls_casts_and_messages() -> None:
    one, two = await counters(2)
    router = ab.Router([one, two])

    assert [await router.call("self") for _ in range(3)] == [one, two, one]
    router.cast(7)
    assert (await ab.sys.get_state(two)).n == 7
    assert router.send(("to", ab.self_(), "hello")) == ("to", ab.self_(), "hello")
    assert await heard() == "hello"
    assert await router.pick().add(5) == 12


@virtual
async def test_the_dead_are_skipped_and_names_follow_whoever_has_them() -> None:
    one, two = await counters(2)
    ab.register(one, "one")
    router = ab.Router(["nobody", await dead(), "one", two, ("one", "nowhere@local"), ("one", "nb@local")])
    assert router.targets() == ["one", two, ("one", "nb@local")]
    await ab.stop(one)
    assert [await router.call("self") for _ in range(3)] == [two] * 3
    ab.register(two, "one")
    assert router.targets() == ["one", two, ("one", "nb@local")]


@virtual
async def test_with_nobody_there_a_call_is_noproc_a_cast_nothing_and_a_send_an_unknown_name() -> None:
    for targets in ([], ["nobody"], [await dead()], list):
        router = ab.Router(targets)
        with pytest.raises(ab.CallExit, match="none of the targets of Router") as failed:
            await router.call("x")
        assert failed.value.reason == "noproc"
        with pytest.raises(ab.UnknownNameError):
            router.send("x")
        router.cast("x")


@virtual
async def test_bad_targets_and_strategies_are_the_callers_errors() -> None:
    with pytest.raises(TypeError, match="expected pids, names or pairs"):
        ab.Router([1])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="got 2"):
        ab.Router(lambda: [2]).pick()  # type: ignore[list-item,return-value]
    with pytest.raises(ValueError, match="expected one of round_robin"):
        ab.Router([], "best")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="expected a key"):
        ab.Router([ab.self_()], "hash").pick()


@virtual
async def test_a_function_gives_the_targets_anew_as_those_of_a_registrys_key() -> None:
    await ab.Registry.start("duplicate", name="r")
    router = ab.Router(lambda: [pid for pid, _ in ab.Registry.lookup("r", "news")])
    assert router.targets() == []
    ab.Registry.register("r", "news")
    router.send("extra")
    assert await heard() == "extra"
    assert ab.Router(lambda: [ab.whereis("nobody"), ab.self_()]).targets() == [ab.self_()]


@virtual
async def test_the_least_busy_of_this_node_is_seen_in_its_mailbox() -> None:
    pids = await counters(3)
    for pid, number in zip(pids, (2, 0, 1), strict=True):
        await ab.sys.suspend(pid)
        for n in range(number):
            ab.GenServer.cast(pid, n)

    assert ab.Router(pids, "least_mailbox").pick() is pids[1]


@virtual
async def test_a_router_arrives_elsewhere_as_a_fresh_one() -> None:
    one, two = await counters(2)
    router = ab.Router([one, two])
    router.pick()
    ab.send(ab.self_(), router)

    for copy in (await heard(), pickle.loads(pickle.dumps(router))):
        assert copy is not router
        assert (copy.pick(), copy.pick()) == (one, two)
    assert repr(router) == f"Router([{one!r}, {two!r}], 'round_robin')"
    bounded = pickle.loads(pickle.dumps(ab.Router("group", "hash", bound=1.25)))
    assert repr(bounded) == "Router('group', 'hash')"


# --- other nodes


@virtual
async def test_the_members_of_a_group_on_all_nodes_take_the_work() -> None:
    async with ab.Cluster.simulated(["a", "b"]) as cluster:
        hands = {node: await actors.Hand.on(node) for node in ("a", "b")}
        pids = [(await counters(1, node))[0] for node in hands]
        for hand, pid in zip(hands.values(), pids, strict=True):
            await hand.do(ab.pg.join, "workers", pid)
        await settle()
        router = ab.Router("workers")
        assert {await router.call("self") for _ in range(4)} == set(pids)
        cluster.crash("a")
        await settle()
        assert {await router.call("self") for _ in range(4)} == {pids[1]}


@virtual
async def test_who_is_on_a_node_that_is_cut_off_or_was_restarted_is_skipped() -> None:
    async with ab.Cluster.simulated(["a", "b"]) as cluster:
        (there,), (here,) = await counters(1, "a"), await counters(1)
        router = ab.Router([there, here, ("name", "a")])
        assert router.targets() == [there, here, ("name", "a")]
        cluster.partition("a")
        await ab.sleep(5)
        assert router.targets() == [here]
        cluster.heal()
        await ab.sleep(5)
        assert router.targets() == [there, here, ("name", "a")]
        cluster.crash("a")
        cluster.restart("a")
        await ab.sleep(5)
        assert router.targets() == [here, ("name", "a")]


@virtual
async def test_a_dead_process_of_another_node_is_asked_once() -> None:
    async with ab.Cluster.simulated(["a"]):
        one, two = await counters(2, "a")
        router = ab.Router([one, two])
        ab.exit(one, "kill")
        with pytest.raises(ab.CallExit) as failed:
            await router.call("x")
        assert failed.value.reason == "noproc"
        assert [await router.call("self") for _ in range(3)] == [two] * 3
        assert router.targets() == [two]


@virtual
async def test_no_other_failure_of_a_call_makes_anybody_dead() -> None:
    async with ab.Cluster.simulated(["a"]):
        pid = await Counter.start(node="a", mailbox=ab.Mailbox(1))
        router = ab.Router([pid])
        hand = await actors.Hand.on("a")
        await hand.do(ab.sys.suspend, pid)
        router.cast(1)
        with pytest.raises(ab.CallExit) as failed:
            await router.call("self")
        assert failed.value.reason == "mailbox_full"
        await hand.do(ab.sys.resume, pid)
        with pytest.raises(ab.CallExit, match="within 1"):
            await router.call("silence", timeout=1)
        assert await router.call("self") is pid


@virtual
async def test_of_processes_elsewhere_the_calls_without_an_answer_count_but_not_those_of_the_killed() -> None:
    async with ab.Cluster.simulated(["a"]):
        one, two = await counters(2, "a")
        router = ab.Router([one, two], "least_mailbox")

        async def asks(pid: ab.Pid) -> None:
            await ab.Router.call(router, "silence", timeout=None)

        first = ab.spawn(asks, one)
        await ab.sleep(0.1)
        assert {router.pick() for _ in range(3)} == {two}
        second, third = ab.spawn(asks, two), ab.spawn(asks, two)
        await ab.sleep(0.1)
        assert sorted(router._load(pid) for pid in (one, two)) == [1, 2]
        for pid in (first, second, third):
            ab.exit(pid, "kill")
        await settle()
        assert {router.pick() for _ in range(4)} == {one, two}
        assert await router.call("self") in (one, two)
        assert router._asking.keys() <= {one, two}


@virtual
async def test_all_nodes_agree_which_server_a_key_has() -> None:
    async with ab.Cluster.simulated(["a", "b"]):
        hands = [await actors.Hand.on(node) for node in ("a", "b")]
        pids: list[Any] = [*await counters(1), *await counters(1, "a"), *await counters(1, "b")]
        router = ab.Router(pids, "hash")
        for key in ("ada", ("room", 7), 3):
            picked = [router.pick(key), *[await hand.do(router.pick, key) for hand in hands]]
            assert len(set(picked)) == 1
