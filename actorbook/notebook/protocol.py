"""The widget's wire, version 1, in types: docs/reference/wire.md in Python. A test holds all tellings together."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from .protocol_details import Details

__all__ = ["VERSION", "Delta", "Event", "Row", "Snapshot", "Stats", "Way"]

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
    since: float
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
    cost: float
    cuts: list[str]
    paused: bool
    alive: bool


class Way(TypedDict):
    """A way between two nodes: open, cut, held or closed; `flying` signals are on it, `rate` are sent a second."""

    source: str
    goal: str
    status: str
    flying: int
    rate: float


class Snapshot(TypedDict):
    """The whole picture as of delta number `seq`."""

    version: int
    seq: int
    now: float
    root: str
    node: str
    rows: list[Row]
    events: list[Event]
    network: list[Way]
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
    network: list[Way] | None
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


class Look(TypedDict):
    """These parts are shown now."""

    type: Literal["look"]
    centre: str
    tab: str
    dock: str


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
    args: NotRequired[dict[str, str]]


FromPicture = dict[str, Any]
"""What comes in: any of the messages above, not yet checked."""
