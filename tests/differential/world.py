"""Who is who in the scenario that is being played on actorbook: keys, processes, references, and what was seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import actorbook as ab
from actorbook.behaviours.protocol import Call, Cast
from actorbook.core.process import Process
from actorbook.core.running import current

NAMES = ("x", "y", "z")


class Nobody(Exception):
    """A step speaks of somebody who does not exist."""


class World:
    """The table that all processes of a scenario share; keys mean what they mean in erlang/world.erl.

    It remembers processes, not only pids: a dead one keeps its reason, so nobody has to watch.
    """

    def __init__(self, server: Any) -> None:
        self.server = server
        self.keys: dict[Any, ab.Pid] = {}
        self.who: dict[ab.Pid, Any] = {}
        self.kinds: dict[ab.Pid, str] = {}
        self.processes: dict[ab.Pid, Process] = {}
        self.refs: dict[Any, list[ab.Ref]] = defaultdict(list)
        self.kept: list[ab.Caller] = []
        self.starts: Counter[Any] = Counter()
        self.busy: set[Any] = set()
        self.results: list[Any] = []
        self.log: list[Any] = []
        self._next_key = 0

    def next_key(self) -> int:
        """Actors, and servers that they start, are numbered in the order of their starts."""
        self._next_key += 1
        return self._next_key - 1

    def give(self, key: Any, pid: ab.Pid) -> None:
        """The process that a key stands for from now on."""
        self.keys[key] = pid
        self.who[pid] = key

    def tell(self, key: Any, kind: str) -> None:
        """Said by a process of itself before it does anything else."""
        self.give(key, ab.self_())
        self.kinds[ab.self_()] = kind
        self.processes[ab.self_()] = current()

    def living(self, *kinds: str) -> list[tuple[Any, Process]]:
        """Those who live, of some kinds or of all, with their keys."""
        return [
            (self.who[pid], process)
            for pid, process in self.processes.items()
            if not process.ended and (not kinds or self.kinds[pid] in kinds)
        ]

    def ended(self) -> list[Any]:
        """Those who ended since the last time that this was asked, with their reasons."""
        gone = [process for process in self.processes.values() if process.ended]
        for process in gone:
            del self.processes[process.pid]
        return [[self.who[process.pid], self.term(process.reason)] for process in gone]

    def target(self, key: Any) -> Any:
        """Names stand for themselves, keys for pids."""
        if key in NAMES:
            return key
        if key not in self.keys:
            raise Nobody
        return self.keys[key]

    def me(self) -> Any:
        """The key of the current process."""
        return self.who[ab.self_()]

    def new_ref(self, ref: ab.Ref) -> int:
        """References are numbered by each process that makes them."""
        self.refs[self.me()].append(ref)
        return len(self.refs[self.me()]) - 1

    def ref(self, key: Any, number: int) -> ab.Ref:
        """The reference that somebody made and numbered so; one that was not made is like one that is spent."""
        return self.refs[key][number] if number < len(self.refs[key]) else current().node.make_ref()

    def number(self, ref: ab.Ref) -> Any:
        """The number of a reference."""
        return next((refs.index(ref) for refs in self.refs.values() if ref in refs), "stranger")

    def started(self, key: Any) -> int:
        """How often this key was started before."""
        self.starts[key] += 1
        return self.starts[key] - 1

    def caller(self, number: int) -> ab.Caller:
        """A caller that a server left unanswered."""
        if number >= len(self.kept):
            raise Nobody
        return self.kept[number]

    # --- the form in which both runtimes can be compared --------------------------------------------------

    def term(self, value: Any) -> Any:
        """A value with keys for pids; a crash is a crash, whatever its words."""
        if isinstance(value, ab.Pid):
            return self.who.get(value, "stranger")
        if isinstance(value, ab.Crash):
            return "crash"
        if value is None:
            return "undefined"
        if isinstance(value, tuple | list):
            return [self.term(item) for item in value]
        return value

    def message(self, message: Any) -> Any:
        """A message as a mailbox or a log shows it."""
        match message:
            case Call():
                return ["call", self.term(message.caller.pid), self.term(message.request)]
            case Cast():
                return ["cast", self.term(message.request)]
            case ab.EXIT(pid, reason):
                return ["EXIT", self.term(pid), self.term(reason)]
            case ab.DOWN(ref, (str(name), _), reason):
                return ["DOWN", [name], self.number(ref), self.term(reason)]
            case ab.DOWN(ref, pid, reason):
                return ["DOWN", self.term(pid), self.number(ref), self.term(reason)]
        return self.term(message)
