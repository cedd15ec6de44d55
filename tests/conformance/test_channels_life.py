"""Joining, leaving, and what a failure does. Rules CH-21 to CH-33, CH-37."""

from __future__ import annotations

from typing import Any

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import now, passed, settle, virtual
from tests.web.client import Client, start
from tests.web.rooms import LOG, Endpoint

UNMATCHED = {"status": "error", "response": {"reason": "unmatched topic"}}
OK = {"status": "ok", "response": {}}


async def opened(query: str = "vsn=2.0.0") -> Client:
    return await Client(Endpoint.asgi, f"/socket/websocket?{query}").open()


async def joined(payload: Any = None) -> Client:
    await start(Endpoint)
    client = await opened()
    await client.join("room:1", payload)
    LOG.clear()
    return client


async def channels() -> list[ab.Pid]:
    return [child.pid for child in await ab.DynamicSupervisor.which_children("Endpoint.channels")]


@rule(
    "CH-21",
    "A join is answered with the channel's reply, or an empty one; without a join_ref the ref is the "
    "channel's from then on.",
)
@virtual
async def test_a_join_is_answered() -> None:
    await start(Endpoint)
    client = await opened()
    reply = {"status": "ok", "response": {"joined": "room:1"}}
    assert await client.join("room:1", {"say": 1}) == ["1", "1", "room:1", "phx_reply", reply]
    assert await client.ask([None, "5", "room:2", "phx_join", {}]) == [None, "5", "room:2", "phx_reply", OK]
    assert (await client.ask([None, "6", "room:2", "bare", {}]))[0] == "5"
    await client.close()


@rule(
    "CH-22",
    "A topic that no channel is for is unmatched; a pattern is a whole topic, or a beginning and a star, and "
    "the first that fits wins.",
)
@virtual
async def test_topics_lead_to_channels() -> None:
    from actorbook.web.routing import route

    await start(Endpoint)
    client = await opened()
    assert await client.join("game:1") == [None, "1", "game:1", "phx_reply", UNMATCHED]
    assert (await client.join("room:"))[4] == OK
    assert route({"a:*": 1, "a:b": 2, "*": 3}, "a:b") == 1
    assert route({"a:b": 2, "a:*": 1, "*": 3}, "a:b") == 2
    assert route({"a:b": 2, "*": 3}, "a:bc") == 3
    await client.close()


@rule("CH-23", "A channel that refuses answers with its reason, and nothing stays behind.")
@virtual
async def test_a_join_may_be_refused() -> None:
    await start(Endpoint)
    client = await opened()
    refusal = {"status": "error", "response": {"reason": "full"}}
    assert await client.join("room:1", {"refuse": "full"}) == ["1", "1", "room:1", "phx_reply", refusal]
    assert await client.ask(["1", "2", "room:1", "echo", {}]) == [None, "2", "room:1", "phx_reply", UNMATCHED]
    assert await channels() == []
    await client.close()


@rule("CH-24", "A join that raises is answered as crashed, and the socket lives.")
@virtual
async def test_a_join_may_crash() -> None:
    await start(Endpoint)
    client = await opened()
    crashed = {"status": "error", "response": {"reason": "join crashed"}}
    assert await client.join("room:1", {"raise": 1}) == ["1", "1", "room:1", "phx_reply", crashed]
    assert (await client.join("room:1"))[4] == OK
    await client.close()


@rule("CH-25", "A slow join makes the rest of its own socket wait, a slow event only its own channel.")
@virtual
async def test_who_waits_for_what_is_slow() -> None:
    await start(Endpoint)
    client, other = await opened(), await opened()
    began = now()
    client.send(["1", "1", "room:1", "phx_join", {"sleep": 3}])
    client.send([None, "2", "phoenix", "heartbeat", {}])
    await other.join("room:1")
    assert passed(began) == 0
    assert [(await client.get())[1] for _ in range(2)] == ["1", "2"]
    assert passed(began) == 3
    client.send(["1", "3", "room:1", "slow", {"sleep": 5}])
    client.send(["1", "4", "room:1", "bare", {}])
    client.send([None, "5", "phoenix", "heartbeat", {}])
    client.send(["6", "6", "room:2", "phx_join", {}])
    assert [(await client.get())[1] for _ in range(4)] == ["5", "6", "3", "4"]
    assert passed(began) == 8
    await client.close()
    await other.close()


@rule(
    "CH-26",
    "A second join of a topic ends the first channel, within five seconds or by a kill; the new one is "
    "answered, then the old one is closed.",
)
@virtual
async def test_a_second_join_takes_the_place_of_the_first() -> None:
    client = await joined({"trap": True})
    (old,) = await channels()
    began = now()
    client.send(["1", "2", "room:1", "slow", {"sleep": 100}])
    assert await client.join("room:1", ref="9") == ["9", "9", "room:1", "phx_reply", OK]
    assert passed(began) == 5
    assert await client.get() == ["1", "1", "room:1", "phx_close", {}]
    assert not ab.is_alive(old)
    assert (await client.join("room:1", ref="10"))[4] == OK
    assert (await client.get())[:2] == ["9", "9"]
    assert passed(began) == 5
    assert len(await channels()) == 1
    await client.close()


