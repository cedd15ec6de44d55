"""What the wire says of the selected row, in types: the part of each tab of the inspector."""

from __future__ import annotations

from typing import TypedDict

__all__ = [
    "Arrow",
    "Code",
    "Details",
    "Generation",
    "Machine",
    "Place",
    "Queue",
    "State",
    "Taken",
    "Tie",
    "Ties",
    "Value",
    "Waiting",
]


class Generation(TypedDict):
    """A dead generation with its traceback."""

    pid: str
    reason: str
    at: float
    traceback: str


class Place(TypedDict):
    """A state of a machine, and where its middle is drawn."""

    name: str
    x: float
    y: float
    w: float


class Arrow(TypedDict):
    """A transition: `curve` is a quadratic one, (x, y) the middle of its label."""

    source: str
    target: str
    causes: list[str]
    times: int
    curve: list[float]
    x: float
    y: float


class Taken(TypedDict):
    """The transition that was taken last, and the event that caused it."""

    source: str
    target: str
    cause: str


class Machine(TypedDict):
    """A state machine laid out; one that is too large for a picture has its text only."""

    current: str
    initial: str
    last: Taken | None
    frame: list[float]
    places: list[Place]
    arrows: list[Arrow]
    text: str


class Value(TypedDict):
    """A value as one line, and what it is made of; `more` parts are left out."""

    name: str
    text: str
    kind: str
    parts: list[Value]
    more: int


class State(TypedDict):
    """A copy of the state by name; `what` says why there is none."""

    what: str
    values: list[Value]


class Waiting(TypedDict):
    """A message in a mailbox: it came at `since`, or, when that is not `exact`, it may have come earlier."""

    index: int
    mark: str
    kind: str
    sender: str
    text: str
    parts: list[Value]
    since: float
    exact: bool


class Queue(TypedDict):
    """A mailbox: how many wait, its limit in words, and the first of them."""

    total: int
    bounds: str
    items: list[Waiting]


class Tie(TypedDict):
    """Another process; `name` is empty when it is dead."""

    pid: str
    name: str


class Ties(TypedDict):
    """What a process is tied to."""

    names: list[str]
    groups: list[str]
    links: list[Tie]
    monitors: list[Tie]
    monitored_by: list[Tie]


class Code(TypedDict):
    """The source of a class or function; `note` says what is missing."""

    name: str
    file: str
    line: int
    text: str
    note: str


class Details(TypedDict):
    """What is shown of the selected row: the part that a tab needs is there while that tab is shown."""

    key: str
    pid: str
    name: str
    kind: str
    cls: str
    parent: str
    status: str
    mailbox: int
    messages: int
    started: float
    methods: list[str]
    ties: Ties | None
    exits: list[Generation]
    state: State | None
    machine: Machine | None
    queue: Queue | None
    code: Code | None
