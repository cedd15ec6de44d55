"""Servers: what ends them, and whether terminate runs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import dead, settle, virtual
from tests.servers import Server, fails, leaves, parent, start_reason, started

Log = list[Any]


@rule("GEN-22", "terminate runs when a callback stops, raises, exits or returns junk.")
@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (lambda s: ab.Stop("stopped"), "stopped"),
        (fails, ab.Crash(ValueError, "no")),
        (leaves, "left"),
        (lambda s: "junk", ("bad_return_value", "junk")),
    ],
)
@virtual
async def test_terminate_runs_when_a_callback_ends_the_server(request_: Any, reason: Any) -> None:
    log: Log = []
    pid = await started(log)
    ref = ab.monitor(pid)
    ab.GenServer.cast(pid, request_)
    await settle()
    assert log == [("terminate", reason)]
    assert ab.flush() == [ab.DOWN(ref, pid, reason)]


@rule("GEN-22", "It runs when the server is stopped from outside, as `ab.stop` does by a system request.")
@pytest.mark.parametrize("reason", ["normal", "because"])
@pytest.mark.parametrize("trap", [True, False])
@virtual
async def test_terminate_runs_on_stop(reason: str, trap: bool) -> None:
    log: Log = []
    await ab.stop(await started(log, trap=trap), reason)
    assert log == [("terminate", reason)]


async def child_of_a_parent(log: Log, trap: bool) -> tuple[ab.Pid, ab.Pid]:
    father = ab.spawn(parent, ab.share(log), trap)
    await settle()
    child = ab.whereis("child")
    assert child is not None
    return father, child


@rule("GEN-22", "It runs on the exit of the parent when the server traps exits.")
@virtual
async def test_terminate_runs_on_the_parents_exit() -> None:
    log: Log = []
    father, child = await child_of_a_parent(log, trap=True)
    ab.exit(father, "boom")
    await settle()
    assert (log, ab.is_alive(child)) == ([("terminate", "boom")], False)


@rule("GEN-23", "terminate does not run on a signal to a server that does not trap, nor on a kill.")
@pytest.mark.parametrize(("trap", "reason"), [(False, "boom"), (False, "shutdown"), (False, "kill"), (True, "kill")])
@virtual
async def test_terminate_does_not_run_on_a_signal_or_a_kill(trap: bool, reason: str) -> None:
    log: Log = []
    pid = await started(log, trap=trap)
    ab.exit(pid, reason)
    await settle()
    assert (log, ab.is_alive(pid)) == ([], False)


@rule(
    "GEN-23", "It does not run when the parent of a server that does not trap ends, nor when the start came to nothing."
)
@virtual
async def test_terminate_does_not_run_without_trapping_or_without_a_start() -> None:
    log: Log = []
    father, child = await child_of_a_parent(log, trap=False)
    ab.exit(father, "boom")
    assert not ab.is_alive(child)
    await Server.start(ab.share(log), lambda s: ab.Ignore())
    for then in (lambda s: ab.Stop("bad"), fails, leaves):
        await start_reason(ab.share(log), then)
    await settle()
    assert log == []


@rule("GEN-24", "A server that traps ends with its parent, whatever the reason, normal included.")
@pytest.mark.parametrize("reason", ["normal", "shutdown", "boom"])
@virtual
async def test_who_traps_ends_with_its_parent(reason: str) -> None:
    log: Log = []
    father, child = await child_of_a_parent(log, trap=True)
    ref = ab.monitor(child)
    ab.send(father, reason)
    await settle()
    assert ab.flush() == [ab.DOWN(ref, child, reason)]
    assert log == [("terminate", reason)]


@rule("GEN-24", "The EXIT of anybody else goes to handle_info.")
@virtual
async def test_the_exit_of_a_stranger_goes_to_handle_info() -> None:
    def links(server: Any) -> None:
        server.peer = ab.spawn(lambda: None, link=True)

    log: Log = []
    _, child = await child_of_a_parent(log, trap=True)
    ab.exit(child, "from a stranger")
    ab.GenServer.cast(child, links)
    await settle()
    peer = (await ab.sys.get_state(child)).peer
    assert log == [ab.EXIT(ab.self_(), "from a stranger"), ab.EXIT(peer, "normal")]
    assert ab.is_alive(child)


@rule("GEN-25", "When its parent ends normally, a server that does not trap lives on, one that traps ends normally.")
@pytest.mark.parametrize("trap", [True, False])
@virtual
async def test_a_normal_end_of_the_parent_ends_only_who_traps(trap: bool) -> None:
    father, child = await child_of_a_parent([], trap)
    ref = ab.monitor(child)
    ab.send(father, "normal")
    await settle()
    assert ab.flush() == ([ab.DOWN(ref, child, "normal")] if trap else [])
    assert ab.is_alive(child) is not trap


@rule("GEN-26", "Messages queued before the parent's exit are handled first, later ones are dropped.")
@virtual
async def test_what_was_queued_before_the_parents_exit_is_handled_first() -> None:
    class Slow(Server):
        async def handle_cast(self, request: Any) -> None:
            await asyncio.sleep(request)

    async def starts(log: Log) -> None:
        await Slow.start_link(ab.share(log), None, True, name="child")
        raise ab.Exit(await ab.receive())

    log: Log = []
    father = ab.spawn(starts, ab.share(log))
    await settle()
    child = ab.whereis("child")
    assert child is not None
    ab.GenServer.cast(child, 5)
    await settle()
    for message in (1, 2):
        ab.send(child, message)
    ab.exit(father, "shutdown")
    ab.send(child, 3)
    await ab.sleep(10)
    assert log == [1, 2, ("terminate", "shutdown")]
    assert not ab.is_alive(child)


@rule("GEN-27", "What terminate itself raises or exits with becomes the reason.")
@pytest.mark.parametrize(("act", "reason"), [(fails, ab.Crash(ValueError, "no")), (leaves, "left")])
@pytest.mark.parametrize("first", ["normal", "boom"])
@virtual
async def test_a_raise_inside_terminate_replaces_the_reason(act: Any, reason: Any, first: str) -> None:
    class Clumsy(Server):
        def terminate(self, reason: Any) -> None:
            act(self)

    pid = await Clumsy.start()
    assert pid is not None
    ref = ab.monitor(pid)
    ab.GenServer.cast(pid, lambda s: ab.Stop(first))
    await settle()
    assert ab.flush() == [ab.DOWN(ref, pid, reason)]


@rule("GEN-28", "An end with normal, shutdown or (shutdown, x) is not reported, any other is.")
@pytest.mark.parametrize(
    ("request_", "reports"),
    [
        (lambda s: ab.Stop("normal"), 0),
        (lambda s: ab.Stop("shutdown"), 0),
        (lambda s: ab.Stop(("shutdown", 1)), 0),
        (lambda s: ab.Stop("boom"), 1),
        (lambda s: ab.Stop(("shutdown", 1, 2)), 1),
        (lambda s: ab.Stop("killed"), 1),
        (leaves, 1),
        (fails, 1),
    ],
)
@virtual
async def test_only_abnormal_ends_are_reported(request_: Any, reports: int, caplog: pytest.LogCaptureFixture) -> None:
    ab.GenServer.cast(await started(), request_)
    await settle()
    assert len(caplog.records) == reports


async def stop_reason(*args: Any, **options: Any) -> Any:
    with pytest.raises(ab.CallExit) as failed:
        await ab.stop(*args, **options)
    return failed.value.reason


@rule("GEN-29", "stop returns once the server is dead, with the reason that was asked for.")
@pytest.mark.parametrize("reason", ["normal", "because", ("shutdown", 1)])
@virtual
async def test_stop_waits_for_the_end_with_that_reason(reason: Any) -> None:
    class Slow(Server):
        async def terminate(self, reason: Any) -> None:  # type: ignore[override]
            await asyncio.sleep(3)

    pid = await Slow.start(name="n")
    assert pid is not None
    ref = ab.monitor(pid)
    await ab.stop("n", reason)
    assert not ab.is_alive(pid)
    assert ab.flush() == [ab.DOWN(ref, pid, reason)]


@rule("GEN-29", "It fails with the reason when the server ends with another one, with noproc when there is none.")
@virtual
async def test_stop_fails_with_another_reason_or_noproc() -> None:
    class Clumsy(Server):
        def terminate(self, reason: Any) -> None:
            raise KeyError("terminate")

    assert await stop_reason(await Clumsy.start()) == ab.Crash(KeyError, "'terminate'")
    assert await stop_reason(await dead()) == "noproc"
    assert await stop_reason("nobody") == "noproc"


@rule("GEN-29", "It fails with calling_self for a process that asks for its own end.")
@virtual
async def test_a_server_cannot_wait_for_its_own_end() -> None:
    class Narcissus(Server):
        async def handle_call(self, request: Any, caller: ab.Caller) -> Any:
            return await stop_reason(ab.self_())

    pid = await Narcissus.start()
    assert pid is not None
    assert await ab.GenServer.call(pid, 1) == "calling_self"
    assert ab.is_alive(pid)
    assert await stop_reason(ab.self_()) == "calling_self"
