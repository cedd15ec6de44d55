"""`Tracker`: who is where, on all nodes, and a function that hears of every change.

    >>> import actorbook as ab
    >>> class Rooms(ab.web.Tracker):
    ...     pubsub = "pubsub"
    ...     def handle_diff(self, diff):
    ...         for topic, (joins, leaves) in diff.items():
    ...             print(topic, "joined:", [key for key, _ in joins], "left:", [key for key, _ in leaves])
    >>> _ = await ab.web.PubSub.start(name="pubsub")
    >>> _ = await Rooms.start()
    >>> ref = await Rooms.track(ab.self_(), "lobby", "ada", {"mood": "fine"})
    lobby joined: ['ada'] left: []
    >>> Rooms.list("lobby") == [("ada", {"mood": "fine", "phx_ref": ref})]
    True
    >>> await Rooms.untrack(ab.self_(), "lobby", "ada")
    lobby joined: [] left: ['ada']

It says nothing to the topics themselves: for that there is `Presence`. How the nodes agree, and how soon, tells
`docs/explanation/presence.md`. Source: Phoenix.Tracker, rules CH-61 to CH-73.
"""

from __future__ import annotations

from inspect import isawaitable
from typing import Any

from .tracker_options import Options
from .tracker_shard import Listener
from .tracker_table import Diff, Presences
from .tracking import Tracking

__all__ = ["Tracker"]

Metas = list[dict[str, Any]]


class Tracker(Tracking):
    """Subclass it, name its `pubsub`, and define `handle_diff`. Each shard has an object of the class for itself."""

    def init(self) -> Any:
        """Prepare the attributes of `self`; runs in the shard before anything else."""

    def handle_diff(self, diff: Diff) -> Any:
        """Who joined and left: `{topic: (joins, leaves)}`, lists of `(key, meta)`. An update is in both.

        Runs in the shard, which does nothing else meanwhile. What raises here ends the shard, and with it those who
        are tracked on this node (rule CH-73).
        """
        raise NotImplementedError(f"{type(self).__name__} is told of {list(diff)}, but defines no handle_diff")

    @classmethod
    def list(cls, topic: Any) -> Presences:
        """Who is present in a topic (or a socket's): `[(key, meta), …]`, copies. Does not wait."""
        return cls._listed(cls._topic(topic, "list"))

    @classmethod
    def get_by_key(cls, topic: Any, key: Any) -> Metas:
        """The metas under one key of a topic (or a socket's)."""
        return [meta for held, meta in cls._listed(cls._topic(topic, "get_by_key")) if held == key]

    @classmethod
    async def _listener(cls, options: Options) -> Listener:
        tracker = cls()
        ready = tracker.init()
        if isawaitable(ready):
            await ready
        return Listener(tracker.handle_diff)
