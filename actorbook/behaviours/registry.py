"""`Registry`: processes find each other by keys, one holder a key or many, each with a value.

    >>> import actorbook as ab
    >>> _ = await ab.Registry.start(keys="unique", name="rooms")
    >>> class Room(ab.GenServer):
    ...     def handle_call(self, request, caller):
    ...         return f"{request} from {ab.Registry.keys('rooms', ab.self_())}"
    >>> room = ab.Registry.via("rooms", ("floor", 2))         # any data as a name
    >>> _ = await Room.start(name=room)
    >>> await ab.GenServer.call(room, "hello")
    "hello from [('floor', 2)]"

With `keys="duplicate"` it is a table of topics, and `dispatch` a small publish and subscribe:

    >>> _ = await ab.Registry.start(keys="duplicate", name="topics")
    >>> _ = ab.Registry.register("topics", "news")
    >>> ab.Registry.dispatch("topics", "news", lambda held: [ab.send(pid, "extra!") for pid, _ in held])
    >>> await ab.receive()
    'extra!'

A holder's end frees its keys before anybody can hear of that end. The registry's end ends those who are
registered, for they are linked with it: their supervisors start them anew, and they register again.

The functions read and write the runtime's own tables, as Elixir's do with ETS: none of them waits, or sends the
registry a message. They take the registry's pid or name and act for the calling process. Keys match strictly
(1, 1.0 and True are three keys); keys and values are copied on the way in and out (`ab.share` passes a large
one as it is).

Use plain names (`start(name="a")`) for the few processes that you know when you write the code, a registry for
those that data names. It knows its own node only. Source: Elixir's Registry, rules REG-01 to REG-11.
"""

from __future__ import annotations

from typing import Any

from ..core.dest import Name, Via
from ..core.ids import Pid
from ..core.isolation import share
from ..core.relations import flag
from ..core.running import current
from . import registry_access, registry_names
from .gen_server import GenServer
from .registry_book import Book, Options, check_options

__all__ = ["Registry"]


class Registry(GenServer):
    """Start one with `await ab.Registry.start("unique", name=…)`, or as a child: `Registry.child_spec(…)`."""

    __slots__ = ("book",)  # no attribute of the state: `sys.replace_state` must not put a copy in its place
    book: Book

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def start(  # type: ignore[override]
        cls,
        keys: str,
        *,
        name: Name | None = None,
        partitions: int = 1,
        listeners: list[str] | tuple[str, ...] = (),
        meta: dict[Any, Any] | None = None,
        node: str | None = None,
        timeout: float | None = None,
    ) -> Pid | None:
        """Start a registry and wait for it; returns its pid.

        `keys`: `"unique"` (one holder a key) or `"duplicate"` (any number). `partitions`: into how many parts
        a duplicate registry deals the holders of a key for `dispatch`. `listeners`: names of processes that
        get `("register", registry, key, pid, value)` and `("unregister", registry, key, pid)`; a holder's end
        is not told, monitor it for that (rule REG-11). `meta`: the first metadata.

        Raises `ValueError` for bad options, `StartError` as `GenServer.start`.
        """
        options = check_options(keys, partitions, listeners, meta)
        return await super().start(share(options), name=name, node=node, timeout=timeout)

    @classmethod
    async def start_link(  # type: ignore[override]
        cls,
        keys: str,
        *,
        name: Name | None = None,
        partitions: int = 1,
        listeners: list[str] | tuple[str, ...] = (),
        meta: dict[Any, Any] | None = None,
        node: str | None = None,
        timeout: float | None = None,
    ) -> Pid | None:
        """As `start`, linked to the calling process, its parent: how supervisors start their children."""
        options = check_options(keys, partitions, listeners, meta)
        return await super().start_link(share(options), name=name, node=node, timeout=timeout)

    # --- the process ------------------------------------------------------------------------------------

    def init(self, options: Options) -> None:
        """An empty table, and ends of registrants that do not end the registry."""
        flag(trap_exit=True)
        self.book = Book(current().pid, options)

    def handle_info(self, message: Any) -> None:
        """The ends of registrants arrive here when all is done already; strays are ignored."""

    def handle_cast(self, request: Any) -> None:
        """Stray casts are ignored: they must not end all who are registered."""

    def terminate(self, reason: Any) -> None:
        """End those who are registered, as their links would not after a normal end (rule REG-06)."""
        self.book.close(current().node)

    # --- for everybody ----------------------------------------------------------------------------------

    register = staticmethod(registry_access.register)
    unregister = staticmethod(registry_access.unregister)
    unregister_match = staticmethod(registry_access.unregister_match)
    update_value = staticmethod(registry_access.update_value)
    lookup = staticmethod(registry_access.lookup)
    keys = staticmethod(registry_access.keys)
    values = staticmethod(registry_access.values)
    match = staticmethod(registry_access.match)
    select = staticmethod(registry_access.select)
    count = staticmethod(registry_access.count)
    count_match = staticmethod(registry_access.count_match)
    dispatch = staticmethod(registry_access.dispatch)
    put_meta = staticmethod(registry_access.put_meta)
    meta = staticmethod(registry_access.meta)
    delete_meta = staticmethod(registry_access.delete_meta)

    whereis_name = staticmethod(registry_names.whereis_name)
    register_name = staticmethod(registry_names.register_name)
    unregister_name = staticmethod(registry_names.unregister_name)
    send = staticmethod(registry_names.send)

    @classmethod
    def via(cls, registry: Pid | str, key: Any, value: Any = None) -> Via:
        """The via-name `("via", Registry, (registry, key))`: a name for `start`, a destination for the rest.

        With a `value`, a process that starts under this name registers it along with the key (rule REG-04).

            >>> import actorbook as ab
            >>> _ = await ab.Registry.start("unique", name="r")
            >>> _ = ab.Registry.register("r", ("room", 7))
            >>> ab.whereis(ab.Registry.via("r", ("room", 7))) == ab.self_()
            True
        """
        return ("via", cls, (registry, key) if value is None else (registry, key, value))
