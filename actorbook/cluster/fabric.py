"""The fabric of a simulated network: which nodes there are, which ways between them are cut or held, who is connected.

Every node is connected with every other one, as in Erlang, whenever both ways between them are open: a
connection is made at once when a node starts and when a cut is healed. A crash closes the connections of a
node, and the others hear that as they would hear a message; a cut is silent, and each side closes its end
after `net_tick` seconds in which nothing came. Either way the node loses links, monitors and requests there by
`"noconnection"`, and what was on the way is lost; nothing is lost otherwise, and nothing comes twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..core.node import Node
from ..core.ports import Chance, Clock
from .member import Member
from .network import Quality
from .way import Way

__all__ = ["Fabric"]


class Fabric:
    """All members and all ways. `net_tick` is None where a connection outlives any cut."""

    def __init__(self, clock: Clock, chance: Chance, line: Quality, net_tick: float | None) -> None:
        self.members: dict[str, Member] = {}
        self.cuts: dict[Way, None] = {}
        self._clock = clock
        self._chance = chance
        self._line = line
        self._net_tick = net_tick

    # --- nodes ------------------------------------------------------------------------------------------

    def add(self, name: str) -> Member:
        """A new member, not running yet, with a way to and from each other one."""
        member = Member(name, self._clock, self._chance)
        for other in self.members.values():
            there, back = Way(member, other, self._line), Way(other, member, self._line)
            there.back, back.back = back, there
            member.ways[other.name], other.ways[name] = there, back
        self.members[name] = member
        return member

    def up(self, node: Node) -> None:
        """A node of that member's name runs: connect it."""
        member = self.members[node.name]
        member.node = node
        node.transport = member
        for way in member.ways.values():
            self._connect(way)

    def down(self, name: str) -> None:
        """It runs no more: its ends are closed, and what was coming to it is lost."""
        member = self.members[name]
        member.node = None
        for way in member.ways.values():
            way.back.clear()
            if way.up:
                way.up = False
                way.close()
            self._rest(way.back)

    def _connect(self, way: Way) -> None:
        """A new connection, where there can be one: what is left of the old one is closed first."""
        one, other = way.source, way.goal
        if one.node is None or other.node is None or way.cut or way.back.cut or (way.up and way.back.up):
            return
        for end in (way, way.back):
            if end.up:
                end.source.lose(end.goal.name)
            end.clear()
        way.up = way.back.up = True
        one.node.remote.found(other.node.home)
        other.node.remote.found(one.node.home)

    # --- faults -----------------------------------------------------------------------------------------

    def ways(self, some: Iterable[str], others: Iterable[str]) -> Iterator[Way]:
        """All ways from one group of members to another."""
        for name in some:
            for other in others:
                if name != other:
                    yield self.members[name].ways[other]

    def cut(self, way: Way) -> None:
        """Nothing passes any more; the goal notices after a while."""
        if way.cut:
            return
        way.cut = True
        self.cuts[way] = None
        if self._net_tick is not None and way.goal.node is not None and way.back.up:
            if self._net_tick == 0:
                self._give_up(way)
            else:
                way.detector = way.goal.node.set_timer(self._net_tick, lambda: self._give_up(way))

    def _give_up(self, way: Way) -> None:
        """Nothing came for too long: the goal closes its end."""
        self._rest(way)
        if way.back.up:
            way.goal.lose(way.source.name)
            way.back.close()

    def _rest(self, way: Way) -> None:
        """Nobody waits for a sign of life on this way."""
        if way.detector is not None:
            way.detector.cancel()
            way.detector = None

    def mend(self, some: Iterable[Way]) -> None:
        """Open ways again: connections that held on go on, others are made anew."""
        mended = [way for way in some if way.cut]
        for way in mended:
            way.cut = False
            del self.cuts[way]
            self._rest(way)
        for way in mended:
            way.reopen()
        for way in mended:
            self._connect(way)

    def hold(self, way: Way, held: bool) -> None:
        """Keep back what is sent this way, or let it go; the connection stays."""
        way.held = held
        way.reopen()

    def all_ways(self) -> list[Way]:
        """Every way there is."""
        return [way for member in self.members.values() for way in member.ways.values()]

    def close(self) -> None:
        """No timer stays."""
        for way in self.all_ways():
            way.clear()
            self._rest(way)
