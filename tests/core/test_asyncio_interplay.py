"""What is made for asyncio works inside processes, and nothing of them leaks out."""

from __future__ import annotations

import asyncio
import contextvars
from typing import Any

import anyio
import httpx
import pytest

import actorbook as ab
from tests.running import idle, real, settle, virtual

Log = list[Any]
place: contextvars.ContextVar[str] = contextvars.ContextVar("place", default="nowhere")


async def outcome(body: Any, *args: Any) -> Any:
    """What a process that runs `body` sends back, or why it ended."""
    me = ab.self_()

    async def tells() -> None:
        ab.send(me, ("told", await body(*args)))

    _, ref = ab.spawn(tells, monitor=True)
    message = await ab.receive(timeout=60)
    if isinstance(message, tuple) and message[0] == "told":
        ab.demonitor(ref, flush=True)
        return message[1]
    return message.reason


@virtual
async def test_asyncio_timeout_ends_our_waits_and_others() -> None:
    async def body() -> str:
        for wait in (ab.receive, lambda: asyncio.sleep(100), lambda: ab.sleep(100)):
            try:
                async with asyncio.timeout(1):
                    await wait()
            except TimeoutError:
                continue
            return "no timeout"
        return "three timeouts"

    assert await outcome(body) == "three timeouts"


@virtual
async def test_a_timeout_scope_that_is_not_reached_leaves_the_message() -> None:
    async def body() -> Any:
        ab.send_after(ab.self_(), "in time", 1)
        async with asyncio.timeout(5):
            return await ab.receive()

    assert await outcome(body) == "in time"


@virtual
async def test_a_task_group_runs_and_its_tasks_speak_for_the_process() -> None:
    async def body() -> Any:
        me = ab.self_()

        async def part(n: int) -> Any:
            await asyncio.sleep(n)
            return n, ab.self_() is me, (await ab.receive(lambda m: m == n))

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(part(n)) for n in (2, 1)]
            for n in (1, 2):
                ab.send(me, n)
        return [task.result() for task in tasks]

    assert await outcome(body) == [(2, True, 2), (1, True, 1)]


@virtual
async def test_a_task_group_that_fails_is_a_crash_with_its_reason() -> None:
    async def fails() -> None:
        raise ValueError("part")

    async def body() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails())
            await ab.receive()

    reason = await outcome(body)
    assert isinstance(reason, ab.Crash)
    assert reason.type is ExceptionGroup


@virtual
async def test_gather_wait_for_events_and_queues_work() -> None:
    async def body() -> Any:
        queue: asyncio.Queue[int] = asyncio.Queue()
        event = asyncio.Event()
        asyncio.get_running_loop().call_later(1, event.set)
        await asyncio.wait_for(event.wait(), 5)
        await queue.put(1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 1)
        return await asyncio.gather(queue.get(), asyncio.sleep(1, 2))

    assert await outcome(body) == [1, 2]


@real
async def test_to_thread_works_and_a_thread_may_send() -> None:
    async def body() -> Any:
        me = ab.self_()
        await asyncio.to_thread(ab.send, me, "from a thread")
        return await ab.receive(timeout=5)

    assert await outcome(body) == "from a thread"
    await asyncio.to_thread(ab.send, ab.self_(), "to the shell")
    assert await ab.receive(timeout=5) == "to the shell"


@virtual
async def test_cancelling_the_current_task_reaches_the_body_as_in_any_task() -> None:
    async def body() -> str:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        try:
            await ab.receive(timeout=5)
        except asyncio.CancelledError:
            task.uncancel()
            return f"cancelled, and goes on: {await asyncio.sleep(1, 'yes')}"
        return "not cancelled"

    assert await outcome(body) == "cancelled, and goes on: yes"


@virtual
async def test_each_process_has_a_context_of_its_own() -> None:
    async def body() -> list[str]:
        before = place.get()
        place.set("here")
        await asyncio.sleep(1)
        return [before, place.get()]

    place.set("cell")
    assert await outcome(body) == ["nowhere", "here"]
    assert place.get() == "cell"


@virtual
async def test_anyio_scopes_and_task_groups_work() -> None:
    async def body() -> Log:
        log: Log = []
        with anyio.move_on_after(1):
            await ab.receive()
            log.append("never")
        try:
            with anyio.fail_after(1):
                await anyio.sleep(10)
        except TimeoutError:
            log.append("failed after")

        async def part(n: int) -> None:
            await anyio.sleep(n)
            log.append(n)

        async with anyio.create_task_group() as group:
            group.start_soon(part, 2)
            group.start_soon(part, 1)
        with anyio.move_on_after(5) as scope:
            ab.send(ab.self_(), "in time")
            log.append(await ab.receive())
        return [*log, scope.cancelled_caught]

    assert await outcome(body) == ["failed after", 1, 2, "in time", False]


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello")
    await writer.drain()
    writer.close()
    await writer.wait_closed()


@real
async def test_httpx_and_aiohttp_fetch_inside_a_process() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    async def by_httpx() -> str:
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(address)).text

    async def by_aiohttp() -> str:
        import aiohttp

        async with aiohttp.ClientSession() as session, session.get(address) as response:
            return await response.text()

    async with server:
        assert [await outcome(by_httpx), await outcome(by_aiohttp)] == ["hello", "hello"]
    await asyncio.sleep(0.01)


@virtual
async def test_what_is_awaited_and_is_not_for_asyncio_is_a_clear_error() -> None:
    class Odd:
        def __await__(self) -> Any:
            yield "odd"

    async def body() -> None:
        await Odd()

    reason = await outcome(body)
    assert "an async body awaited 'odd': expected" in str(reason)


@virtual
async def test_a_busy_receiver_lets_others_have_their_turn() -> None:
    async def greedy() -> None:
        while True:
            ab.send(ab.self_(), 1)
            await ab.receive()

    pid = ab.spawn(greedy)
    assert await outcome(asyncio.sleep, 0, "had a turn") == "had a turn"
    ab.exit(pid, "kill")


@virtual
async def test_a_body_that_ignores_cancellation_still_stops_with_the_node() -> None:
    async def stubborn() -> None:
        ab.flag(trap_exit=True)
        while True:
            try:
                await asyncio.sleep(3)
            except BaseException:  # noqa: BLE001  the body that catches everything
                continue

    ab.spawn(stubborn)
    await settle()


def test_outside_a_node_the_error_says_what_to_do() -> None:
    with pytest.raises(ab.NoNodeError, match=r"no node is running: expected `async with ab.Node"):
        ab.self_()
    with pytest.raises(ValueError, match=r"expected a name such as 'nb@local', got 5"):
        ab.Node(5)  # type: ignore[arg-type]


@virtual
async def test_an_unknown_node_is_named() -> None:
    with pytest.raises(ValueError, match=r"node='b': unknown node, expected 'nb@local'"):
        ab.spawn(idle, node="b")
