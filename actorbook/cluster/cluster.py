"""`ab.Cluster`: several nodes, and the network between them, in this kernel.

Start one, spawn on its nodes, cut the network, look what survives, heal it:

    >>> import actorbook as ab
    >>> cluster = await ab.Cluster.simulated(["a", "b"], latency=0.01)
    >>> pid = ab.spawn(ab.send, ab.self_(), "hello", node="b")
    >>> await ab.receive()
    'hello'
    >>> cluster.crash("b")
    >>> ref = ab.monitor(pid)
    >>> (await ab.receive(ab.DOWN)).reason
    'noconnection'
    >>> await cluster.stop()

The notebook's own node is a member like the others: cells reach all nodes, pids and names mean the same
everywhere, and a partition that does not name it leaves it connected with both sides, so that you can look on.
Time is the node's clock and luck comes from `seed`: the same seed and the same steps give the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any, Literal, Self

from ..core.clock import Dice
from ..core.node import Node
from ..core.ports import Passage
from ..core.running import current_node
from ..core.timers import check_seconds
from ..core.waits import Sleep
from .fabric import Fabric
from .groups import cut_between, named, names_of
from .network import PRESETS, quality
from .system import boot, shut

__all__ = ["Cluster"]

Group = str | Iterable[str]
_SLICE = 0.0002


class Cluster:
    """Nodes in this kernel with a network between them. Made by `Cluster.simulated`.

    Faults act at once and are events of the recorder (`ab.observe.events()`), which all nodes share. None of the
    methods but `stop` waits.
    """

    def __init__(self, here: Node, names: list[str], fabric: Fabric, seed: int | str) -> None:
        self._here = here
        self._fabric = fabric
        self._before = here.transport, here.chance
        self._slice = max(_SLICE, here.slice / len(names))  # so that the loop has its turn, however many there are
        self.seed = seed
        for name in [here.name, *names]:
            fabric.add(name)
        here.chance = Dice(f"{seed} {here.name}")
        fabric.up(here)
        here.parting.append(self._abandon)
        self._about_to_change(alone=True)
        here.neighbours = self
        boot(here)
        for name in names:
            self._start(name)

    @staticmethod
    def simulated(  # noqa: PLR0913  what a network can be like
        nodes: Iterable[str],
        *,
        network: Literal["otp", "tcp", "udp"] = "otp",
        latency: float = 0.0,
        jitter: float = 0.0,
        loss: float = 0.0,
        duplicate: float = 0.0,
        bandwidth: float | None = None,
        net_tick: float = 1.0,
        seed: int | str = 0,
    ) -> Starting:
        """Start nodes with these names: `cluster = await Cluster.simulated([…])`, or `async with` for a while.

        - `network`: `"otp"` is what Erlang promises: in order for each pair of nodes, and nothing is lost but
          with the connection, which ends when nothing came for `net_tick` seconds. `"tcp"` holds what is sent
          into a cut for as long as it lasts. With `"udp"` messages, calls and replies may be lost, come
          twice and overtake each other; links, monitors, exits and spawns still arrive, in order.
        - `latency` and up to `jitter` more: seconds on the way. `bandwidth`: bytes a second of each line.
        - `loss`: the chance that a packet is lost; all but `"udp"` send it again, so it comes later.
        - `duplicate`: the chance that it comes twice (`"udp"` only).
        - `seed` decides all chances.

        Raises `ValueError` for a name that is taken or a number that makes no sense.
        """
        if network not in PRESETS:
            raise ValueError(f"network={network!r}: expected one of {', '.join(map(repr, PRESETS))}")
        preset = PRESETS[network]
        here = current_node()
        names = named(nodes, here)
        line = quality(preset, latency, jitter, loss, duplicate, bandwidth)
        tick = None if preset.patient else check_seconds(net_tick, "net_tick")
        return Starting(lambda: Cluster(here, names, Fabric(here.clock, Dice(seed), line, tick), seed))

    # --- nodes ------------------------------------------------------------------------------------------

    @property
    def here(self) -> Node:
        """The node that carries the others: the notebook's own."""
        return self._here

    @property
    def nodes(self) -> dict[str, Node]:
        """The nodes that run, by name; the notebook's own comes first."""
        return {name: member.node for name, member in self._fabric.members.items() if member.node is not None}

    @property
    def names(self) -> list[str]:
        """The names of all members, of those that are crashed too."""
        return list(self._fabric.members)

    @property
    def cuts(self) -> list[tuple[str, str]]:
        """What is cut now, as `(source, goal)`: nothing of what the one sends gets to the other."""
        return [(way.source.name, way.goal.name) for way in self._fabric.cuts]

    @property
    def ways(self) -> list[Passage]:
        """Every way from one node to another: open, cut, held or closed, what is on it, and what was sent on it."""
        return [way.look() for way in self._fabric.all_ways()]

    def crash(self, name: str) -> None:
        """A node is gone from one moment to the next: nothing of it runs any more, nothing is flushed.

        What it had sent still arrives; then its connections close. Raises `ValueError` when there is nothing
        to crash.
        """
        node = self._running(name, "crash")
        if node is self._here:
            raise ValueError(
                f"crash: {name!r} carries this code; expected one of {', '.join(map(repr, self.names[1:]))}"
            )
        self._about_to_change()
        self._fabric.down(name)
        node.halt()
        self._note("node_crashed", name)

    def restart(self, name: str) -> None:
        """Start a crashed node again, empty: a new incarnation, for which old pids are dead.

        It is connected at once with all that it can reach. Raises `ValueError` when it runs.
        """
        self._known(name, "restart")
        if self._fabric.members[name].node is not None:
            raise ValueError(f"restart: {name!r} runs; crash it first")
        self._start(name)

    def _start(self, name: str) -> None:
        here = self._here
        node = Node(name, clock=here.clock, chance=Dice(f"{self.seed} {name}"), tracer=here.tracer, slice=self._slice)
        node.start(here.hosted().beside(node), front=False)
        node.neighbours = self
        node.watchers = here.watchers  # who follows the work of one follows that of all
        self._about_to_change()
        self._fabric.up(node)
        boot(node)
        self._note("node_started", name)

    # --- faults -----------------------------------------------------------------------------------------

    def partition(self, *groups: Group, oneway: bool = False) -> None:
        """Cut the network between groups of nodes; whom none of them names keeps all connections.

        One group alone is cut off from all others. With `oneway` nothing passes from the first group to the
        second, but the other way it does. Each side notices after `net_tick` seconds. Cuts add up until
        `heal`. Raises `ValueError` for groups that name nobody, a stranger, or a node twice.

            >>> import actorbook as ab
            >>> async with ab.Cluster.simulated(["a", "b", "c"]) as cluster:
            ...     cluster.partition({"a"}, {"b", "c"})
            ...     await ab.sleep(1)
            ...     print(sorted(cluster.nodes["a"].remote.peers))
            ['nb@local']
        """
        cuts = cut_between(groups, self.names, oneway)
        self._about_to_change()
        for some, others in cuts:
            for way in self._fabric.ways(some, others):
                self._fabric.cut(way)
        self._note("partitioned", " | ".join(" ".join(names_of(group)) for group in groups))

    def heal(self, *groups: Group, oneway: bool = False) -> None:
        """Open all ways again, or only those between `groups`: what was held back arrives, connections are made anew.

        Groups and `oneway` mean what they mean in `partition`; what `hold` keeps back is let go by `release`.
        """
        ways = self._fabric.all_ways()
        if groups:
            cuts = cut_between(groups, self.names, oneway)
            ways = [way for some, others in cuts for way in self._fabric.ways(some, others)]
        self._about_to_change()
        self._fabric.mend(ways)
        self._note("healed", " | ".join(" ".join(names_of(group)) for group in groups))

    def hold(self, source: str, goal: str) -> None:
        """Keep back all that `source` sends to `goal`, until `release`; the connection stays, however long it takes."""
        self._hold(source, goal, True)

    def release(self, source: str, goal: str) -> None:
        """Let go what `hold` kept back, in order."""
        self._hold(source, goal, False)

    def _hold(self, source: str, goal: str, held: bool) -> None:
        what = "hold" if held else "release"
        self._known(source, what)
        self._known(goal, what)
        if source == goal:
            raise ValueError(f"{what}: expected two nodes, got {source!r} twice")
        self._fabric.hold(self._fabric.members[source].ways[goal], held)
        self._note("held" if held else "released", f"{source} → {goal}")

    # --- the end ----------------------------------------------------------------------------------------

    async def stop(self) -> None:
        """Stop all nodes, newest first, each in an orderly way; the notebook's own node stays, alone again."""
        for name, node in reversed(list(self.nodes.items())):
            if node is not self._here:
                await node.stop()
                self._about_to_change()
                self._fabric.down(name)
        if self._abandon in self._here.parting:
            self._here.parting.remove(self._abandon)
            shut(self._here)
            self._leave()

    def _abandon(self) -> None:
        """The notebook's node stops: so do the others, at once."""
        for name, node in reversed(list(self.nodes.items())):
            if node is not self._here:
                self._about_to_change()
                self._fabric.down(name)
                node.halt()
        self._leave()

    def _leave(self) -> None:
        here = self._here
        for name in list(here.remote.peers):
            here.remote.lost(name)
        self._fabric.close()
        self._about_to_change()
        here.transport, here.chance = self._before
        here.neighbours = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    # --- words ------------------------------------------------------------------------------------------

    def _known(self, name: Any, what: str) -> None:
        if name not in self._fabric.members:
            raise ValueError(f"{what}: expected one of {', '.join(map(repr, self.names))}, got {name!r}")

    def _running(self, name: str, what: str) -> Node:
        self._known(name, what)
        node = self._fabric.members[name].node
        if node is None:
            raise ValueError(f"{what}: {name!r} does not run; restart it first")
        return node

    def _about_to_change(self, alone: bool = False) -> None:
        """For those who look back: which nodes there were, and what was cut; none before there was a cluster."""
        tracer = self._here.tracer
        if tracer is not None:
            tracer.note("nodes", self._here, None if alone else (tuple(self.names), self.nodes, tuple(self.cuts)))

    def _note(self, kind: str, name: str) -> None:
        if self._here.tracer is not None:
            self._here.tracer.record(kind, None, name, None)

    def __repr__(self) -> str:
        down = [name for name in self.names if name not in self.nodes]
        crashed = f", crashed: {' '.join(down)}" if down else ""
        return f"<Cluster {' '.join(self.nodes)}{crashed}, seed {self.seed!r}>"


class Starting:
    """A cluster about to start: await it, or use it with `async with`."""

    def __init__(self, make: Callable[[], Cluster]) -> None:
        self._make = make
        self._cluster: Cluster | None = None

    async def _start(self) -> Cluster:
        cluster = self._make()
        await Sleep(current_node().shell, 0.0)  # until every node has had a turn
        return cluster

    def __await__(self) -> Generator[Any, Any, Cluster]:
        return self._start().__await__()

    async def __aenter__(self) -> Cluster:
        self._cluster = await self._start()
        return self._cluster

    async def __aexit__(self, *exc: object) -> None:
        if self._cluster is not None:
            await self._cluster.stop()
