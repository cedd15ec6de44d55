"""Requests to many and to be fetched later, hibernation, what a status shows. Rules GEN-30 to GEN-33."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import settle, virtual

HERE = "nb@local"


class Slow(ab.GenServer):
    def init(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.seen: list[Any] = []

    async def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        if request == "crash":
            return ab.Stop("boom")
        await ab.sleep(self.seconds)
        return ("answer", request)

    def handle_cast(self, request: Any) -> None:
        self.seen.append(request)


async def started(seconds: float = 0.0, **options: Any) -> ab.Pid:
    pid = await Slow.start(seconds, **options)
    assert pid is not None
    return pid


@rule("GEN-30", "multi_call gives the replies by node and the nodes that gave none; late replies never show.")
@virtual
async def test_multi_call_sorts_nodes_into_replies_and_bad_ones() -> None:
    await started(1, name="slow")
    good = await ab.GenServer.multi_call([HERE, "nowhere"], "slow", "q")
    assert good == ([(HERE, ("answer", "q"))], ["nowhere"])
    assert await ab.GenServer.multi_call([HERE], "nobody", "q") == ([], [HERE])
    assert await ab.GenServer.multi_call([HERE], "slow", "q", timeout=0.5) == ([], [HERE])
    await ab.sleep(5)

    assert ab.flush() == []


@rule("GEN-30", "abcast returns at once, and nodes or names that are not there are no error.")
@virtual
async def test_abcast_tells_all_and_ignores_who_is_not_there() -> None:
    pid = await started(name="slow")
    ab.GenServer.abcast([HERE, "nowhere"], "slow", "news")
    ab.GenServer.abcast([HERE], "nobody", "news")
    await settle()

    assert (await ab.sys.get_state(pid)).seen == ["news"]


@rule("GEN-31", "A request that is fetched later gives (reply, v), or (error, (reason, server)) when the server ends.")
@virtual
async def test_a_request_is_answered_later_or_fails_with_the_reason() -> None:
    pid = await started(1)
    one, two = ab.GenServer.send_request(pid, 1), ab.GenServer.send_request(pid, 2)
    assert await ab.GenServer.receive_response(two) == ("reply", ("answer", 2))
    message = await ab.receive()
    assert ab.GenServer.check_response(message, two) == "no_reply"
    assert ab.GenServer.check_response(message, one) == ("reply", ("answer", 1))
    crash = ab.GenServer.send_request(pid, "crash")
    assert await ab.GenServer.receive_response(crash) == ("error", ("boom", pid))
    for nobody, shown in [(pid, pid), ("nobody", ("nobody", HERE)), (("slow", "nowhere"), ("slow", "nowhere"))]:
        result = await ab.GenServer.receive_response(ab.GenServer.send_request(nobody, 1))
        assert result == ("error", ("noconnection" if shown == ("slow", "nowhere") else "noproc", shown))

    assert ab.flush() == []


@rule("GEN-31", "A timeout of receive_response abandons the request, one of wait_response keeps it.")
@virtual
async def test_wait_keeps_a_request_open_and_receive_abandons_it() -> None:
    pid = await started(2)
    kept = ab.GenServer.send_request(pid, "kept")
    assert await ab.GenServer.wait_response(kept, 0.5) == "timeout"
    assert await ab.GenServer.wait_response(kept, 5) == ("reply", ("answer", "kept"))
    gone = ab.GenServer.send_request(pid, "gone")
    assert await ab.GenServer.receive_response(gone, 0.5) == "timeout"
    await ab.sleep(5)

    assert ab.flush() == []
    assert ab.process_info(pid)["monitored_by"] == []  # type: ignore[index]


@rule("GEN-32", "A hibernating server wakes at any message; a system message lets it sleep on.")
@virtual
async def test_hibernate_lasts_until_the_next_message() -> None:
    class Sleeper(ab.GenServer):
        def handle_cast(self, request: Any) -> Any:
            return ab.Hibernate() if request == "sleep" else None

        def handle_info(self, message: Any) -> Any:
            return ab.Timeout(1) if message == "nap" else ab.Hibernate()

    def asleep() -> bool:
        info = ab.process_info(pid)
        assert info is not None
        return bool(info["hibernating"])

    pid = await Sleeper.start()
    assert pid is not None
    assert not asleep()
    ab.GenServer.cast(pid, "sleep")
    await settle()
    assert asleep()
    assert await ab.sys.get_state(pid) == {}
    assert asleep()
    ab.GenServer.cast(pid, "wake")
    await settle()
    assert not asleep()


@rule("GEN-32", "With hibernate_after a server that is left alone for so long hibernates by itself.")
@virtual
async def test_hibernate_after_is_counted_from_the_last_message() -> None:
    class Drowsy(Slow):
        hibernate_after = 2.0

    pid = await Drowsy.start()
    assert pid is not None
    seen = []
    for seconds in (1.5, 1.0, 0.0, 1.5, 1.0):
        await ab.sleep(seconds)
        seen.append(ab.process_info(pid)["hibernating"])  # type: ignore[index]
        if seconds == 0.0:
            ab.GenServer.cast(pid, "wake")

    assert seen == [False, True, True, False, True]


class Secret(ab.GenServer):
    def init(self, fails: Any = None) -> None:
        self.password, self.fails = "hunter2", fails

    def handle_cast(self, request: Any) -> Any:
        return ab.Stop("boom")

    def format_status(self, status: dict[str, Any]) -> Any:
        if self.fails is not None:
            return self.fails()
        status["state"]["password"] = "***"
        if "message" in status:
            status["message"] = "a message"
        return status


@rule("GEN-33", "format_status shapes what a status and a crash report show.")
@virtual
async def test_format_status_shapes_status_and_report() -> None:
    pid = await Secret.start()
    status = await ab.sys.get_status(pid)

    assert status["state"]["password"] == "***"
    assert (await ab.sys.get_state(pid)).password == "hunter2"


@rule("GEN-33", "A format_status that crashes, or returns junk, hides the state and harms nobody.")
@pytest.mark.parametrize("fails", [lambda: 1 / 0, lambda: None, dict])
def test_a_failing_format_status_hides_the_state(fails: Any, caplog: Any) -> None:
    @virtual
    async def test() -> None:
        pid = await Secret.start(fails)
        status = await ab.sys.get_status(pid)
        assert status["module"] == "Secret"
        assert "format_status" in status["state"]
        assert await ab.sys.get_status(pid) == status
        ab.GenServer.cast(pid, "token")
        await settle()
        assert not ab.is_alive(pid)  # type: ignore[arg-type]

    test()
    assert "ended with boom" in caplog.text
    assert "hunter2" not in caplog.text
    assert "token" not in caplog.text


def test_a_crash_report_shows_last_message_and_state(caplog: Any) -> None:
    @virtual
    async def test() -> None:
        pid = await Secret.start()
        ab.GenServer.cast(pid, "token")
        await settle()

    test()
    assert "last message: 'a message'" in caplog.text
    assert "state: {'fails': None, 'password': '***'}" in caplog.text
