"""The live side of a registry: its table, and how those in it are tied to the registry's process.

Who registers is linked with the registry, and watched by it in the way a call watches its server: told in the
moment of death, not by a message. So a dead holder blocks no key, whatever the registry's mailbox looks like.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from itertools import cycle
from typing import Any, NamedTuple

from ..core.errors import MailboxFullError
from ..core.ids import Pid, Ref
from ..core.isolation import isolate
from ..core.node import Node
from ..core.process import Process
from .registry_table import Entry, Table, exact

__all__ = ["Book", "Options", "check_options"]


class Options(NamedTuple):
    """How a registry is to be."""

    keys: str
    partitions: int
    listeners: tuple[str, ...]
    meta: dict[Any, Any]


def check_options(keys: Any, partitions: Any, listeners: Any, meta: Any) -> Options:
    """The options, or the error of who starts the registry; metadata copied."""
    if keys not in ("unique", "duplicate"):
        raise ValueError(f"Registry.start: expected keys to be 'unique' or 'duplicate', got {keys!r}")
    if isinstance(partitions, bool) or not isinstance(partitions, int) or partitions < 1:
        raise ValueError(f"Registry.start: expected partitions to be a whole number above 0, got {partitions!r}")
    if not isinstance(listeners, list | tuple) or not all(isinstance(name, str) for name in listeners):
        raise ValueError(f"Registry.start: expected listeners to be a list of names, got {listeners!r}")
    if meta is not None and not isinstance(meta, dict):
        raise ValueError(f"Registry.start: expected meta to be a dict, got {meta!r}")
    return Options(keys, partitions, tuple(listeners), isolate(meta or {}, keep_shared=True))


class _Tie(NamedTuple):
    """What holds a registrant: the watch on it, whether the link is the registry's to undo, and its partition."""

    watch: Ref
    linked: bool
    part: int


class _Heir(NamedTuple):
    """Frees what a process held in the moment it ends (rule REG-02)."""

    book: Book
    of: Pid

    def down(self, reason: Any) -> None:
        """It is dead: nobody may find it any more."""
        self.book.bury(self.of)


class Book:
    """Entries, metadata and ties of one registry, whose process is `pid`."""

    __slots__ = ("_next_part", "_ties", "listeners", "meta", "partitions", "pid", "table", "unique")

    def __init__(self, pid: Pid, options: Options) -> None:
        self.pid = pid
        self.unique = options.keys == "unique"
        self.partitions = options.partitions
        self.listeners = options.listeners
        self.meta = {exact(key): value for key, value in options.meta.items()}
        self.table = Table()
        self._ties: dict[Pid, _Tie] = {}
        self._next_part = cycle(range(options.partitions))

    # --- coming and going -------------------------------------------------------------------------------

    def enter(self, me: Process, key: Any, value: Any) -> None:
        """Register `me`, and tell the listeners."""
        entry = self.table.add(isolate(key), me.pid, isolate(value, keep_shared=True))
        if me.pid not in self._ties:
            self._tie(me)
        self._tell(me.node, "register", entry.key, me.pid, entry.value)

    def leave(self, me: Process, key: Any) -> None:
        """Take out all that `me` has under a key, and tell the listeners; nothing there is no error."""
        entries = self.table.held(me.pid, key)
        self.drop(me, entries)
        if entries:
            self._tell(me.node, "unregister", entries[0].key, me.pid)

    def drop(self, me: Process, entries: Iterable[Entry]) -> None:
        """Take out some entries of `me`; with the last one goes the tie."""
        self.table.drop(entries)
        if me.pid in self._ties and not self.table.of(me.pid):
            self._untie(me)

    def bury(self, pid: Pid) -> None:
        """A process that was in it is dead."""
        self._ties.pop(pid, None)
        self.table.drop(self.table.of(pid))

    # --- ties -------------------------------------------------------------------------------------------

    def _tie(self, me: Process) -> None:
        """Link, unless that was done before (then the link stays when the tie goes), and watch (rule REG-06)."""
        linked = self.pid not in (me.links or ())
        tie = self._ties[me.pid] = _Tie(me.node.make_ref(), linked, next(self._next_part))
        me.node.exits.link(me, self.pid)
        if me.watchers is None:
            me.watchers = {}
        me.watchers[tie.watch] = _Heir(self, me.pid)

    def _untie(self, me: Process) -> None:
        tie = self._ties.pop(me.pid)
        if me.watchers is not None:
            me.watchers.pop(tie.watch, None)
        if tie.linked:
            me.node.exits.unlink(me, self.pid)

    def close(self, node: Node) -> None:
        """The registry ends, if normally or not: whoever is in it is to end as well.

        A link alone would spare them, where the end is a normal one; Elixir shuts them down too.
        """
        for pid in list(self._ties):
            me = node.local(pid)
            if me is not None:
                self.drop(me, self.table.of(pid))
                node.exits.unlink(me, self.pid)
                node.exits.signal(self.pid, pid, "shutdown", linked=True)

    # --- partitions ---------------------------------------------------------------------------------------

    def deal(self, entries: list[Entry]) -> list[list[Entry]]:
        """The entries of one key by the partition of their holder, as far as there are any (rule REG-08)."""
        parts: dict[int, list[Entry]] = {}
        for entry in entries:
            parts.setdefault(0 if self.unique else self._ties[entry.pid].part, []).append(entry)
        return list(parts.values())

    # --- listeners --------------------------------------------------------------------------------------

    def _tell(self, node: Node, what: str, *about: Any) -> None:
        """A message to each listener that is there (rule REG-11)."""
        for listener in map(node.names.get, self.listeners):
            if listener is not None:
                with suppress(MailboxFullError):  # that it has no room is no failure of who registers
                    listener.post(isolate((what, self.name(node), *about)))

    def name(self, node: Node) -> str | Pid:
        """The registry's name, its pid when it has none."""
        process = node.local(self.pid)
        return self.pid if process is None or process.name is None else process.name
