"""What the wire says of the run so far, and of the moment that is looked at: docs/reference/wire.md in Python."""

from __future__ import annotations

from typing import Literal, TypedDict

__all__ = ["Link", "Mark", "Moment", "Timeline"]


class Mark(TypedDict):
    """An event that is marked on the line: a crash, a restart or a fault that was injected."""

    n: int
    at: float
    kind: str


class Link(TypedDict):
    """One event of a chain of causes."""

    n: int
    at: float
    kind: str
    name: str
    text: str


class Moment(TypedDict):
    """The event that is looked at, and what led to it: the origin first, itself last."""

    n: int
    at: float
    chain: list[Link]


class Timeline(TypedDict):
    """The events that are kept, how many there were in each stretch, and the moment that is looked at (null: now)."""

    type: Literal["timeline"]
    first: int
    last: int
    start: float
    end: float
    bars: list[int]
    marks: list[Mark]
    moment: Moment | None
    live: bool


class Scrub(TypedDict):
    """Look at another moment: `to` says how `value` is meant."""

    type: Literal["scrub"]
    to: str
    value: float
