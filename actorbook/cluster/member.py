"""A node of a simulated cluster as its network sees it: alive or crashed, with a way to each other one."""

from __future__ import annotations

from itertools import count

from ..core.ids import Pid, home_of
from ..core.node import Node
from ..core.ports import Chance, Clock
from ..core.served import class_of
from ..core.signals import Signal
from .way import Way

__all__ = ["Member"]


class Member:
    """The transport of one node. `node` is None while it is crashed."""

    __slots__ = ("_clock", "_numbers", "chance", "name", "node", "ways")

    def __init__(self, name: str, clock: Clock, chance: Chance) -> None:
        self.name = name
        self._clock = clock
        self.chance = chance
        self.node: Node | None = None
        self.ways: dict[str, Way] = {}
        self._numbers = count(1)

    @property
    def clock(self) -> Clock:
        """The node's own, which may stand still."""
        return self._clock if self.node is None else self.node.clock

    # --- what the node asks for: `core.ports.Transport` -------------------------------------------------

    def send(self, node: str, signal: Signal) -> bool:
        """On its way, if there is a connection."""
        way = self.ways.get(node)
        if way is None or not way.up:
            return False
        way.send(signal)
        return True

    def reserve(self, node: str) -> Pid | None:
        """The next pid of that node; of a crashed one, a pid that nobody will ever have."""
        way = self.ways.get(node)
        if way is None:
            return None
        return way.goal.node.make_pid() if way.goal.node is not None else Pid(home_of(node, 0), next(self._numbers))

    def class_of(self, pid: Pid) -> type | None:
        """All nodes are in this kernel: look."""
        way = self.ways.get(pid.node)
        process = way.goal.node.local(pid) if way is not None and way.goal.node is not None else None
        cls: type | None = class_of(process)
        return cls

    # --- what the network does --------------------------------------------------------------------------

    def lose(self, name: str) -> None:
        """This side's end of a connection is over: what was coming is lost, and the node is told."""
        way = self.ways[name]
        way.up = False
        way.back.clear()
        if way.back.detector is not None:
            way.back.detector.cancel()
            way.back.detector = None
        if self.node is not None:
            self.node.remote.lost(name)
