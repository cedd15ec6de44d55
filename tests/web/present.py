"""Presences and trackers for tests, and processes that are present on whichever node."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import actorbook as ab
from actorbook.core.bodies import FunctionBody
from actorbook.web import Broadcast, Presence, PubSub, Tracker
from tests.web.listeners import PUBSUB

HERE = "nb@local"
TOPIC = "room:1"
REF = re.compile(r"[A-Za-z0-9_-]{16}")


class Present(Presence):
    """As it is unless told."""

    pubsub = PUBSUB


class Rooms(Tracker):
    """Tells the process with the name `boss` of every change, if there is one."""

    pubsub = PUBSUB

    def handle_diff(self, diff: Any) -> None:
        if ab.whereis("boss"):
            ab.send("boss", ("diff", diff))
        if "crash" in diff:
            raise RuntimeError("boom")


class Socket:
    """What a channel's socket has, as far as a presence is concerned."""

    def __init__(self, channel_pid: ab.Pid, topic: str) -> None:
        self.channel_pid = channel_pid
        self.topic = topic


@asynccontextmanager
async def together(*names: str, tracker: Any = Present, seed: int = 1, **options: Any) -> AsyncIterator[ab.Cluster]:
    """This node and those, with a pubsub and a tracker each, which have met."""
    async with ab.Cluster.simulated(names, seed=seed) as cluster:
        for name in (HERE, *names):
            await begin(name, tracker, **options)
        await ab.sleep(5)
        yield cluster


async def begin(node: str, tracker: Any = Present, **options: Any) -> None:
    await PubSub.start(name=PUBSUB, node=node)
    await tracker.start(node=node, **options)


async def staying(boss: ab.Pid, tracker: Any, topic: str, keys: Iterable[str], meta: dict[str, Any]) -> None:
    """Be present under these keys, say so, and do as told."""
    refs = [await tracker.track(ab.self_(), topic, key, meta) for key in keys]
    ab.send(boss, ("present", ab.self_(), refs))
    while True:
        match await ab.receive():
            case ("end", reason):
                raise ab.Exit(reason)
            case "return":
                return
            case "raise":
                raise RuntimeError("boom")
            case "trap":
                ab.flag(trap_exit=True)


async def present(
    *keys: str, node: str | None = None, topic: str = TOPIC, tracker: Any = Present, **meta: Any
) -> ab.Pid:
    """Start a process that is present, and wait until it is."""
    pid: ab.Pid = ab.spawn(staying, ab.self_(), tracker, topic, keys, meta, node=node)
    await ab.receive(lambda message: isinstance(message, tuple) and message[:2] == ("present", pid), timeout=60)
    return pid


def place(cluster: ab.Cluster, node: str, *keys: str, topic: str = TOPIC, tracker: Any = Present) -> ab.Pid:
    """Have a process be present on a node, whoever can reach that; nobody waits for it."""
    body = FunctionBody(staying, (ab.self_(), tracker, topic, keys, {}))
    return cluster.nodes[node].spawn(body, parent=None).pid


def keys_of(node: Any, tracker: Any = Present, topic: str = TOPIC) -> list[str]:
    """Who is present, as a node of a simulated cluster sees it: its shard's own table, sorted."""
    supervisor = node.names.get(tracker._name())
    shards = [] if supervisor is None else [node.local(child.pid) for child in supervisor.body.children()]
    tables = [shard.body.server.table for shard in shards if shard is not None and hasattr(shard.body.server, "table")]
    return sorted(key for table in tables for key, _ in table.listed(topic))


def diffs() -> list[tuple[list[str], list[str]]]:
    """The diffs that came so far, as keys that joined and keys that left."""
    return [
        (sorted(message.payload["joins"]), sorted(message.payload["leaves"]))
        for message in ab.flush()
        if isinstance(message, Broadcast) and message.event == "presence_diff"
    ]
