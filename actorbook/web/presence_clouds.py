"""Which events of which replicas are known: a causal context, as plain data.

Each replica numbers what it does, 1, 2, 3, …; an event is a dot, `(replica, number)`. Of each replica all events up
to its clock are known, and beyond that single ones, its cloud, whose predecessors have not come yet.

    >>> context = Context()
    >>> for number in (1, 2, 5):
    ...     context.add("a", number)
    >>> context.clock("a"), context.has("a", 2), context.has("a", 4), context.has("a", 5)
    (2, True, False, True)
    >>> context.join(Context.of("a", clock=4))
    >>> context.clock("a")
    5
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

__all__ = ["Context", "Replica"]

Replica = Hashable


class Context:
    """The known dots. It only grows, but for a replica that is dropped as a whole."""

    __slots__ = ("_clocks", "_clouds")

    def __init__(self) -> None:
        self._clocks: dict[Replica, int] = {}
        self._clouds: dict[Replica, set[int]] = {}

    @classmethod
    def of(cls, replica: Replica, clock: int = 0, cloud: Iterable[int] = ()) -> Context:
        """What is known of one replica."""
        context = cls()
        context._learn(replica, clock, cloud)
        return context

    # --- reading ----------------------------------------------------------------------------------------

    def clock(self, replica: Replica) -> int:
        """Up to which number all events of a replica are known."""
        return self._clocks.get(replica, 0)

    def cloud(self, replica: Replica) -> frozenset[int]:
        """The known numbers beyond a gap."""
        return frozenset(self._clouds.get(replica, ()))

    def has(self, replica: Replica, number: int) -> bool:
        """Whether an event is known."""
        return number <= self._clocks.get(replica, 0) or number in self._clouds.get(replica, ())

    def replicas(self) -> Iterator[Replica]:
        """Of whom anything is known."""
        return iter(dict.fromkeys([*self._clocks, *self._clouds]))

    def size(self) -> int:
        """How many events are known."""
        return sum(self._clocks.values()) + sum(map(len, self._clouds.values()))

    # --- learning ---------------------------------------------------------------------------------------

    def add(self, replica: Replica, number: int) -> None:
        """One more event."""
        self._learn(replica, 0, (number,))

    def join(self, other: Context) -> None:
        """All that the other knows, too."""
        for replica in other.replicas():
            self._learn(replica, other._clocks.get(replica, 0), other._clouds.get(replica, ()))

    def part(self, replica: Replica) -> Context:
        """What is known of one replica alone."""
        return Context.of(replica, self.clock(replica), self._clouds.get(replica, ()))

    def drop(self, replica: Replica) -> None:
        """Know nothing of a replica."""
        self._clocks.pop(replica, None)
        self._clouds.pop(replica, None)

    def _learn(self, replica: Replica, clock: int, cloud: Iterable[int]) -> None:
        """The clock goes on through whatever the cloud has of its successors. Costs what is new, not what is known."""
        known, beyond = self.clock(replica), self._clouds.get(replica, set())
        if clock > known:
            known, beyond = clock, {number for number in beyond if number > clock}
        beyond.update(number for number in cloud if number > known)
        while known + 1 in beyond:
            known += 1
            beyond.remove(known)
        if known:
            self._clocks[replica] = known
        if beyond:
            self._clouds[replica] = beyond
        else:
            self._clouds.pop(replica, None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Context) and (self._clocks, self._clouds) == (other._clocks, other._clouds)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Context({self._clocks}, {self._clouds})"
