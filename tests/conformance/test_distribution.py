"""The rules of links, monitors and servers where two nodes are involved: nothing is different but the distance."""

from __future__ import annotations

from itertools import product
from typing import Any

import actorbook as ab
from tests.cluster import actors
from tests.cluster.actors import Counter, Hand, heard, quiet, reason_of
from tests.conformance.rules import rule
from tests.running import now, passed, settle, virtual

HERE = "nb@local"


def links(cluster: ab.Cluster, pid: ab.Pid) -> list[ab.Pid]:
    """The links of a process of whichever node."""
    process = cluster.nodes[pid.node].local(pid)
    return [] if process is None else list(process.links or ())


@rule("SIG-02", "A reason passes from link to link across nodes, unchanged.")
@virtual
async def test_a_chain_of_links_over_three_nodes_falls_together() -> None:
    async with ab.Cluster.simulated(["a", "b", "c"], latency=0.1) as cluster:
        first = last = ab.spawn(actors.idle, node="a")
        for number in range(30):
            last = ab.spawn(actors.linking, last, ab.self_(), node="abc"[number % 3])
        for _ in range(30):
            assert await heard() == "linked"
        ref = ab.monitor(last)
        ab.exit(first, ("odd", 1))

        assert await heard(60) == ab.DOWN(ref, last, ("odd", 1))
        assert [len(node.processes) for node in cluster.nodes.values()] == [3, 3, 3, 3]


@rule("SIG-14", "Linked several times and across nodes: one link, one EXIT, and one unlink takes it away on both.")
@virtual
async def test_links_between_nodes_are_two_way_and_unique() -> None:
    async with ab.Cluster.simulated(["a"], latency=0.1) as cluster:
        ab.flag(trap_exit=True)
        there = await Hand.on("a")
        for _ in range(3):
            ab.link(there.pid)
        await there.do(ab.link, ab.self_())
        assert links(cluster, there.pid) == [ab.self_()]
        await there.do(ab.unlink, ab.self_())
        await ab.sleep(1)
        assert (links(cluster, there.pid), links(cluster, ab.self_())) == ([], [])
        ab.link(there.pid)
        ab.exit(there.pid, "kill")

        assert await heard() == ab.EXIT(there.pid, "killed")
        assert await quiet()


@rule("SIG-16", "A link with a process of another node that is dead, or whose node is lost, is an exit signal.")
@virtual
async def test_a_link_with_the_dead_of_another_node_is_a_signal() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        ab.flag(trap_exit=True)
        pid = ab.spawn(actors.ending, "early", node="a")
        assert await reason_of(pid) in ("early", "noproc")
        assert ab.link(pid) is True
        assert await heard() == ab.EXIT(pid, "noproc")
        mortal = ab.spawn(actors.linking, pid, ab.self_(), monitor=True)
        assert [await heard(), await heard()] == ["linked", ab.DOWN(mortal[1], mortal[0], "noproc")]
        cluster.crash("a")
        await settle()

        assert ab.link(pid) is True
        assert await heard() == ab.EXIT(pid, "noconnection")


@rule("SIG-17", "An exit that was on its way from another node when the link was taken back is not heard.")
@virtual
async def test_an_exit_under_way_does_not_survive_the_unlink() -> None:
    async with ab.Cluster.simulated(["a"], latency=1):
        ab.flag(trap_exit=True)
        pid = ab.spawn(actors.idle, node="a", link=True)
        await ab.sleep(2)
        ab.exit(pid, "enough")
        await ab.sleep(1.5)
        ab.unlink(pid)

        assert await quiet()


@rule("SIG-18", "Spawned on another node with link and monitor, a process that ends at once reports its own reason.")
@virtual
async def test_link_and_monitor_are_there_from_the_first_moment() -> None:
    async with ab.Cluster.simulated(["a"], latency=0.1):
        ab.flag(trap_exit=True)
        pid, ref = ab.spawn(actors.ending, "early", node="a", link=True, monitor=True)

        assert {await heard(), await heard()} == {ab.EXIT(pid, "early"), ab.DOWN(ref, pid, "early")}


@rule("SIG-22", "When both ends link and unlink at the same time and far apart, both agree in the end.")
@virtual
async def test_both_ends_agree_about_a_link() -> None:
    async with ab.Cluster.simulated(["a", "b"], latency=1) as cluster:
        for steps in product([ab.link, ab.unlink], repeat=6):
            one, two = await Hand.on("a"), await Hand.on("b")
            ab.send(one.pid, ("do", ab.link, (two.pid,)))
            await ab.sleep(5)
            for mine, theirs in zip(steps[:3], steps[3:], strict=True):
                ab.send(one.pid, ("do", mine, (two.pid,)))
                ab.send(two.pid, ("do", theirs, (one.pid,)))
                await ab.sleep(0.3)
            await ab.sleep(10)

            assert (two.pid in links(cluster, one.pid)) == (one.pid in links(cluster, two.pid)), steps
            ab.flush()


