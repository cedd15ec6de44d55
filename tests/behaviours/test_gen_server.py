"""Servers, beyond the rules: methods of pids, replies that cannot be copied, plain processes that are stopped."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from tests.running import idle, now, passed, reason_of_end, virtual
from tests.servers import call_reason, started


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


class Returning(ab.GenServer):
    """Its callbacks are plain, and return what they wait for."""

    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        return ab.sleep(request)

    def terminate(self, reason: Any) -> Any:
        return ab.sleep(3)


@virtual
async def test_a_wait_that_a_plain_callback_returns_is_awaited() -> None:
    pid = await Returning.start()
    began = now()
    assert await ab.GenServer.call(pid, 2) is None
    await ab.stop(pid)
    assert passed(began) == 5


@pytest.mark.parametrize("name", ["node", "number", "home"])
def test_a_marked_method_with_the_name_of_what_a_pid_has_is_refused_where_it_is_defined(name: str) -> None:
    with pytest.raises(TypeError, match=f"another name for the method '{name}'"):
        type("Named", (ab.GenServer,), {name: ab.call(lambda self: 1)})


@virtual
async def test_a_method_that_overrides_a_marked_one_is_marked_as_that_was() -> None:
    class Shape(ab.GenServer):
        @ab.call
        def area(self) -> float:
            raise NotImplementedError

    class Square(Shape):
        def area(self) -> float:
            return 4.0

    class Tiny(Square):
        def area(self) -> float:
            return super().area() / 100

    for cls, area in ((Square, 4.0), (Tiny, 0.04)):
        pid = await cls.start()
        assert pid is not None
        assert await pid.area() == area


@virtual
async def test_the_exit_of_one_task_of_a_group_is_the_reason() -> None:
    async def leaves() -> None:
        raise ab.Exit("left")

    async def body(task: Any) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(task())

    async def asks() -> None:
        await ab.GenServer.call("nobody", 1)

    assert await reason_of_end(ab.spawn(body, leaves)) == "left"
    assert await reason_of_end(ab.spawn(body, asks)) == "noproc"


class Patient(ab.GenServer):
    """Has a method whose own argument is called timeout."""

    @ab.call
    def fetch(self, url: str, timeout: float = 1.0) -> tuple[str, float]:
        return url, timeout

    @ab.call
    async def dawdle(self) -> None:
        await ab.sleep(10)


@virtual
async def test_a_method_with_a_timeout_of_its_own_gets_what_is_given_and_others_wait_so_long() -> None:
    pid = await Patient.start()

    assert await pid.fetch("a", timeout=30.0) == ("a", 30.0)
    assert await pid.fetch("a") == ("a", 1.0)
    assert await pid.dawdle(timeout=20) is None
    with pytest.raises(ab.CallExit):
        await pid.dawdle(timeout=2)
