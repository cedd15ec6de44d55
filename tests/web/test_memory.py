"""What has ended is not kept."""

from __future__ import annotations

import gc
from weakref import ref

from tests.running import settle, virtual
from tests.web.client import Client, start
from tests.web.rooms import Endpoint, Room


@virtual
async def test_a_channel_that_has_ended_is_gone_at_once_whatever_it_would_have_waited_for() -> None:
    await start(Endpoint)
    client = await Client(Endpoint.asgi, "/socket/websocket?vsn=2.0.0").open()
    await client.join("room:1")
    rooms = [ref(room) for room in gc.get_objects() if type(room) is Room]
    assert rooms

    await client.ask(["1", "x", "room:1", "kill", {}])
    await settle()
    gc.collect()

    assert [room() for room in rooms if room() is not None] == []
    await client.close()
