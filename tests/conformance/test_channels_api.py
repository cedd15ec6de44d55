"""What channels and endpoints offer to those who write them. Rules CH-38 to CH-47, CH-60, CH-74 to CH-76."""

from __future__ import annotations

import logging
from typing import Any

import pytest

import actorbook as ab
from actorbook.web import Token, testing
from tests.conformance.rules import rule
from tests.running import settle, virtual
from tests.web.client import Client, http, start
from tests.web.rooms import LOG, Endpoint, Room, UserSocket


async def opened(query: str = "vsn=2.0.0", path: str = "/socket", of: Any = Endpoint) -> Client:
    return await Client(of.asgi, f"{path}/websocket?{query}").open()


async def joined(payload: Any = None, query: str = "vsn=2.0.0") -> Client:
    if ab.whereis("Endpoint") is None:
        await start(Endpoint)
    client = await opened(query)
    await client.join("room:1", payload)
    return client


@rule("CH-38", "A join says yes, perhaps with a reply, or no, with a reason; the socket knows who, where and how.")
@virtual
async def test_a_join_says_yes_or_no() -> None:
    await ab.web.PubSub.start(name="pubsub")
    given = testing.socket(UserSocket, pubsub="pubsub", user="ada")
    reply, socket = await testing.join(given, "room:1", {"say": 1})
    assert reply == {"joined": "room:1"}
    assert (socket.topic, socket.assigns, socket.transport, socket.handler) == (
        "room:1",
        {"user": "ada"},
        "test",
        UserSocket,
    )
    assert socket.joined
    assert socket.join_ref
    refused, _ = await testing.join(given, "room:1", {"refuse": "full"})
    assert refused == testing.JoinRefused({"reason": "full"})


@rule(
    "CH-39",
    "An event is answered with a status and a response, a bare status, not at all, or by stopping; a channel "
    "may ask to be woken by silence.",
)
@virtual
async def test_what_an_event_may_result_in() -> None:
    client = await joined()
    assert (await client.ask(["1", "2", "room:1", "bare", {}]))[4] == {"status": "ok", "response": {}}
    client.send(["1", "3", "room:1", "timeout", {"seconds": 7}])
    assert await client.get(7.1) == ["1", None, "room:1", "info", {"got": "'timeout'"}]
    assert (await client.ask(["1", "4", "room:1", "stop", {"reason": "normal"}]))[4]["response"] == {"bye": 1}
    await client.close()


@rule("CH-40", "A broadcast goes straight to the sockets, encoded once; what a channel intercepts comes to it first.")
@virtual
async def test_the_fast_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    from actorbook.web.serializer import V2

    clients = [await joined(query=f"vsn=2.0.0&user=u{number}") for number in range(3)]
    encoded: list[str] = []
    encode = V2.broadcast
    monkeypatch.setattr(V2, "broadcast", staticmethod(lambda t, e, p: encoded.append(e) or encode(t, e, p)))
    for channel in await ab.DynamicSupervisor.which_children("Endpoint.channels"):
        await ab.sys.suspend(channel.pid)
    Endpoint.broadcast("room:1", "news", {"n": 1})
    assert [await client.get() for client in clients] == [[None, None, "room:1", "news", {"n": 1}]] * 3
    assert encoded == ["news"]
    Endpoint.broadcast("room:1", "seen", {"n": 2})
    await settle()
    assert all(client.nothing() for client in clients)
    for channel in await ab.DynamicSupervisor.which_children("Endpoint.channels"):
        await ab.sys.resume(channel.pid)
    assert [(await client.get())[4] for client in clients] == [{"n": 2, "by": f"u{number}"} for number in range(3)]
    for client in clients:
        await client.close()


@rule("CH-41", "Channels handle messages, calls and casts of other processes, as servers do.")
@virtual
async def test_a_channel_is_a_server_too() -> None:
    client = await joined()
    (channel,) = await ab.DynamicSupervisor.which_children("Endpoint.channels")
    ab.send(channel.pid, ("a", "message"))
    assert (await client.get())[4] == {"got": "('a', 'message')"}
    assert await ab.GenServer.call(channel.pid, "hello") == ("hello", "room:1")
    ab.GenServer.cast(channel.pid, "psst")
    assert (await client.get())[3:] == ["cast", {"got": "psst"}]
    await client.close()


