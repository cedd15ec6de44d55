"""Monitors and aliases."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import dead, ends_as_told, idle, reason_of_end, settle, virtual

Log = list[Any]


def monitored(pid: ab.Pid) -> tuple[list[Any], list[Any]]:
    """Whom a process monitors, and who monitors it."""
    info = ab.process_info(pid)
    assert info is not None
    return info["monitors"], info["monitored_by"]


@rule("MON-01", "One DOWN comes for each monitor, whatever the reason, normal included; then the monitor is gone.")
@pytest.mark.parametrize("reason", ["normal", "shutdown", "boom", ("any", 1), None])
@virtual
async def test_one_down_for_each_monitor_and_then_it_is_gone(reason: Any) -> None:
    pid, ref = ab.spawn(ends_as_told, monitor=True)
    ab.send(pid, reason)
    await settle()
    assert ab.flush() == [ab.DOWN(ref, pid, reason)]
    assert monitored(ab.self_()) == ([], [])


@rule("MON-02", "Several monitors of one process are several refs, and each gets its DOWN.")
@virtual
async def test_n_monitors_give_n_refs_and_n_downs() -> None:
    pid = ab.spawn(idle)
    refs = [ab.monitor(pid) for _ in range(3)]
    ab.exit(pid, "boom")
    assert len(set(refs)) == 3
    assert sorted(ab.flush()) == [ab.DOWN(ref, pid, "boom") for ref in refs]


@rule("MON-03", "Monitoring a dead process or a name that nobody has is no error: a DOWN with noproc follows.")
@virtual
async def test_monitoring_the_dead_or_nobody_gives_noproc() -> None:
    pid, nobody = await dead(), ("nobody", "nb@local")
    refs = [ab.monitor(pid), ab.monitor("nobody"), ab.monitor(nobody)]
    assert ab.flush() == [ab.DOWN(ref, item, "noproc") for ref, item in zip(refs, (pid, nobody, nobody), strict=True)]


@rule("MON-04", "The DOWN of a monitor by name carries the pair (name, node) rather than the pid.")
@virtual
async def test_a_monitor_by_name_tells_name_and_node() -> None:
    pid = ab.spawn(idle, name="n")
    refs = [ab.monitor("n"), ab.monitor(("n", "nb@local"))]
    ab.exit(pid, "boom")
    assert ab.flush() == [ab.DOWN(ref, ("n", "nb@local"), "boom") for ref in refs]


@rule("MON-05", "A monitor of oneself is a ref that never fires.")
@virtual
async def test_a_monitor_of_oneself_never_fires() -> None:
    ab.register(ab.self_(), "me")
    refs = [ab.monitor(ab.self_()), ab.monitor("me")]
    assert all(isinstance(ref, ab.Ref) for ref in refs)
    assert monitored(ab.self_()) == ([], [])
    await settle()
    assert ab.flush() == []
    assert [ab.demonitor(ref, info=True) for ref in refs] == [False, False]


@rule("MON-06", "A monitor is one-way: the end of the watcher does nothing to the watched.")
@virtual
async def test_a_monitor_is_one_way() -> None:
    async def watches(pid: ab.Pid) -> None:
        ab.monitor(pid)
        await idle()

    watched = ab.spawn(idle)
    watcher = ab.spawn(watches, watched)
    await settle()
    assert monitored(watched) == ([], [watcher])
    ab.exit(watcher, "boom")
    await settle()
    assert ab.is_alive(watched)
    assert monitored(watched) == ([], [])


@rule("MON-06", "DOWN is a message: it comes, and harms nobody, whether the watcher traps exits or not.")
@pytest.mark.parametrize("trap", [True, False])
@virtual
async def test_a_down_comes_with_or_without_trapping(trap: bool) -> None:
    async def watches(trap: bool) -> None:
        ab.flag(trap_exit=trap)
        pid, ref = ab.spawn(ends_as_told, monitor=True)
        ab.send(pid, "boom")
        assert await ab.receive() == ab.DOWN(ref, pid, "boom")
        raise ab.Exit("told and alive")

    assert await reason_of_end(ab.spawn(watches, trap)) == "told and alive"


@rule(
    "MON-07", "demonitor is true, again and again, and no DOWN comes later; a queued one stays unless flush is given."
)
@virtual
async def test_demonitor_is_idempotent_and_flush_drops_a_queued_down() -> None:
    pid = ab.spawn(idle)
    ref, queued, flushed = ab.monitor(pid), ab.monitor(pid), ab.monitor(pid)
    assert [ab.demonitor(ref), ab.demonitor(ref)] == [True, True]
    ab.exit(pid, "boom")
    assert [ab.demonitor(queued), ab.demonitor(queued)] == [True, True]
    assert ab.demonitor(flushed, flush=True) is True
    await settle()
    assert ab.flush() == [ab.DOWN(queued, pid, "boom")]


@rule("MON-08", "Asked with info, demonitor tells whether it was in time; with flush too it drops the queued DOWN.")
@virtual
async def test_demonitor_tells_whether_it_was_in_time() -> None:
    pid = ab.spawn(idle)
    early, late, kept = ab.monitor(pid), ab.monitor(pid), ab.monitor(pid)
    assert [ab.demonitor(early, info=True), ab.demonitor(early, info=True)] == [True, False]
    assert ab.demonitor(early, info=False) is True
    ab.exit(pid, "boom")
    assert ab.demonitor(late, info=True, flush=True) is False
    assert ab.demonitor(kept, info=True) is False
    assert ab.flush() == [ab.DOWN(kept, pid, "boom")]


@rule("MON-09", "An unknown option, or what is no ref, is an error; an unknown ref is true.")
@virtual
async def test_demonitor_wants_a_ref_and_known_options_and_an_unknown_ref_is_true() -> None:
    others: list[ab.Ref] = []
    ab.spawn(lambda refs: refs.append(ab.monitor("nobody")), ab.share(others))
    await settle()
    assert ab.demonitor(others[0]) is True
    unknown: Any = {"unknown": True}
    with pytest.raises(TypeError, match="unexpected keyword argument 'unknown'"):
        ab.demonitor(others[0], **unknown)
    with pytest.raises(TypeError, match="demonitor: expected the Ref that monitor returned, got 5"):
        ab.demonitor(5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected a Pid, a name or a pair"):
        ab.monitor(5)  # type: ignore[arg-type]


@rule("MON-10", "DOWN never overtakes what the dead process had sent to the watcher.")
@virtual
async def test_down_never_overtakes_what_the_dead_sent_before() -> None:
    me = ab.self_()

    async def body() -> None:
        for n in range(200):
            ab.send(me, n)
        raise ab.Exit("boom")

    pid, ref = ab.spawn(body, monitor=True)
    await settle()
    assert ab.flush() == [*range(200), ab.DOWN(ref, pid, "boom")]


@rule("MON-12", "An alias delivers until unalias and then drops in silence; a second unalias is false.")
@virtual
async def test_an_alias_delivers_until_unalias() -> None:
    ref = ab.alias()
    for word in ("one", "two"):
        ab.send(ref, word)
    assert [ab.unalias(ref), ab.unalias(ref)] == [True, False]
    assert ab.send(ref, "three") == "three"
    await settle()
    assert ab.flush() == ["one", "two"]


@rule("MON-12", "Only the process that made it can take it back.")
@virtual
async def test_an_alias_is_taken_back_by_its_owner_alone() -> None:
    ref = ab.alias()
    seen: Log = []
    ab.spawn(lambda ref, seen: seen.append(ab.unalias(ref)), ref, ab.share(seen))
    await settle()
    ab.send(ref, "one")
    assert (ab.flush(), seen) == (["one"], [False])
