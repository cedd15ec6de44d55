"""`chaos`: faults while you look: processes are killed, messages lost and late. What do the supervisors make of it?

    >>> import actorbook as ab
    >>> class Worker(ab.GenServer):
    ...     pass
    >>> shop = await ab.Supervisor.start([Worker.child_spec(id="w", name="w")], max_restarts=100)
    >>> async with ab.observe.chaos(kill_every=0.01, only="w", seed=7) as chaos:
    ...     await ab.sleep(0.1)
    >>> chaos.killed > 0
    True
    >>> {event.kind for event in ab.observe.why(ab.observe.events(kind="restarted")[-1])} >= {"injected", "restarted"}
    True

Chance comes from the seed and time from the node, so the same seed does the same to the same run. Each fault is an
event of kind `injected`. Supervisors and the shell are spared unless they are named, and so are the servers that hold
a cluster together. While no chaos runs it costs nothing: it is the mailboxes of those it is about that are of another
kind (as for a trace). Signals, replies and what the runtime says itself are never lost: those OTP does not lose either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any, Self

from ..core.clock import Dice
from ..core.node import Node
from ..core.process import Process
from ..core.reasons import describe
from ..core.running import current_node
from ..core.timers import Timer, check_seconds
from .chaos_mailbox import calm, disturb
from .event import Event
from .nodes import all_nodes
from .recorder import recorder_of

__all__ = ["Chaos", "chaos"]

_TOLD = 1_000  # of more lost messages only the number is known
_SERVERS = ("pg", "global_names", "failover")


class Chaos:
    """Faults for a while, made by `chaos`. `killed`, `messages`, `dropped` and `delayed` count."""

    def __init__(self, node: Node, plan: dict[str, Any]) -> None:
        self.killed = self.messages = self.dropped = self.delayed = 0
        self.running = False
        self.seed = plan["seed"]
        self.seconds = 0.0
        self._node = node
        self._plan = plan
        self._kills, self._luck = Dice(f"{self.seed} kills"), Dice(f"{self.seed} messages")
        self._timers: list[Timer] = []
        self._disturbed: dict[Process, None] = {}
        self._began = 0.0
        self.over: list[Callable[[], None]] = []

    # --- the length of it -------------------------------------------------------------------------------

    def start(self) -> Self:
        """Begin; it ends by `stop`, or when its time is over."""
        self.running = True
        self._began = self._node.clock.now()
        recorder_of(self._node).wakers.append(self._happened)
        if self._is_about_messages():
            for process in self._targets():
                self._disturb(process)
        if self._plan["seconds"] is not None:
            self._timers.append(self._node.set_timer(self._plan["seconds"], self.stop))
        self._next_kill()
        return self

    def stop(self) -> None:
        """Enough. What is late still arrives."""
        if not self.running:
            return
        self.running = False
        self.seconds = self._node.clock.now() - self._began
        recorder_of(self._node).wakers.remove(self._happened)
        for timer in self._timers:
            timer.cancel()
        for process in self._disturbed:
            calm(process)
        for told in self.over:
            told()

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(self, *exc: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        seconds = self.seconds if not self.running else self._node.clock.now() - self._began
        so_far = " so far" if self.running else ""
        return (
            f"killed {self.killed:,}, dropped {self.dropped:,} and delayed {self.delayed:,} of {self.messages:,} "
            f"messages in {seconds:.2f} s{so_far} (seed {self.seed!r})"
        )

    # --- whom -------------------------------------------------------------------------------------------

    def _targets(self) -> list[Process]:
        """In an order that does not hang on anything but the run."""
        return [p for node in all_nodes(self._node) for p in node.processes.values() if self._is_meant(p)]

    def _is_meant(self, process: Process) -> bool:
        words = [word for word in (process.name, process.label) if word]
        if self._plan["only"]:
            words = [*words, process.body.describe().cls, repr(process.pid)]
            return any(fnmatchcase(word, glob) for word in words for glob in self._plan["only"])
        spared = process.body.describe().kind == "supervisor" or process is process.node.shell
        return not spared and process.name not in _SERVERS

    def _happened(self, event: Event) -> None:
        """Who starts, or gets a name, may be meant too."""
        if event.kind in ("started", "registered", "restarted") and event.pid is not None and self._is_about_messages():
            for node in all_nodes(self._node):
                process = node.local(event.pid)
                if process is not None and process not in self._disturbed and self._is_meant(process):
                    self._disturb(process)

    # --- what -------------------------------------------------------------------------------------------

    def _next_kill(self) -> None:
        if self._plan["kill_every"] is not None and self.running:
            self._timers = [timer for timer in self._timers if timer.read() is not False]
            self._timers.append(self._node.set_timer(self._plan["kill_every"], self._kill))

    def _kill(self) -> None:
        targets = self._targets()
        if targets:
            process = targets[int(self._kills.random() * len(targets))]
            self.killed += 1
            self._tell(process, "killed")
            node = process.node
            node.exits.signal(node.shell.pid, process.pid, "kill", linked=False)
        self._next_kill()

    def _is_about_messages(self) -> bool:
        return bool(self._plan["drop"]) or self._plan["delay"] is not None

    def _disturb(self, process: Process) -> None:
        if disturb(process, self):
            self._disturbed[process] = None

    def fate(self, process: Process, message: Any) -> float | None:
        """What becomes of a message that is sent to this process: seconds on the way, None when it is lost."""
        self.messages += 1
        drop, late = self._luck.random(), self._luck.random()
        if drop < self._plan["drop"]:
            self.dropped += 1
            if self.dropped <= _TOLD:
                self._tell(process, f"dropped {describe(repr(message), 80)}")
            return None
        if self._plan["delay"] is None:
            return 0.0
        self.delayed += 1
        least, most = self._plan["delay"]
        return float(least + (most - least) * late)

    def _tell(self, process: Process, what: str) -> None:
        recorder_of(self._node).record("injected", process.pid, process.title(), what)


def chaos(
    *,
    kill_every: float | None = None,
    only: str | Iterable[str] | None = None,
    drop: float = 0.0,
    delay: float | tuple[float, float] | None = None,
    seed: int | str = 0,
    seconds: float | None = None,
) -> Chaos:
    """Faults, as long as the `async with` lasts, or `seconds`: `async with ab.observe.chaos(kill_every=2.0): …`.

    - `kill_every`: seconds from one kill to the next; whom it hits is chosen by luck.
    - `drop`: the chance that a message is lost. `delay`: seconds, or from so many to so many, that it is late;
      what one process gets stays in order.
    - `only`: names, ids, classes or globs such as `"worker*"`; without it all but supervisors, the shell and the
      servers of a cluster.

    Printed, it says what it did. Raises `ValueError` for numbers that make no sense, or when there is nothing to do.
    """
    if kill_every is not None and not check_seconds(kill_every, "kill_every") > 0:
        raise ValueError("kill_every: expected more than 0 seconds")
    if type(drop) not in (int, float) or not 0 <= drop <= 1:
        raise ValueError(f"drop: expected a chance from 0 to 1, got {drop!r}; 0.05 is one in twenty")
    if kill_every is None and not drop and delay is None:
        raise ValueError("chaos: expected kill_every, drop or delay; without any of them nothing would happen")
    plan = {
        "kill_every": kill_every, "only": [only] if isinstance(only, str) else list(only or ()), "drop": drop,
        "delay": _span(delay), "seed": seed,
        "seconds": None if seconds is None else check_seconds(seconds, "seconds"),
    }  # fmt: skip
    return Chaos(current_node(), plan)


def _span(delay: Any) -> tuple[float, float] | None:
    if delay is None:
        return None
    least, most = delay if isinstance(delay, tuple) and len(delay) == 2 else (delay, delay)
    if check_seconds(least, "delay") > check_seconds(most, "delay"):
        raise ValueError(f"delay: expected the shorter time first, got {delay!r}")
    return float(least), float(most)
