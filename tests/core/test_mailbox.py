"""Mailboxes: rules MBX-01 to MBX-05."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.running import idle, settle, virtual


@virtual
async def test_signals_between_two_keep_their_order_however_addressed_mbx_01() -> None:
    me = ab.self_()
    ab.register(me, "me")
    ref = ab.alias()

    async def body() -> None:
        places: list[Any] = [me, "me", ref, ("me", "nb@local")]
        for n in range(30):
            ab.send(places[n % 4], n)
        raise ab.Exit("over")

    ab.spawn(body, monitor=True)
    await settle()
    *numbers, down = ab.flush()
    assert numbers == list(range(30))
    assert down.reason == "over"


@virtual
async def test_selective_receive_keeps_the_order_of_what_it_skips_mbx_02() -> None:
    for message in ("a", 1, "b", 2, None):
        ab.send(ab.self_(), message)
    assert await ab.receive(int) == 1
    assert await ab.receive((int, type(None))) == 2
    assert await ab.receive(lambda m: m == "b") == "b"
    assert ab.flush() == ["a", None]


@virtual
async def test_what_comes_while_waiting_is_matched_in_order_mbx_02() -> None:
    got: list[Any] = []

    async def body(got: list[Any]) -> None:
        got.append(await ab.receive(lambda m: m == "key"))
        got.extend(ab.flush())

    pid = ab.spawn(body, ab.share(got))
    for message in (1, 2):
        ab.send(pid, message)
        await settle()
    ab.send(pid, "key")
    ab.send(pid, 3)
    await settle()
    assert got == ["key", 1, 2, 3]


@virtual
async def test_a_timeout_of_zero_scans_once_mbx_03() -> None:
    ab.send(ab.self_(), "a")
    ab.send(ab.self_(), 1)
    assert await ab.receive(int, timeout=0) == 1
    with pytest.raises(TimeoutError):
        await ab.receive(int, timeout=0)
    assert ab.flush() == ["a"]


@virtual
async def test_a_timeout_comes_after_its_time_and_loses_no_message_mbx_03() -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    ab.send(ab.self_(), "skipped")
    with pytest.raises(TimeoutError):
        await ab.receive(int, timeout=2.5)
    assert loop.time() - start == pytest.approx(2.5, abs=0.01)
    assert await ab.receive() == "skipped"

    seen: list[Any] = []

    async def inside(seen: list[Any]) -> None:
        try:
            await ab.receive(timeout=3)
        except TimeoutError:
            seen.append("timeout")
        seen.append(await ab.receive())

    pid = ab.spawn(inside, ab.share(seen))
    await asyncio.sleep(4)
    ab.send(pid, "late")
    await settle()
    assert seen == ["timeout", "late"]


@virtual
async def test_nobody_is_silence_by_pid_and_pair_but_an_error_by_name_mbx_04() -> None:
    dead = ab.spawn(lambda: None)
    ab.spawn(idle, name="somebody")
    await settle()
    assert ab.send(dead, 1) == 1
    assert ab.send(("nobody", "nb@local"), 1) == 1
    assert ab.send(("nobody", "elsewhere"), 1) == 1
    with pytest.raises(ab.UnknownNameError, match="nobody has the name 'nobody'; there are: somebody"):
        ab.send("nobody", 1)
    with pytest.raises(TypeError, match=r"expected a Pid, a name or a pair \(name, node\), got 5"):
        ab.send(5, 1)  # type: ignore[arg-type]


@virtual
async def test_names_that_cannot_be_are_refused_and_nothing_changes_mbx_05() -> None:
    one, two = ab.spawn(idle), ab.spawn(idle)
    dead = ab.spawn(lambda: None)
    await settle()
    ab.register(one, "n")
    with pytest.raises(ab.NameTakenError, match="'n' is taken by"):
        ab.register(two, "n")
    with pytest.raises(ab.NameTakenError, match="has the name 'n' already; unregister that first"):
        ab.register(one, "m")
    with pytest.raises(ValueError, match="not a living process"):
        ab.register(dead, "m")
    for reserved in ("", "undefined"):
        with pytest.raises(ValueError, match="is reserved; choose another"):
            ab.register(two, reserved)
    with pytest.raises(TypeError, match="expected the name as text, got 5"):
        ab.register(two, 5)  # type: ignore[arg-type]
    with pytest.raises(ab.UnknownNameError, match="unregister: nobody has the name 'm'"):
        ab.unregister("m")
    with pytest.raises(ab.NameTakenError):
        ab.spawn(idle, name="n")
    assert (ab.whereis("n"), ab.whereis("m")) == (one, None)
    assert ab.unregister("n") is True
    assert ab.register(two, "n") is True


@virtual
async def test_a_spawn_refused_for_its_name_leaves_no_process_behind() -> None:
    ab.spawn(idle, name="n")
    before = len(ab.process_info(ab.self_()) or {})
    with pytest.raises(ab.NameTakenError):
        ab.spawn(idle, name="n", link=True)
    assert ab.process_info(ab.self_())["links"] == []  # type: ignore[index]
    assert before == len(ab.process_info(ab.self_()) or {})


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
