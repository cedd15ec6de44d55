"""What `ab.sys` can switch on in a process: statistics, a log, a trace, functions that see each event.

Rules SYS-05 to SYS-08. A process that nobody debugs has none of this, and pays nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from ..core.ids import Pid
from ..core.process import Process
from ..core.reasons import describe, reason_of

__all__ = ["Debug", "Happening", "Installed"]


class Happening(NamedTuple):
    """One event of a process's loop: a message came `in`, or a reply went `out`; `peer` where it is known."""

    direction: Literal["in", "out"]
    kind: str
    content: Any
    peer: Pid | None

    def __str__(self) -> str:
        if self.direction == "out":
            return f"sent {describe(self.content)} to {self.peer!r}"
        sender = f" from {self.peer!r}" if self.peer is not None else ""
        return f"got {self.kind} {describe(self.content)}{sender}"


class Installed(NamedTuple):
    """A function that sees each event, with the state that it carries from one to the next."""

    function: Callable[[Any, Happening, str], Any]
    state: Any


class Debug:
    """All that is switched on in one process."""

    __slots__ = ("counts", "functions", "log", "since", "traced")

    def __init__(self) -> None:
        self.traced = False
        self.since: float | None = None
        self.counts = {"in": 0, "out": 0}
        self.log: deque[Happening] | None = None
        self.functions: dict[Any, Installed] = {}

    def idle(self) -> bool:
        """Nothing is switched on."""
        return not self.traced and self.since is None and self.log is None and not self.functions

    def see(self, happening: Happening, process: Process) -> None:
        """An event: count it, keep it, print it, hand it on."""
        self.counts[happening.direction] += 1
        if self.log is not None:
            self.log.append(happening)
        if self.traced:
            print(f"*DBG* {process.title()} {process.pid!r} {happening}")  # noqa: T201  what a trace is for
        for id, installed in list(self.functions.items()):
            self._call(id, installed, happening, process)

    def _call(self, id: Any, installed: Installed, happening: Happening, process: Process) -> None:
        """A function that says "done", or fails, is removed; the process never pays for it (rule SYS-08)."""
        try:
            state = installed.function(installed.state, happening, process.title())
        except Exception as error:
            process.node.report(process, f"the debug function {id!r} failed and is removed: {reason_of(error)}")
            state = "done"
        if isinstance(state, str) and state == "done":
            self.functions.pop(id, None)
        elif id in self.functions:
            self.functions[id] = Installed(installed.function, state)

    def names(self) -> list[str]:
        """What is switched on, in words."""
        on = {"statistics": self.since is not None, "log": self.log is not None, "trace": self.traced}
        return [name for name, is_on in on.items() if is_on] + [f"install {id!r}" for id in self.functions]
