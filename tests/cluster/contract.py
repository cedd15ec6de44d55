"""What every cluster has to do, simulated or on real machines: each case gets one with the nodes a, b and c.

An engine passes when it passes all of them: see `test_simulated.py` for how one is put to the test.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

import actorbook as ab
from tests.cluster import actors
from tests.cluster.actors import Counter, Hand, heard, quiet, reason_of

Case = Callable[[ab.Cluster], Coroutine[Any, Any, None]]
CASES: list[Case] = []


def case(body: Case) -> Case:
    """One thing that every cluster does."""
    CASES.append(body)
    return body


def is_down(message: Any) -> bool:
    return isinstance(message, ab.DOWN)


# ── spawning and sending


@case
async def spawn_runs_a_function_on_the_node_that_was_named(cluster: ab.Cluster) -> None:
    pid = ab.spawn(ab.send, ab.self_(), "hello", node="b")

    assert (pid.node, await heard()) == ("b", "hello")


@case
async def what_is_sent_right_after_a_spawn_arrives_in_order(cluster: ab.Cluster) -> None:
    pid = ab.spawn(actors.echo, ab.self_(), node="a")
    for number in range(100):
        ab.send(pid, number)

    assert [await heard() for _ in range(100)] == [("echo", number) for number in range(100)]


@case
async def a_name_on_another_node_is_reached_by_a_pair(cluster: ab.Cluster) -> None:
    pid = ab.spawn(actors.echo, ab.self_(), name="echo", node="a")
    ab.send(("echo", "a"), 0)
    ab.send(("nobody", "a"), 1)
    ab.send(("echo", "nowhere"), 2)

    assert await heard() == ("echo", 0)
    assert await quiet()
    assert ab.whereis("echo") is None
    assert pid.node == "a"


@case
async def falsy_and_mutable_messages_arrive_as_copies(cluster: ab.Cluster) -> None:
    pid = ab.spawn(actors.echo, ab.self_(), node="a")
    basket = ["tea"]
    for message in (0, "", None, [], {}, basket, ab.share(basket), (basket, pid)):
        ab.send(pid, message)
    basket.append("milk")

    echoes = [(await heard())[1] for _ in range(8)]
    assert echoes == [0, "", None, [], {}, ["tea"], ["tea"], (["tea"], pid)]
    assert echoes[-1][1] is pid


@case
async def what_cannot_travel_fails_in_the_sender(cluster: ab.Cluster) -> None:
    pid = ab.spawn(actors.echo, ab.self_(), node="a")
    with pytest.raises(ab.MessageError, match="cannot send to another node: expected data, importable functions"):
        ab.send(pid, ("run", lambda: None))
    with pytest.raises(ab.MessageError):
        ab.spawn(lambda: None, node="a")
    with pytest.raises(ab.MessageError):
        await Counter.start(lambda: None, node="a")

    ab.send(pid, "still there")
    assert await heard() == ("echo", "still there")


@case
async def an_alias_is_reached_from_another_node_until_it_is_given_up(cluster: ab.Cluster) -> None:
    hand = await Hand.on("a")
    alias = ab.alias()
    await hand.do(ab.send, alias, "first")
    assert await heard() == "first"
    ab.unalias(alias)
    await hand.do(ab.send, alias, "second")

    assert await quiet()


@case
async def spawn_on_an_unknown_node_says_which_there_are(cluster: ab.Cluster) -> None:
    with pytest.raises(ValueError, match="node='zz': unknown node, expected one of 'nb@local', "):
        ab.spawn(actors.idle, node="zz")
    with pytest.raises(ValueError, match="node='zz': unknown node"):
        await Counter.start(node="zz")


@case
async def a_name_that_is_taken_there_is_heard_by_link_and_monitor(cluster: ab.Cluster) -> None:
    first = ab.spawn(actors.idle, name="one", node="a")
    pid, ref = ab.spawn(actors.idle, name="one", node="a", monitor=True)

    assert await heard() == ab.DOWN(ref, pid, ("already_started", first))


# ── servers


@case
async def a_server_starts_and_answers_on_another_node(cluster: ab.Cluster) -> None:
    pid = await Counter.start(5, node="b", name="counter")

    assert pid is not None
    assert (pid.node, await pid.add(3)) == ("b", 8)
    assert await ab.GenServer.call(("counter", "b"), "self") is pid
    assert await ab.GenServer.call(pid, "later") == "from another process"
    ab.GenServer.cast(("counter", "b"), 1)
    assert await pid.add(1) == 2
    assert (await ab.sys.get_state(pid)).n == 2


@case
async def a_start_that_fails_there_fails_here(cluster: ab.Cluster) -> None:
    assert await Counter.start("ignore", node="b") is None
    with pytest.raises(ab.StartError) as failed:
        await Counter.start_link("bad luck", node="b")
    assert failed.value.reason == "bad luck"
    first = await Counter.start(name="one", node="b")
    with pytest.raises(ab.StartError) as taken:
        await Counter.start(name="one", node="b")

    assert taken.value.reason == ("already_started", first)
    assert await quiet()


@case
async def a_server_that_ends_or_is_not_there_fails_its_callers(cluster: ab.Cluster) -> None:
    pid = await Counter.start(node="b")
    with pytest.raises(ab.CallExit) as ended:
        await ab.GenServer.call(pid, ("stop", "enough"))
    with pytest.raises(ab.CallExit) as gone:
        await ab.GenServer.call(pid, "self")
    with pytest.raises(ab.CallExit) as unknown:
        await ab.GenServer.call(("nobody", "b"), "self")
    with pytest.raises(ab.CallExit) as nowhere:
        await ab.GenServer.call(("nobody", "zz"), "self")

    assert [error.value.reason for error in (ended, gone, unknown, nowhere)] == [
        "enough", "noproc", "noproc", "noconnection",
    ]  # fmt: skip
    assert await quiet()


@case
async def a_call_that_takes_too_long_leaves_nothing_behind(cluster: ab.Cluster) -> None:
    pid = await Counter.start(node="b")
    with pytest.raises(ab.CallExit) as late:
        await ab.GenServer.call(pid, "silence", timeout=0.5)

    assert late.value.reason == "timeout"
    assert await quiet()
    hand = await Hand.on("b")
    assert (await hand.do(ab.process_info, pid))["monitored_by"] == []


@case
async def a_reply_that_cannot_travel_ends_the_server(cluster: ab.Cluster) -> None:
    pid = await Counter.start(node="b")
    with pytest.raises(ab.CallExit) as failed:
        await ab.GenServer.call(pid, "lambda")

    assert failed.value.reason.type is ab.MessageError


@case
async def stop_ends_a_server_or_a_function_there(cluster: ab.Cluster) -> None:
    server = await Counter.start(node="b")
    function = ab.spawn(actors.idle, node="b")
    await ab.stop(server, "shutdown")
    await ab.stop(function)

    assert [await reason_of(pid) for pid in (server, function)] == ["noproc", "noproc"]
    with pytest.raises(ab.CallExit, match="noproc"):
        await ab.stop(server)


@case
async def several_nodes_are_asked_at_once(cluster: ab.Cluster) -> None:
    for node in ("a", "c"):
        await Counter.start(name="counter", node=node)

    replies, bad = await ab.GenServer.multi_call(["a", "b", "c", "zz"], "counter", "ping")
    assert (replies, bad) == ([("a", "ping"), ("c", "ping")], ["b", "zz"])
    ab.GenServer.abcast(["a", "b", "zz"], "counter", 7)
    assert await ab.GenServer.call(("counter", "a"), "ping") == "ping"
    hand = await Hand.on("a")
    assert (await (await hand.do(ab.whereis, "counter")).add(0)) == 7


@case
async def a_mailbox_with_a_limit_refuses_what_comes_from_elsewhere(cluster: ab.Cluster) -> None:
    pid = await Counter.start(node="b", mailbox=ab.Mailbox(2))
    assert pid is not None
    await ab.sys.suspend(pid)
    for number in range(5):
        ab.GenServer.cast(pid, number)
    with pytest.raises(ab.CallExit) as full:
        await ab.GenServer.call(pid, "ping")
    assert full.value.reason == "mailbox_full"
    ref = ab.GenServer.send_request(pid, "ping")
    assert await ab.GenServer.receive_response(ref, 5) == ("error", ("mailbox_full", pid))
    await ab.sys.resume(pid)

    assert await pid.add(0) == 1
    hand = await Hand.on("b")
    info = await hand.do(ab.process_info, pid)
    assert (info["messages_dropped"], info["monitored_by"]) == (5, [])


# ── links, monitors, exit signals


@case
async def links_carry_exits_between_nodes_both_ways(cluster: ab.Cluster) -> None:
    ab.flag(trap_exit=True)
    there = ab.spawn(actors.idle, node="a", link=True)
    ab.exit(there, "enough")
    assert await heard() == ab.EXIT(there, "enough")
    here = ab.spawn(actors.idle)
    there = ab.spawn(actors.linking, here, ab.self_(), node="a")
    assert await heard() == "linked"
    ab.exit(here, "over")

    assert await reason_of(there) in ("over", "noproc")


@case
async def a_link_with_a_dead_process_there_is_a_signal(cluster: ab.Cluster) -> None:
    pid = ab.spawn(actors.ending, "early", node="a")
    assert await reason_of(pid) in ("early", "noproc")
    ab.flag(trap_exit=True)

    assert ab.link(pid) is True
    assert await heard() == ab.EXIT(pid, "noproc")


@case
async def an_unlinked_process_is_not_heard_of(cluster: ab.Cluster) -> None:
    ab.flag(trap_exit=True)
    pid = ab.spawn(actors.idle, node="a", link=True)
    ab.unlink(pid)
    ab.exit(pid, "enough")

    assert await quiet()


@case
async def a_process_that_traps_hears_exit_signals_of_another_node(cluster: ab.Cluster) -> None:
    pid = ab.spawn(actors.trapping, ab.self_(), node="a")
    assert await heard() is pid
    ab.exit(pid, "careful")
    assert await heard() == ("heard", ab.EXIT(ab.self_(), "careful"))
    ab.exit(pid, "kill")

    assert await reason_of(pid) in ("killed", "noproc")


@case
async def monitors_fire_once_by_pid_and_by_name(cluster: ab.Cluster) -> None:
    pid = ab.spawn(actors.idle, name="watched", node="a")
    refs = [ab.monitor(pid), ab.monitor(("watched", "a")), ab.monitor(pid, tag="gone")]
    stopped = ab.monitor(pid)
    assert ab.demonitor(stopped, info=True)
    ab.exit(pid, "enough")

    assert [await heard() for _ in range(3)] == [
        ab.DOWN(refs[0], pid, "enough"), ab.DOWN(refs[1], ("watched", "a"), "enough"), ("gone", refs[2], pid, "enough"),
    ]  # fmt: skip
    assert await quiet()


@case
async def a_down_does_not_overtake_what_was_sent_before(cluster: ab.Cluster) -> None:
    for _ in range(20):
        pid, ref = ab.spawn(ab.send, ab.self_(), "last words", node="a", monitor=True)
        assert [await heard(), await heard()] == ["last words", ab.DOWN(ref, pid, "normal")]


@case
async def a_monitor_with_an_alias_of_a_process_there_is_a_request(cluster: ab.Cluster) -> None:
    await Counter.start(name="counter", node="a")
    ref = ab.GenServer.send_request(("counter", "a"), "ping")
    assert await ab.GenServer.receive_response(ref, 5) == ("reply", "ping")
    ref = ab.GenServer.send_request(("counter", "a"), ("stop", "enough"))

    assert await ab.GenServer.receive_response(ref, 5) == ("error", ("enough", ("counter", "a")))
    assert await quiet()


@case
async def a_crash_reason_travels_with_its_text(cluster: ab.Cluster) -> None:
    pid = await Counter.start(node="a")
    ref = ab.monitor(pid)
    pid.crash()
    reason = (await ab.receive(is_down)).reason

    assert (reason.type, reason.message, reason.traceback.count("boom")) == (RuntimeError, "boom", 2)
    assert ref.node == ab.self_().node


@case
async def questions_about_processes_elsewhere_are_refused(cluster: ab.Cluster) -> None:
    pid = ab.spawn(actors.idle, node="a")
    for question in (ab.is_alive, ab.process_info, lambda pid: ab.register(pid, "name")):
        with pytest.raises(ValueError, match=r"expected a process of 'nb@local', got <a\.\d+> of 'a'"):
            question(pid)


# ── nodes that are lost


@case
async def a_lost_node_is_noconnection_to_links_monitors_and_calls(cluster: ab.Cluster) -> None:
    ab.flag(trap_exit=True)
    ab.monitor_nodes()
    pid = await Counter.start_link(node="b", name="counter")
    refs = [ab.monitor(pid), ab.monitor(("counter", "b"))]
    calling = ab.spawn(ab.GenServer.call, pid, "silence", None, monitor=True)
    await ab.sleep(0.5)
    cluster.crash("b")
    seen = [await heard(60) for _ in range(5)]

    seen.remove(ab.DOWN(calling[1], calling[0], "noconnection"))  # it has to run in order to end
    assert seen[-1] == ("nodedown", "b")
    assert set(seen[:-1]) == {
        ab.EXIT(pid, "noconnection"),
        ab.DOWN(refs[0], pid, "noconnection"),
        ab.DOWN(refs[1], ("counter", "b"), "noconnection"),
    }
    assert ab.nodes() == ["a", "c"]
    with pytest.raises(ab.CallExit) as failed:
        await ab.GenServer.call(("counter", "b"), "ping")
    assert failed.value.reason == "noconnection"
    with pytest.raises(ab.StartError) as unstarted:
        await Counter.start(node="b")
    assert unstarted.value.reason == "noconnection"


@case
async def what_is_asked_of_a_lost_node_is_answered_at_once(cluster: ab.Cluster) -> None:
    pid = await Counter.start(node="b")
    cluster.crash("b")
    await ab.sleep(5)
    ab.flag(trap_exit=True)
    ref = ab.monitor(pid)
    assert await heard() == ab.DOWN(ref, pid, "noconnection")
    ab.link(pid)
    assert await heard() == ab.EXIT(pid, "noconnection")
    spawned, ref = ab.spawn(actors.idle, node="b", link=True, monitor=True)

    assert {await heard(), await heard()} == {
        ab.EXIT(spawned, "noconnection"), ab.DOWN(ref, spawned, "noconnection"),
    }  # fmt: skip
    ab.send(pid, "into the void")
    ab.exit(pid, "kill")
    ab.GenServer.cast(pid, "unheard")
    assert await quiet()


@case
async def a_restarted_node_is_a_new_one(cluster: ab.Cluster) -> None:
    old = await Counter.start(node="b", name="counter")
    ab.monitor_nodes()
    cluster.crash("b")
    assert await heard(60) == ("nodedown", "b")
    cluster.restart("b")
    assert await heard(60) == ("nodeup", "b")
    new = await Counter.start(1, node="b", name="counter")
    ab.send(old, ("to", ab.self_(), "from the dead"))

    assert await reason_of(old) == "noproc"
    assert (old is new, old.home == new.home, await new.add(1)) == (False, False, 2)
    assert await quiet()


@case
async def nodes_watch_each_other_as_often_as_they_asked(cluster: ab.Cluster) -> None:
    hand = await Hand.on("a")
    assert await hand.do(ab.nodes) == ["b", "c", ab.self_().node]
    ab.monitor_nodes()
    ab.monitor_nodes()
    ab.monitor_nodes()
    ab.monitor_nodes(False)
    cluster.crash("c")

    assert [await heard(60), await heard(60)] == [("nodedown", "c")] * 2
    assert await quiet()
