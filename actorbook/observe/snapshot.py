"""`tree()`: the supervision tree at this moment, as an immutable value."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..core.dest import resolve
from ..core.ids import Pid
from ..core.node import Node
from ..core.process import Process
from ..core.running import current_node
from .rows import Slot, intensity, key_of_top, slots

__all__ = ["Tree", "tree"]


class Tree(NamedTuple):
    """One process and those below it. `pid` is None in a slot that is empty now; `children` are in start order.

    `status` is running, waiting, suspended, restarting or exited; `intensity` of a supervisor is (most, within
    seconds, used now); `exits` are the last dead generations of the slot, newest first, as (pid, reason, seconds since
    the node started).
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

    def __str__(self) -> str:
        from .text import draw

        return draw(self)

    def find(self, name: str) -> Tree | None:
        """The first below, this one included, that has the name."""
        if self.name == name:
            return self
        return next((hit for child in self.children if (hit := child.find(name)) is not None), None)


def tree(pid: Pid | str | None = None) -> Tree:
    """The tree below `pid` (or a name), or the whole node's, whose root is then the node itself.

    It reads the runtime's own tables: no process is messaged, none waits, and the value never changes afterwards.

        >>> import actorbook as ab
        >>> shop = await ab.Supervisor.start([ab.GenServer.child_spec(id="till")], name="shop")
        >>> print(ab.observe.tree("shop"))
        shop  one_for_one  <nb.2>  0 of 3 in 5 s
        └─ till  GenServer  <nb.4>  waiting
    """
    node = current_node()
    if pid is None:
        roots = tuple(_tree(node, Slot(key_of_top(top), "", top, None)) for top in node.roots())
        return Tree(node.name, None, "node", "Node", "running", 0, 0, None, (), roots)
    process = resolve(pid, node)
    if process is None:
        raise ValueError(f"tree: no living process {pid!r}; {node.names.hint()}")
    return _tree(node, Slot(repr(process.pid), "", process, None))


def _tree(node: Node, slot: Slot) -> Tree:
    process, view = slot.process, slot.view
    exits = tuple((pid, reason, at - node.started) for pid, reason, at in view.exits) if view else ()
    if process is None:
        return _empty(slot, exits)
    what = process.body.describe()
    return Tree(
        name=process.title(),
        pid=process.pid,
        kind=what.kind,
        cls=what.sub if what.kind == "supervisor" else what.cls,
        status=process.status(),
        mailbox=process.pending(),
        restarts=view.restarts if view else 0,
        intensity=_used(node, process),
        exits=exits,
        children=tuple(_tree(node, below) for below in slots(node, slot.key, process)),
    )


def _empty(slot: Slot, exits: Any) -> Tree:
    assert slot.view is not None
    name, cls, status = slot.vacant()
    return Tree(name, None, "server", cls, status, 0, slot.view.restarts, None, exits, ())


def _used(node: Node, process: Process) -> tuple[int, float, int] | None:
    limit = intensity(node, process)
    return None if limit is None else (limit[0], limit[1], len(limit[2]))
