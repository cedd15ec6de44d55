"""Who is whose child in a picture: the roots of a node, the slots of a supervisor, the way down to a process.

A child that runs on another node is drawn once: in its supervisor's slot, with the name of the node where it lives.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..core.ids import Pid
from ..core.node import Node
from ..core.process import ChildView, Process
from .nodes import key_of_node

__all__ = ["Slot", "anywhere", "child_count", "key_of_top", "path_to", "roots", "roots_count", "slots"]


class Slot(NamedTuple):
    """Where a process is, or will be again: its key, and the supervisor's view of it if there is one."""

    key: str
    parent: str
    process: Process | None
    view: ChildView | None

    def name(self) -> str:
        """What the process is called; of a child that got no name on its node it is the id."""
        assert self.process is not None
        if self.view is None or self.process.name or self.process.label or isinstance(self.view.id, Pid):
            return self.process.title()
        return str(self.view.id)

    def vacant(self) -> tuple[str, str, str]:
        """Name, class and status of a slot in which nobody lives: it restarts, or it is done."""
        assert self.view is not None
        cls = self.view.modules[0] if self.view.modules else "process"
        name = cls if isinstance(self.view.id, Pid) else str(self.view.id)  # dynamic children have no id of their own
        return name, cls, "restarting" if self.view.status == "restarting" else "exited"


def anywhere(node: Node, pid: Pid) -> Process | None:
    """The living process with that pid, on this node or on one that is drawn with it."""
    if pid.home is node.home or node.neighbours is None:
        return node.local(pid)
    there = node.neighbours.nodes.get(pid.node)
    return None if there is None else there.local(pid)


def roots(node: Node, key: str) -> Iterator[Slot]:
    """Those below the node itself, in order of age; the runtime's own servers come last."""
    servants = [process for name in node.servants if (process := node.names.get(name)) and process.pid in node.tops]
    for process in node.tops.values():
        if process not in servants and _foster(process) is None:
            yield Slot(key_of_top(process), key, process, None)
    for process in servants:
        yield Slot(key_of_top(process), key, process, None)


def roots_count(node: Node) -> int:
    """How many there are."""
    return len(node.tops) - sum(1 for process in node.fostered.values() if _foster(process) is not None)


def _foster(process: Process) -> Process | None:
    """The parent on another node below which a process is drawn; the shell is nobody's parent."""
    if not process.node.fostered or process.pid not in process.node.fostered:
        return None
    parent = anywhere(process.node, process.parent) if process.parent is not None else None
    linked = parent is not None and parent is not parent.node.shell and process.pid in (parent.links or ())
    return parent if linked else None


def key_of_top(process: Process) -> str:
    """The key of a root: its pid, since nobody will start it again; below the node's key when that is another one."""
    others = process.node.neighbours
    pid = repr(process.pid)
    return pid if others is None or others.here is process.node else f"{key_of_node(process.node.name)}/{pid}"


def key_of_child(parent: str, child: object) -> str:
    """The key of a slot: its supervisor's, and its id in there."""
    return f"{parent}/{child!r}"


def slots(key: str, process: Process) -> Iterator[Slot]:
    """The children of a process: a supervisor's slots in start order, else what it started and is linked with."""
    views = process.body.children()
    if views is None:
        for pid in process.links or ():
            child = anywhere(process.node, pid)
            if child is not None and child.parent is process.pid:
                yield Slot(key_of_child(key, pid), key, child, None)
        return
    for view in views:
        yield Slot(key_of_child(key, view.id), key, anywhere(process.node, view.pid) if view.pid else None, view)


def child_count(process: Process) -> int:
    """How many children a process has."""
    if process.body.describe().kind == "supervisor":
        return process.body.child_count()
    return sum(1 for _ in slots("", process)) if process.links else 0


def path_to(node: Node, pid: Pid) -> list[str]:
    """The keys from the root down to a process of that node; empty when it is dead."""
    process = node.local(pid)
    if process is None:
        return []
    parent = _parent(process)
    if parent is None:
        return [*([key_of_node(node.name)] if node.neighbours else []), key_of_top(process)]
    above = path_to(parent.node, parent.pid)
    return [*above, next((s.key for s in slots(above[-1], parent) if s.process is process), "")]


def _parent(process: Process) -> Process | None:
    if process.pid in process.node.tops:
        return _foster(process)
    return process.node.local(process.parent) if process.parent is not None else None