@rule("CH-27", "What belongs to a join that is over is dropped in silence; without a join_ref it is taken.")
@virtual
async def test_a_stale_push_is_dropped() -> None:
    client = await joined()
    client.send(["0", "2", "room:1", "bare", {}])
    client.send(["0", "3", "room:1", "phx_leave", {}])
    assert (await client.ask([None, "4", "room:1", "bare", {}]))[1] == "4"
    await client.close()


@rule("CH-28", "A push to a topic that is not joined is unmatched; to leave it is fine, and closes nothing.")
@virtual
async def test_a_topic_that_is_not_joined() -> None:
    await start(Endpoint)
    client = await opened()
    assert await client.ask(["1", "2", "room:1", "echo", {}]) == [None, "2", "room:1", "phx_reply", UNMATCHED]
    assert await client.ask(["1", "3", "room:1", "phx_leave", {}]) == ["1", "3", "room:1", "phx_reply", OK]
    await settle()
    assert client.nothing()
    await client.close()


@rule("CH-29", "Leaving is answered, then the channel is closed; it hears that it was left.")
@virtual
async def test_a_topic_is_left() -> None:
    client = await joined()
    assert await client.ask(["1", "2", "room:1", "phx_leave", {}]) == ["1", "2", "room:1", "phx_reply", OK]
    assert await client.get() == ["1", "1", "room:1", "phx_close", {}]
    assert LOG == [("room:1", ("shutdown", "left"))]
    Endpoint.broadcast("room:1", "news", {})
    await settle()
    assert client.nothing()
    await client.close()


@rule("CH-30", "The pushes of a channel are handled one after the other, and answered in that order.")
@virtual
async def test_pushes_keep_their_order() -> None:
    client = await joined()
    for number in range(50):
        client.send(["1", str(number), "room:1", "slow" if number % 7 == 0 else "echo", {"sleep": 0.01}])
    assert [(await client.get())[1] for _ in range(50)] == [str(number) for number in range(50)]
    await client.close()


@rule(
    "CH-31",
    "Whatever ends a channel but an orderly stop is an error to its client, and the push at hand gets no "
    "answer; a stop answers, then closes.",
)
@virtual
async def test_an_end_is_an_error_or_a_close() -> None:
    await start(Endpoint)
    client = await opened()
    number = 0
    for event, payload in (
        ("unheard of", {}), ("exit", {"reason": "normal"}), ("exit", {"reason": "bad"}), ("kill", {}), ("wrong", {}),
    ):  # fmt: skip
        number += 1
        await client.join("room:1", ref=str(number))
        frame = await client.ask([str(number), "x", "room:1", event, payload])
        assert frame == [str(number), str(number), "room:1", "phx_error", {"reason": "channel_crash"}], event
    for reason in ("normal", "shutdown", ["shutdown", "tired"], "bad"):
        number += 1
        await client.join("room:1", ref=str(number))
        assert (await client.ask([str(number), "x", "room:1", "stop", {"reason": reason}]))[4]["response"] == {"bye": 1}
        assert (await client.get())[3] == ("phx_error" if reason == "bad" else "phx_close")
    await client.close()


@rule(
    "CH-32",
    "A crashed channel stays away until it is joined again; no number of crashes is a limit, and nobody else "
    "is harmed.",
)
@virtual
async def test_crashes_harm_nobody_else() -> None:
    client = await joined()
    other = await opened()
    await other.join("room:1")
    await client.join("room:2", ref="2")
    (*_, before) = [child.pid for child in await ab.DynamicSupervisor.which_children("Endpoint.channels")]
    for number in range(30):
        await client.join("room:3", ref=f"j{number}")
        assert (await client.ask([None, "x", "room:3", "boom", {}]))[3] == "phx_error"
        assert (await client.ask([None, "x", "room:3", "echo", {}]))[4] == UNMATCHED
    assert (await client.ask(["2", "y", "room:2", "bare", {}]))[4] == OK
    assert (await other.ask(["1", "y", "room:1", "bare", {}]))[4] == OK
    assert len(await channels()) == 3
    assert ab.is_alive(before)
    await client.close()
    await other.close()


@rule(
    "CH-33",
    "A channel may clean up at a stop, a leave, a lost connection and a crash of its own, not when it is "
    "killed or a signal ends it.",
)
@virtual
async def test_when_terminate_is_called() -> None:
    client = await joined()
    for ref, event, payload in (("2", "stop", {"reason": "shutdown"}), ("3", "boom", {}), ("4", "kill", {})):
        await client.join("room:1", ref=ref)
        await client.ask([ref, "x", "room:1", event, payload])
        await settle()
    await client.join("room:5", ref="5")
    for pid in await channels():
        ab.exit(pid, "signal")
    await client.join("room:6", ref="6")
    assert LOG == [("room:1", "shutdown"), ("room:1", "crash")]
    await client.close()
    await settle()
    assert LOG[2:] == [("room:6", ("shutdown", "closed"))]


@rule("CH-37", "When its connection is lost every channel ends, and nothing of it is there at the next join.")
@virtual
async def test_a_lost_connection_ends_all_its_channels() -> None:
    client = await joined()
    for number in range(2, 5):
        await client.join(f"room:{number}", ref=str(number))
    assert len(await channels()) == 4
    await client.close()
    await settle()
    assert await channels() == []
    assert await ab.DynamicSupervisor.which_children("Endpoint.sockets") == []
    assert len(LOG) == 4
