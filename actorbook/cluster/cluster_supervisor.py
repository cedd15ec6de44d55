"""`ClusterSupervisor`: children that run once in the cluster, and go on elsewhere when their node is lost.

    >>> import actorbook as ab
    >>> cluster = await ab.Cluster.simulated(["a", "b", "c"], net_tick=1.0)
    >>> carts = [ab.Agent.child_spec(dict, id=f"cart {n}") for n in range(3, 6)]
    >>> await ab.ClusterSupervisor.start(carts, name="shop")
    'shop'
    >>> [ab.ClusterSupervisor.whereis("shop", f"cart {n}").node for n in range(3, 6)]
    ['c', 'b', 'a']

Where a child runs is decided by a hash ring, so a change of the nodes moves few of them. Crash a node, and its
children are started on the others, as soon as the loss is noticed: at once here, after the cluster's `net_tick`
seconds where a cut is silent.

    >>> cluster.crash("a")
    >>> await ab.sleep(0.1)
    >>> [ab.ClusterSupervisor.whereis("shop", f"cart {n}").node for n in range(3, 6)]
    ['c', 'b', 'b']

When the node is back it gets them again. A child whose class has the methods `hand_over` and `take_over`, both
marked with `@ab.call`, takes its state along: what `hand_over(self)` returns on the old side is given to
`take_over(self, state)` on the new one, before anybody can find it there. Of a crash nothing can be taken along.

    >>> cluster.restart("a")
    >>> await ab.sleep(0.1)
    >>> [ab.ClusterSupervisor.whereis("shop", f"cart {n}").node for n in range(3, 6)]
    ['c', 'b', 'a']
    >>> await ab.ClusterSupervisor.stop("shop")
    >>> await cluster.stop()

A cut looks like a crash from either side, so `split` says what each side does, once it notices:

- `"keep_majority"` (the default): the side with more than half of `nodes` goes on, and the other ends its
  children; of two halves the one with the lowest name goes on. So a child runs twice for a moment at most, and
  nowhere when most nodes are lost.
- `"keep_oldest"`: each side goes on with all children. After healing that copy stays which was started first.
- a function: each side goes on; after healing `function(id, copies)` returns the `node` of the copy that stays,
  where each copy has `.node` and `.since` (when it was first started, on the wall clock of its node). It has to
  be importable, and is called on each of these nodes, so it must depend on nothing else.

The copies that do not stay are ended and their state is dropped. A state that its new child cannot take over is
dropped, too, and the child starts without it.

Each node has one member of the supervisor, a process with its name, and members agree without a leader. All of
them know all children, so these are forgotten only when all members are lost at once, as they are with all nodes.
They need a network that loses nothing (`"otp"`, `"tcp"`), and a `net_tick` (of `Cluster.simulated`) that fits: a
short one calls slow nodes lost, with a long one their children stand still the longer. Do not use it for what may
well run on each node: a local `Supervisor` is simpler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..behaviours.admin import ChildInfo, No
from ..behaviours.child_spec import ChildSpec, check_child, check_children
from ..behaviours.options import Options, check_options
from ..behaviours.protocol import call, cast
from ..behaviours.stable_hash import stable_hash
from ..core.context import receive
from ..core.errors import CallExit, SupervisorError
from ..core.ids import Pid, Ref
from ..core.running import current_node
from ..core.timers import check_seconds
from . import pg
from .failover_plan import Split
from .failover_server import Entry, FailoverServer, How, child_group, members_group

__all__ = ["ClusterSupervisor"]


class ClusterSupervisor:
    """Start one with `await ab.ClusterSupervisor.start(children, name=…)`; its functions take that name on any node."""

    @staticmethod
    async def start(
        children: Iterable[Any],
        *,
        name: str,
        nodes: Iterable[str] | None = None,
        split: Split = "keep_majority",
        patience: float = 1.0,
        max_restarts: int = 3,
        max_seconds: float = 5.0,
        timeout: float = 5.0,
    ) -> str:
        """Start the children, each once on one of the nodes, and wait until all run; returns the name.

        - `children`: specs as for `Supervisor`, with ids that are text, numbers or tuples of these.
        - `nodes`: where they may run; unless told, all that this one is connected with, itself left out.
        - `patience`: seconds to wait for the word of a node in reach before going on without it, until a child
          that did not start is tried again, and until a member that crashed is.
        - `max_restarts` within `max_seconds`: crashes of its children that one node bears; one more, and the
          others take them all over. When the last member gives up, so has the supervisor, as any would.
        - `timeout`: seconds in which all have to run; else everything is stopped again.

        Raises `SupervisorError` with `("already_started", pid)` or `"timeout"`, `ChildSpecError` for bad
        specs or limits, `ValueError` for other bad options, `MessageError` for what cannot travel to another node.
        """
        specs = [_placeable(spec) for spec in check_children(children)]
        limits = check_options(Options(max_restarts=max_restarts, max_seconds=max_seconds))
        restarts = limits.max_restarts, limits.max_seconds
        how = How(_name(name), _nodes(nodes), _split(split), check_seconds(patience, "patience"), restarts)
        if members := pg.get_members(members_group(name)):
            raise SupervisorError(("already_started", members[0]), f"start: {name!r} runs already; stop it first")
        entries = {spec.id: Entry((1, ""), spec) for spec in specs}
        await FailoverServer.start(how, entries, name=name, node=_first(how.nodes))
        for spec in specs:
            try:
                await _until(name, spec.id, True, timeout)
            except TimeoutError:
                await ClusterSupervisor.stop(name)
                text = f"start: child {spec.id!r} did not run within {timeout} s; the log of its node may tell why"
                raise SupervisorError("timeout", text) from None
        return name

    @staticmethod
    async def stop(sup: str) -> None:
        """Stop all members in reach and their children, and wait until they are gone; nobody there is no error."""
        group = members_group(sup)
        ref, members = await pg.monitor(group)
        for pid in members:
            cast(pid, "stop")
        try:
            while set(members) & set(pg.get_members(group)):  # not until they are dead: until that is known here
                await receive(_news(ref))
        finally:
            await pg.demonitor(ref)

    @staticmethod
    def whereis(sup: str, id: Any) -> Pid | None:
        """The process of a child, on whichever node; None when it does not run. Does not wait.

        While a cut has left several copies, it is one of them; this node finds only those in reach.
        """
        return min(pg.get_members(child_group(sup, id)), default=None, key=lambda pid: (pid.node, pid))

    @staticmethod
    async def which_children(sup: str) -> list[ChildInfo]:
        """The children in the order in which they came: `.id`, `.pid` (None: it does not run), `.type`, `.modules`.

        A child of which there are copies is there once for each. Raises `CallExit` (`"noproc"`) when no member
        is in reach.
        """
        specs: list[ChildSpec] = await _ask(sup, "specs")
        found = {spec.id: sorted(pg.get_members(child_group(sup, spec.id))) for spec in specs}
        return [ChildInfo(s.id, pid, s.type, s.modules) for s in specs for pid in found[s.id] or (None,)]

    @staticmethod
    async def start_child(sup: str, spec: Any, timeout: float = 5.0) -> Pid:
        """Add a child, and wait until it runs; returns its pid.

        Raises `SupervisorError` with `"already_present"`, or with `"timeout"` after so many seconds: it is
        tried again until it is terminated.
        """
        checked = _placeable(check_child(spec))
        await _ask(sup, ("start_child", checked))
        pid = None
        while pid is None:
            try:
                await _until(sup, checked.id, True, timeout)
            except TimeoutError:
                raise SupervisorError(
                    "timeout", f"start_child: {checked.id!r} does not run after {timeout} s"
                ) from None
            pid = ClusterSupervisor.whereis(sup, checked.id)
        return pid

    @staticmethod
    async def terminate_child(sup: str, id: Any, timeout: float = 5.0) -> str:
        """End a child and forget it: `"ok"` when it is gone. Raises `SupervisorError`: `"not_found"`, `"timeout"`."""
        await _ask(sup, ("terminate_child", id))
        try:
            await _until(sup, id, False, timeout)
        except TimeoutError:
            raise SupervisorError("timeout", f"terminate_child: {id!r} still runs after {timeout} s") from None
        return "ok"


# ── asking the members


async def _ask(sup: str, request: Any) -> Any:
    """Have one member answer, this node's own if there is one."""
    members = pg.get_members(members_group(sup))
    if not members:
        raise CallExit("noproc", f"no member of the cluster supervisor {sup!r} is in reach; was it started?")
    here = current_node().name
    answer = await call(min(members, key=lambda pid: (pid.node != here, pid.node)), request)
    if isinstance(answer, No):
        raise SupervisorError(answer.reason, answer.text)
    return answer


