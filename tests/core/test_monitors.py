"""Monitors and aliases: rules MON-01 to MON-12."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.running import idle, settle, virtual


@pytest.mark.parametrize("reason", ["normal", "boom"])
def test_one_down_for_each_monitor_and_then_it_is_gone_mon_01(reason: str) -> None:
    @virtual
    async def body() -> None:
        async def ends() -> None:
            raise ab.Exit(await ab.receive())

        pid, ref = ab.spawn(ends, monitor=True)
        ab.send(pid, reason)
        assert await ab.receive() == ab.DOWN(ref, pid, reason)
        await settle()
        assert ab.flush() == []
        assert ab.process_info(ab.self_())["monitors"] == []  # type: ignore[index]

    body()


@virtual
async def test_n_monitors_give_n_refs_and_n_downs_mon_02() -> None:
    pid = ab.spawn(idle)
    refs = [ab.monitor(pid) for _ in range(3)]
    ab.exit(pid, "boom")
    assert len(set(refs)) == 3
    assert sorted(message.ref for message in ab.flush()) == refs


@virtual
async def test_monitoring_the_dead_or_nobody_gives_noproc_mon_03() -> None:
    dead = ab.spawn(lambda: None)
    await settle()
    one, two = ab.monitor(dead), ab.monitor("nobody")
    assert ab.flush() == [ab.DOWN(one, dead, "noproc"), ab.DOWN(two, ("nobody", "nb@local"), "noproc")]


@virtual
async def test_a_monitor_by_name_tells_name_and_node_mon_04() -> None:
    pid = ab.spawn(idle, name="n")
    ref = ab.monitor("n")
    again = ab.monitor(("n", "nb@local"))
    ab.exit(pid, "boom")
    assert ab.flush() == [ab.DOWN(r, ("n", "nb@local"), "boom") for r in (ref, again)]


@virtual
async def test_a_monitor_of_oneself_never_fires_mon_05() -> None:
    ref = ab.monitor(ab.self_())
    await settle()
    assert ab.flush() == []
    assert ab.demonitor(ref) is True


@virtual
async def test_a_monitor_is_one_way_mon_06() -> None:
    async def watches(pid: ab.Pid) -> None:
        ab.monitor(pid)
        await idle()

    watched = ab.spawn(idle)
    watcher = ab.spawn(watches, watched)
    await settle()
    ab.exit(watcher, "boom")
    await settle()
    assert ab.is_alive(watched)
    assert ab.process_info(watched)["monitored_by"] == []  # type: ignore[index]


@virtual
async def test_demonitor_is_idempotent_and_flush_drops_a_queued_down_mon_07() -> None:
    pid = ab.spawn(idle)
    ref, queued, flushed = ab.monitor(pid), ab.monitor(pid), ab.monitor(pid)
    assert [ab.demonitor(ref), ab.demonitor(ref)] == [True, True]
    ab.exit(pid, "boom")
    ab.demonitor(queued)
    ab.demonitor(flushed, flush=True)
    assert ab.flush() == [ab.DOWN(queued, pid, "boom")]


@virtual
async def test_demonitor_tells_whether_it_was_in_time_mon_08() -> None:
    pid = ab.spawn(idle)
    early, late = ab.monitor(pid), ab.monitor(pid)
    assert ab.demonitor(early, info=True) is True
    ab.exit(pid, "boom")
    assert ab.demonitor(late, info=True, flush=True) is False
    assert ab.flush() == []


@virtual
async def test_demonitor_wants_a_ref_and_an_unknown_one_is_true_mon_09() -> None:
    other: list[ab.Ref] = []
    ab.spawn(lambda refs: refs.append(ab.monitor("nobody")), ab.share(other))
    await settle()
    assert ab.demonitor(other[0]) is True
    with pytest.raises(TypeError, match="demonitor: expected the Ref that monitor returned, got 5"):
        ab.demonitor(5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected a Pid, a name or a pair"):
        ab.monitor(5)  # type: ignore[arg-type]


@virtual
async def test_down_never_overtakes_what_the_dead_sent_before_mon_10() -> None:
    me = ab.self_()

    async def body() -> None:
        for n in range(200):
            ab.send(me, n)
        raise ab.Exit("boom")

    pid, ref = ab.spawn(body, monitor=True)
    await settle()
    assert ab.flush() == [*range(200), ab.DOWN(ref, pid, "boom")]


@virtual
async def test_an_alias_delivers_until_unalias_and_only_its_owner_removes_it_mon_12() -> None:
    ref = ab.alias()
    seen: list[Any] = []
    ab.spawn(lambda ref, seen: seen.append(ab.unalias(ref)), ref, ab.share(seen))
    await settle()
    ab.send(ref, "one")
    assert [ab.unalias(ref), ab.unalias(ref)] == [True, False]
    ab.send(ref, "two")
    assert (ab.flush(), seen) == (["one"], [False])
