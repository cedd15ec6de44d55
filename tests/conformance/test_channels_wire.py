"""How clients connect, and what frames look like. Rules CH-01 to CH-20."""

from __future__ import annotations

import pytest

import actorbook as ab
from actorbook.web.origin import allowed
from actorbook.web.serializer import V1, V2, serializer_of
from tests.conformance.rules import rule
from tests.running import settle, virtual
from tests.web.client import Client, Refusal, http, start
from tests.web.rooms import LOG, Endpoint, Room, UserSocket

app = Endpoint.asgi


def with_options(**options: object) -> type[Endpoint]:
    """The endpoint with these options on its socket."""
    return type("Endpoint", (Endpoint,), {"sockets": {"/socket": (UserSocket, options)}})


async def opened(query: str = "vsn=2.0.0", of: type[Endpoint] = Endpoint, **headers: str) -> Client:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return await Client(of.asgi, f"/socket/websocket?{query}", given).open()


async def refused(query: str = "vsn=2.0.0", of: type[Endpoint] = Endpoint, **headers: str) -> tuple[int, str]:
    with pytest.raises(Refusal) as refusal:
        await opened(query, of, **headers)
    return refusal.value.status, refusal.value.body


@rule("CH-01", "The query of the request, its `vsn` too, is what `connect` gets as params.")
@virtual
async def test_params_reach_connect() -> None:
    await start(Endpoint)
    client = await opened("vsn=2.0.0&k=v")
    assert LOG[-1] == ("connect", {"vsn": "2.0.0", "k": "v"}, {})
    await client.close()


@rule(
    "CH-02", "Without a version, or with 1.0.x, a client speaks version 1, with 2.0.x version 2; any other is refused."
)
@virtual
async def test_the_version_is_agreed_on() -> None:
    await start(Endpoint)
    for query in ("", "vsn=1.0.0", "vsn=1.0.7"):
        client = await opened(query)
        frame = await client.ask({"topic": "phoenix", "event": "heartbeat", "payload": {}, "ref": "1"})
        reply = {"status": "ok", "response": {}}
        assert frame == {"topic": "phoenix", "event": "phx_reply", "payload": reply, "ref": "1"}
        await client.close()
    for vsn in ("2.1.0", "123.1.1", "abc"):
        assert await refused(f"vsn={vsn}") == (403, "")


@rule(
    "CH-03",
    "A refusal of `connect` is a 403 without a body, or what the error handler makes of its reason; what is "
    "no upgrade at all is a 400.",
)
@virtual
async def test_a_refused_connection_gets_an_http_status() -> None:
    from actorbook.web.handshake import Refused

    busy = with_options(refuse=lambda reason: Refused(429, reason))
    await start(busy)
    assert await refused("vsn=2.0.0&refuse=", busy) == (403, "")
    assert await refused("vsn=2.0.0&refuse=later", busy) == (429, "later")
    assert (await http(busy.asgi, "POST", "/socket/websocket"))[0] == 400
    await settle()
    assert await ab.DynamicSupervisor.which_children("Endpoint.sockets") == []


@rule(
    "CH-04",
    "A page of another host may not connect, unless the check is off, lists it, or a predicate lets it in; "
    "who sends no origin may.",
)
@virtual
async def test_the_origin_is_checked() -> None:
    await start(Endpoint)
    assert await refused(origin="https://evil.com") == (403, "")
    for client in (await opened(), await opened(origin="https://example.com")):
        await client.close()
    for check, origin, verdict in (
        (False, "https://evil.com", True),
        (["//example.com"], "http://example.com:1", True),
        (["https://*.example.com:8080"], "https://a.example.com:8080", True),
        (["https://*.example.com:8080"], "https://a.example.com", False),
        ("conn", "http://example.com:80", True),
        ("conn", "http://example.com:81", False),
        (lambda site: site.hostname == "friend.com", "https://friend.com", True),
    ):
        assert allowed(origin, check, "example.com", 80, "ws") is verdict, (check, origin)


@rule("CH-05", "Subprotocols count only where some are configured, and then one has to fit; a token that came as one "
      "reaches `connect`.")  # fmt: skip
@virtual
async def test_a_token_may_come_as_a_subprotocol() -> None:
    await start(Endpoint)
    client = await opened(sec_websocket_protocol="xmpp")
    assert client.subprotocol is None
    await client.close()
    secure = with_options(auth_token=True)
    client = await opened(of=secure, sec_websocket_protocol="phoenix, base64url.bearer.phx.c2VjcmV0")
    assert client.subprotocol == "phoenix"
    assert LOG[-1][2] == {"auth_token": "secret"}
    await client.close()
    strict = with_options(subprotocols=["mqtt"])
    assert await refused(of=strict, sec_websocket_protocol="xmpp") == (403, "")


