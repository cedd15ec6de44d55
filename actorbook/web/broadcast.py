"""`Broadcast`: what channels and presences say to a topic. A value, and the message that subscribers receive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Broadcast"]


@dataclass(frozen=True, slots=True)
class Broadcast:
    """An event on a topic: a process that subscribed receives it as it is, a client of a channel as a frame.

    >>> import actorbook as ab
    >>> _ = await ab.web.PubSub.start(name="pubsub")
    >>> ab.web.PubSub.subscribe("pubsub", "room:1")
    >>> ab.web.PubSub.broadcast("pubsub", "room:1", ab.web.Broadcast("room:1", "said", {"body": "hello"}))
    >>> await ab.receive(ab.web.Broadcast)
    Broadcast(topic='room:1', event='said', payload={'body': 'hello'})
    """

    topic: str
    event: str
    payload: Any