async def _until(sup: str, id: Any, there: bool, timeout: float) -> None:
    """Wait until a child runs, or does no more; `TimeoutError` after so many seconds."""
    group = child_group(sup, id)
    clock = current_node().clock
    deadline = clock.now() + check_seconds(timeout, "timeout")
    ref, _ = await pg.monitor(group)
    try:
        while bool(pg.get_members(group)) != there:
            await receive(_news(ref), max(0.0, deadline - clock.now()))
    finally:
        await pg.demonitor(ref)


def _news(ref: Ref) -> Callable[[Any], bool]:
    """Matches what a monitored group tells."""
    return lambda message: isinstance(message, tuple) and len(message) == 4 and message[0] is ref


# ── what was given


def _placeable(spec: ChildSpec) -> ChildSpec:
    stable_hash(spec.id)  # whose error says what can have a place
    return spec


def _name(name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise TypeError(f"ClusterSupervisor.start: expected the name as text, got {name!r}")
    return name


def _nodes(nodes: Any) -> tuple[str, ...]:
    wanted = tuple(sorted(current_node().remote.peers if nodes is None else set(nodes)))
    if not wanted:
        raise ValueError(
            "ClusterSupervisor.start: expected nodes, got none; `await ab.Cluster.simulated([…])` has some"
        )
    return wanted


def _first(nodes: tuple[str, ...]) -> str:
    """Where to begin: the lowest node in reach."""
    node = current_node()
    reach = [name for name in nodes if name == node.name or name in node.remote.peers]
    if not reach:
        raise ValueError(f"ClusterSupervisor.start: none of {', '.join(nodes)} is in reach; see ab.nodes()")
    return reach[0]


def _split(split: Any) -> Split:
    if split not in ("keep_majority", "keep_oldest") and not callable(split):
        raise ValueError(f"split={split!r}: expected 'keep_majority', 'keep_oldest' or a function(id, copies)")
    chosen: Split = split
    return chosen
