"""The functions of a registry. They read and write its table directly, for the calling process; none waits.

`registry` is a pid or a name. One that is not there raises `UnknownNameError`, a `ValueError` (rule REG-10).
"""

from __future__ import annotations

from collections.abc import Callable
from types import CoroutineType
from typing import Any

from ..core import served
from ..core.context import spawn
from ..core.dest import resolve
from ..core.errors import AlreadyRegisteredError, UnknownKeyError, UnknownNameError
from ..core.ids import Pid
from ..core.isolation import isolate
from ..core.relations import check_pid
from ..core.running import current, current_node
from .registry_book import Book
from .registry_table import Entry, exact

__all__ = [
    "book_of", "count", "count_match", "delete_meta", "dispatch", "keys", "lookup", "match", "meta", "put_meta",
    "register", "select", "unregister", "unregister_match", "update_value", "values",
]  # fmt: skip

Held = list[tuple[Pid, Any]]
Test = Callable[[Any], Any]


def book_of(registry: Any, what: str) -> Book:
    """The book of a living registry of this node."""
    node = current_node()
    process = resolve(registry, node)
    book = served.book_of(process)
    if not isinstance(book, Book):
        hint = node.names.hint() if process is None else f"{process.title()} is something else"
        raise UnknownNameError(f"{what}: expected a running registry, got {registry!r}; {hint}")
    return book


def _held(entries: list[Entry]) -> Held:
    """Entries as others may have them: copies."""
    return [(entry.pid, isolate(entry.value)) for entry in entries]


# ── coming and going


def register(registry: Pid | str, key: Any, value: Any = None) -> Pid:
    """Register the calling process under `key`, with a `value`; returns the pid of the registry.

    It is linked with the registry until it has unregistered its last key (rule REG-06). In a unique registry a
    taken key raises `AlreadyRegisteredError`, also when the caller has it itself; in a duplicate one a
    process may register as often as it likes (REG-01).

        >>> import actorbook as ab
        >>> pid = await ab.Registry.start("unique", name="r")
        >>> ab.Registry.register("r", 1, "one") == ab.Registry.register("r", 1.0, "another") == pid
        True
        >>> ab.Registry.register("r", 1)
        Traceback (most recent call last):
        actorbook.core.errors.AlreadyRegisteredError: register: 1 is taken by <nb.1>; unregister it there, or ...
    """
    book = book_of(registry, "register")
    holders = book.table.find(key) if book.unique else ()
    for entry in holders:
        raise AlreadyRegisteredError(
            entry.pid, f"register: {key!r} is taken by {entry.pid!r}; unregister it there, or choose another key"
        )
    book.enter(current(), key, value)
    return book.pid


def unregister(registry: Pid | str, key: Any) -> None:
    """Take out all entries of the calling process under `key`; none is no error, others' stay (rule REG-07)."""
    book_of(registry, "unregister").leave(current(), key)


def unregister_match(registry: Pid | str, key: Any, predicate: Test) -> None:
    """Take out the caller's entries under `key` for whose value `predicate(value)` is true.

    Listeners are not told, as in Elixir.
    """
    book, me = book_of(registry, "unregister_match"), current()
    book.drop(me, [entry for entry in book.table.held(me.pid, key) if predicate(isolate(entry.value))])


def update_value(registry: Pid | str, key: Any, function: Test) -> tuple[Any, Any]:
    """Replace the caller's value under `key` by `function(value)`; returns `(new, old)` (rule REG-09).

    Raises `UnknownKeyError` when the caller does not have the key, `ValueError` for a duplicate registry.

        >>> import actorbook as ab
        >>> _ = await ab.Registry.start("unique", name="r")
        >>> _ = ab.Registry.register("r", "visits", 1)
        >>> ab.Registry.update_value("r", "visits", lambda n: n + 1)
        (2, 1)
    """
    book, me = book_of(registry, "update_value"), current()
    if not book.unique:
        raise ValueError("update_value: expected a registry with unique keys, got a duplicate one; register anew")
    for entry in book.table.held(me.pid, key):
        old = isolate(entry.value)
        entry.value = isolate(function(isolate(entry.value)), keep_shared=True)
        return isolate(entry.value), old
    raise UnknownKeyError(f"update_value: {me.pid!r} does not hold {key!r}; only the holder can update its value")


