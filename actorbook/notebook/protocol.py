"""The widget's wire, version 1, in types: docs/reference/wire.md in Python. A test holds all tellings together."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

__all__ = ["VERSION", "Delta", "Details", "Event", "Machine", "Row", "Snapshot", "Stats"]

VERSION = 1


class Exit(TypedDict):
    """A dead generation of a slot."""

    pid: str
    reason: str
    at: float


class Row(TypedDict):
    """One slot of the tree that can be seen."""

    key: str
    parent: str
    pid: str
    name: str
    kind: str
    cls: str
    sub: str
    status: str
    mailbox: int
    rate: float
    restarts: int
    intensity: tuple[int, float, tuple[float, ...]] | None
    exits: list[Exit]
    children: int
    open: bool
    limit: int
    full: bool
    dropped: int


class Event(TypedDict):
    """Something that happened."""

    n: int
    at: float
    kind: str
    pid: str
    name: str
    text: str


class Stats(TypedDict):
    """The toolbar's numbers."""

    processes: int
    rate: float
    lag: float
    crashes: int
    dropped: int
    cuts: list[str]
    alive: bool


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


class Details(TypedDict):
    """All that is shown of the selected row."""

    key: str
    pid: str
    name: str
    kind: str
    cls: str
    parent: str
    status: str
    mailbox: int
    bounds: str
    messages: int
    started: float
    initial: str
    names: list[str]
    links: list[str]
    monitors: list[str]
    monitored_by: list[str]
    state: str
    queue: list[str]
    machine: Machine | None
    exits: list[Generation]


class Snapshot(TypedDict):
    """The whole picture as of delta number `seq`."""

    version: int
    seq: int
    now: float
    root: str
    node: str
    rows: list[Row]
    events: list[Event]
    stats: Stats


class Drop(TypedDict):
    """A row that goes, and why."""

    key: str
    reason: str


class Delta(TypedDict):
    """What changed since the last one."""

    type: Literal["delta"]
    seq: int
    now: float
    put: list[Row]
    drop: list[Drop]
    order: dict[str, list[str]]
    events: list[Event]
    stats: Stats
    details: Details | None


class Whole(TypedDict):
    """The answer to `hello` and `resync`."""

    type: Literal["snapshot"]
    snapshot: Snapshot


class Pong(TypedDict):
    """The loop is alive."""

    type: Literal["pong"]
    t: float
    view: str


class Result(TypedDict):
    """The answer to a command."""

    type: Literal["result"]
    id: str | None
    ok: bool
    text: str


class Found(TypedDict):
    """The answer to a search."""

    type: Literal["found"]
    text: str
    total: int
    keys: list[str]


class Blocking(TypedDict):
    """A callback or a cell keeps the loop; sent from another thread, once a second while it lasts."""

    type: Literal["blocking"]
    pid: str
    name: str
    where: str
    seconds: float


class Hello(TypedDict):
    """A view listens."""

    type: Literal["hello"]
    view: str


class Visible(TypedDict):
    """A view came into sight, or left it."""

    type: Literal["visible"]
    view: str
    visible: bool


class Bye(TypedDict):
    """A view is gone."""

    type: Literal["bye"]
    view: str


class Ack(TypedDict):
    """A delta was applied."""

    type: Literal["ack"]
    seq: int


class Resync(TypedDict):
    """A number was missed."""

    type: Literal["resync"]


class Ping(TypedDict):
    """Is the loop alive?"""

    type: Literal["ping"]
    t: float
    view: str


class Open(TypedDict):
    """Expand or collapse a branch."""

    type: Literal["open"]
    key: str
    open: bool


class More(TypedDict):
    """More siblings."""

    type: Literal["more"]
    key: str


class Select(TypedDict):
    """Show details of a row."""

    type: Literal["select"]
    key: str


class Search(TypedDict):
    """Find processes."""

    type: Literal["search"]
    text: str


class Command(TypedDict):
    """Do something to a process."""

    type: Literal["command"]
    id: str
    name: str
    pid: str
    reason: NotRequired[str]


FromPicture = dict[str, Any]
"""What comes in: any of the messages above, not yet checked."""
