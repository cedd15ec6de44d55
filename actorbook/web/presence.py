"""`Presence`: who is in a topic, on all nodes, and every change of it broadcast to that topic.

    >>> import actorbook as ab
    >>> class Presence(ab.web.Presence):
    ...     pubsub = "pubsub"
    >>> _ = await ab.web.PubSub.start(name="pubsub")
    >>> _ = await Presence.start()
    >>> ab.web.PubSub.subscribe("pubsub", "room:1")
    >>> ref = await Presence.track(ab.self_(), "room:1", "ada", {"mood": "fine"})
    >>> await ab.receive()
    Broadcast(topic='room:1', event='presence_diff', payload={'joins': {'ada': {'metas': [{...}]}}, 'leaves': {}})
    >>> await Presence.list("room:1") == {"ada": {"metas": [{"mood": "fine", "phx_ref": ref}]}}
    True

In a tree it comes after its pubsub: `[PubSub.child_spec(name="pubsub"), Presence.child_spec()]`. In a channel the
socket stands for its process and topic: `await Presence.track(socket, "ada", {})`, `await Presence.list(socket)`.

A key, a user say, may be present several times, as often as that user has windows open; each has a meta of its own.
Meta is small and changes seldom: it travels to all nodes. What is large belongs into a database, and `fetch` reads
it when it is shown. How the nodes agree, and how soon, tells `docs/explanation/presence.md`. Source: Phoenix.Presence,
rules CH-61 to CH-73.
"""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from ..core.context import send
from ..core.ids import Pid
from .presence_relay import Grouped, PresenceRelay, grouped, waited
from .pubsub_adapter import Dispatcher
from .tracker_options import Options
from .tracker_shard import Listener
from .tracker_table import Diff
from .tracking import Tracking

__all__ = ["Presence"]


class Presence(Tracking):
    """Subclass it, name its `pubsub`, and define the callbacks that you need, each `def` or `async def`."""

    dispatcher: ClassVar[Dispatcher | None] = None
    """How `presence_diff` is delivered, see `PubSub.broadcast`."""

    # --- callbacks --------------------------------------------------------------------------------------

    def init(self) -> Any:
        """The first state of `handle_metas`."""

    def fetch(self, topic: str, presences: Grouped) -> Any:
        """Add what belongs to these presences, `{key: {"metas": […]}}`, beside their metas; returns them.

        Called once for each `list`, in who lists, and once for each side of a change, whoever hears of it, in a process
        that does nothing else (rule CH-66). What raises there ends the shard, and those who are tracked here.

            >>> import actorbook as ab
            >>> class Presence(ab.web.Presence):
            ...     pubsub = "pubsub"
            ...     def fetch(self, topic, presences):
            ...         return {key: {**found, "name": key.title()} for key, found in presences.items()}
            >>> _ = await ab.web.PubSub.start(name="pubsub")
            >>> _ = await Presence.start()
            >>> _ = await Presence.track(ab.self_(), "room:1", "ada", {})
            >>> (await Presence.list("room:1"))["ada"]["name"]
            'Ada'
        """
        return presences

    def handle_metas(self, topic: str, diff: dict[str, Any], presences: dict[str, list[Any]], state: Any) -> Any:
        """Hear of a change on this node's side: after `fetch`, and after the topic was told (rule CH-67).

        `diff` is what was broadcast, `presences` the metas of all who are there now, by key. What is returned is the
        next `state`; None keeps it.
        """

    # --- reading ----------------------------------------------------------------------------------------

    @classmethod
    async def list(cls, topic: Any) -> Any:
        """Who is present in a topic (or a socket's), on all nodes: `{key: {"metas": [meta, …]}}`, as `fetch` has it.

        Waits for nothing but `fetch`. Rule CH-64.
        """
        where = cls._topic(topic, "list")
        return await waited(cls().fetch(where, grouped(cls._listed(where))))

    @classmethod
    async def get_by_key(cls, topic: Any, key: Any) -> Any:
        """What `list` has for one key, or `{}`."""
        where, wanted = cls._topic(topic, "get_by_key"), cls._key(key)
        found = [(held, meta) for held, meta in cls._listed(where) if held == wanted]
        return (await waited(cls().fetch(where, grouped(found))))[wanted] if found else {}

    # --- inside -----------------------------------------------------------------------------------------

    @staticmethod
    def _key(key: Any) -> str:
        """Clients know keys as text."""
        return key if isinstance(key, str) else str(key)

    @classmethod
    def _follows(cls) -> bool:
        return cls.handle_metas is not Presence.handle_metas

    @classmethod
    async def _listener(cls, options: Options) -> Listener:
        relay = await PresenceRelay.start_link(cls, options.pubsub)
        assert relay is not None
        return Listener(partial(_pass_on, relay), relay)


def _pass_on(relay: Pid, diff: Diff) -> None:
    send(relay, ("diff", diff))
