"""Who listens to topics in tests, on whichever node."""

from __future__ import annotations

from typing import Any

import actorbook as ab
from actorbook.web import PubSub

PUBSUB = "pubsub"


async def listening(boss: ab.Pid, topic: str, metadata: Any = None) -> None:
    """Subscribe, say so, and pass on what comes."""
    PubSub.subscribe(PUBSUB, topic, metadata)
    ab.send(boss, ("listens", ab.self_()))
    while True:
        ab.send(boss, ("heard", ab.self_(), await ab.receive()))


async def listener(topic: str, node: str | None = None, metadata: Any = None) -> ab.Pid:
    """Start one and wait until it listens."""
    pid: ab.Pid = ab.spawn(listening, ab.self_(), topic, metadata, node=node)
    await ab.receive(lambda message: message == ("listens", pid), timeout=60)
    return pid


def heard(pid: ab.Pid) -> list[Any]:
    """What that listener has passed on so far; what others did stays."""
    told, rest = [], []
    for message in ab.flush():
        mine = isinstance(message, tuple) and message[:2] == ("heard", pid)
        (told if mine else rest).append(message)
    for message in rest:
        ab.send(ab.self_(), message)
    return [message[2] for message in told]


def marking(entries: Any, from_pid: Any, message: Any) -> None:
    """A dispatcher: each gets the message with its own metadata, and who it is from."""
    for pid, metadata in entries:
        ab.send(pid, ("marked", metadata, from_pid, message))


async def saying(topic: str, messages: list[Any]) -> None:
    """The body of a process that broadcasts."""
    for message in messages:
        PubSub.broadcast(PUBSUB, topic, message)
