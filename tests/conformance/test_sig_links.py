"""Links: who dies with whom, who is told, and what is left of a link that was taken back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import dead, ends_as_told, idle, linked_to, reason_of_end, run, settle, trapping, virtual

Log = list[Any]


def links_of(pid: ab.Pid) -> list[ab.Pid]:
    info = ab.process_info(pid)
    assert info is not None
    links: list[ab.Pid] = info["links"]
    return links


@rule("SIG-01", "A process that traps no exits is left alone by a linked one that ends normally.")
@virtual
async def test_a_peer_that_ends_normally_leaves_the_other_alone() -> None:
    one = ab.spawn(idle)
    other = ab.spawn(linked_to, one)
    await settle()
    ab.send(one, "end")
    await settle()
    assert (ab.is_alive(one), ab.is_alive(other)) == (False, True)


@rule("SIG-02", "An abnormal end takes along every linked process that does not trap, with the same reason, and so on.")
@pytest.mark.parametrize("reason", ["boom", "shutdown", ("shutdown", 1), 0, None])
@virtual
async def test_an_abnormal_end_passes_on_through_all_links(reason: Any) -> None:
    first = ab.spawn(idle)
    second = ab.spawn(linked_to, first)
    third, stranger = ab.spawn(linked_to, second), ab.spawn(idle)
    await settle()
    refs = {pid: ab.monitor(pid) for pid in (second, third)}
    ab.exit(first, reason)
    assert ab.flush() == [ab.DOWN(ref, pid, reason) for pid, ref in refs.items()]
    assert ab.is_alive(stranger)


@rule("SIG-14", "Links go both ways and are unique: however often made, one EXIT comes.")
@virtual
async def test_many_links_are_one() -> None:
    log: Log = []

    async def often(peer: ab.Pid, log: Log) -> None:
        for _ in range(5):
            ab.link(peer)
        await trapping(log)

    async def links_back() -> None:
        ab.link(await ab.receive())
        await ends_as_told()

    peer = ab.spawn(links_back)
    other = ab.spawn(often, peer, ab.share(log))
    ab.send(peer, other)
    await settle()
    assert (links_of(peer), links_of(other)) == ([other], [peer])
    ab.send(peer, "boom")
    await settle()
    assert log == [ab.EXIT(peer, "boom")]


@rule("SIG-14", "One unlink, from either side, ends it.")
@pytest.mark.parametrize("who", ["the one that linked", "the other"])
@virtual
async def test_one_unlink_from_either_side_ends_a_link_made_twice(who: str) -> None:
    async def obeys() -> None:
        while True:
            act, peer = await ab.receive()
            act(peer)

    one, other = ab.spawn(obeys), ab.spawn(obeys)
    for _ in range(2):
        ab.send(one, (ab.link, other))
    await settle()
    assert links_of(other) == [one]
    ab.send(one, (ab.unlink, other)) if who == "the one that linked" else ab.send(other, (ab.unlink, one))
    await settle()
    assert (links_of(one), links_of(other)) == ([], [])
    ab.exit(one, "boom")
    await settle()
    assert ab.is_alive(other)


@rule("SIG-15", "Linking oneself is true and makes no link; unlinking a process never linked is true.")
@virtual
async def test_a_link_to_oneself_is_none_and_unlinking_a_stranger_is_true() -> None:
    assert ab.link(ab.self_()) is True
    assert links_of(ab.self_()) == []
    assert ab.unlink(ab.spawn(idle)) is True
    assert ab.unlink(await dead()) is True
    assert ab.unlink(ab.self_()) is True


@rule("SIG-16", "Linking a dead process is true and then EXIT noproc for one that traps.")
@virtual
async def test_a_link_to_the_dead_is_told_to_who_traps() -> None:
    async def traps(pid: ab.Pid) -> None:
        ab.flag(trap_exit=True)
        raise ab.Exit((ab.link(pid), await ab.receive(timeout=0)))

    pid = await dead()
    assert await reason_of_end(ab.spawn(traps, pid)) == (True, ab.EXIT(pid, "noproc"))


@rule(
    "SIG-16",
    "For one that does not trap it is an error at the call.",
    differs="Not caught, the error ends the process with plain noproc, where Erlang's has a stack beside it.",
)
@virtual
async def test_a_link_to_the_dead_raises_for_others_and_ends_them_with_noproc() -> None:
    pid = await dead()
    with pytest.raises(ProcessLookupError, match=r"not alive \(noproc\); trap exits"):
        ab.link(pid)
    assert await reason_of_end(ab.spawn(linked_to, pid)) == "noproc"


@rule("SIG-17", "After unlink no EXIT comes from that link; one that is queued stays until it is taken.")
@virtual
async def test_after_unlink_no_exit_comes_but_a_queued_one_stays() -> None:
    log: Log = []

    async def body(log: Log) -> None:
        ab.flag(trap_exit=True)
        one, two = ab.spawn(idle, link=True), ab.spawn(idle, link=True)
        ab.exit(one, "boom")
        ab.unlink(one)
        ab.unlink(two)
        ab.exit(two, "boom")
        await ab.sleep(1)
        log.append([(message.pid is one, message.reason) for message in ab.flush()])

    assert await reason_of_end(ab.spawn(body, ab.share(log))) == "normal"
    assert log == [[(True, "boom")]]


@rule(
    "SIG-18", "Spawning with a link or a monitor is atomic: a child that dies at once tells its reason, never noproc."
)
@pytest.mark.parametrize("how", [{"link": True}, {"monitor": True}, {"link": True, "monitor": True}])
@virtual
async def test_spawn_with_link_and_monitor_tells_the_real_reason(how: Any) -> None:
    log: Log = []

    def dies() -> None:
        raise ab.Exit("at once")

    async def body(log: Log) -> None:
        ab.flag(trap_exit=True)
        ab.spawn(dies, **how)
        await ab.sleep(1)
        log.extend(message.reason for message in ab.flush())

    assert await reason_of_end(ab.spawn(body, ab.share(log))) == "normal"
    assert log == ["at once"] * len(how)


@rule("SIG-19", "Who gets EXIT or DOWN finds the name of the dead free: nobody has it, and it can be given anew.")
@pytest.mark.parametrize("how", [ab.link, ab.monitor])
@virtual
async def test_the_name_is_free_when_exit_and_down_arrive(how: Any) -> None:
    async def body(log: Log) -> None:
        ab.flag(trap_exit=True)
        pid = ab.spawn(idle, name="n")
        how(pid)
        ab.exit(pid, "kill")
        message = await ab.receive(timeout=0)
        log.append((message.reason, ab.whereis("n"), ab.register(ab.self_(), "n")))

    log: Log = []
    assert await reason_of_end(ab.spawn(body, ab.share(log))) == "normal"
    assert log == [("killed", None, True)]


async def obeys_with_pauses(script: list[tuple[Any, float]]) -> None:
    peer = await ab.receive()
    for act, pause in script:
        await ab.sleep(pause)
        act(peer)
    await idle()


_SCRIPTS = st.lists(st.tuples(st.sampled_from([ab.link, ab.unlink]), st.integers(0, 2)), max_size=5)


@rule("SIG-22", "Whatever both ends do to their link at the same time, they agree on what is left of it.")
@settings(max_examples=25, deadline=None)
@given(_SCRIPTS, _SCRIPTS)
def test_link_and_unlink_from_both_ends_agree(one: Any, other: Any) -> None:
    run(lambda: _play_both_ends(one, other))


async def _play_both_ends(one: Any, other: Any) -> None:
    pids = [ab.spawn(obeys_with_pauses, script) for script in (one, other)]
    for pid, peer in zip(pids, reversed(pids), strict=True):
        ab.send(pid, peer)
    await ab.sleep(60)
    links = [links_of(pid) for pid in pids]
    assert links in ([[], []], [[pids[1]], [pids[0]]])
    ab.exit(pids[0], "boom")
    assert ab.is_alive(pids[1]) is (links == [[], []])