@rule(
    "CH-42",
    "A channel pushes, broadcasts to all or to all others, and has a push answered later, elsewhere, even "
    "twice; not before its join is done.",
)
@virtual
async def test_what_a_channel_says() -> None:
    one, two = await joined(), await joined()
    one.send(["1", "2", "room:1", "whisper", {"w": 1}])
    assert await two.get() == [None, None, "room:1", "whisper", {"w": 1}]
    one.send(["1", "3", "room:1", "later", {}])
    assert [await one.get() for _ in range(2)] == [
        ["1", "3", "room:1", "phx_reply", {"status": "ok", "response": {"n": n}}] for n in (1, 2)
    ]
    assert (await one.join("room:2", {"early": 1}, ref="9"))[4]["response"] == {"reason": "join crashed"}
    await one.close()
    await two.close()


@rule(
    "CH-43",
    "What comes on topics that a channel subscribed to besides its own is for the channel, not for its client.",
)
@virtual
async def test_other_topics_are_messages() -> None:
    client = await joined({"other": "elsewhere"})
    Endpoint.broadcast("elsewhere", "news", {"n": 1})
    frame = await client.get()
    assert frame[3] == "info"
    assert "Broadcast(topic='elsewhere'" in frame[4]["got"]
    await client.close()


@rule(
    "CH-44", "What a channel broadcasts reaches its client before what it answers later, and in order everybody else."
)
@virtual
async def test_broadcasts_keep_their_order() -> None:
    one, two = await joined(), await joined()
    for number in range(20):
        one.send(["1", str(number), "room:1", "shout", {"event": "n", "body": {"n": number}}])
    own = [await one.get() for _ in range(40)]
    assert [frame[3] for frame in own] == ["n", "phx_reply"] * 20
    assert [(await two.get())[4]["n"] for _ in range(20)] == list(range(20))
    await one.close()
    await two.close()


@rule("CH-45", "Channels are tested without a network: join, push, and wait for what they say, or do not.")
@virtual
async def test_the_harness() -> None:
    await ab.web.PubSub.start(name="pubsub")
    asked = await testing.connect(UserSocket, {"user": "ada"}, pubsub="pubsub")
    assert isinstance(asked, ab.web.SocketState)
    assert asked.id == "users:ada"
    assert await testing.connect(UserSocket, {"refuse": "no"}) == ("error", "no")
    _, socket = await testing.subscribe_and_join(asked, "room:1")
    assert await testing.assert_reply(testing.push(socket, "echo", {"a": 1}), "ok", {"a": 1}) == {"a": 1}
    testing.push(socket, "push", {"a": 2})
    await testing.assert_push("pushed", {"a": 2})
    testing.push(socket, "shout", {"event": "news", "body": {"a": 3}})
    await testing.assert_broadcast("news", {"a": 3})
    await testing.assert_push("news")
    with pytest.raises(AssertionError, match="expected the status 'ok', got 'error'"):
        await testing.assert_reply(testing.push(socket, "status", {"status": "error"}))
    await testing.refute_reply(testing.push(socket, "push", {}))
    await testing.assert_push("pushed")
    await testing.refute_push("pushed")
    await testing.refute_broadcast("news")
    with pytest.raises(AssertionError, match="expected a push 'never'"):
        await testing.assert_push("never")
    assert await testing.leave(socket) == {}
    _, socket = await testing.join(asked, "room:1")
    LOG.clear()
    await testing.close(socket)
    assert LOG == [("room:1", ("shutdown", "closed"))]


@rule("CH-46", "Connections, joins and events are told as telemetry, without passwords and tokens.")
@virtual
async def test_telemetry_of_channels() -> None:
    seen: list[Any] = []

    def note(event: Any, measured: Any, about: Any, config: Any) -> None:
        seen.append((event[-1], sorted(measured), about["params"], about.get("result"), about.get("event")))

    names = ["socket_connected", "channel_joined", "channel_handled_in"]
    ab.telemetry.attach_many("t", [f"phoenix.{name}" for name in names], note)
    client = await joined({"password": "x", "name": "ada"}, "vsn=2.0.0&token=t")
    await client.ask(["1", "2", "room:1", "echo", {"deep": [{"api_token": 1}]}])
    await client.close()
    ab.telemetry.detach("t")
    assert seen == [
        ("socket_connected", ["duration"], {"vsn": "2.0.0", "token": "[FILTERED]"}, "ok", None),
        ("channel_joined", ["duration"], {"password": "[FILTERED]", "name": "ada"}, "ok", None),
        ("channel_handled_in", ["duration"], {"deep": [{"api_token": "[FILTERED]"}]}, None, "echo"),
    ]


