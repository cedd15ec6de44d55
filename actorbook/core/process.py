"""A process: one small object with slots. Tables that most processes never need are made on first use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from .ids import Pid, Ref
from .mailbox import NO_CROWD, Crowding, Queue
from .native import mypyc_attr
from .reasons import is_normal
from .running import running

if TYPE_CHECKING:
    from .node import Node
    from .stepper import Stepper
    from .waits import Receive

__all__ = ["Body", "ChildView", "Description", "Mourner", "Process", "Remains", "Watch", "described", "remains"]


_SUSPENDED: Final = 1
_HELD: Final = 2  # for each full mailbox once
_SPARE: Final = 64
_SLOTS: Final = 1_000


class Description(NamedTuple):
    """What a body is, for those who draw it: never asked by message, only read."""

    kind: str
    cls: str
    sub: str = ""


@lru_cache(maxsize=1024)
def described(kind: str, cls: str, sub: str = "") -> Description:
    """A `Description`: of a crowd all have the same one."""
    return Description(kind, cls, sub)


class ChildView(NamedTuple):
    """One slot of a supervisor as its table has it; `exits` are the last dead generations, newest first."""

    id: Any
    pid: Pid | None
    status: str
    type: str
    modules: tuple[str, ...]
    restarts: int
    exits: tuple[tuple[Pid, Any, float], ...]


class Watch(NamedTuple):
    """Who monitors a process, as what (its pid, or the pair (name, node) that was asked for), with which tag.

    Rules MON-04, MON-11.
    """

    pid: Pid
    item: Any
    tag: Any


class Mourner(Protocol):
    """What hears of a process's end at once, before any message about it can be read: a call, a registry."""

    def down(self, reason: Any) -> None:
        """The process is dead; nothing of it runs any more."""
        ...


@mypyc_attr(allow_interpreted_subclasses=True)
class Body:
    """What a process does with its turns. Subclasses say how; the runtime only calls."""

    __slots__ = ()

    def run(self, process: Process) -> None:
        """Take one turn; called when there may be something to do."""

    def run_suspended(self, process: Process) -> None:
        """Take a turn while suspended: only what a suspended process still obeys (rule SYS-03)."""

    def dispose(self, process: Process) -> None:
        """The process is dead: let its coroutine go, and what else the body holds, running nothing of it (SIG-11)."""
        stepper, process.stepper = process.stepper, None
        if stepper is not None:
            stepper.dispose()

    def shut_down(self, process: Process) -> None:
        """The node stops: end in an orderly way. What traps exits and does not end is killed later."""
        self.wind_up(process, process.node.shell.pid, process.node.make_ref(), "shutdown")

    def wind_up(self, process: Process, asker: Pid, ref: Ref, reason: Any) -> None:
        """Somebody asks for an orderly end: a plain function gets a signal, but one that it would not ignore."""
        if is_normal(reason):
            process.node.end(process, reason)
        else:
            process.node.exits.arrive(asker, process.pid, reason, linked=False)

    def survives(self, process: Process, reason: Any) -> bool:
        """True when an exit signal must not end this body: the notebook's shell alone."""
        return False

    def busy(self) -> bool:
        """True in the middle of something that waits."""
        return False

    def asleep(self) -> bool:
        """Hibernating, until the next message."""
        return False

    def describe(self) -> Description:
        """Kind, class and a second line."""
        return Description("process", "process")

    def program(self) -> Any:
        """The class or function that it runs; None when there is none."""
        return None

    def children(self) -> Iterator[ChildView] | None:
        """A supervisor's children in start order, one by one as they are asked for; None for all others."""
        return None

    def child_count(self) -> int:
        """How many children there are, without looking at them."""
        return 0

    def intensity(self) -> tuple[int, float, tuple[float, ...]] | None:
        """A supervisor's restart limit: how many, within how many seconds, and when the recent ones were."""
        return None

    def state(self) -> Any:
        """The state as others may see it (still to be copied)."""
        return None

    def handling(self) -> Any:
        """The message that is being handled, as far as the body knows it."""
        return None


class Remains(Body):
    """What is left of the body of a dead process: what it was. The body itself, and all it held, is let go."""

    __slots__ = ("_what",)

    def __init__(self, what: Description) -> None:
        self._what = what

    def describe(self) -> Description:
        """What it was."""
        return self._what


class Ruin(Remains):
    """What is left of a supervisor: its slots and its restart limit too, for those who look back."""

    __slots__ = ("_limit", "_slots")

    def __init__(self, what: Description, body: Body) -> None:
        super().__init__(what)
        self._limit = body.intensity()
        self._slots = tuple(islice(body.children() or (), _SLOTS))

    def children(self) -> Iterator[ChildView] | None:
        """The slots that it had."""
        return iter(self._slots)

    def child_count(self) -> int:
        """How many of them are known."""
        return len(self._slots)

    def intensity(self) -> tuple[int, float, tuple[float, ...]] | None:
        """Its restart limit."""
        return self._limit


