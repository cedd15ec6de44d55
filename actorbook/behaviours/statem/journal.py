"""What a live machine has done: the transitions that it took, how often, and what caused each the last time."""

from __future__ import annotations

from typing import Any

from ...core.reasons import describe
from .values import Event

__all__ = ["Journal", "cause_of", "name_of"]

_MOST = 200


def name_of(state: Any) -> str:
    """A state as a word in a picture."""
    return state if type(state) is str and len(state) <= 40 else describe(state, 40)


def cause_of(event: Event) -> str:
    """An event as a word: the request's, the time-out's name, or the type."""
    if event.name is not None:
        return name_of(event.name)
    content = event.content
    if isinstance(content, tuple) and content:
        content = content[0]
    return name_of(content) if isinstance(content, str) and event.type != "info" else event.type


class Journal:
    """Counts by (from, to), and the last transition. Of `_MOST` different ones on, new ones are not kept."""

    __slots__ = ("last", "taken")

    def __init__(self) -> None:
        self.taken: dict[tuple[str, str], tuple[int, str]] = {}
        self.last: tuple[str, str] | None = None

    def took(self, before: Any, state: Any, event: Event) -> None:
        """The machine went from one state to another."""
        pair = name_of(before), name_of(state)
        count = self.taken.get(pair, (0, ""))[0]
        self.last = pair
        if count or len(self.taken) < _MOST:
            self.taken[pair] = count + 1, cause_of(event)