@rule(
    "MON-03", "A monitor of a process that is dead over there fires with noproc, of one out of reach with noconnection."
)
@virtual
async def test_monitors_of_the_dead_and_of_the_lost_fire() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        pid = ab.spawn(actors.ending, "early", node="a")
        await settle()
        gone, nobody, nowhere = ab.monitor(pid), ab.monitor(("nobody", "a")), ab.monitor(("nobody", "zz"))
        told = {await heard() for _ in range(3)}
        assert told == {
            ab.DOWN(gone, pid, "noproc"), ab.DOWN(nobody, ("nobody", "a"), "noproc"),
            ab.DOWN(nowhere, ("nobody", "zz"), "noconnection"),
        }  # fmt: skip
        ref = ab.monitor(ab.spawn(actors.idle, node="a"))
        await settle()
        cluster.partition({"a"})
        began = now()

        assert (await heard()).ref is ref
        assert passed(began) == 1


@rule("MON-06", "The end of who watches from another node does nothing to the watched, and its monitor is gone there.")
@virtual
async def test_a_monitor_of_another_node_ends_with_who_watches() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        here, there = ab.spawn(actors.idle), await Hand.on("a")
        await there.do(ab.monitor, here)
        info = ab.process_info(here)
        assert info is not None
        assert info["monitored_by"] == [there.pid]
        cluster.crash("a")
        await settle()
        info = ab.process_info(here)

        assert info is not None
        assert info["monitored_by"] == []


@rule("MON-07", "Stopped, a monitor of another node's process fires no more, also when its DOWN was on the way.")
@virtual
async def test_a_down_under_way_does_not_survive_the_demonitor() -> None:
    async with ab.Cluster.simulated(["a"], latency=1):
        pid, ref = ab.spawn(actors.idle, node="a", monitor=True)
        await ab.sleep(2)
        ab.exit(pid, "enough")
        await ab.sleep(1.5)

        assert ab.demonitor(ref, info=True) is True
        assert await quiet()


@rule("MON-10", "Far away, and on a line that sends again what it loses, DOWN still comes after what was said before.")
@virtual
async def test_no_down_overtakes_on_a_bad_line() -> None:
    async with ab.Cluster.simulated(["a"], latency=0.1, jitter=0.5, loss=0.3, seed=2):
        for _ in range(50):
            pid, ref = ab.spawn(ab.send, ab.self_(), "last words", node="a", monitor=True)
            assert [await heard(60), await heard(60)] == ["last words", ab.DOWN(ref, pid, "normal")]


@rule("MBX-01", "Messages and signals from one process to another of a different node keep their order.")
@virtual
async def test_signals_between_two_nodes_keep_their_order() -> None:
    async with ab.Cluster.simulated(["a"], latency=0.1, jitter=1, loss=0.2, seed=1):
        for _ in range(20):
            pid = ab.spawn(actors.trapping, ab.self_(), name="t", node="a")
            assert await heard(60) is pid
            ab.send(pid, 1)
            ab.send(("t", "a"), 2)
            ab.exit(pid, "three")
            ab.send(pid, 4)
            said: list[Any] = [(await heard(60))[1] for _ in range(4)]
            assert said == [1, 2, ab.EXIT(ab.self_(), "three"), 4]
            ab.exit(pid, "kill")
            assert await reason_of(pid) in ("killed", "noproc")


@rule("GEN-09", "A call to a server whose node is lost ends the moment this is noticed, not when its time is up.")
@virtual
async def test_a_call_ends_with_the_connection() -> None:
    async with ab.Cluster.simulated(["a"]) as cluster:
        pid = await Counter.start(node="a")
        calling = ab.spawn(ab.GenServer.call, pid, "silence", monitor=True)
        await settle()
        began = now()
        cluster.partition({"a"})

        assert await heard() == ab.DOWN(calling[1], calling[0], "noconnection")
        assert passed(began) == 1


@rule("GEN-30", "Asked at once, each node answers or counts as bad: no such server, no such node, lost on the way.")
@virtual
async def test_many_nodes_are_asked_and_those_that_are_lost_are_bad() -> None:
    async with ab.Cluster.simulated(["a", "b", "c", "d"], latency=0.1) as cluster:
        for node in ("a", "b", "c"):
            await Counter.start(name="counter", node=node)
        cluster.crash("b")
        cluster.partition({"c"}, {HERE})
        began = now()
        replies, bad = await ab.GenServer.multi_call(["a", "b", "c", "d", "zz"], "counter", "ping", timeout=60)

        assert (replies, bad) == ([("a", "ping")], ["b", "c", "d", "zz"])
        assert passed(began) == 1
        assert await quiet()
