"""What a presence does with changes, in a process of its own beside the shard: fetch, broadcast, tell `handle_metas`.

Changes are worked off one after the other, so what `fetch` waits for delays nobody but those who are told, and the
order stays. The relay and its shard are linked: what raises here ends both (rule CH-66).
"""

from __future__ import annotations

from contextlib import suppress
from inspect import isawaitable
from typing import Any

from ..behaviours.gen_server import GenServer
from ..core.errors import UnknownNameError
from . import pubsub_access
from .broadcast import Broadcast
from .tracker_table import Presences

__all__ = ["PresenceRelay", "grouped", "waited"]

Grouped = dict[str, dict[str, Any]]


def grouped(presences: Presences) -> Grouped:
    """By key: `{"metas": [meta, …]}` each.

    >>> grouped([("ada", {"n": 1}), ("bob", {}), ("ada", {"n": 2})])
    {'ada': {'metas': [{'n': 1}, {'n': 2}]}, 'bob': {'metas': [{}]}}
    """
    found: Grouped = {}
    for key, meta in presences:
        found.setdefault(key, {"metas": []})["metas"].append(meta)
    return found


async def waited(value: Any) -> Any:
    """The value, or what an async callback comes to."""
    return await value if isawaitable(value) else value


class PresenceRelay(GenServer):
    """One beside each shard."""

    async def init(self, presence: Any, pubsub: str) -> None:
        """The object of the class, and the state of `handle_metas`."""
        self.presence = presence()
        self.pubsub = pubsub
        self.follows: bool = presence._follows()
        self.topics: dict[str, dict[str, dict[str, Any]]] = {}
        self.state = await waited(self.presence.init())

    async def handle_info(self, message: Any) -> None:
        """A change of some topics."""
        match message:
            case ("diff", diff):
                for topic, (joins, leaves) in diff.items():
                    await self._deliver(topic, joins, leaves)

    async def _deliver(self, topic: str, joins: Presences, leaves: Presences) -> None:
        diff = {"joins": await self._fetched(topic, joins), "leaves": await self._fetched(topic, leaves)}
        with suppress(UnknownNameError):  # without a pubsub nobody is subscribed either
            pubsub_access.local_broadcast(
                self.pubsub, topic, Broadcast(topic, "presence_diff", diff), type(self.presence).dispatcher
            )
        if self.follows:
            self._follow(topic, joins, leaves)
            state = await waited(self.presence.handle_metas(topic, diff, self._present(topic), self.state))
            self.state = self.state if state is None else state

    async def _fetched(self, topic: str, presences: Presences) -> Any:
        return await waited(self.presence.fetch(topic, grouped(presences))) if presences else {}

    # --- for handle_metas -------------------------------------------------------------------------------

    def _follow(self, topic: str, joins: Presences, leaves: Presences) -> None:
        """Who is there, by key and ref; refs are unique."""
        keys = self.topics.setdefault(topic, {})
        for key, meta in leaves:
            metas = keys[key]
            del metas[meta["phx_ref"]]
            if not metas:
                del keys[key]
        for key, meta in joins:
            keys.setdefault(key, {})[meta["phx_ref"]] = meta
        if not keys:
            del self.topics[topic]

    def _present(self, topic: str) -> dict[str, list[Any]]:
        return {key: list(metas.values()) for key, metas in self.topics.get(topic, {}).items()}
