"""The seams by which all time, chance, distance and curiosity enter: clock, chooser and luck, transport, tracer.

A real node is given the real sides; the simulator gives others, and the very same runtime becomes
deterministic. `Host` is what carries a node: the one door to an event loop.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from .ids import Pid
    from .mailbox import Queue
    from .node import Node
    from .process import Process
    from .signals import Signal, Stamped

__all__ = [
    "Chance",
    "Chooser",
    "Clock",
    "Host",
    "Interruptible",
    "Neighbours",
    "Passage",
    "StandIn",
    "Tap",
    "Tracer",
    "Transport",
]


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> float:
        """Seconds on a clock that never goes back; only differences mean anything."""
        ...

    def wall(self) -> float:
        """Seconds since 1970, for people."""
        ...


class Chooser(Protocol):
    """Who runs next."""

    def choose(self, ready: deque[Process]) -> Process:
        """Take one process out of `ready`, which is not empty."""
        ...


class Chance(Protocol):
    """Where luck comes from."""

    def random(self) -> float:
        """A number from 0 up to but not including 1."""
        ...


class Transport(Protocol):
    """The way to other nodes: at most once, in order for each pair of nodes."""

    def send(self, node: str, signal: Signal) -> bool:
        """Hand over a signal for another node; False when there is no connection.

        Raises `MessageError` when something in it cannot be encoded. It never arrives before this returns.
        """
        ...

    def reserve(self, node: str) -> Pid | None:
        """A fresh pid of another node, for the process that is about to be spawned there; None: no such node."""
        ...

    def class_of(self, pid: Pid) -> type | None:
        """The class of a process of another node, as far as it is known here: what methods its pid has."""
        ...


class Passage(NamedTuple):
    """A way from one node to another, for those who look at it."""

    source: str
    goal: str
    status: str
    """open, cut or held; closed while the nodes are not connected."""
    flying: int
    """How many signals are on their way."""
    sent: int
    """How many were sent so far."""


class Neighbours(Protocol):
    """The nodes of a cluster that share one kernel, for those who look at all of them."""

    @property
    def here(self) -> Node:
        """The one that carries the others."""
        ...

    @property
    def nodes(self) -> dict[str, Node]:
        """Those that run, by name; `here` comes first."""
        ...

    @property
    def names(self) -> list[str]:
        """All of them, those that are down too."""
        ...

    @property
    def cuts(self) -> list[tuple[str, str]]:
        """The ways that are cut, each from one name to another."""
        ...

    @property
    def ways(self) -> list[Passage]:
        """Every way between two of them, and what is on it."""
        ...


class Scope(Protocol):
    """Where names are known beyond a node: "cluster" is one that the cluster adds to its nodes."""

    def register(self, pid: Pid, name: str) -> Any:
        """Give a process a name there; to be awaited."""
        ...

    def unregister(self, name: str) -> Any:
        """Free a name there; to be awaited."""
        ...

    def whereis(self, name: str) -> Pid | None:
        """Who has the name, as far as it is known here."""
        ...


class Tracer(Protocol):
    """Who watches: told of every event in the life of a process."""

    def record(
        self,
        kind: str,
        pid: Pid | None,
        name: str,
        detail: Any,
        by: Pid | None = None,
        change: tuple[Any, ...] | None = None,
    ) -> None:
        """One event: `kind` as in `actorbook.observe.events`; `by` is whose signal brought it about.

        `change` is what changed with it, as in `note`.
        """
        ...

    def note(self, *change: Any) -> None:
        """Something else changes that pictures show: a word for it, whom it concerns, and what there was before."""
        ...


class Tap(Protocol):
    """Who follows messages, while somebody traces: mailboxes are of another kind then, and tell."""

    def mailbox(self, process: Process) -> Queue:
        """The mailbox of a process that has none yet."""
        ...

    def lost(self, node: Node, dest: Any, message: Any) -> None:
        """A message went to nobody."""
        ...

    def arrive(self, node: Node, signal: Stamped) -> None:
        """A signal that is followed came from another node: let it arrive."""
        ...


class StandIn(Protocol):
    """The real task that stands in as the current one while a body is stepped."""

    def finish(self) -> None:
        """Let the task end; the body is done."""
        ...


class Interruptible(Protocol):
    """A body that can be interrupted by an exception from outside, as a cancelled scope does."""

    stand_in: StandIn | None
    """The task that is known as this body's, once somebody took note of it."""

    def interrupt(self, error: BaseException) -> None:
        """Throw `error` into the body at its next step."""
        ...

    def settling(self) -> bool:
        """True while an interruption is on its way into the body."""
        ...


class Host(Protocol):
    """What carries a node: an event loop, or a simulated one."""

    def wake(self) -> None:
        """There is work: run the node soon."""
        ...

    def wake_at(self, deadline: float) -> None:
        """There is a timer: run the node at this time at the latest."""
        ...

    def step(self, body: Interruptible, context: Context, call: Callable[[Any], Any], value: Any) -> Any:
        """Call `call(value)` in a context, with a stand-in of the body as the loop's current task."""
        ...

    def watch(self, future: Any, done: Callable[[], None]) -> Callable[..., bool]:
        """Call `done` when a foreign future is done; returns what cancels the future."""
        ...

    def soon(self, call: Callable[[], None]) -> None:
        """Call after the loop has had a turn."""
        ...

    def future(self) -> Any:
        """A fresh future of the loop, for code that is no process."""
        ...

    def owns_thread(self) -> bool:
        """True on the thread of the loop."""
        ...

    def from_thread(self, call: Callable[..., Any], *args: Any) -> None:
        """Call on the loop's thread, from another one."""
        ...

    def task(self, body: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine as a task of the loop that belongs to no process."""
        ...

    def rest(self) -> None:
        """No turn is given any more for now: whose code runs then is the loop's own business again."""
        ...

    def beside(self, node: Node) -> Host:
        """A host of the same kind on the same loop, for another node."""
        ...

    def close(self) -> None:
        """Leave the loop: no callback, no timer stays."""
        ...