def remains(body: Body) -> Remains:
    """What stays of a body."""
    what = body.describe()
    return Ruin(what, body) if what.kind == "supervisor" else Remains(what)


class Process:
    """One process of a node. `reason` is None while it lives; `ended` says that it does not.

    `stepper` is its coroutine, when there is one: as long as that is not done it has all turns.
    """

    __slots__ = (
        "aliases", "body", "ended", "halted", "handled", "label", "links", "mailbox", "monitors", "name", "node",
        "parent", "pid", "queued", "reason", "started", "stepper", "trap_exit", "waits", "watchers",
    )  # fmt: skip

    def __init__(self, node: Node, pid: Pid, body: Body, parent: Pid | None, started: float) -> None:
        self.node = node
        self.pid = pid
        self.body = body
        self.parent = parent
        self.started = started
        self.name: str | None = None
        self.label: str = ""
        self.mailbox: Queue | None = None
        self.links: dict[Pid, None] | None = None
        self.monitors: dict[Ref, Any] | None = None
        self.watchers: dict[Ref, Watch | Mourner] | None = None
        self.aliases: set[Ref] | None = None
        self.waits: list[Receive] | None = None
        self.stepper: Stepper | None = None
        self.trap_exit = False
        self.halted = 0
        self.queued = False
        self.ended = False
        self.reason: Any = None
        self.handled = 0

    def post(self, message: Any) -> None:
        """Append a message to the mailbox, if its limit lets it in, and see to it that somebody looks."""
        box = self.mailbox
        if box is None:
            box = self._open()
        box.append(message)
        if not self.queued:
            self.node.scheduler.ready(self)

    def put(self, message: Any) -> None:
        """Append what no limit holds back: a signal (`EXIT`, `DOWN`), a reply, a request of the system."""
        box = self.mailbox
        if box is None:
            box = self._open()
        box.put(message)
        if not self.queued:
            self.node.scheduler.ready(self)

    def _open(self) -> Queue:
        """A mailbox, from the first message on: one that an idle process left, or a new one."""
        spare, tap = self.node.spare, self.node.tap
        self.mailbox = box = spare.pop() if spare else Queue() if tap is None else tap.mailbox(self)
        return box

    def idle(self) -> None:
        """Nothing to do, perhaps for long: an empty queue is of more use to others."""
        box = self.mailbox
        if type(box) is Queue and not box:
            self.mailbox = None
            if len(self.node.spare) < _SPARE:
                self.node.spare.append(box)

    def take(self, test: Callable[[Any], Any] | None, start: int = 0) -> tuple[bool, Any]:
        """Take the first message from position `start` on that passes; who waits looks one place further ahead."""
        box = self.mailbox
        if not box:
            return False, None
        if test is None and start == 0:
            found, message = True, box.popleft()
        else:
            found, message = box.take(test, start)
        if found and self.waits:
            for wait in self.waits:
                if wait.scan:
                    wait.scan -= 1
        return found, message

    def pending(self) -> int:
        """How many messages wait."""
        return 0 if self.mailbox is None else len(self.mailbox)

    @property
    def suspended(self) -> bool:
        """It handles nothing until it is resumed, but for system messages (module `sys`)."""
        return self.halted & _SUSPENDED != 0

    @suspended.setter
    def suspended(self, yes: bool) -> None:
        self.halted = self.halted | _SUSPENDED if yes else self.halted & ~_SUSPENDED

    @property
    def held(self) -> bool:
        """It sent to full mailboxes, and gets no turn until there is room in all of them."""
        return self.halted >= _HELD

    def hold(self) -> None:
        """One more mailbox has no room for what this process sends."""
        self.halted += _HELD
        if running.stepper is not None and running.stepper.process is self:
            running.stepper.pause_soon()

    def release(self) -> None:
        """That mailbox has room again."""
        self.halted -= _HELD
        if not self.halted:
            self.node.scheduler.ready(self)

    def crowding(self) -> Crowding:
        """How its mailbox stands to its limit."""
        return NO_CROWD if self.mailbox is None else self.mailbox.crowding()

    def title(self) -> str:
        """What to call it: its name, else its id under its supervisor, else its class."""
        return self.name or self.label or self.body.describe().cls

    def status(self) -> str:
        """`running`, `waiting`, `suspended` or `exited`, as the tree shows it."""
        if self.ended:
            return "exited"
        if self.suspended:
            return "suspended"
        return "running" if not self.halted and (self.queued or self.body.busy()) else "waiting"

    def __repr__(self) -> str:
        return f"<Process {self.pid!r} {self.title()} {self.status()}>"

    def __deepcopy__(self, memo: Any) -> Process:
        raise TypeError(f"{self!r} is a live process; send its pid")
