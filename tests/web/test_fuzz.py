"""Frames of every kind, good and bad, from many clients at once: no socket harms another one, and nothing stays behind.

Short here; `ACTORBOOK_FUZZ=600` runs for so many seconds. A failure prints the seed that repeats it.
"""

from __future__ import annotations

import json
import os
from random import Random
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import actorbook as ab
from actorbook.web.decisions import decide
from actorbook.web.messages import FrameError, Message
from actorbook.web.serializer import V1, V2
from tests.running import run
from tests.web.client import Client, start
from tests.web.rooms import Endpoint

SECONDS = float(os.environ.get("ACTORBOOK_FUZZ", "0"))
EVENTS = [
    "phx_join",
    "phx_leave",
    "echo",
    "bare",
    "shout",
    "boom",
    "heartbeat",
    "stop",
    "kill",
    "wrong",
    "status",
    "phx_reply",
]
TOPICS = ["room:1", "room:2", "room:exact", "phoenix", "", "game", "room:\ud800"]
WORDS = st.text(max_size=20).filter(lambda text: len(text.encode("utf-8", "replace")) < 200)
REFS = st.none() | st.text(min_size=1, max_size=5)
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(REFS, REFS, WORDS, WORDS, JSON)
def test_text_frames_survive_the_round_trip(join_ref: Any, ref: Any, topic: str, event: str, payload: Any) -> None:
    message = Message(join_ref, ref, topic, event, payload)
    assert V2.decode(V2.message(*message).data) == message
    assert V1.decode(V1.message(*message).data) == message._replace(join_ref=None)


@given(st.lists(st.binary(max_size=300), max_size=3), st.text(max_size=200))
def test_nothing_but_a_frame_error_comes_of_bad_frames(parts: list[bytes], text: str) -> None:
    for serializer in (V1, V2):
        for data in (b"\0" + b"".join(parts), text):
            try:
                message = serializer.decode(data)
            except FrameError:
                continue
            assert isinstance(message, Message)


@given(REFS, st.sampled_from(TOPICS), st.sampled_from(EVENTS), REFS, st.booleans(), st.booleans())
def test_every_frame_leads_to_one_decision(
    ref: Any, topic: str, event: str, joined: Any, known: bool, room: bool
) -> None:
    decision = decide(Message(ref, "1", topic, event, {}), joined, known, room)
    assert (decision in ("forward", "drop", "rejoin")) <= (joined is not None)
    assert (decision == "join") <= (known and room and joined is None and event == "phx_join")


def a_frame(luck: Random) -> Any:
    """A frame, mostly one that means something."""
    kind = luck.random()
    if kind < 0.03:
        return luck.choice(
            ["{", "[]", "null", '"', "[1,2]", "\ud800", "[" * 5000, b"", luck.randbytes(luck.randrange(40))]
        )
    refs = [luck.choice([None, "1", "2", "3", 7, ""]) for _ in range(2)]
    topic, event = luck.choice(TOPICS), luck.choice(EVENTS)
    payload: Any = luck.choice(
        [{}, {"reason": "normal"}, {"event": "n", "body": {}}, {"status": "x"}, [], None, "\ud800", 1e300]
    )
    if kind < 0.2 and None not in refs:
        parts = [str(part).encode("utf-8", "replace") for part in (*refs, topic, event)]
        return bytes([0, *map(len, parts)]) + b"".join(parts) + luck.randbytes(luck.randrange(9))
    return json.dumps([*refs, topic, event, payload])


async def _storm(seed: int) -> None:
    luck = Random(seed)
    top = await start(Endpoint)
    quiet = await Client(Endpoint.asgi).open()
    await quiet.join("room:quiet")
    for _ in range(20):
        clients = [await Client(Endpoint.asgi).open() for _ in range(3)]
        for _ in range(luck.randrange(40)):
            luck.choice(clients).send(a_frame(luck))
        await ab.sleep(0.01)
        echo = {"n": luck.random()}
        answered = await quiet.ask(["1", "9", "room:quiet", "echo", echo])
        assert answered == ["1", "9", "room:quiet", "phx_reply", {"status": "ok", "response": echo}]
        for client in clients:
            await client.close()
    await ab.sleep(6)
    for below in ("sockets", "channels"):
        assert len(await ab.DynamicSupervisor.which_children(f"Endpoint.{below}")) == 1
    await quiet.close()
    await ab.stop(top, "shutdown")


@pytest.mark.timeout(int(SECONDS) + 100)
def test_a_storm_of_frames_harms_only_who_sent_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "actorbook")
    began, seed = monotonic(), int(os.environ.get("ACTORBOOK_SEED", "1"))
    while True:
        try:
            run(lambda: _storm(seed))  # noqa: B023  it is run before the next
        except BaseException:
            print(f"ACTORBOOK_SEED={seed}")  # noqa: T201
            raise
        seed += 1
        if monotonic() - began >= SECONDS and seed > 3:
            return
