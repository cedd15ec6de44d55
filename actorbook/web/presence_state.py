"""Who is present, as a delta CRDT: states of any replicas, joined in any order and any number of times, agree.

    >>> a, b = State(), State()
    >>> _ = a.join(a.adding("a", Entry("room", "ada", "pid 1", {"n": 1})))
    >>> _ = b.join(b.adding("b", Entry("room", "ada", "pid 2", {"n": 2})))       # the same key, at the same time
    >>> _ = a.join(b), b.join(a)
    >>> a == b, sorted(entry.meta["n"] for entry in a)
    (True, [1, 2])

Each change is an event with a dot of its own (`presence_clouds`), and what somebody knows is its entries, by the
dots that made them, and a context: all dots that it has heard of. An entry that is missing although its dot is
known was removed; so removals leave nothing behind, and an entry that somebody adds while another removes the one
before stays (add wins, observed remove). A removal is an event with a dot too, so whoever lacks it can tell by the
clock. It is never one with an addition: to know that an entry was removed is not to know which one it had replaced.

What happens is first a delta, a state that holds this one event. Deltas and states are joined by the same function.
Source: Almeida, Shoker, Baquero, *Delta state replicated data types*. Rule CH-69.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from .presence_clouds import Context, Replica

__all__ = ["Change", "Dot", "Entry", "State"]

Dot = tuple[Replica, int]


class Entry(NamedTuple):
    """One process under one key of one topic."""

    topic: str
    key: Any
    pid: Any
    meta: dict[str, Any]


class Change(NamedTuple):
    """What is new and what is gone, by dots."""

    joined: dict[Dot, Entry]
    left: dict[Dot, Entry]


class State:
    """Entries by replica and number, and the context in which they are all there is."""

    __slots__ = ("_entries", "context")

    def __init__(self) -> None:
        self._entries: dict[Replica, dict[int, Entry]] = {}
        self.context = Context()

    # --- reading ----------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Entry]:
        return (entry for entries in self._entries.values() for entry in entries.values())

    def of(self, replica: Replica) -> dict[Dot, Entry]:
        """What is there of one replica."""
        return {(replica, number): entry for number, entry in self._entries.get(replica, {}).items()}

    def part(self, replica: Replica) -> State:
        """What is known of one replica alone: all there is to know of one that removes only its own entries."""
        part = State()
        part.context = self.context.part(replica)
        if replica in self._entries:
            part._entries[replica] = dict(self._entries[replica])
        return part

    def size(self) -> int:
        """How many events it tells of."""
        return self.context.size()

    # --- changing ---------------------------------------------------------------------------------------

    def adding(self, replica: Replica, entry: Entry, replaces: Sequence[Dot] = ()) -> State:
        """The delta by which `replica` adds an entry, in place of others: to be joined here, and elsewhere."""
        delta = self.removing(replica, replaces) if replaces else State()
        number = self.context.clock(replica) + (2 if replaces else 1)
        delta.context.add(replica, number)
        delta._entries[replica] = {number: entry}
        return delta

    def removing(self, replica: Replica, dots: Iterable[Dot]) -> State:
        """The delta by which `replica` removes entries that it sees."""
        delta = State()
        for dot in (*dots, (replica, self.context.clock(replica) + 1)):
            delta.context.add(*dot)
        return delta

    def join(self, other: State) -> Change:
        """Know all that the other knows; says what became of it here."""
        left = {dot: entry for dot, entry in self._covered_by(other.context) if not other._holds(dot)}
        joined = {dot: entry for dot, entry in other._dotted() if not self.context.has(*dot)}
        for replica, number in left:
            self._discard(replica, number)
        for (replica, number), entry in joined.items():
            self._entries.setdefault(replica, {})[number] = entry
        self.context.join(other.context)
        return Change(joined, left)

    def drop(self, replica: Replica) -> None:
        """Forget a replica as if it had never been."""
        self._entries.pop(replica, None)
        self.context.drop(replica)

    # --- dots -------------------------------------------------------------------------------------------

    def _dotted(self) -> Iterator[tuple[Dot, Entry]]:
        return (((r, number), entry) for r, entries in self._entries.items() for number, entry in entries.items())

    def _holds(self, dot: Dot) -> bool:
        return dot[1] in self._entries.get(dot[0], ())

    def _covered_by(self, context: Context) -> Iterator[tuple[Dot, Entry]]:
        """The entries here whose dots are known there, at the cost of what is known there beyond a clock."""
        for replica in context.replicas():
            own, clock = self._entries.get(replica, {}), context.clock(replica)
            numbers = [number for number in own if number <= clock] if clock else []
            numbers += [number for number in sorted(context.cloud(replica)) if number in own]
            yield from (((replica, number), own[number]) for number in numbers)

    def _discard(self, replica: Replica, number: int) -> None:
        entries = self._entries[replica]
        del entries[number]
        if not entries:
            del self._entries[replica]

    # --- as a value -------------------------------------------------------------------------------------

    def copy(self) -> State:
        """Another one that knows the same."""
        return deepcopy(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and (self._entries, self.context) == (other._entries, other.context)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"State({self._entries}, {self.context})"