@rule("CH-47", "Joins are logged at info, events at debug, or as a channel says; a channel that has nothing to do "
      "hibernates.", differs="It does so after 15 to 30 seconds: no message has to set a timer anew.")  # fmt: skip
@virtual
async def test_logs_and_rest(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.DEBUG, "actorbook.web")
    client = await joined()
    (channel,) = await ab.DynamicSupervisor.which_children("Endpoint.channels")
    await client.ask(["1", "2", "room:1", "echo", {}])
    assert [(record.levelname, record.message[:6]) for record in caplog.records] == [
        ("INFO", "JOINED"),
        ("DEBUG", "HANDLE"),
    ]
    monkeypatch.setattr(Room, "log_join", None)
    await client.join("room:2", ref="2")
    assert len(caplog.records) == 2
    await ab.sleep(31)
    assert ab.process_info(channel.pid)["hibernating"]
    await client.ask(["1", "2", "room:1", "echo", {}])
    assert not ab.process_info(channel.pid)["hibernating"]
    assert Room.child_spec(1).shutdown in (None, 5.0)
    await client.close()


@rule("CH-60", "Whoever is no channel broadcasts, subscribes and unsubscribes by the endpoint.")
@virtual
async def test_the_endpoint_speaks() -> None:
    client = await joined()
    Endpoint.subscribe("room:1")
    for say in (Endpoint.broadcast, Endpoint.local_broadcast):
        say("room:1", "news", {"n": 1})
        assert await client.get() == [None, None, "room:1", "news", {"n": 1}]
    for say_from in (Endpoint.broadcast_from, Endpoint.local_broadcast_from):
        say_from(ab.self_(), "room:1", "news", {"n": 2})
        assert (await client.get())[4] == {"n": 2}
    assert ab.flush() == [ab.web.Broadcast("room:1", "news", {"n": 1})] * 2
    Endpoint.unsubscribe("room:1")
    Endpoint.broadcast("room:1", "news", {})
    assert ab.flush() == []
    await client.close()


@rule(
    "CH-74",
    "When the pubsub's registry ends, so do the channels that it served; their clients join again, and the "
    "sockets stay.",
)
@virtual
async def test_channels_end_with_their_pubsub() -> None:
    client = await joined()
    ab.exit(ab.whereis("pubsub"), "kill")
    assert (await client.get())[3] == "phx_error"
    await ab.sleep(0.1)
    assert (await client.join("room:1", ref="2"))[4]["status"] == "ok"
    Endpoint.broadcast("room:1", "news", {})
    assert (await client.get())[3] == "news"
    await client.close()


@rule("CH-75", "Several sockets are mounted beside routes; variables of a path are params of `connect`.")
@virtual
async def test_several_sockets_and_routes() -> None:
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def page(request: Any) -> PlainTextResponse:
        return PlainTextResponse("hello")

    sockets = {"/socket": UserSocket, "/ws/:user_id": UserSocket}
    both = type("Endpoint", (Endpoint,), {"sockets": sockets, "routes": [Route("/", page)]})
    await start(both)
    first, second = await opened(), await opened(path="/ws/7", of=both)
    assert LOG[-1][1] == {"vsn": "2.0.0", "user_id": "7"}
    assert (await http(both.asgi, "GET", "/"))[::2] == (200, "hello")
    assert (await http(both.asgi, "GET", "/other"))[0] == 404
    await first.close()
    await second.close()


@rule(
    "CH-76", "Tokens are signed or sealed, for a purpose, and grow old; a crash in a route is a 500, and harms nobody."
)
@virtual
async def test_tokens_and_failing_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.routing import Route

    async def boom(request: Any) -> None:
        raise RuntimeError("boom")

    key = "a secret of a good length"
    for make, read in ((Token.sign, Token.verify), (Token.encrypt, Token.decrypt)):
        token = make(key, "user", {"id": 7})
        assert read(key, "user", token) == {"id": 7}
        for wrong in (
            (key, "reset", token),
            (key + "x", "user", token),
            (key, "user", token[:-3]),
            (key, "user", None),
        ):
            with pytest.raises(ab.TokenError, match="token: expected"):
                read(*wrong)
        with pytest.raises(ab.TokenError, match="of the last -1 s") as late:
            read(key, "user", token, max_age=-1)
        assert late.value.reason == "expired"
    failing = type("Endpoint", (Endpoint,), {"routes": [Route("/boom", boom)]})
    await start(failing)
    client = await opened()
    assert (await http(failing.asgi, "GET", "/boom"))[::2] == (500, "Internal Server Error")
    assert (await client.join("room:1"))[4]["status"] == "ok"
    await client.close()