@rule(
    "CH-06",
    "Of the request `connect` sees what the socket's options name, and nothing else.",
    differs="Sessions are read by a function of the application's own, `session=`, since cookies are signed by it.",
)
@virtual
async def test_connect_info_is_given_on_request() -> None:
    curious = with_options(
        connect_info=["peer_data", "uri", "user_agent", "x_headers", "trace_context_headers", "session"],
        session=lambda scope, params: {"csrf": params.get("_csrf_token")},
    )
    await start(curious)
    client = await opened(
        "vsn=2.0.0&_csrf_token=t", curious, cookie="a=b", user_agent="me", x_real="1", traceparent="00"
    )
    assert LOG[-1][2] == {
        "peer_data": ("127.0.0.1", 5000),
        "uri": {"scheme": "ws", "host": "example.com", "path": "/socket/websocket"},
        "user_agent": "me",
        "x_headers": {"x-real": "1"},
        "trace_context_headers": {"traceparent": "00"},
        "session": {"csrf": "t"},
    }
    await client.close()
    with pytest.raises(ValueError, match="expected connect_info among"):
        with_options(connect_info=["cookies"]).mounts()


@rule(
    "CH-07",
    "A socket of whose client nothing is heard for `timeout` seconds is closed; every frame begins the wait anew.",
    differs="Pings of the WebSocket itself do not count: an ASGI server answers them unseen.",
)
@virtual
async def test_a_silent_client_is_let_go() -> None:
    await start(Endpoint)
    client = await opened()
    await ab.sleep(59)
    await client.ask([None, "1", "phoenix", "heartbeat", {}])
    await ab.sleep(59)
    assert client.nothing()
    assert await client.get(2) == 1002


@rule("CH-08", "Frames are as large as they like, until a limit is set; one above it closes the socket.")
@virtual
async def test_a_frame_may_be_too_big() -> None:
    small = with_options(max_frame_size=100)
    await start(small)
    for of, length, answer in ((Endpoint, 300_000, "phx_reply"), (small, 101, 1009)):
        client = await opened(of=of)
        got = await client.ask([None, "1", "phoenix", "heartbeat", "x" * length])
        assert answer in (got, got[3] if isinstance(got, list) else None)
        await client.close()


@rule("CH-09", "A frame that is none closes its own socket, as a failure, and no other one; parts past the fifth are "
      "ignored.")  # fmt: skip
@virtual
async def test_a_malformed_frame_harms_its_own_socket_alone() -> None:
    await start(Endpoint)
    other = await opened()
    text = ["{", "[]", "1", '["1","2","t","e"]', '{"topic":"t"}', "[NaN,null,null,null,null]", "[1,2,3,4,5]"]
    bad = [*text, b"", b"\0\1", b"\1\0\0\0\0", b"\0\1\0\0\0\xff", b"\0\xff\0\0\0abc"]
    for frame in bad:
        client = await opened()
        client.send(frame)
        assert await client.get() == 1011, frame
    assert (await other.ask([None, "1", "phoenix", "heartbeat", {}, "more", 7]))[3] == "phx_reply"
    await other.close()


@rule("CH-10", "A client may have so many topics joined, a hundred unless told, and no more.")
@virtual
async def test_there_is_an_end_to_joining() -> None:
    await start(Endpoint)
    client = await opened()
    for number in range(100):
        assert (await client.join(f"room:{number}", ref=str(number)))[4]["status"] == "ok"
    refusal = {"status": "error", "response": {"reason": "too many channels joined"}}
    assert await client.join("room:more", ref="x") == ["x", "x", "room:more", "phx_reply", refusal]
    assert (await client.join("room:5", ref="y"))[4]["status"] == "ok"
    await client.close()


@rule("CH-11", "A broadcast of `disconnect` to a socket's id closes all sockets with that id.")
@virtual
async def test_sockets_are_closed_by_their_id() -> None:
    await start(Endpoint)
    ada, too, bob = [await opened(f"vsn=2.0.0&user={user}") for user in ("ada", "ada", "bob")]
    Endpoint.broadcast("users:ada", "disconnect", {})
    assert await ada.get() == await too.get() == 1001
    await settle()
    assert bob.nothing()
    await bob.close()


@rule("CH-12", "An endpoint that stops tells its sockets to go, batch after batch, and waits for them.")
@virtual
async def test_a_stopping_endpoint_drains() -> None:
    seen: list[int] = []
    slow = type("Endpoint", (Endpoint,), {"drain_batch": 2, "drain_interval": 1.0})
    top = await start(slow)
    ab.telemetry.attach(
        "t", "phoenix.socket_drain", lambda event, measured, about, config: seen.append(measured["count"])
    )
    clients = [await opened(of=slow) for _ in range(3)]
    stopping = ab.spawn(ab.stop, top)
    assert [await client.get(0.5) for client in clients[:2]] == [1012, 1012]
    assert clients[2].nothing()
    assert await clients[2].get(1.5) == 1012
    await ab.sleep(1)
    assert not ab.is_alive(top)
    assert not ab.is_alive(stopping)
    ab.telemetry.detach("t")
    assert seen == [2, 1]


