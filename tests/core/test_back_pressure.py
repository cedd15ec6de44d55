"""Waiting for room: senders that are held, and offers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.mailboxes import dropped, full, sleeper, waiting
from tests.running import idle, now, passed, reason_of_end, settle, virtual
from tests.servers import Log, started

ALL = ("fail", "drop_oldest", "drop_newest", "wait")


@virtual
async def test_wait_takes_the_message_and_gives_the_sender_no_turn_until_there_is_room() -> None:
    log: list[Any] = []

    async def sends(pid: ab.Pid, log: list[Any]) -> None:
        ab.send(pid, "a")
        log.append("sent")
        await ab.sleep(0)
        log.append(now())

    began, pid = now(), full("wait")
    sender = ab.spawn(sends, pid, ab.share(log))
    await ab.sleep(5)

    assert log == ["sent"]
    assert waiting(pid) == [0, 1, "a"]
    assert ab.process_info(sender)["status"] == "waiting"  # type: ignore[index]

    await ab.sleep(6)

    assert log == ["sent", began + 10]
    assert dropped(pid) == 0


@virtual
async def test_a_held_process_does_not_go_on_with_what_is_in_its_own_mailbox() -> None:
    log: list[Any] = []

    async def forwards(pid: ab.Pid, log: list[Any]) -> None:
        while True:
            log.append(await ab.receive())
            ab.send(pid, log[-1])

    pid = full("wait")
    sender = ab.spawn(forwards, pid, ab.share(log))
    for n in range(100):
        ab.send(sender, n)
    await settle()

    assert len(log) <= 2  # the one that was too much, and one that had been taken


@virtual
async def test_a_held_server_handles_no_message_but_obeys_the_system() -> None:
    log: Log = []
    pid = full("wait")
    server = await started(log)

    def sends(server: Any) -> None:
        ab.send(pid, "more")

    ab.send(server, sends)
    ab.send(server, "next")
    await settle()

    assert log == []
    state = await ab.sys.get_state(server)
    assert state["log"] == []
    await ab.stop(server)
    assert log == [("terminate", "normal")]


@virtual
async def test_a_held_async_callback_goes_on_when_there_is_room() -> None:
    log: Log = []
    pid = full("wait")
    server = await started(log)

    async def slowly(server: Any) -> None:
        ab.send(pid, "more")
        await asyncio.sleep(1)
        server.log.append("done")

    ab.send(server, slowly)
    ab.send(server, "next")
    await ab.sleep(5)
    assert log == []

    await ab.sleep(6)
    assert log == ["done", "next"]


@virtual
async def test_who_sends_to_two_full_mailboxes_waits_for_both() -> None:
    log: list[Any] = []

    async def sends(one: ab.Pid, other: ab.Pid, log: list[Any]) -> None:
        ab.send(one, "a")
        ab.send(other, "b")
        ab.send(one, "c")
        await ab.sleep(0)
        log.append("on")

    one, other = full("wait", body=idle), full("wait", body=idle)
    ab.spawn(sends, one, other, ab.share(log))
    await settle()
    for pid in (one, other):
        assert log == []
        ab.exit(pid, "kill")
        await settle()
    assert log == ["on"]


@virtual
async def test_a_held_process_can_be_killed_and_is_not_woken_after_death() -> None:
    async def sends(pid: ab.Pid) -> None:
        ab.send(pid, "a")
        await ab.sleep(0)
        raise AssertionError("the dead do not run")

    pid = full("wait")
    sender = ab.spawn(sends, pid)
    await settle()

    ab.exit(sender, "kill")
    await ab.sleep(11)

    assert not ab.is_alive(sender)
    assert waiting(pid) == []


@virtual
async def test_who_sends_too_much_to_itself_is_not_held() -> None:
    async def talks_to_itself() -> None:
        for n in range(5):
            ab.send(ab.self_(), n)
        for n in range(5):
            assert await ab.receive() == n

    assert await reason_of_end(ab.spawn(talks_to_itself, mailbox=ab.Mailbox(1, "wait"))) == "normal"


@virtual
async def test_a_timed_receive_of_a_held_process_has_what_came_in_time() -> None:
    log: list[Any] = []

    async def sends(pid: ab.Pid, log: list[Any]) -> None:
        ab.send(pid, "a")
        log.append(await ab.receive(timeout=5))

    sender = ab.spawn(sends, full("wait"), ab.share(log))
    await ab.sleep(4)
    ab.send(sender, "in time")
    await ab.sleep(10)

    assert log == ["in time"]


# --- offer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ALL)
@virtual
async def test_offer_waits_for_room_under_every_policy(policy: Any) -> None:
    began, pid = now(), full(policy)

    assert await ab.offer(pid, "more") == "more"

    assert passed(began) == 10
    assert waiting(pid) == ["more"]
    assert dropped(pid) == 0


@virtual
async def test_offers_come_in_first_come_first_in_and_no_more_than_there_is_room() -> None:
    pid = full("fail", limit=2)
    offers = [asyncio.ensure_future(_offer(pid, n)) for n in "abc"]

    await ab.sleep(11)
    assert [offer.done() for offer in offers] == [True, True, False]
    assert waiting(pid) == ["a", "b"]
    await ab.sleep(10)
    assert waiting(pid) == ["c"]
    await asyncio.gather(*offers)


async def _offer(pid: Any, message: Any, timeout: float | None = None) -> Any:
    return await ab.offer(pid, message, timeout)


@virtual
async def test_an_offer_that_waits_too_long_or_is_cancelled_sends_nothing() -> None:
    pid = full("fail")

    with pytest.raises(TimeoutError, match="had no room within 1"):
        await ab.offer(pid, "late", timeout=1)
    task = asyncio.ensure_future(_offer(pid, "cancelled"))
    await settle()
    task.cancel()
    await ab.sleep(11)

    assert waiting(pid) == []


@virtual
async def test_an_offer_to_the_dead_or_the_dying_vanishes() -> None:
    pid = full("fail", body=idle)
    task = asyncio.ensure_future(_offer(pid, "x"))
    await settle()

    ab.exit(pid, "kill")

    assert await task == "x"
    assert await ab.offer(pid, "y") == "y"
    with pytest.raises(ab.UnknownNameError):
        await ab.offer("nobody", "z")


@virtual
async def test_an_offer_goes_to_whoever_had_the_name_or_the_alias() -> None:
    async def gives(boss: ab.Pid) -> None:
        ab.send(boss, ab.alias())
        await sleeper()

    pid = ab.spawn(gives, ab.self_(), name="n", mailbox=1)
    alias = await ab.receive()
    ab.send("n", 0)
    tasks = [asyncio.ensure_future(_offer(dest, dest)) for dest in ("n", alias)]
    await settle()
    ab.unregister("n")

    await ab.sleep(11)
    assert waiting(pid) == ["n"]
    await ab.sleep(10)
    assert waiting(pid) == [alias]
    await asyncio.gather(*tasks)


@virtual
async def test_a_loop_of_offers_lets_others_run() -> None:
    log: list[str] = []

    async def pours(pid: ab.Pid) -> None:
        for _ in range(1000):
            await ab.offer(pid, "drop")
        log.append("over")

    pid = ab.spawn(sleeper)
    ab.spawn(pours, pid)
    ab.spawn(log.append, "another")
    await settle()

    assert log == ["another", "over"]


@virtual
async def test_a_slow_consumer_slows_a_fast_producer_down() -> None:
    async def consumes() -> None:
        while True:
            await ab.receive()
            await ab.sleep(1)

    async def produces(pid: ab.Pid, log: list[int]) -> None:
        for n in range(1000):
            ab.send(pid, n)
            log.append(n)
            await ab.sleep(0)

    log: list[int] = []
    pid = ab.spawn(consumes, mailbox=ab.Mailbox(10, "wait"))
    ab.spawn(produces, pid, ab.share(log))
    await ab.sleep(20.5)

    assert len(waiting(pid)) <= 11
    assert 30 <= len(log) <= 33
