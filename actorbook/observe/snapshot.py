"""`tree()`: the supervision tree at this moment, as an immutable value."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import Any, NamedTuple

from ..core.ids import Pid
from ..core.node import Node
from ..core.ports import Neighbours
from ..core.process import Process
from ..core.running import current_node
from .family import Slot, child_count, roots, roots_count, slots
from .nodes import cut_off, epoch, find, status_of
from .rows import intensity

__all__ = ["Tree", "tree", "tree_of"]


class Tree(NamedTuple):
    """One process and those below it. `pid` is None in a slot that is empty now; `children` are in start order.

    `more` is how many children are left out, of a tree that was asked for in part.

    `cls` is the class, of a supervisor its strategy, of a state machine the class and the state that it is in.

    `status` is running, waiting, suspended, restarting or exited, of a node in a cluster up, down or cut; `intensity`
    of a supervisor is (most, within seconds, used now); `exits` are the last dead generations of the slot, newest
    first, as (pid, reason, seconds since the node started, in a cluster the one that carries the others). `limit` is
    how many messages may wait in the mailbox (None: as many as there are), `full` says that it has no room, and
    `dropped` how many found none. `on` is the node of a child that runs on another one than its supervisor.
    """

    name: str
    pid: Pid | None
    kind: str
    cls: str
    status: str
    mailbox: int
    restarts: int
    intensity: tuple[int, float, int] | None
    exits: tuple[tuple[Pid, Any, float], ...]
    children: tuple[Tree, ...]
    more: int = 0
    limit: int | None = None
    full: bool = False
    dropped: int = 0
    on: str = ""

    def __str__(self) -> str:
        from .text import draw

        return draw(self)

    def find(self, name: str) -> Tree | None:
        """The first below, this one included, that has the name."""
        if self.name == name:
            return self
        return next((hit for child in self.children if (hit := child.find(name)) is not None), None)


def tree(pid: Pid | str | None = None, most: int | None = None) -> Tree:
    """The tree below `pid` (or a name), or the whole node's, whose root is then the node itself.

    In a cluster the whole is all nodes, each with its processes below it, up, down or cut (off from some other one).

    With `most` no more than so many processes are looked at, from the top and in order; `more` counts the rest.
    It reads the runtime's own tables: no process is messaged, none waits, and the value never changes afterwards.

        >>> import actorbook as ab
        >>> shop = await ab.Supervisor.start([ab.GenServer.child_spec(id="till")], name="shop")
        >>> print(ab.observe.tree("shop"))
        shop  one_for_one  <nb.2>  0 of 3 in 5 s
        └─ till  GenServer  <nb.4>  waiting
    """
    node = current_node()
    if pid is None:
        return tree_of(node, None, most)
    process = find(node, pid)
    if process is None:
        raise ValueError(f"tree: no living process {pid!r}; {node.names.hint()}")
    return tree_of(node, process, most)


def tree_of(node: Node, root: Process | None = None, most: int | None = None) -> Tree:
    """The tree of what is, or looks like, a node: below `root`, or the whole."""
    left = _Budget(most)
    if root is not None:
        return _tree(root.node, Slot(repr(root.pid), "", root, None), left)
    return _node(node, "running", left) if node.neighbours is None else _cluster(node.neighbours, left)


def _cluster(nodes: Neighbours, left: _Budget) -> Tree:
    running, cut = nodes.nodes, cut_off(nodes)
    below = tuple(
        _node(running[name], status_of(running[name], cut.get(name, ())), left)
        if name in running
        else _bare(name, "node", "Node", "down")
        for name in nodes.names
    )
    return _bare("cluster", "cluster", "Cluster", "running")._replace(children=below)


def _node(node: Node, status: str, left: _Budget) -> Tree:
    children, more = _family(node, roots(node, ""), roots_count(node), left)
    return _bare(node.name, "node", "Node", status)._replace(children=children, more=more)


def _bare(name: str, kind: str, cls: str, status: str) -> Tree:
    return Tree(name, None, kind, cls, status, 0, 0, None, (), ())


class _Budget:
    """How many more processes may be looked at."""

    def __init__(self, most: int | None) -> None:
        self._left = inf if most is None else most

    def spend(self) -> bool:
        """One more; False when that is too many."""
        self._left -= 1
        return self._left >= 0


def _family(node: Node, slots: Iterable[Slot], count: int, left: _Budget) -> tuple[tuple[Tree, ...], int]:
    """Siblings and all below them, as far as the budget goes, and how many siblings are left out."""
    found = []
    for slot in slots:
        if not left.spend():
            break
        found.append(_tree(node, slot, left))
    return tuple(found), max(0, count - len(found))


def _tree(node: Node, slot: Slot, left: _Budget) -> Tree:
    process, view = slot.process, slot.view
    exits = tuple((pid, reason, at - epoch(node)) for pid, reason, at in view.exits) if view else ()
    if process is None:
        return _empty(slot, exits)
    what, crowding = process.body.describe(), process.crowding()
    count = child_count(process)
    children, more = _family(process.node, slots(slot.key, process), count, left) if count else ((), 0)
    return Tree(
        name=slot.name(),
        pid=process.pid,
        kind=what.kind,
        cls=what.sub if what.kind in ("supervisor", "statem") else what.cls,
        status=process.status(),
        mailbox=process.pending(),
        restarts=view.restarts if view else 0,
        intensity=_used(process),
        exits=exits,
        children=children,
        more=more,
        limit=crowding.bounds.limit if crowding.bounds is not None else None,
        full=crowding.full,
        dropped=crowding.dropped,
        on="" if process.node is node else process.node.name,
    )


def _empty(slot: Slot, exits: Any) -> Tree:
    assert slot.view is not None
    name, cls, status = slot.vacant()
    return Tree(name, None, "server", cls, status, 0, slot.view.restarts, None, exits, ())


def _used(process: Process) -> tuple[int, float, int] | None:
    limit = intensity(process)
    return None if limit is None else (limit[0], limit[1], len(limit[2]))
