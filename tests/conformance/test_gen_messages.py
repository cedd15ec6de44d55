"""Servers: messages, continues and timeouts."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import now, passed, settle, virtual
from tests.servers import Server, call_reason, started

Log = list[Any]


@rule(
    "GEN-17", "Any other message goes to handle_info; where that is not defined it is logged, and the server goes on."
)
@virtual
async def test_other_messages_go_to_handle_info() -> None:
    log: Log = []
    pid = await started(log)
    messages = ["hello", ab.DOWN(ab.alias(), pid, "any"), None]
    for message in messages:
        ab.send(pid, message)
    await settle()
    assert log == messages


@rule("GEN-17", "Without it a message is logged, and the server goes on.")
def test_a_message_to_a_server_without_handle_info_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    @virtual
    async def body() -> None:
        bare = await ab.GenServer.start()
        assert bare is not None
        ab.send(bare, "hello")
        await settle()
        assert ab.is_alive(bare)

    body()
    assert "got 'hello', but GenServer defines no handle_info" in caplog.text


@rule("GEN-17", "Without handle_call or handle_cast, a call or a cast is a crash.")
@virtual
async def test_a_call_or_cast_that_nobody_handles_is_a_crash() -> None:
    bare = await ab.GenServer.start()
    assert "defines no handle_call" in str(await call_reason(bare, 1))
    bare = await ab.GenServer.start()
    assert bare is not None
    ref = ab.monitor(bare)
    ab.GenServer.cast(bare, 1)
    down = await ab.receive(timeout=1)
    assert down.ref is ref
    assert "defines no handle_cast" in str(down.reason)


@rule("GEN-18", "A continue, and one that it continues with, runs before any message, even one queued during init.")
@virtual
async def test_continue_runs_before_any_queued_message() -> None:
    def then(server: Any) -> Any:
        ab.send(ab.self_(), "queued during init")
        return ab.Continue(3)

    log: Log = []
    pid = await started(log, then)
    ab.send(pid, "after")
    await settle()
    assert log == [("continue", 3), ("continue", 2), ("continue", 1), "queued during init", "after"]


@rule("GEN-18", "So does one that another callback asks for.")
@virtual
async def test_a_continue_of_a_call_or_cast_runs_before_what_is_queued() -> None:
    log: Log = []
    pid = await started(log)
    ab.GenServer.cast(pid, lambda s: ab.Continue("cast"))
    ab.send(pid, "queued")
    assert await ab.GenServer.call(pid, lambda s: ab.Reply("answer", ab.Continue("call"))) == "answer"
    await settle()
    assert log == [("continue", "cast"), "queued", ("continue", "call")]


@rule("GEN-18", "A start does not wait for it.")
@virtual
async def test_a_start_does_not_wait_for_the_continue() -> None:
    class Late(Server):
        async def handle_continue(self, value: Any) -> None:
            await asyncio.sleep(3)
            self.log.append(value)

    log: Log = []
    before = now()
    pid = await Late.start(ab.share(log), lambda s: ab.Continue("late"))
    assert (log, passed(before)) == ([], 0)
    assert await ab.GenServer.call(pid, "after it") == "after it"
    assert (log, passed(before)) == (["late"], 3)


@rule("GEN-19", "A timeout that a callback returns comes after so much silence, once.")
@pytest.mark.parametrize("where", ["init", "call", "cast", "info", "continue"])
@virtual
async def test_a_timeout_comes_after_silence(where: str) -> None:
    def silence(server: Any) -> Any:
        return ab.Reply("ok", ab.Timeout(2)) if where == "call" else ab.Timeout(2)

    log: Log = []
    pid = await started(log, silence if where == "init" else None)
    if where == "call":
        await ab.GenServer.call(pid, silence)
    elif where == "info":
        ab.send(pid, silence)
    elif where != "init":
        ab.GenServer.cast(pid, silence if where == "cast" else lambda s: ab.Continue(silence))
    await asyncio.sleep(1.9)
    assert log == []
    await asyncio.sleep(0.2)
    assert log == ["timeout"]
    await asyncio.sleep(10)
    assert log == ["timeout"]


@rule("GEN-19", "Any message cancels it for good.")
@pytest.mark.parametrize("speak", [ab.send, ab.GenServer.cast])
@virtual
async def test_a_message_cancels_a_timeout_for_good(speak: Any) -> None:
    log: Log = []
    pid = await started(log, lambda s: ab.Timeout(2))
    await asyncio.sleep(1)
    speak(pid, "hello")
    await asyncio.sleep(10)
    assert "timeout" not in log
    assert len(log) == 1


@rule("GEN-20", "A timeout of zero loses against a message that waits, and then does not come; alone it comes.")
@virtual
async def test_a_timeout_of_zero_loses_against_a_waiting_message() -> None:
    def then(server: Any) -> Any:
        ab.send(ab.self_(), "waiting")
        return ab.Timeout(0)

    log: Log = []
    await started(log, then)
    alone: Log = []
    await started(alone, lambda s: ab.Timeout(0))
    await asyncio.sleep(1)
    assert (log, alone) == (["waiting"], ["timeout"])


@rule("GEN-21", "A system request does not cancel a timeout, but starts the silence anew.")
@pytest.mark.parametrize("ask", [ab.sys.get_state, ab.sys.get_status, ab.sys.statistics])
@virtual
async def test_a_system_message_starts_the_silence_anew(ask: Any) -> None:
    log: Log = []
    pid = await started(log, lambda s: ab.Timeout(2))
    await asyncio.sleep(1.5)
    await ask(pid)
    await asyncio.sleep(1.9)
    assert log == []
    await asyncio.sleep(0.2)
    assert log == ["timeout"]
