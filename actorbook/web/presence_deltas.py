"""What a replica did lately, for those who missed some of it: deltas of several ages (rule CH-70). Pure.

Each generation holds all events since some clock of the replica, until there are more than its limit; then it
begins anew. Who asks gets the youngest that begins early enough, or None: then the full state has to do.
"""

from __future__ import annotations

from collections.abc import Iterable

from .presence_state import State

__all__ = ["Generations"]


class _Generation:
    __slots__ = ("delta", "limit", "since")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.since = 0
        self.delta = State()


class Generations:
    """The deltas of one replica, the youngest generation first."""

    __slots__ = ("_generations",)

    def __init__(self, limits: Iterable[int]) -> None:
        self._generations = [_Generation(limit) for limit in sorted(limits)]

    def push(self, delta: State, clock: int) -> None:
        """One more delta, after which the replica's clock is `clock`."""
        for generation in self._generations:
            generation.delta.join(delta)
            if generation.delta.size() > generation.limit:
                generation.since, generation.delta = clock, State()

    def since(self, clock: int) -> State | None:
        """All events after `clock`, if they are still there."""
        for generation in self._generations:
            if generation.since <= clock:
                return generation.delta
        return None
