"""Servers: rules GEN-01 to GEN-31."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import actorbook as ab
from tests.running import idle, reason_of_end, settle, virtual

Log = list[Any]


class Server(ab.GenServer):
    """Notes in `log` (a shared list) what it hears, and does what a request, a function of the server, says."""

    def init(self, log: Log | None = None, then: Callable[[Any], Any] | None = None, trap: bool = False) -> Any:
        self.log: Log = [] if log is None else log
        ab.flag(trap_exit=trap)
        return then(self) if then is not None else None

    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        self.caller = caller
        return request(self) if callable(request) else request

    def handle_cast(self, request: Any) -> Any:
        return request(self) if callable(request) else self.log.append(("cast", request))

    def handle_info(self, message: Any) -> Any:
        self.log.append(message)

    def handle_continue(self, value: Any) -> Any:
        self.log.append(("continue", value))
        return ab.Continue(value - 1) if isinstance(value, int) and value > 1 else None

    def terminate(self, reason: Any) -> None:
        self.log.append(("terminate", reason))


async def started(log: Log | None = None, then: Any = None, trap: bool = False, **options: Any) -> ab.Pid:
    pid = await Server.start(ab.share(log), then, trap, **options)
    assert pid is not None
    return pid


def fails(server: Any) -> None:
    raise ValueError("no")


async def call_reason(pid: Any, request: Any, timeout: float | None = 5.0) -> Any:
    with pytest.raises(ab.CallExit) as failed:
        await ab.GenServer.call(pid, request, timeout)
    return failed.value.reason


async def start_reason(*args: Any, **options: Any) -> Any:
    with pytest.raises(ab.StartError) as failed:
        await Server.start(*args, **options)
    return failed.value.reason


@virtual
async def test_start_returns_after_init_and_a_taken_name_runs_no_init_gen_01() -> None:
    log: Log = []

    class Slow(ab.GenServer):
        async def init(self, log: Log) -> None:
            await asyncio.sleep(3)
            log.append("init")

    pid = await Slow.start(ab.share(log), name="n")
    assert log == ["init"]
    with pytest.raises(ab.StartError, match=r"the name 'n' is taken by") as failed:
        await Slow.start(ab.share(log), name="n")
    assert failed.value.reason == ("already_started", pid)
    assert log == ["init"]


@virtual
async def test_init_may_ignore_or_stop_and_the_name_is_free_gen_02_gen_23() -> None:
    log: Log = []
    assert await Server.start(ab.share(log), lambda s: ab.Ignore(), name="n") is None
    assert ab.whereis("n") is None
    assert await start_reason(ab.share(log), lambda s: ab.Stop("bad luck"), name="n") == "bad luck"
    assert (ab.whereis("n"), log) == (None, [])


@virtual
async def test_init_that_raises_exits_or_returns_junk_fails_the_start_gen_03() -> None:
    def exits(server: Any) -> None:
        raise ab.Exit("left")

    log: Log = []
    assert await start_reason(ab.share(log), fails) == ab.Crash(ValueError, "no")
    assert await start_reason(ab.share(log), exits) == "left"
    assert await start_reason(ab.share(log), lambda s: 5) == ("bad_return_value", 5)
    assert log == []


@virtual
async def test_a_failed_start_link_ends_a_caller_that_does_not_trap_gen_04() -> None:
    async def starts(then: Any) -> None:
        try:
            await Server.start_link(None, then)
        except ab.StartError as error:
            raise ab.Exit(("caught", error.reason)) from None

    async def starts_trapping(then: Any) -> None:
        ab.flag(trap_exit=True)
        try:
            await Server.start_link(None, then)
        except ab.StartError as error:
            await ab.sleep(1)
            raise ab.Exit((error.reason, ab.flush())) from None

    assert await reason_of_end(ab.spawn(starts, lambda s: ab.Stop("bad"))) == "bad"
    assert await reason_of_end(ab.spawn(starts, lambda s: ab.Ignore())) == "normal"
    assert await reason_of_end(ab.spawn(starts_trapping, lambda s: ab.Stop("bad"))) == ("bad", [])


@virtual
async def test_a_start_link_that_is_ignored_leaves_no_exit_with_a_caller_that_traps_gen_02() -> None:
    async def starts() -> None:
        ab.flag(trap_exit=True)
        ignored = await Server.start_link(None, lambda s: ab.Ignore())
        await ab.sleep(1)
        raise ab.Exit((ignored, ab.flush()))

    assert await reason_of_end(ab.spawn(starts)) == (None, [])


@virtual
async def test_a_start_that_takes_too_long_is_killed_without_a_trace_gen_05() -> None:
    class Slow(ab.GenServer):
        async def init(self) -> None:
            await asyncio.sleep(100)

    for start in (Slow.start, Slow.start_link):
        with pytest.raises(ab.StartError) as failed:
            await start(name="slow", timeout=1)
        assert failed.value.reason == "timeout"
        assert ab.whereis("slow") is None
    await settle()
    assert ab.flush() == []


class Sleeper(ab.GenServer):
    def init(self) -> None:
        self.done: list[Any] = []

    async def handle_call(self, seconds: Any, caller: ab.Caller) -> Any:
        await asyncio.sleep(seconds)
        self.done.append(seconds)
        return list(self.done)


@virtual
async def test_a_call_times_out_and_the_server_lives_and_finishes_gen_06_gen_07() -> None:
    pid = await Sleeper.start()
    assert await call_reason(pid, 6) == "timeout"
    assert await ab.GenServer.call(pid, 1, None) == [6, 1]
    await asyncio.sleep(10)
    assert ab.flush() == []


@virtual
async def test_a_timeout_not_caught_ends_the_caller_gen_06() -> None:
    pid = await Sleeper.start()

    async def calls() -> None:
        await ab.GenServer.call(pid, 9, timeout=1)

    assert await reason_of_end(ab.spawn(calls)) == "timeout"


@virtual
async def test_calls_to_nobody_and_to_oneself_fail_at_once_gen_08() -> None:
    dead = ab.spawn(lambda: None)
    await settle()
    for nobody in (dead, "nobody", ("nobody", "nb@local"), None):
        assert await call_reason(nobody, 1) == "noproc"

    class Narcissus(ab.GenServer):
        async def handle_call(self, request: Any, caller: ab.Caller) -> Any:
            return await call_reason(ab.self_(), 1)

    assert await ab.GenServer.call(await Narcissus.start(), 1) == "calling_self"


@virtual
async def test_a_server_that_ends_in_a_call_is_heard_at_once_gen_09_gen_13_gen_15() -> None:
    def exits(server: Any) -> None:
        raise ab.Exit("left")

    loop = asyncio.get_running_loop()
    before = loop.time()
    assert await call_reason(await started(), fails) == ab.Crash(ValueError, "no")
    assert await call_reason(await started(), exits) == "left"
    assert await call_reason(await started(), lambda s: ab.Stop("stopped")) == "stopped"
    assert await call_reason(await started(), lambda s: ab.Stop()) == "normal"
    assert await call_reason(await started(), lambda s: ab.Ignore()) == ("bad_return_value", ab.Ignore())
    sleeper = await Sleeper.start()
    ab.send_after(ab.spawn(_kills, sleeper), "now", 1)
    assert await call_reason(sleeper, 100, None) == "killed"
    assert loop.time() - before < 1.1


async def _kills(pid: ab.Pid) -> None:
    await ab.receive()
    ab.exit(pid, "kill")


@virtual
async def test_a_finished_call_leaves_nothing_behind_gen_10() -> None:
    pid = await started()
    assert await ab.GenServer.call(pid, 5) == 5
    info, own = ab.process_info(pid), ab.process_info(ab.self_())
    assert info is not None
    assert own is not None
    assert (info["monitored_by"], own["monitors"], ab.flush()) == ([], [], [])


@virtual
async def test_a_reply_may_come_later_and_from_elsewhere_gen_11() -> None:
    def later(server: Any) -> Any:
        caller = server.caller
        ab.spawn(lambda: ab.GenServer.reply(caller, "from elsewhere"))
        return ab.NoReply()

    pid = await started()
    assert await ab.GenServer.call(pid, later) == "from elsewhere"
    assert await call_reason(pid, lambda s: ab.NoReply(), 1) == "timeout"
    caller = (await ab.sys.get_state(pid)).caller
    ab.GenServer.reply(caller, "too late")
    ab.GenServer.reply(caller, "twice")
    await settle()
    assert ab.flush() == []
    with pytest.raises(TypeError, match=r"reply: expected the caller that handle_call got, got 5"):
        ab.GenServer.reply(5, 1)  # type: ignore[arg-type]


@virtual
async def test_stop_with_a_reply_terminates_first_and_then_replies_gen_12() -> None:
    log: Log = []
    pid = await started(log)
    ref = ab.monitor(pid)
    assert await ab.GenServer.call(pid, lambda s: ab.Stop("done", reply="bye")) == "bye"
    assert log == [("terminate", "done")]
    assert await ab.receive() == ab.DOWN(ref, pid, "done")


@virtual
async def test_junk_from_a_callback_terminates_gen_15_gen_22() -> None:
    log: Log = []
    pid = await started(log)
    ab.GenServer.cast(pid, lambda s: "junk")
    assert await reason_of_end(pid) in [("bad_return_value", "junk"), "noproc"]
    assert log == [("terminate", ("bad_return_value", "junk"))]


@virtual
async def test_a_cast_to_nobody_is_no_error_gen_16() -> None:
    dead = ab.spawn(lambda: None)
    await settle()
    for nobody in (dead, "nobody", ("nobody", "nb@local"), ("nobody", "elsewhere")):
        ab.GenServer.cast(nobody, 1)


@virtual
async def test_other_messages_go_to_handle_info_and_what_is_not_defined_fails_gen_17() -> None:
    log: Log = []
    pid = await started(log)
    ab.send(pid, "hello")
    await settle()
    assert log == ["hello"]
    bare = await ab.GenServer.start()
    assert bare is not None
    ab.send(bare, "hello")
    await settle()
    assert ab.is_alive(bare)
    reason = await call_reason(bare, 1)
    assert "defines no handle_call" in str(reason)
    bare, ref = await ab.GenServer.start(), None
    assert bare is not None
    ref = ab.monitor(bare)
    ab.GenServer.cast(bare, 1)
    down = await ab.receive()
    assert down.ref is ref
    assert "defines no handle_cast" in str(down.reason)


@virtual
async def test_continue_runs_before_any_queued_message_gen_18() -> None:
    def then(server: Any) -> Any:
        ab.send(ab.self_(), "queued during init")
        return ab.Continue(3)

    log: Log = []
    pid = await started(log, then)
    ab.send(pid, "after")
    await settle()
    assert log == [("continue", 3), ("continue", 2), ("continue", 1), "queued during init", "after"]


@virtual
async def test_a_timeout_comes_after_silence_and_a_message_cancels_it_gen_19() -> None:
    log: Log = []
    await started(log, lambda s: ab.Timeout(2))
    await asyncio.sleep(1.9)
    assert log == []
    await asyncio.sleep(10)
    assert log == ["timeout"]
    other: Log = []
    pid = await started(other, lambda s: ab.Timeout(2))
    await asyncio.sleep(1)
    ab.send(pid, "hello")
    await asyncio.sleep(10)
    assert other == ["hello"]


@virtual
async def test_a_timeout_of_zero_loses_against_a_waiting_message_gen_20() -> None:
    def then(server: Any) -> Any:
        ab.send(ab.self_(), "waiting")
        return ab.Timeout(0)

    log: Log = []
    await started(log, then)
    alone: Log = []
    await started(alone, lambda s: ab.Timeout(0))
    await asyncio.sleep(1)
    assert (log, alone) == (["waiting"], ["timeout"])


@virtual
async def test_a_system_message_starts_the_silence_anew_gen_21() -> None:
    log: Log = []
    pid = await started(log, lambda s: ab.Timeout(2))
    await asyncio.sleep(1.5)
    await ab.sys.get_status(pid)
    await asyncio.sleep(1.9)
    assert log == []
    await asyncio.sleep(0.2)
    assert log == ["timeout"]


@virtual
async def test_terminate_runs_on_stop_crash_and_the_parents_exit_gen_22() -> None:
    log: Log = []
    await ab.stop(await started(log))
    ab.GenServer.cast(await started(log), lambda s: ab.Stop("stopped"))
    ab.GenServer.cast(await started(log), fails)
    await settle()
    assert log == [("terminate", r) for r in ("normal", "stopped", ab.Crash(ValueError, "no"))]


@virtual
async def test_terminate_does_not_run_on_a_signal_or_a_kill_gen_23() -> None:
    log: Log = []
    for pid, reason in [(await started(log), "boom"), (await started(log, None, True), "kill")]:
        ab.exit(pid, reason)
    await settle()
    assert log == []


async def parent(log: Log, trap: bool) -> None:
    """Starts a server linked to it, tells who it is, and ends as it is told."""
    pid = await Server.start_link(ab.share(log), None, trap, name="child")
    assert pid is not None
    while True:
        match await ab.receive():
            case ("send", message):
                ab.send(pid, message)
            case reason:
                raise ab.Exit(reason)


@pytest.mark.parametrize("reason", ["normal", "boom"])
def test_who_traps_ends_with_its_parent_and_tells_others_to_handle_info_gen_24_gen_25(reason: str) -> None:
    @virtual
    async def body() -> None:
        log: Log = []
        father = ab.spawn(parent, ab.share(log), True)
        await settle()
        child = ab.whereis("child")
        assert child is not None
        ab.exit(child, "from a stranger")
        await settle()
        assert log == [ab.EXIT(ab.self_(), "from a stranger")]
        ref = ab.monitor(child)
        ab.send(father, reason)
        assert await ab.receive() == ab.DOWN(ref, child, reason)
        assert log[1:] == [("terminate", reason)]

    body()


@virtual
async def test_who_does_not_trap_survives_a_normal_end_of_its_parent_gen_25() -> None:
    log: Log = []
    father = ab.spawn(parent, ab.share(log), False)
    await settle()
    ab.send(father, "normal")
    await settle()
    assert ab.whereis("child") is not None


@virtual
async def test_what_was_queued_before_the_parents_exit_is_handled_first_gen_26() -> None:
    log: Log = []
    father = ab.spawn(parent, ab.share(log), True)
    await settle()
    child = ab.whereis("child")
    for message in (("send", 1), ("send", 2), "shutdown"):
        ab.send(father, message)
    await settle()
    assert child is not None
    assert not ab.is_alive(child)
    assert log == [1, 2, ("terminate", "shutdown")]


@virtual
async def test_a_raise_inside_terminate_replaces_the_reason_gen_27() -> None:
    class Clumsy(Server):
        def terminate(self, reason: Any) -> None:
            raise KeyError("terminate")

    pid = await Clumsy.start()
    assert pid is not None
    with pytest.raises(ab.CallExit) as failed:
        await ab.stop(pid)
    assert failed.value.reason == ab.Crash(KeyError, "'terminate'")


@pytest.mark.parametrize(
    ("reason", "reports"),
    [("normal", 0), ("shutdown", 0), (("shutdown", 1), 0), ("boom", 1), (("shutdown", 1, 2), 1)],
)
def test_only_abnormal_ends_are_reported_gen_28(reason: Any, reports: int, caplog: pytest.LogCaptureFixture) -> None:
    @virtual
    async def body() -> None:
        ab.GenServer.cast(await started(), lambda s: ab.Stop(reason))
        await settle()

    body()
    assert len(caplog.records) == reports


@virtual
async def test_stop_waits_for_the_end_with_that_reason_gen_29() -> None:
    pid = await started()
    await ab.stop(pid, "because")
    assert not ab.is_alive(pid)
    with pytest.raises(ab.CallExit) as failed:
        await ab.stop(pid)
    assert failed.value.reason == "noproc"
    with pytest.raises(ab.CallExit) as failed:
        await ab.stop(ab.self_())
    assert failed.value.reason == "calling_self"


@virtual
async def test_multi_call_tells_replies_and_bad_nodes_gen_30() -> None:
    await started(name="n")
    assert await ab.GenServer.multi_call(["nb@local", "gone"], "n", 5) == ([("nb@local", 5)], ["gone"])
    assert ab.flush() == []


@virtual
async def test_marked_methods_are_methods_of_the_pid() -> None:
    class Counter(ab.GenServer):
        def init(self, n: int = 0) -> None:
            self.n = n

        @ab.call
        def add(self, k: int, times: int = 1) -> int:
            """Add."""
            self.n += k * times
            return self.n

        @ab.cast
        def clear(self) -> None:
            self.n = 0

        def secret(self) -> None:
            """Not marked."""

    pid = await Counter.start(1)
    assert pid is not None
    assert await pid.add(2, times=3) == 7
    pid.clear()
    assert await pid.add(1) == 1
    assert {"add", "clear"} <= set(dir(pid))
    assert pid.add.__doc__ == "Add."
    with pytest.raises(TypeError, match=r"add.*missing a required argument: 'k'"):
        pid.add()
    with pytest.raises(AttributeError, match=r"mark it with @ab.call"):
        pid.secret()
    with pytest.raises(AttributeError, match=r"there are: add, clear"):
        pid.unknown()
    await ab.stop(pid)
    with pytest.raises(ab.CallExit, match=r"is not alive"):
        await pid.add(1)


@virtual
async def test_while_a_callback_awaits_no_second_message_is_handled_asy_03() -> None:
    log: Log = []

    class Slow(ab.GenServer):
        def init(self, log: Log) -> None:
            self.log = log

        async def handle_cast(self, request: Any) -> None:
            self.log.append(("begin", request))
            await asyncio.sleep(1)
            self.log.append(("end", request))

    slow = await Slow.start(ab.share(log))
    other = await started()
    ab.GenServer.cast(slow, 1)
    ab.GenServer.cast(slow, 2)
    await settle()
    assert await ab.GenServer.call(other, "free") == "free"
    assert log == [("begin", 1)]
    await asyncio.sleep(3)
    assert log == [("begin", 1), ("end", 1), ("begin", 2), ("end", 2)]


@virtual
async def test_a_reply_that_cannot_be_copied_is_the_servers_error() -> None:
    pid = await started()
    reason = await call_reason(pid, lambda s: (n for n in range(1)))
    assert isinstance(reason, ab.Crash)
    assert reason.type is ab.MessageError


@virtual
async def test_a_class_that_cannot_be_made_fails_its_start_only() -> None:
    class Broken(ab.GenServer):
        def __init__(self) -> None:
            raise ValueError("no object")

    with pytest.raises(ab.StartError, match=r"no object"):
        await Broken.start()


@virtual
async def test_a_stop_reply_that_cannot_be_copied_ends_the_server_and_tells_the_caller() -> None:
    pid = await started()
    reason = await call_reason(pid, lambda s: ab.Stop("normal", reply=(n for n in range(1))))
    assert isinstance(reason, ab.Crash)
    assert not ab.is_alive(pid)


@virtual
async def test_a_plain_process_may_be_stopped_too() -> None:
    for reason in ("normal", "shutdown", "boom"):
        pid = ab.spawn(idle)
        await ab.stop(pid, reason)
        assert not ab.is_alive(pid)
