"""Whom a trace is about: some processes, or all that one piece of code caused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any, Protocol

from ..core.ids import Pid
from ..core.node import Node
from ..core.process import Process
from ..core.served import class_of
from .nodes import all_nodes, find

__all__ = ["Caused", "Scope", "Targets"]


class Scope(Protocol):
    """What a trace wants to see."""

    def message(self, sender: Pid | None, receiver: Pid | None, cause: int) -> bool:
        """Whether it wants this message."""
        ...

    def numbered(self, number: int, sender: Pid | None, receiver: Pid | None) -> None:
        """It got it under this number."""
        ...

    def born(self, process: Process, cause: int) -> bool:
        """Whether it wants the life of a process that starts now."""
        ...

    def named(self, process: Process) -> None:
        """A process got a name."""
        ...

    def follows(self, old: Pid, new: Pid) -> bool:
        """Whether it wants to see that `new` takes the place of `old`."""
        ...

    def life(self, pid: Pid) -> bool:
        """Whether it wants to see the end of this process."""
        ...


class Targets:
    """Processes that were named: by pid, name, glob (`"carrier *"`), class; of a supervisor all below it, too.

    Who is meant is looked up once, and again for each process that starts, so no message costs a search. `chosen` are
    all who were meant so far.
    """

    def __init__(self, node: Node, targets: Iterable[Any]) -> None:
        self.words: tuple[str, ...] = ()
        self._tests: list[Callable[[Process], bool]] = []
        self.chosen: set[Pid] = set()
        self._above: set[Pid] = set()
        for target in targets:
            self._add(node, target)
        processes = [process for one in all_nodes(node) for process in one.processes.values()]
        if self._tests or self._above:
            for process in processes:  # a supervisor is older than what is below it, so one pass finds all
                self._judge(process)

    def _add(self, node: Node, target: Any) -> None:
        self.words = (*self.words, target.__name__ if isinstance(target, type) else str(target))
        if isinstance(target, type):
            self._tests.append(lambda process: _is_a(process, target))
            return
        if isinstance(target, str) and any(sign in target for sign in "*?["):
            self._tests.append(lambda process: any(fnmatchcase(word, target) for word in _words(process)))
            return
        process = find(node, target)
        if process is None:
            hint = node.names.hint() if isinstance(target, str) else "it has ended, or is of another kernel"
            raise ValueError(
                f"trace: no living process {target!r}; {hint}; expected a pid, a name, a glob such as 'a*' or a class"
            )
        if isinstance(target, str):
            self._tests.append(lambda process: process.name == target)
        self._choose(process)

    def _choose(self, process: Process) -> None:
        self.chosen.add(process.pid)
        if process.body.describe().kind == "supervisor":
            self._above.add(process.pid)

    def _judge(self, process: Process) -> bool:
        if process.pid in self.chosen:
            return True
        below = process.parent in self._above
        if below or any(test(process) for test in self._tests):
            self._choose(process)
        return process.pid in self.chosen

    def message(self, sender: Pid | None, receiver: Pid | None, cause: int) -> bool:
        """What a chosen process sends or gets."""
        return receiver in self.chosen or sender in self.chosen

    def numbered(self, number: int, sender: Pid | None, receiver: Pid | None) -> None:
        """Numbers do not matter."""

    def born(self, process: Process, cause: int) -> bool:
        """Chosen at birth, or started by one that is."""
        return self._judge(process) or process.parent in self.chosen

    def named(self, process: Process) -> None:
        """It may be meant now."""
        self._judge(process)

    def follows(self, old: Pid, new: Pid) -> bool:
        """The successor of a chosen one is chosen."""
        if old in self.chosen:
            self.chosen.add(new)
            if old in self._above:
                self._above.add(new)
        return new in self.chosen

    def life(self, pid: Pid) -> bool:
        """Of a chosen one."""
        return pid in self.chosen


class Caused:
    """All that one piece of code caused: what it sent, what was sent while that was handled, and so on.

    `inside` says whether the code runs right now; `shell` is the process it speaks for.
    """

    def __init__(self, shell: Pid, inside: Callable[[], bool]) -> None:
        self.words: tuple[str, ...] = ("the cell",)
        self._shell = shell
        self._inside = inside
        self._numbers: set[int] = set()
        self._lives: set[Pid] = {shell}

    def message(self, sender: Pid | None, receiver: Pid | None, cause: int) -> bool:
        """Sent by the code, or while something was handled that it caused."""
        if sender is self._shell:
            return self._inside()
        return cause in self._numbers

    def numbered(self, number: int, sender: Pid | None, receiver: Pid | None) -> None:
        """Its consequences are wanted too, and the end of those who take part."""
        self._numbers.add(number)
        self._lives.update(pid for pid in (sender, receiver) if pid is not None)

    def born(self, process: Process, cause: int) -> bool:
        """Started by the code, or by something it caused."""
        return self._inside() if process.parent is self._shell else cause in self._numbers

    def named(self, process: Process) -> None:
        """Names do not matter."""

    def follows(self, old: Pid, new: Pid) -> bool:
        """A process that took part has a successor."""
        if old in self._lives:
            self._lives.add(new)
        return new in self._lives

    def life(self, pid: Pid) -> bool:
        """Of one that took part."""
        return pid in self._lives


def _is_a(process: Process, kind: type) -> bool:
    cls = class_of(process)
    return isinstance(cls, type) and (issubclass(cls, kind) or cls.__name__ == kind.__name__)


def _words(process: Process) -> tuple[str, ...]:
    """What a glob may match."""
    return (process.name or "", process.label, process.body.describe().cls, repr(process.pid))