@rule("CH-13", "The heartbeat is answered without any join; other events on its topic are unmatched.")
@virtual
async def test_the_heartbeat_is_answered() -> None:
    await start(Endpoint)
    client = await opened()
    reply = await client.ask([None, "7", "phoenix", "heartbeat", {}])
    assert reply == [None, "7", "phoenix", "phx_reply", {"status": "ok", "response": {}}]
    unmatched = {"status": "error", "response": {"reason": "unmatched topic"}}
    assert await client.ask([None, "8", "phoenix", "other", {}]) == [None, "8", "phoenix", "phx_reply", unmatched]
    await client.close()


async def joined(payload: object = None) -> Client:
    await start(Endpoint)
    client = await opened()
    await client.join("room:1", payload)
    return client


@rule("CH-14", "A reply has the channel's own join_ref, the push's ref, any word as status, and any JSON as response.")
@virtual
async def test_a_reply_says_what_the_channel_chose() -> None:
    client = await joined()
    for status, response in (("ok", [1, {"a": None}]), ("error", {"r": 1}), ("maybe", "text"), ("ok", 7)):
        frame = await client.ask([None, "2", "room:1", "status", {"status": status, "response": response}])
        assert frame == ["1", "2", "room:1", "phx_reply", {"status": status, "response": response}]
    assert (await client.ask(["1", "3", "room:1", "bare", {}]))[4] == {"status": "ok", "response": {}}
    await client.close()


@rule("CH-15", "What a channel pushes has its join_ref and no ref, a broadcast neither.")
@virtual
async def test_pushes_and_broadcasts_have_their_refs() -> None:
    client = await joined()
    assert await client.ask(["1", "2", "room:1", "push", {"a": 1}]) == ["1", None, "room:1", "pushed", {"a": 1}]
    Endpoint.broadcast("room:1", "news", {"b": 2})
    assert await client.get() == [None, None, "room:1", "news", {"b": 2}]
    await client.close()


@rule("CH-16", "The end of a channel has its join_ref twice: `phx_close` with nothing, `phx_error` with a reason.")
@virtual
async def test_an_end_is_told_with_the_join_ref_twice() -> None:
    client = await joined()
    await client.ask(["1", "2", "room:1", "phx_leave", {}])
    assert await client.get() == ["1", "1", "room:1", "phx_close", {}]
    await client.join("room:1", ref="5")
    error = ["5", "5", "room:1", "phx_error", {"reason": "channel_crash"}]
    assert await client.ask(["5", "6", "room:1", "unheard of", {}]) == error
    await client.close()


@rule("CH-17", "A binary push is a zero, four lengths, four texts and the data.")
@rule("CH-18", "A binary reply is a one, four lengths, four texts and the data.")
@virtual
async def test_bytes_come_back_as_bytes() -> None:
    client = await joined()
    for data in (b"", b"\xff\x00data", bytes(300_000)):
        assert await client.ask(b"\0\1\1\6\4" + b"12room:1echo" + data) == b"\1\1\1\6\2" + b"12room:1ok" + data
    await client.close()


@rule("CH-19", "A binary push of the server has no ref; a binary broadcast has topic and event only.")
@virtual
async def test_the_server_sends_bytes_too() -> None:
    client = await joined()
    client.send(b"\0\1\1\6\4" + b"12room:1push" + b"xyz")
    assert await client.get() == b"\0\1\6\6" + b"1room:1pushed" + b"xyz"
    Endpoint.broadcast("room:1", "news", b"xyz")
    assert await client.get() == b"\2\6\4" + b"room:1news" + b"xyz"
    await client.close()


@rule(
    "CH-20",
    "Bytes go as bytes and everything else as text; a push or broadcast that is neither dict nor bytes is an error.",
)
@virtual
async def test_a_payload_of_the_server_is_a_dict_or_bytes() -> None:
    client = await joined()
    assert (await client.ask(["1", "2", "room:1", "wrong", {}]))[3] == "phx_error"
    with pytest.raises(TypeError, match="expected a dict or bytes"):
        Endpoint.broadcast("room:1", "news", "text")
    with pytest.raises(TypeError, match="expected JSON for a client of version 1"):
        V1.broadcast("t", "e", b"x")
    with pytest.raises(ValueError, match="at most 255 bytes"):
        V2.broadcast("t" * 256, "e", b"x")
    assert serializer_of("2.0.9") is V2
    assert Room.log_join == "info"
    await client.close()
