"""Calls, casts and requests to servers whose mailbox is full."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.mailboxes import dropped, full, process_of, waiting
from tests.running import idle, now, passed, settle, virtual
from tests.servers import call_reason


class Slow(ab.GenServer):
    """Takes a second for everything, and two messages may wait."""

    mailbox = ab.Mailbox(2, "wait")

    @ab.call
    async def add(self, n: int) -> int:
        await asyncio.sleep(1)
        return n + 1

    @ab.cast
    async def note(self, n: int) -> None:
        await asyncio.sleep(1)


async def slow(policy: Any) -> ab.Pid:
    """A server that is busy for a second, and whose mailbox is full."""
    pid = await Slow.start(mailbox=ab.Mailbox(2, policy))
    assert pid is not None
    pid.note(0)
    await settle()
    pid.note(1)
    pid.note(2)
    return pid


@virtual
async def test_a_cast_to_a_full_mailbox_raises_as_a_send_does() -> None:
    pid = await slow("fail")

    with pytest.raises(ab.MailboxFullError):
        pid.note(3)
    with pytest.raises(ab.MailboxFullError):
        ab.GenServer.cast(pid, "x")


@pytest.mark.parametrize("policy", ["fail", "drop_newest"])
@virtual
async def test_a_call_without_room_fails_at_once_and_leaves_nothing_behind(policy: Any) -> None:
    pid, began = await slow(policy), now()

    assert await call_reason(pid, "x") == "mailbox_full"
    with pytest.raises(ab.CallExit, match=r"the mailbox of .* is full"):
        await pid.add(1)

    assert passed(began) == 0
    assert dropped(pid) == 2
    assert ab.process_info(pid)["monitored_by"] == []  # type: ignore[index]


@virtual
async def test_a_call_that_is_dropped_as_the_oldest_fails_at_once() -> None:
    pid = await slow("drop_oldest")
    calls = [asyncio.ensure_future(pid.add(n)) for n in (1, 2)]
    await settle()

    pid.note(3)

    with pytest.raises(ab.CallExit) as failed:
        await calls[0]
    assert failed.value.reason == "mailbox_full"
    assert await calls[1] == 3


@virtual
async def test_a_call_under_wait_stays_outside_until_there_is_room_and_is_answered() -> None:
    pid = await slow("wait")
    calls = [asyncio.ensure_future(pid.add(n, timeout=None)) for n in range(4)]
    await settle()

    assert len(waiting(pid)) == 2
    began = now()
    assert await asyncio.gather(*calls) == [1, 2, 3, 4]
    assert passed(began) == 7


@virtual
async def test_a_call_under_wait_whose_caller_gave_up_never_gets_in() -> None:
    class Counting(Slow):
        def init(self) -> None:
            self.asked: list[int] = []

        @ab.call
        async def add(self, n: int) -> int:
            self.asked.append(n)
            return n

    pid = await Counting.start()
    assert pid is not None
    for n in range(3):
        pid.note(n)
    await settle()
    with pytest.raises(ab.CallExit) as failed:
        await pid.add(1, timeout=0.5)
    assert failed.value.reason == "timeout"

    assert await pid.add(2) == 2
    assert (await ab.sys.get_state(pid))["asked"] == [2]


@pytest.mark.parametrize("policy", ["fail", "drop_newest"])
@virtual
async def test_a_request_without_room_is_answered_by_an_error_as_one_to_the_dead(policy: Any) -> None:
    pid = await slow(policy)

    ref = ab.GenServer.send_request(pid, "x")

    assert await ab.GenServer.receive_response(ref) == ("error", ("mailbox_full", pid))
    assert ab.process_info(pid)["monitored_by"] == []  # type: ignore[index]
    assert ab.flush() == []


@virtual
async def test_many_callers_that_give_up_outside_leave_no_trace() -> None:
    pid = full("wait", body=idle)
    for _ in range(300):
        assert await call_reason(pid, "x", timeout=0.01) == "timeout"

    assert len(process_of(pid).mailbox._outside) <= 64
