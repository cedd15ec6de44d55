"""What the wire says of messages, sequences and `top`, in types: each message is whole and replaces the one before."""

from __future__ import annotations

from typing import Literal, TypedDict

__all__ = ["Bar", "Box", "Flight", "Lane", "Messages", "Note", "Rank", "Sequence", "Stop", "Talk", "Tick", "Top"]


class Talk(TypedDict):
    """A message of the selected process."""

    number: int
    at: float
    way: str
    other: str
    pid: str
    what: str
    text: str
    payload: str
    state: str
    took: float
    cause: int


class Messages(TypedDict):
    """What the selected process sends and gets, the latest last."""

    type: Literal["messages"]
    pid: str
    said: str
    running: bool
    talks: list[Talk]


class Lane(TypedDict):
    """A column of the diagram: `lives` are stretches `[from, to]` in which the process lived."""

    x: float
    name: str
    pid: str
    node: str
    lives: list[list[float]]


class Flight(TypedDict):
    """A message, from (x1, y1) to (x2, y2)."""

    x1: float
    y1: float
    x2: float
    y2: float
    what: str
    label: str
    title: str
    end: str
    number: int
    cause: int
    loop: bool


class Stop(TypedDict):
    """A mark on a column."""

    x: float
    y: float
    kind: str
    label: str
    title: str


class Bar(TypedDict):
    """A stretch in which a message was handled."""

    x: float
    y1: float
    y2: float


class Tick(TypedDict):
    """A time on the left."""

    y: float
    label: str


class Box(TypedDict):
    """A node's columns, or steps that repeat."""

    x: float
    y: float
    w: float
    h: float
    label: str


class Note(TypedDict):
    """A line of text."""

    y: float
    label: str


class Sequence(TypedDict):
    """The diagram, laid out: the part of it that begins with step `first` of `steps`."""

    type: Literal["sequence"]
    targets: str
    said: str
    running: bool
    first: int
    steps: int
    width: float
    height: float
    top: float
    lanes: list[Lane]
    flights: list[Flight]
    stops: list[Stop]
    bars: list[Bar]
    ticks: list[Tick]
    nodes: list[Box]
    loops: list[Box]
    notes: list[Note]


class Rank(TypedDict):
    """A row of the table; shares are from 0 to 1, null is not known."""

    pid: str
    name: str
    cls: str
    status: str
    mailbox: int
    rate: float
    time: float | None
    late: float | None
    memory: int | None
    restarts: int


class Top(TypedDict):
    """Who does how much."""

    type: Literal["top"]
    sort: str
    filter: str
    seconds: float
    total: int
    ranks: list[Rank]


class Trace(TypedDict):
    """Follow these processes in the diagram; `targets` is as `%actor trace` has it."""

    type: Literal["trace"]
    targets: str
    limit: int
    rate: float


class Untrace(TypedDict):
    """Follow them no more."""

    type: Literal["untrace"]


class Again(TypedDict):
    """Begin to follow the selected process anew."""

    type: Literal["again"]
    limit: int
    rate: float


class Window(TypedDict):
    """Show the diagram from this step on; -1: its end, as it grows."""

    type: Literal["window"]
    first: int


class Sort(TypedDict):
    """The order and the filter of the table."""

    type: Literal["sort"]
    by: str
    filter: str
