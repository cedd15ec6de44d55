"""A node: the tables of one runtime, and what may be done to them. It knows no event loop; its host does.

>>> import actorbook as ab
>>> async with ab.Node("demo@local") as node:
...     pid = ab.spawn(lambda: None)
...     print(node.name, pid)
demo@local <demo.2>
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from .aliases import Alias
from .bodies import ShellBody
from .bounded import Bounded
from .clock import Dice, RealClock
from .errors import NoNodeError
from .exits import Exits
from .ids import Pid, Ref, home_of
from .lag import LagMeter
from .mailbox import Mailbox, Queue
from .names import Names
from .ports import Chance, Chooser, Clock, Host, Neighbours, Scope, Tap, Tracer, Transport
from .process import Body, Process
from .reasons import Lazy
from .remote import Remote
from .running import enter_node, leave_node, nodes
from .scheduler import FirstComeFirstServed, Scheduler
from .signals import Signal
from .timers import Patience, Timer, TimerHeap
from .waits import Wait

if TYPE_CHECKING:
    from .watchdog import Watchdog

__all__ = ["BUDGET", "NoTransport", "Node"]

_creations = count(1)
_PATIENCES = 64
BUDGET: Final = 100
_ERROR = 40  # as in `logging`


@cache
def _logger() -> Any:
    """Loaded with the first thing to log: most programs log nothing."""
    from logging import getLogger

    return getLogger("actorbook")


class NoTransport:
    """The transport of a node that is alone: nothing reaches another one."""

    __slots__ = ()

    def send(self, node: str, signal: Signal) -> bool:
        """There is no connection."""
        return False

    def reserve(self, node: str) -> Pid | None:
        """There is no other node."""
        return None

    def class_of(self, pid: Pid) -> type | None:
        """Nothing is known."""
        return None


class Node:
    """One runtime: processes, names, timers and a run queue, on the running event loop.

    Use it with `async with` in scripts and tests; in a notebook the extension starts one. When it stops,
    roots are told to shut down, newest first, and what has not ended after five seconds is killed. `slice` is
    how long (seconds) the run queue may be drained before the loop gets its turn, `budget` how many messages a
    process may handle in a turn; `paused` says that nothing runs and time stands still (`ab.pause`).

    With `watchdog` a thread notices a callback that keeps the loop for longer than so many seconds, tells of it
    in the events (`blocking`), and Ctrl-C or `ab.exit` from another thread ends that process alone. A node on a
    clock of its own has none.
    """

    watch: ClassVar[Callable[[Node], Tracer | None]] = staticmethod(lambda node: None)

    def __init__(
        self,
        name: str | Any = "nb@local",
        *,
        clock: Clock | None = None,
        chooser: Chooser | None = None,
        chance: Chance | None = None,
        transport: Transport | None = None,
        tracer: Tracer | None = None,
        slice: float = 0.005,
        watchdog: float | None = None,
    ) -> None:
        if not isinstance(name, str) or not name:
            raise ValueError(f"Node(name): expected a name such as 'nb@local', got {name!r}")
        if watchdog is not None and clock is not None:
            raise ValueError("Node(watchdog=…): expected no clock, a watchdog sees real time only; leave one out")
        self.home = home_of(name, next(_creations))
        self.clock: Clock = clock or RealClock()
        self.chance: Chance = chance or Dice()
        self.transport: Transport = transport or NoTransport()
        self.slice = slice
        self.budget = BUDGET
        self.paused = False
        self.host: Host | None = None
        self.watchdog: Watchdog | None = None
        self._threshold = watchdog
        self.lag = LagMeter()
        self.neighbours: Neighbours | None = None
        self.processes: dict[Pid, Process] = {}
        self.tops: dict[Pid, Process] = {}
        self.fostered: dict[Pid, Process] = {}  # those of the tops that were born as a linked child of another node's
        self.servants: dict[str, None] = {}  # names of the runtime's own servers
        self.spare: list[Queue] = []  # empty ones of processes that are idle
        self.names = Names()
        self.aliases: dict[Ref, Alias | Wait] = {}
        self.timers = TimerHeap(self.clock.now)
        self._patience: dict[float, Patience] = {}
        self.scheduler = Scheduler(self, chooser or FirstComeFirstServed())
        self.exits = Exits(self)
        self.remote = Remote(self)
        self.scopes: dict[str, Scope] = {}
        self.started = self.clock.now()
        self.watchers: list[Callable[[], None]] = []
        self.parting: list[Callable[[], None]] = []
        self._numbers = count(1)
        self.tracer: Tracer | None = tracer if tracer is not None else type(self).watch(self)
        self.tap: Tap | None = None
        self.shell = self.spawn(ShellBody(), parent=None)
        del self.tops[self.shell.pid]

    @property
    def name(self) -> str:
        """The node's name, as in `(name, node)`."""
        return self.home.name

    def __repr__(self) -> str:
        return f"<Node {self.name} {len(self.processes)} processes>"

    # --- life -------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        from .host import AsyncioHost

        self.start(AsyncioHost(self))
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    def start(self, host: Host, *, front: bool = True) -> None:
        """Run on a host from now on, and be the node that code outside any process belongs to, if it is in `front`."""
        self.host = host
        if front:
            enter_node(self)
        if self._threshold is not None:
            from .watchdog import Watchdog

            self.watchdog = Watchdog(self, self._threshold)
            self.watchdog.start()
        if self.scheduler.waiting():
            host.wake()

    def hosted(self) -> Host:
        """The host; an error when the node does not run."""
        if self.host is None:
            raise NoNodeError(f"node {self.name} does not run: use `async with ab.Node():`, or start it")
        return self.host

    async def stop(self, timeout: float = 5.0) -> None:
        """Shut processes down, newest root first, wait up to `timeout` seconds, kill the rest, leave."""
        from .pause import go_on
        from .waits import Sleep

        go_on(self)
        deadline = self.clock.now() + timeout
        for root in reversed(self.roots()):
            root.body.shut_down(root)
            pause = 0.0  # most end at their next turn: of a hundred thousand nobody wants to wait a millisecond each
            while not root.ended and self.clock.now() < deadline:
                await Sleep(self.shell, pause)
                pause = 0.001
        self.close()

    def close(self) -> None:
        """Kill what is left and leave the loop at once: no task, no timer stays behind."""
        while self.parting:
            self.parting.pop()()
        for process in reversed(list(self.processes.values())):
            if process is not self.shell:
                self.exits.end(process, "killed")
        self.exits.end(self.shell, "shutdown")
        leave_node(self)
        if self.watchdog is not None:
            self.watchdog.close()
            self.watchdog = None
        if self.host is not None:
            self.host.close()
            self.host = None

    def halt(self) -> None:
        """Crash: nothing runs any more, nothing is flushed, nobody is told. What was is lost."""
        for process in self.processes.values():
            process.ended = True
            process.reason = "killed"
            process.body.dispose(process)
            process.mailbox = process.waits = None
        if self.host is not None:
            self.host.close()
            self.host = None

    def roots(self) -> list[Process]:
        """Processes that are nobody's linked child, in order of age; the shell is nobody's parent."""
        return list(self.tops.values())

    # --- processes --------------------------------------------------------------------------------------

    def spawn(
        self,
        body: Body,
        *,
        parent: Process | None,
        link: bool = False,
        name: str | None = None,
        label: str = "",
        pid: Pid | None = None,
        mailbox: Mailbox | None = None,
    ) -> Process:
        """Make a process; link, name and limit are there before anything can happen to it (rule SIG-18)."""
        if pid is None:
            pid = self.make_pid()
        process = Process(self, pid, body, parent.pid if parent else None, self.clock.now())
        process.label = label
        if mailbox is not None:
            process.mailbox = Bounded(process, mailbox)
        if name is not None:
            self.names.register(process, name)
        self.processes[pid] = process
        if link and parent is not None:
            self.exits.link(parent, pid)
        if not link or parent is None or parent is self.shell:
            self.tops[pid] = process
        if self.tracer is not None:
            self.tracer.record("started", pid, name or label, body.describe(), None, ("started", process))
        self.scheduler.ready(process)
        return process

    def make_pid(self) -> Pid:
        """A fresh pid."""
        return Pid(self.home, next(self._numbers))

    def make_ref(self) -> Ref:
        """A fresh reference."""
        return Ref(self.home, next(self._numbers))

    def local(self, pid: Pid) -> Process | None:
        """The living process of this node with that pid."""
        return self.processes.get(pid)

    def find(self, target: Pid | str) -> Process | None:
        """The living process of this node with that pid or name."""
        return self.names.get(target) if isinstance(target, str) else self.processes.get(target)

    def end(self, process: Process, reason: Any) -> None:
        """End a process with a reason."""
        self.exits.end(process, reason)

    def forget(self, process: Process) -> None:
        """Take a dead process out of the tables."""
        self.processes.pop(process.pid, None)
        self.tops.pop(process.pid, None)
        if self.fostered:
            self.fostered.pop(process.pid, None)
        if process.name is not None:
            self.names.drop(process)
        for ref in process.aliases or ():
            self.aliases.pop(ref, None)

    # --- time and telling -------------------------------------------------------------------------------

    def set_timer(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Call `action` in `seconds`."""
        timer = self.timers.set(seconds, action)
        if self.host is not None:
            self.host.wake_at(timer.deadline)
        return timer

    def patience(self, seconds: float, wait: Wait) -> Timer | Patience:
        """Have `wait` expire in `seconds`: in a queue of the equally patient, while there are few kinds of them."""
        queue = self._patience.get(seconds)
        if queue is None:
            if len(self._patience) >= _PATIENCES:
                return self.set_timer(seconds, wait.expire)
            queue = self._patience[seconds] = Patience(self.timers, seconds)
        deadline = queue.begin(wait)
        if deadline is not None and self.host is not None:
            self.host.wake_at(deadline)
        return queue

    def urgently(self, call: Callable[[], None]) -> None:
        """From any thread: call on the loop's; where a watchdog is, even in the middle of a callback that keeps it."""
        watchdog = self.watchdog or next((node.watchdog for node in nodes() if node.watchdog is not None), None)
        if watchdog is not None:
            watchdog.urgently(call)
        else:
            self.hosted().from_thread(call)

    def run(self) -> bool:
        """Fire what is due and give turns for one slice; True when there is more to do at once."""
        if not self.paused:
            self.timers.fire_due()
        more = self.scheduler.run(self.slice) if not self.paused else self.scheduler.rest()
        for told in self.watchers:
            told()
        return more

    def log(self, process: Process, text: str | Lazy) -> None:
        """Tell those who read logs of something abnormal (rule GEN-28)."""
        logger = _logger()
        if logger.isEnabledFor(_ERROR):
            logger.error("%s %r: %s", process.title(), process.pid, text)

    def report(self, process: Process, text: str) -> None:
        """The same for what is no event of its own: those who watch are told too."""
        self.log(process, text)
        if self.tracer is not None:
            self.tracer.record("report", process.pid, process.title(), text)
