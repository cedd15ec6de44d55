"""Laws of mailboxes with a limit, judged by a list; and of back-pressure: nothing is lost, and all come to an end."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import actorbook as ab
from actorbook.core.running import current_node
from tests.running import idle, run, settle

LIMITS = st.integers(1, 4)
POLICIES = st.sampled_from(["fail", "drop_oldest", "drop_newest", "wait"])
STEPS = st.lists(st.sampled_from(["post", "post", "post", "put", "take", "pick", "pick signal", "flush", "undo"]))


class Entry(NamedTuple):
    """One message of the model."""

    n: int
    is_signal: bool


class Model:
    """What a mailbox with a limit is, said as plainly as possible."""

    def __init__(self, limit: int, policy: str) -> None:
        self.limit, self.policy = limit, policy
        self.entries: list[Entry] = []
        self.dropped = 0

    def post(self, entry: Entry) -> None:
        """A message comes."""
        room = self.limit - sum(not other.is_signal for other in self.entries)
        if room > 0 or self.policy == "wait":
            self.entries.append(entry)
            return
        self.dropped += 1
        if self.policy == "drop_oldest":
            self.entries.remove(next(other for other in self.entries if not other.is_signal))
            self.entries.append(entry)

    def take(self, test: Any) -> Entry | None:
        """The first that passes goes."""
        found = next((entry for entry in self.entries if test(entry)), None)
        if found is not None:
            self.entries.remove(found)
        return found


@given(LIMITS, POLICIES, STEPS)
@settings(max_examples=200, deadline=None)
def test_a_bounded_mailbox_is_the_list_of_the_model(limit: int, policy: Any, steps: list[str]) -> None:
    run(lambda: _play(limit, policy, steps))


async def _play(limit: int, policy: Any, steps: list[str]) -> None:
    process = current_node().local(ab.spawn(idle, mailbox=ab.Mailbox(limit, policy)))
    assert process is not None
    assert process.mailbox is not None
    model = Model(limit, policy)
    for n, step in enumerate(steps):
        before = model.dropped
        match step:
            case "post":
                model.post(Entry(n, False))
                if policy == "fail" and model.dropped > before:
                    with pytest.raises(ab.MailboxFullError):
                        process.post(Entry(n, False))
                else:
                    process.post(Entry(n, False))
            case "put":
                model.entries.append(Entry(n, True))
                process.put(Entry(n, True))
            case "take":
                first = model.take(lambda entry: True)
                assert process.take(None) == (first is not None, first)
            case "flush":
                model.entries.clear()
                process.mailbox.clear()
            case "undo":  # what was taken and could not be used goes back to the front, and takes no room
                first = model.take(lambda entry: True)
                if first is not None:
                    model.entries.insert(0, first._replace(is_signal=True))
                    assert process.take(None) == (True, first)
                    process.put(first._replace(is_signal=True))
                    process.mailbox.rotate(1)
            case _:
                found = model.take(_signal if step == "pick signal" else _even)
                assert process.take(_signal if step == "pick signal" else _even) == (found is not None, found)
        assert list(process.mailbox) == model.entries
        assert process.mailbox.dropped == model.dropped
        assert process.mailbox.is_full() == (sum(not entry.is_signal for entry in model.entries) >= limit)


def _signal(entry: Entry) -> bool:
    return entry.is_signal


def _even(entry: Entry) -> bool:
    return entry.n % 2 == 0


# --- back-pressure ------------------------------------------------------------------------------------------

DEEDS = st.lists(st.sampled_from(["send", "send", "offer", "call", "request", "pause"]), max_size=12)


class Reader(ab.GenServer):
    """Notes all that it gets, at its own pace."""

    def init(self, log: list[Any], pace: float) -> None:
        self.log, self.pace = log, pace

    async def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        await self.handle_info(request)
        return request

    async def handle_info(self, message: Any) -> None:
        await asyncio.sleep(self.pace)
        self.log.append(message)


async def _writer(name: int, deeds: list[str], reader: ab.Pid, over: list[int], most: list[int]) -> None:
    for n, deed in enumerate(deeds):
        message = (name, n)
        match deed:
            case "send":
                ab.send(reader, message)
            case "offer":
                await ab.offer(reader, message)
            case "call":
                assert await ab.GenServer.call(reader, message, timeout=None) == message
            case "request":
                ref = ab.GenServer.send_request(reader, message)
                assert await ab.GenServer.receive_response(ref) == ("reply", message)
            case _:
                await ab.sleep(0.5)
        if deed != "pause":
            info = ab.process_info(reader)
            assert info is not None
            most.append(info["message_queue_len"])
        await ab.sleep(0)
    over.append(name)


@given(LIMITS, st.lists(DEEDS, min_size=1, max_size=5), st.sampled_from([0.0, 0.3]))
@settings(max_examples=60, deadline=None)
def test_under_wait_nothing_is_lost_order_holds_and_everyone_goes_on(
    limit: int, writers: list[list[str]], pace: float
) -> None:
    run(lambda: _press(limit, writers, pace))


async def _press(limit: int, writers: list[list[str]], pace: float) -> None:
    log, over, most = list[Any](), list[int](), list[int]()
    reader = await Reader.start(ab.share(log), pace, mailbox=ab.Mailbox(limit, "wait"))
    assert reader is not None
    for name, deeds in enumerate(writers):
        ab.spawn(_writer, name, deeds, reader, ab.share(over), ab.share(most))
    await ab.sleep(1000)
    await settle()

    assert sorted(over) == list(range(len(writers)))
    expected = [[(name, n) for n, deed in enumerate(deeds) if deed != "pause"] for name, deeds in enumerate(writers)]
    assert [[entry for entry in log if entry[0] == name] for name in range(len(writers))] == expected
    assert len(log) == sum(map(len, expected))
    assert max(most, default=0) <= limit + len(writers)  # one too many for each that sends before it is held