# ── reading


def lookup(registry: Pid | str, key: Any) -> Held:
    """Who is registered under `key`: `[(pid, value), …]` in order of registration, copies, only the living.

    >>> import actorbook as ab
    >>> _ = await ab.Registry.start("duplicate", name="r")
    >>> for value in "ab":
    ...     _ = ab.Registry.register("r", "key", value)
    >>> ab.Registry.lookup("r", "key") == [(ab.self_(), "a"), (ab.self_(), "b")]
    True
    """
    return _held(book_of(registry, "lookup").table.find(key))


def keys(registry: Pid | str, pid: Pid) -> list[Any]:
    """The keys of a process, one for each entry."""
    entries = book_of(registry, "keys").table.of(check_pid(pid, "keys"))
    return [isolate(entry.key) for entry in entries]


def values(registry: Pid | str, key: Any, pid: Pid) -> list[Any]:
    """The values of one process under `key`."""
    entries = book_of(registry, "values").table.held(check_pid(pid, "values"), key)
    return [isolate(entry.value) for entry in entries]


def match(registry: Pid | str, key: Any, predicate: Test) -> Held:
    """As `lookup`, only those for whose value `predicate(value)` is true."""
    return [(pid, value) for pid, value in lookup(registry, key) if predicate(value)]


def select(registry: Pid | str, predicate: Callable[[Any, Pid, Any], Any]) -> list[tuple[Any, Pid, Any]]:
    """All entries `(key, pid, value)` for which `predicate(key, pid, value)` is true; looks at every one.

    >>> import actorbook as ab
    >>> _ = await ab.Registry.start("unique", name="r")
    >>> for n in range(4):
    ...     _ = ab.Registry.register("r", n, n * n)
    >>> [key for key, _, _ in ab.Registry.select("r", lambda key, pid, value: value > 3)]
    [2, 3]
    """
    table = book_of(registry, "select").table
    rows = ((isolate(entry.key), entry.pid, isolate(entry.value)) for entry in table)
    return [row for row in rows if predicate(*row)]


def count(registry: Pid | str) -> int:
    """How many entries there are."""
    return book_of(registry, "count").table.count


def count_match(registry: Pid | str, key: Any, predicate: Test) -> int:
    """How many entries under `key` have a value for which `predicate(value)` is true."""
    return len(match(registry, key, predicate))


# ── dispatch


def dispatch(registry: Pid | str, key: Any, function: Callable[[Held], Any], parallel: bool = False) -> None:
    """Call `function([(pid, value), …])` with those under `key`, in the calling process (rule REG-08).

    It is not called for nobody. A duplicate registry with several partitions gives it each partition's
    entries in turn, and with `parallel` to a process of its own for each, linked with the caller;
    `dispatch` then returns at once. What `function` raises is raised here, or ends the process it ran in.
    """
    book = book_of(registry, "dispatch")
    if not callable(function):
        raise TypeError(f"dispatch: expected a function of the entries, got {function!r}")
    apart = parallel and book.partitions > 1 and not book.unique
    for part in book.deal(book.table.find(key)):
        if apart:
            spawn(function, _held(part), link=True)
        else:
            _here(function, _held(part))


def _here(function: Callable[[Held], Any], held: Held) -> None:
    result = function(held)
    if isinstance(result, CoroutineType):
        result.close()
        raise TypeError(f"dispatch: expected a plain def, since it does not wait; {function!r} is an async one")


# ── metadata


def put_meta(registry: Pid | str, key: Any, value: Any) -> None:
    """Keep `value` with the registry itself, under `key`."""
    book_of(registry, "put_meta").meta[exact(key)] = isolate(value, keep_shared=True)


def meta(registry: Pid | str, key: Any) -> Any:
    """What `put_meta` or `start(meta={…})` has put under `key`; `UnknownKeyError` when nothing (rule REG-10)."""
    kept = book_of(registry, "meta").meta
    if exact(key) not in kept:
        raise UnknownKeyError(f"meta: nothing was put under {key!r}; put_meta does that")
    return isolate(kept[exact(key)])


def delete_meta(registry: Pid | str, key: Any) -> None:
    """Forget what is under `key`, if anything."""
    book_of(registry, "delete_meta").meta.pop(exact(key), None)
