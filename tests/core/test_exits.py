"""Links and exit signals: rules SIG-01 to SIG-22."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.running import idle, reason_of_end, settle, trapping, virtual


async def linked_to(peer: ab.Pid, trap: bool = False, log: list[Any] | None = None) -> None:
    ab.link(peer)
    if trap:
        await trapping(log)
    await idle()


async def pair(trap: bool = False, log: list[Any] | None = None) -> tuple[ab.Pid, ab.Pid]:
    """A process and one that is linked to it."""
    one = ab.spawn(idle)
    other = ab.spawn(linked_to, one, trap, ab.share(log))
    await settle()
    return one, other


@virtual
async def test_a_peer_that_ends_normally_leaves_the_other_alone_sig_01() -> None:
    one, other = await pair()
    ab.send(one, "end")
    await settle()
    assert (ab.is_alive(one), ab.is_alive(other)) == (False, True)


@virtual
async def test_an_abnormal_end_passes_on_through_all_links_sig_02() -> None:
    first, second = await pair()
    third = ab.spawn(linked_to, second)
    await settle()
    ref = ab.monitor(third)
    ab.exit(first, "boom")
    assert await ab.receive() == ab.DOWN(ref, third, "boom")


@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", 1), "boom", 42])
def test_who_traps_exits_gets_one_message_for_each_death_sig_03(reason: Any) -> None:
    @virtual
    async def body() -> None:
        log: list[Any] = []
        ends = ab.spawn(_ends_when_told)
        other = ab.spawn(linked_to, ends, True, ab.share(log))
        await settle()
        ab.send(ends, reason)
        await settle()
        assert log == [ab.EXIT(ends, reason)]
        assert ab.is_alive(other)

    body()


async def _ends_when_told() -> None:
    raise ab.Exit(await ab.receive())


@virtual
async def test_kill_ends_who_traps_and_links_hear_killed_sig_04() -> None:
    log: list[Any] = []
    victim = ab.spawn(trapping)
    ab.spawn(linked_to, victim, True, ab.share(log))
    await settle()
    ref = ab.monitor(victim)
    ab.exit(victim, "kill")
    assert await ab.receive() == ab.DOWN(ref, victim, "killed")
    await settle()
    assert log == [ab.EXIT(victim, "killed")]


@virtual
async def test_who_ends_itself_with_kill_is_heard_as_kill_sig_05() -> None:
    log: list[Any] = []
    ends = ab.spawn(_ends_when_told)
    traps = ab.spawn(linked_to, ends, True, ab.share(log))
    plain = ab.spawn(linked_to, ends)
    await settle()
    ref = ab.monitor(plain)
    ab.send(ends, "kill")
    assert await ab.receive() == ab.DOWN(ref, plain, "kill")
    assert log == [ab.EXIT(ends, "kill")]
    assert ab.is_alive(traps)


@virtual
async def test_a_normal_signal_to_another_is_ignored_or_told_sig_06() -> None:
    log: list[Any] = []
    plain, traps = ab.spawn(idle), ab.spawn(trapping, ab.share(log))
    await settle()
    ab.exit(plain, "normal")
    ab.exit(traps, "normal")
    await settle()
    assert ab.is_alive(plain)
    assert log == [ab.EXIT(ab.self_(), "normal")]


@virtual
async def test_a_normal_signal_to_oneself_ends_or_is_told_sig_07() -> None:
    seen: list[Any] = []

    async def plain(seen: list[Any]) -> None:
        ab.exit(ab.self_(), "normal")
        seen.append("went on")

    async def traps(seen: list[Any]) -> None:
        ab.flag(trap_exit=True)
        ab.exit(ab.self_(), "normal")
        seen.append(await ab.receive())

    pid, ref = ab.spawn(plain, ab.share(seen), monitor=True)
    assert await ab.receive() == ab.DOWN(ref, pid, "normal")
    assert seen == []
    pid = ab.spawn(traps, ab.share(seen))
    await settle()
    assert seen == [ab.EXIT(pid, "normal")]


@virtual
async def test_a_signal_without_a_link_carries_the_senders_pid_sig_08() -> None:
    log: list[Any] = []
    pid = ab.spawn(trapping, ab.share(log))
    await settle()
    ab.exit(pid, "shutdown")
    await settle()
    assert log == [ab.EXIT(ab.self_(), "shutdown")]


@virtual
async def test_a_signal_to_the_dead_is_true_and_does_nothing_sig_09() -> None:
    pid = ab.spawn(lambda: None)
    await settle()
    assert ab.exit(pid, "boom") is True
    assert ab.exit(pid, "kill") is True


@virtual
async def test_of_two_signals_the_first_is_the_reason_sig_10() -> None:
    pid = ab.spawn(idle)
    ref = ab.monitor(pid)
    ab.exit(pid, "first")
    ab.exit(pid, "second")
    assert await ab.receive() == ab.DOWN(ref, pid, "first")


@virtual
async def test_neither_except_nor_finally_of_a_victim_runs_sig_11_asy_01() -> None:
    ran: list[str] = []

    async def stubborn(ran: list[str]) -> None:
        while True:
            try:
                await ab.receive()
            except BaseException:  # noqa: BLE001  the body that catches everything
                ran.append("except")
            finally:
                ran.append("finally")
                await asyncio.sleep(1)

    async def stubborn_elsewhere(ran: list[str]) -> None:
        try:
            await asyncio.sleep(100)
        except BaseException:  # noqa: BLE001  the body that catches everything
            ran.append("except")
        finally:
            ran.append("finally")

    for body in (stubborn, stubborn_elsewhere):
        pid = ab.spawn(body, ab.share(ran))
        await settle()
        ref = ab.monitor(pid)
        ab.exit(pid, "boom")
        assert not ab.is_alive(pid)
        assert await ab.receive() == ab.DOWN(ref, pid, "boom")
    await asyncio.sleep(200)
    assert ran == []


@virtual
async def test_a_signal_acts_on_arrival_and_unread_messages_are_lost_sig_12() -> None:
    handled: list[Any] = []

    async def reader(handled: list[Any]) -> None:
        while True:
            handled.append(await ab.receive())

    pid = ab.spawn(reader, ab.share(handled))
    await settle()
    for n in range(5):
        ab.send(pid, n)
    ab.exit(pid, "boom")
    await settle()
    assert handled == []


@virtual
async def test_a_signal_right_after_spawn_ends_a_body_that_never_ran_sig_12_asy_02() -> None:
    ran: list[str] = []

    async def body(ran: list[str]) -> None:
        ran.append("ran")

    pid, ref = ab.spawn(body, ab.share(ran), monitor=True)
    ab.exit(pid, "early")
    assert await ab.receive() == ab.DOWN(ref, pid, "early")
    assert ran == []


@virtual
async def test_setting_the_trap_flag_returns_the_old_value_sig_13() -> None:
    seen: list[bool] = []

    async def body(seen: list[bool]) -> None:
        seen.extend([ab.flag(trap_exit=True), ab.flag(trap_exit=True), ab.flag(trap_exit=False)])
        seen.append(ab.flag(trap_exit=False))

    ab.spawn(body, ab.share(seen))
    await settle()
    assert seen == [False, True, True, False]


@virtual
async def test_many_links_are_one_and_one_unlink_from_either_side_ends_it_sig_14() -> None:
    log: list[Any] = []

    async def often(peer: ab.Pid, log: list[Any]) -> None:
        for _ in range(5):
            ab.link(peer)
        await trapping(log)

    peer = ab.spawn(idle)
    other = ab.spawn(often, peer, ab.share(log))
    await settle()
    assert ab.process_info(peer)["links"] == [other]  # type: ignore[index]
    ab.exit(peer, "boom")
    await settle()
    assert log == [ab.EXIT(peer, "boom")]

    async def unlinks(peer: ab.Pid) -> None:
        ab.link(peer)
        ab.link(peer)
        ab.unlink(peer)
        await idle()

    peer = ab.spawn(idle)
    other = ab.spawn(unlinks, peer)
    await settle()
    ab.exit(peer, "boom")
    await settle()
    assert ab.is_alive(other)


@virtual
async def test_a_link_to_oneself_is_none_and_unlinking_a_stranger_is_true_sig_15() -> None:
    assert ab.link(ab.self_()) is True
    assert ab.process_info(ab.self_())["links"] == []  # type: ignore[index]
    assert ab.unlink(ab.spawn(idle)) is True


@virtual
async def test_a_link_to_the_dead_is_told_or_raised_sig_16() -> None:
    dead = ab.spawn(lambda: None)
    await settle()
    log: list[Any] = []

    async def traps(log: list[Any]) -> None:
        ab.flag(trap_exit=True)
        log.append(ab.link(dead))
        log.append(await ab.receive())

    async def plain() -> None:
        ab.link(dead)

    ab.spawn(traps, ab.share(log))
    _, _ref = ab.spawn(plain, monitor=True)
    down = await ab.receive()
    assert log == [True, ab.EXIT(dead, "noproc")]
    assert down.reason == "noproc"


@virtual
async def test_a_link_to_the_dead_ends_with_noproc_when_not_caught_sig_16() -> None:
    dead = ab.spawn(lambda: None)
    await settle()
    with pytest.raises(ProcessLookupError, match=r"not alive \(noproc\); trap exits"):
        ab.link(dead)


@virtual
async def test_after_unlink_no_exit_comes_but_a_queued_one_stays_sig_17() -> None:
    log: list[Any] = []

    async def body(log: list[Any]) -> None:
        ab.flag(trap_exit=True)
        one, two = ab.spawn(idle, link=True), ab.spawn(idle, link=True)
        ab.exit(one, "boom")
        ab.unlink(one)
        ab.unlink(two)
        ab.exit(two, "boom")
        log.append([message.pid is one for message in ab.flush()])

    ab.spawn(body, ab.share(log))
    await settle()
    assert log == [[True]]


@virtual
async def test_spawn_with_link_and_monitor_tells_the_real_reason_sig_18() -> None:
    log: list[Any] = []

    def dies() -> None:
        raise ab.Exit("at once")

    async def body(log: list[Any]) -> None:
        ab.flag(trap_exit=True)
        ab.spawn(dies, link=True, monitor=True)
        log.extend([(await ab.receive()).reason, (await ab.receive()).reason])

    ab.spawn(body, ab.share(log))
    await settle()
    assert log == ["at once", "at once"]


@virtual
async def test_the_name_is_free_when_exit_and_down_arrive_sig_19() -> None:
    async def body(log: list[Any]) -> None:
        ab.flag(trap_exit=True)
        for how in ("link", "monitor"):
            pid = ab.spawn(idle, name="n")
            ab.link(pid) if how == "link" else ab.monitor(pid)
            ab.exit(pid, "kill")
            await ab.receive()
            log.append(ab.whereis("n"))
            ab.exit(ab.spawn(idle, name="n"), "kill")

    log: list[Any] = []
    ab.spawn(body, ab.share(log))
    await settle()
    assert log == [None, None]


@virtual
async def test_reasons_are_crashes_exits_and_normal_sig_20() -> None:
    def raises() -> None:
        raise ValueError("no")

    async def raises_later() -> None:
        await ab.sleep(1)
        raise ValueError("no")

    def exits() -> None:
        raise ab.Exit({"any": "value"})

    async def calls_nobody() -> None:
        await ab.GenServer.call("nobody", 1)

    ends = [await reason_of_end_of(body) for body in (raises, raises_later, exits, calls_nobody, lambda: 5)]
    assert ends == [ab.Crash(ValueError, "no")] * 2 + [{"any": "value"}, "noproc", "normal"]
    assert "in raises" in ends[0].traceback


async def reason_of_end_of(body: Any) -> Any:
    _, _ref = ab.spawn(body, monitor=True)
    return (await ab.receive(timeout=60)).reason


@virtual
async def test_a_killed_process_is_not_alive_right_after_sig_21() -> None:
    pid = ab.spawn(trapping)
    await settle()
    ab.exit(pid, "kill")
    assert not ab.is_alive(pid)
    assert ab.process_info(pid) is None


@virtual
async def test_link_and_unlink_from_both_ends_agree_sig_22() -> None:
    async def toggles(times: int) -> None:
        peer = await ab.receive()
        for n in range(times):
            (ab.link if n % 2 == 0 else ab.unlink)(peer)
            await ab.sleep(0)
        await idle()

    for times in (3, 4):
        one, two = ab.spawn(toggles, times), ab.spawn(toggles, times)
        ab.send(one, two)
        ab.send(two, one)
        await asyncio.sleep(1)
        links = [ab.process_info(pid)["links"] for pid in (one, two)]  # type: ignore[index]
        assert links == ([[two], [one]] if times == 3 else [[], []])


@virtual
async def test_a_chain_of_10000_links_collapses_without_recursion_asy_02() -> None:
    async def next_in_chain(before: ab.Pid) -> None:
        ab.link(before)
        await idle()

    first = pid = ab.spawn(idle)
    for _ in range(10_000):
        pid = ab.spawn(next_in_chain, pid)
        await asyncio.sleep(0)
    ref = ab.monitor(pid)
    ab.exit(first, "boom")
    assert await ab.receive() == ab.DOWN(ref, pid, "boom")


@virtual
async def test_a_process_may_kill_itself_and_does_not_go_on() -> None:
    went_on: list[str] = []

    async def body(went_on: list[str]) -> None:
        try:
            ab.exit(ab.self_(), "kill")
        except Exception:  # noqa: BLE001  the body that catches everything
            went_on.append("caught")
        await ab.receive(timeout=1)
        went_on.append("went on")

    pid = ab.spawn(body, ab.share(went_on))
    assert await reason_of_end(pid) in ("killed", "noproc")
    await asyncio.sleep(5)
    assert went_on == []


@virtual
async def test_the_shell_survives_a_crash_of_what_it_is_linked_to() -> None:
    ab.spawn(lambda: 1 / 0, link=True)
    await settle()
    assert ab.is_alive(ab.self_())


@virtual
async def test_a_bad_target_is_named_with_the_next_step() -> None:
    with pytest.raises(TypeError, match=r"exit: expected a Pid, got 'shop'; ab.whereis\('shop'\)"):
        ab.exit("shop", "boom")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="link: expected a Pid, got 5"):
        ab.link(5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected True or False, got 1"):
        ab.flag(trap_exit=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="spawn: expected a function, got 5; pass the function itself"):
        ab.spawn(5)  # type: ignore[arg-type]
