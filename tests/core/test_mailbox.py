"""Mailboxes, beyond the rules: several tasks at one mailbox, predicates that raise."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.running import idle, settle, virtual


@virtual
async def test_a_spawn_refused_for_its_name_leaves_no_process_behind() -> None:
    ab.spawn(idle, name="n")
    before = len(ab.process_info(ab.self_()) or {})
    with pytest.raises(ab.NameTakenError):
        ab.spawn(idle, name="n", link=True)
    assert ab.process_info(ab.self_())["links"] == []  # type: ignore[index]
    assert before == len(ab.process_info(ab.self_()) or {})


@virtual
async def test_a_receive_that_is_cancelled_just_before_its_message_comes_takes_none() -> None:
    log: list[Any] = []

    async def receives() -> Any:
        return await ab.receive()

    async def body(log: list[Any]) -> None:
        task = asyncio.ensure_future(receives())
        await asyncio.sleep(0)
        ab.send(ab.self_(), 1)
        ab.send(ab.self_(), 2)
        task.cancel()
        await asyncio.wait([task])
        log.extend(ab.flush())

    ab.spawn(body, ab.share(log))
    await settle()

    assert log == [1, 2]


@virtual
async def test_a_predicate_that_raises_fails_the_receive_only() -> None:
    caught: list[str] = []

    async def body(caught: list[str]) -> None:
        try:
            await ab.receive(lambda m: m["key"])
        except TypeError:
            caught.append("caught")
        caught.append(await ab.receive())

    pid = ab.spawn(body, ab.share(caught))
    await settle()
    ab.send(pid, "text")
    await settle()
    assert caught == ["caught", "text"]
    with pytest.raises(TypeError, match="expected a type, a tuple of types or a predicate, got 5"):
        await ab.receive(5)  # type: ignore[arg-type]


@virtual
async def test_two_tasks_of_one_process_take_from_one_mailbox_and_miss_nothing() -> None:
    ab.send(ab.self_(), 1)
    waiting = asyncio.ensure_future(_receive_text())
    await settle()
    assert await ab.receive(int) == 1
    ab.send(ab.self_(), "text")
    assert await asyncio.wait_for(waiting, 1) == "text"


async def _receive_text() -> Any:
    return await ab.receive(str)


@virtual
async def test_a_message_for_a_task_cancelled_meanwhile_goes_back_to_its_place() -> None:
    waiting = asyncio.ensure_future(_receive_text())
    await settle()
    ab.send(ab.self_(), "text")
    ab.send(ab.self_(), "more")
    await asyncio.sleep(0)
    waiting.cancel()
    await settle()
    left = ab.flush()
    got = [waiting.result()] if not waiting.cancelled() else []
    assert got + left == ["text", "more"]


@virtual
async def test_a_union_of_types_is_a_type_to_a_receive() -> None:
    for message in (1.5, "a", 2):
        ab.send(ab.self_(), message)
    assert await ab.receive(int | str, timeout=0) == "a"
    assert await ab.receive((int | str, bytes), timeout=0) == 2
    assert ab.flush() == [1.5]
