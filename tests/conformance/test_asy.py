"""Hazards of a runtime that shares one event loop: what the BEAM's own scheduler gives for free."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import busy, idle, now, passed, reason_of_end, settle, trapping, virtual
from tests.servers import Server, started
from tests.workers import Worker, supervise, worker

Log = list[Any]


async def in_a_task_group() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(1000))


async def in_a_call() -> None:
    pid = await started(then=lambda s: None)
    await ab.GenServer.call(pid, lambda s: ab.NoReply(), None)


WAITS: list[Callable[[], Awaitable[Any]]] = [
    ab.receive,
    lambda: ab.sleep(1000),
    lambda: asyncio.sleep(1000),
    lambda: asyncio.wait_for(asyncio.Event().wait(), 1000),
    lambda: asyncio.gather(asyncio.sleep(1000), asyncio.sleep(2000)),
    lambda: asyncio.get_running_loop().create_future(),
    in_a_task_group,
    in_a_call,
]


@rule("ASY-01", "Whatever a body waits for, a signal ends it at once, and its reason is the signal's, no cancellation.")
@pytest.mark.parametrize("wait", WAITS)
@virtual
async def test_a_body_that_catches_everything_dies_at_once_with_the_signals_reason(wait: Any) -> None:
    ran: Log = []

    async def catches_everything(wait: Any, ran: Log) -> None:
        while True:
            try:
                await wait()
            except BaseException as error:  # noqa: BLE001  the body that catches everything
                ran.append(error)
            finally:
                ran.append("finally")
                await asyncio.sleep(1)

    pid = ab.spawn(catches_everything, wait, ab.share(ran))
    await settle()
    ref = ab.monitor(pid)
    ab.exit(pid, "boom")
    assert ab.flush() == [ab.DOWN(ref, pid, "boom")]
    await ab.sleep(3000)
    assert ran == []


@rule("ASY-01", "A cleanup that waits when the signal comes is not waited for.")
@virtual
async def test_a_body_that_awaits_in_its_cleanup_dies_at_once() -> None:
    ran: Log = []

    async def cleans_up(ran: Log) -> None:
        try:
            await ab.receive()
        finally:
            ran.append("begins")
            await asyncio.sleep(1)
            ran.append("ends")

    pid, ref = ab.spawn(cleans_up, ab.share(ran), monitor=True)
    ab.send(pid, "over")
    await settle()
    ab.exit(pid, "boom")
    assert ab.flush() == [ab.DOWN(ref, pid, "boom")]
    await ab.sleep(5)
    assert ran == ["begins"]


@rule("ASY-01", "A cancellation on its way when the signal comes changes nothing about the reason.")
@virtual
async def test_a_cancellation_at_the_same_time_is_not_the_reason() -> None:
    tasks: list[Any] = []

    async def waits(tasks: list[Any]) -> None:
        tasks.append(asyncio.current_task())
        await asyncio.sleep(1000)

    pid, ref = ab.spawn(waits, ab.share(tasks), monitor=True)
    await settle()
    tasks[0].cancel()
    ab.exit(pid, "boom")
    await settle()
    assert ab.flush() == [ab.DOWN(ref, pid, "boom")]


@rule(
    "ASY-01",
    "Tasks that the body waits for are cancelled with it.",
    differs="A task that it merely started is asyncio's: it goes on until it next speaks for its process.",
)
@virtual
async def test_tasks_of_the_dead_are_cancelled_or_end_when_they_speak() -> None:
    ran: Log = []
    tasks: list[asyncio.Task[None]] = []

    async def part(ran: Log) -> None:
        await asyncio.sleep(10)
        ran.append("goes on")
        ab.send(ab.self_(), "for the dead")
        ran.append("spoke")

    async def body(ran: Log, tasks: Log) -> None:
        tasks.append(asyncio.create_task(part(ran)))
        async with asyncio.TaskGroup() as group:
            tasks.append(group.create_task(part(ran)))

    pid = ab.spawn(body, ab.share(ran), ab.share(tasks))
    await settle()
    ab.exit(pid, "boom")
    await ab.sleep(20)
    assert ran == ["goes on"]
    assert [task.cancelled() for task in tasks] == [False, True]
    assert isinstance(tasks[0].exception(), ab.Exit)


@rule("ASY-02", "A signal sent right after spawn ends a process with its reason though its body never started.")
@pytest.mark.parametrize(("reason", "heard"), [("early", "early"), ("kill", "killed")])
@pytest.mark.parametrize("how", ["def", "async def"])
@virtual
async def test_a_signal_right_after_spawn_ends_a_body_that_never_ran(reason: str, heard: str, how: str) -> None:
    ran: Log = []

    async def waits(ran: Log) -> None:
        ran.append("ran")

    pid, ref = ab.spawn(waits if how == "async def" else ran.append, ab.share(ran), monitor=True)
    ab.exit(pid, reason)
    assert ab.flush() == [ab.DOWN(ref, pid, heard)]
    await settle()
    assert ran == []


@rule("ASY-02", "A chain of 10,000 linked processes collapses without recursion.")
@virtual
async def test_a_chain_of_10000_links_collapses_without_recursion() -> None:
    async def next_in_chain(before: ab.Pid) -> None:
        ab.link(before)
        await idle()

    first = pid = ab.spawn(idle)
    for _ in range(10_000):
        pid = ab.spawn(next_in_chain, pid)
        await asyncio.sleep(0)
    ref = ab.monitor(pid)
    ab.exit(first, "boom")
    assert await ab.receive() == ab.DOWN(ref, pid, "boom")


class Slow(ab.GenServer):
    def init(self, log: Log) -> None:
        self.log = log

    async def handle_cast(self, request: Any) -> None:
        self.log.append(("begin", request))
        await asyncio.sleep(1)
        self.log.append(("end", request))

    async def handle_info(self, message: Any) -> None:
        await self.handle_cast(message)


@rule("ASY-03", "While a callback awaits, its process handles no other message, and other processes go on.")
@virtual
async def test_while_a_callback_awaits_no_second_message_is_handled() -> None:
    log: Log = []
    slow, other = await Slow.start(ab.share(log)), await started()
    assert slow is not None
    ab.GenServer.cast(slow, 1)
    ab.GenServer.cast(slow, 2)
    ab.send(slow, 3)
    await settle()
    assert await ab.GenServer.call(other, "free") == "free"
    assert log == [("begin", 1)]
    await asyncio.sleep(4)
    assert log == [(what, n) for n in (1, 2, 3) for what in ("begin", "end")]


class Basket:
    def __init__(self) -> None:
        self.items = ["tea"]


def hand_over(way: str, pid: ab.Pid, basket: Basket) -> None:
    """Give a basket to a process that keeps what it hears."""
    ways: dict[str, Callable[[], Any]] = {
        "send": lambda: ab.send(pid, basket),
        "send inside": lambda: ab.send(pid, (1, {"deep": [basket]})),
        "cast": lambda: ab.GenServer.cast(pid, basket),
        "send_after": lambda: ab.send_after(pid, basket, 1),
        "exit": lambda: ab.exit(pid, basket),
    }
    ways[way]()


def basket_in(heard: Any) -> Basket:
    """The basket in what was heard, however deep."""
    match heard:
        case Basket():
            return heard
        case (_, {"deep": [Basket() as basket]}) | ("cast", Basket() as basket) | ab.EXIT(_, Basket() as basket):
            return basket
    raise AssertionError(heard)


@rule("ASY-04", "What a sender changes after sending, the receiver does not see: messages are copied.")
@pytest.mark.parametrize("way", ["send", "send inside", "cast", "send_after", "exit"])
@virtual
async def test_a_sender_that_changes_what_it_sent_changes_nothing_for_the_receiver(way: str) -> None:
    log: Log = []
    pid = await started(log, trap=True)
    basket = Basket()
    hand_over(way, pid, basket)
    basket.items.append("milk")
    await ab.sleep(2)
    assert basket_in(log[0]).items == ["tea"]


@rule("ASY-04", "The same holds for arguments, requests and replies; `ab.share` says that no copy is wanted.")
@virtual
async def test_arguments_requests_and_replies_are_copies_unless_shared() -> None:
    basket, shared, kept = Basket(), Basket(), list[Any]()
    pid = await Server.start(ab.share(kept), lambda s: setattr(s, "basket", Basket()))
    assert pid is not None
    spawned = ab.spawn(trapping, kept)
    ab.send(spawned, "not in our list")
    ab.send(pid, ab.share(shared))
    reply = await ab.GenServer.call(pid, basket)
    assert reply is not basket
    assert (await ab.GenServer.call(pid, lambda s: s.basket)) is not (await ab.GenServer.call(pid, lambda s: s.basket))
    assert kept == [shared]


@rule(
    "ASY-05",
    "A callback that computes keeps everybody else waiting until it is done.",
    differs="The BEAM preempts and this never happens there. One event loop cannot: whatever computes for long belongs "
    "in `asyncio.to_thread` or on another node.",
)
@virtual
async def test_a_busy_callback_keeps_the_others_waiting() -> None:
    log: Log = []
    pid, other = await started(), await started(log)
    began = now()
    ab.send_after(other, "due", 1)
    ab.GenServer.cast(pid, lambda s: busy(3))
    await settle()
    assert (log, passed(began)) == (["due"], 3)


@rule("ASY-05", "The documentation says so, and promises no preemption.")
def test_the_limit_is_stated_openly() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "otp.md").read_text(encoding="utf-8")
    assert "One loop cannot preempt" in page


async def interrupted(cell: Any) -> None:
    """Run a cell as a task, and interrupt it in the middle of what it awaits, as the kernel does."""
    task = asyncio.ensure_future(cell)
    await settle()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@rule("ASY-06", "Interrupting a cell kills no process and changes no order, whatever the cell was waiting for.")
@pytest.mark.parametrize("wait", [ab.receive, lambda: ab.sleep(100), lambda: asyncio.sleep(100), in_a_call])
@virtual
async def test_an_interrupted_cell_kills_no_process_and_reorders_nothing(wait: Any) -> None:
    log: Log = []
    slow, waiting = await Slow.start(ab.share(log)), ab.spawn(idle)
    assert slow is not None

    async def cell() -> None:
        for n in range(3):
            ab.GenServer.cast(slow, n)
        await wait()

    await interrupted(cell())
    assert log == [("begin", 0)]
    await asyncio.sleep(5)
    assert log == [(what, n) for n in range(3) for what in ("begin", "end")]
    assert ab.is_alive(slow)
    assert ab.is_alive(waiting)


@rule("ASY-06", "A restart that is going on is done once, also when the cell that waits for it is interrupted.")
@virtual
async def test_an_interrupted_cell_restarts_nobody_twice() -> None:
    class Late(Worker):
        async def init(self, *args: Any) -> Any:  # type: ignore[override]
            await asyncio.sleep(1)
            return super().init(*args)

    log: Log = []
    sup = await supervise([Late.child_spec("a", ab.share(log), id="a", name="a"), worker("b", log)], name="sup")

    async def cell() -> None:
        ab.GenServer.cast("a", "boom")
        await settle()
        await ab.Supervisor.which_children("sup")

    await interrupted(cell())
    await asyncio.sleep(5)
    assert log == ["start a", "start b", "stop a boom", "start a"]
    assert ab.is_alive(sup)


@rule("ASY-06", "An interrupt that hits a callback ends that process alone, with `interrupted`; it restarts once.")
@virtual
async def test_an_interrupt_inside_a_callback_ends_that_process_alone() -> None:
    def interrupt(server: Any) -> None:
        raise KeyboardInterrupt

    log: Log = []
    bystander = ab.spawn(idle)
    await supervise([Server.child_spec(ab.share(log), id="a", name="a"), worker("b", log)])
    hit, other = ab.whereis("a"), ab.whereis("b")
    assert hit is not None
    ref = ab.monitor(hit)
    ab.GenServer.cast(hit, interrupt)
    await settle()
    assert ab.flush() == [ab.DOWN(ref, hit, "interrupted")]
    assert (log, ab.whereis("b")) == (["start b", ("terminate", "interrupted")], other)
    assert ab.whereis("a") not in (None, hit)
    assert ab.is_alive(bystander)
    assert await reason_of_end(ab.spawn(interrupt, None)) in ("interrupted", "noproc")
