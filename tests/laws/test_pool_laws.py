"""Laws of pools: whatever crashes, comes and goes, every call has one answer or one error, and no more is lost.

Each worker writes down what it has done. So a request that was answered was done once; one that failed was not
done, or its worker ended for a reason that the caller was told; and without crashes nothing fails at all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

import actorbook as ab
from actorbook.cluster.balance import STRATEGIES
from tests.running import run, settle

P = ab.Pool
SECONDS = st.sampled_from([0.0, 0.0, 0.5, 2.0])
CALM = [("call", SECONDS), ("call", SECONDS), ("use", SECONDS), ("cast", SECONDS), ("resize", st.integers(1, 5))]
WILD = [("crash", SECONDS), ("kill", st.integers(0, 4)), ("end client", st.integers(0, 30))]
PAUSES = st.sampled_from([None, 0.0, 0.0, 1.0])  # None: the next step follows before anybody had a turn


def steps(kinds: list[tuple[str, Any]]) -> Any:
    """What is done, with which argument, and how long it is until the next step."""
    return st.lists(st.one_of([st.tuples(st.just(what), argument, PAUSES) for what, argument in kinds]), max_size=30)


REASONS = {"killed", "noproc", "boom"}


class Worker(ab.GenServer):
    """Takes its time, then writes down the request; or crashes."""

    def init(self, done: list[int]) -> None:
        self.done = done

    async def handle_call(self, request: Any, caller: Any) -> Any:
        what, number, seconds = request
        if seconds:
            await ab.sleep(seconds)
        if what == "crash":
            raise RuntimeError("boom")
        self.done.append(number)
        return number

    async def handle_cast(self, request: Any) -> None:
        await self.handle_call(request, None)


class Asked(NamedTuple):
    """A request and the process that made it."""

    what: str
    number: int
    client: ab.Pid


async def _call(request: Any) -> None:
    answer = await P.call("pool", request, key=request[1], timeout=None)
    raise ab.Exit(("answer", answer))


async def _use(request: Any) -> None:
    """The same with a worker of one's own."""
    async with P.checkout("pool", timeout=None) as worker:
        await ab.sleep(request[2])
        answer = await ab.GenServer.call(worker, request, timeout=None)
    raise ab.Exit(("answer", answer))


async def _resize(size: int) -> None:
    await P.resize("pool", size)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STRATEGIES), st.integers(1, 4), steps(CALM + WILD))
def test_every_call_has_one_answer_or_one_error(strategy: Any, size: int, plan: list[tuple[str, Any, Any]]) -> None:
    run(lambda: _play(strategy, size, plan))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STRATEGIES), st.integers(1, 4), steps(CALM))
def test_without_crashes_nothing_is_lost_however_often_the_size_changes(
    strategy: Any, size: int, plan: list[tuple[str, Any, Any]]
) -> None:
    run(lambda: _play(strategy, size, plan, calm=True))


async def _play(strategy: Any, size: int, plan: list[tuple[str, Any, Any]], calm: bool = False) -> None:
    done: list[int] = []
    await P.start(Worker, ab.share(done), size=size, strategy=strategy, name="pool", max_restarts=1000)
    asked: list[Asked] = []
    told: list[int] = []
    resizing: list[ab.Pid] = []
    ended: set[ab.Pid] = set()
    for number, (what, argument, pause) in enumerate(plan):
        match what:
            case "call" | "use" | "crash":
                client, _ = ab.spawn(_use if what == "use" else _call, (what, number, argument), monitor=True)
                asked.append(Asked(what, number, client))
            case "cast":
                P.cast("pool", (what, number, argument), key=number)
                told.append(number)
            case "resize":
                size = argument
                resizing.append(ab.spawn(_resize, argument))
            case "kill":
                workers = P.workers("pool")
                for worker in workers[argument : argument + 1]:
                    ab.exit(worker, "kill")
            case "end client" if asked:
                client = asked[argument % len(asked)].client
                ab.exit(client, "kill")
                ended.add(client)
        if pause is not None:
            await settle()
            await ab.sleep(pause)
    await ab.sleep(200)
    await _judge(done, asked, told, ended, calm=calm)
    await _rest(size, resizing)


async def _judge(done: list[int], asked: list[Asked], told: list[int], ended: set[ab.Pid], *, calm: bool) -> None:
    ends = [message for message in ab.flush() if isinstance(message, ab.DOWN)]
    assert sorted(down.pid for down in ends) == sorted(one.client for one in asked)  # each ended, and once
    reasons = {down.pid: down.reason for down in ends}
    assert len(set(done)) == len(done)
    for what, number, client in asked:
        match reasons[client]:
            case ("answer", answer):
                assert (answer, what != "crash", number in done) == (number, True, True)
            case reason:
                assert getattr(reason, "message", reason) in REASONS, reason
                assert not calm
                assert number not in done or client in ended
    assert not calm or set(told) <= set(done)


async def _rest(size: int, resizing: list[ab.Pid]) -> None:
    """Afterwards the pool is whole: as many workers as wanted, all idle, nobody has one, nobody waits."""
    await settle()
    assert not any(map(ab.is_alive, resizing))
    workers = P.workers("pool")
    assert len(workers) == size
    assert {child.pid for child in await ab.Supervisor.which_children("pool")} == set(workers)
    assert [ab.process_info(pid)["message_queue_len"] for pid in workers] == [0] * size
    state = await ab.sys.get_state("pool")
    assert (state._lending.waiting, state._lending.lent, state._clients) == (0, set(), {})
    assert (state._leaving, state._shrinking) == (set(), [])
