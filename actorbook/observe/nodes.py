"""The nodes of a cluster as whoever looks at all of them sees them: their state, their keys, who lives where."""

from __future__ import annotations

from typing import Any

from ..core.dest import resolve
from ..core.ids import Pid
from ..core.node import Node
from ..core.ports import Neighbours
from ..core.process import Process

__all__ = ["all_nodes", "closed_at_first", "cut_from", "epoch", "find", "key_of_node", "second_line", "status_of"]

_MANY = 8


def all_nodes(node: Node) -> list[Node]:
    """The nodes that run beside this one, itself first; alone, only itself."""
    return [node] if node.neighbours is None else list(node.neighbours.nodes.values())


def find(node: Node, dest: Any) -> Process | None:
    """The living process that `dest` stands for; a pid may be of any node that can be seen from this one."""
    if not isinstance(dest, Pid):
        return resolve(dest, node)
    return next((process for one in all_nodes(node) if (process := one.local(dest)) is not None), None)


def epoch(node: Node) -> float:
    """The time from which all that is shown of a node counts: when the one started that carries the others."""
    return node.started if node.neighbours is None else node.neighbours.here.started


def key_of_node(name: str) -> str:
    """The key of a node's row: a restart is the same place."""
    return f"@{name}"


def closed_at_first(nodes: Neighbours, name: str) -> bool:
    """Among many nodes only the one that carries the others shows its processes unasked."""
    return len(nodes.names) > _MANY and name != nodes.here.name


def cut_from(nodes: Neighbours, name: str) -> list[str]:
    """The nodes with which it cannot talk in both directions."""
    return [other for other in nodes.names if not (nodes.reaches(name, other) and nodes.reaches(other, name))]


def status_of(nodes: Neighbours, name: str) -> str:
    """up, down, or cut: up, and cut off from some other node."""
    if name not in nodes.nodes:
        return "down"
    return "cut" if cut_from(nodes, name) else "up"


def second_line(nodes: Neighbours, name: str) -> str:
    """What a row says below the name of a node."""
    node = nodes.nodes.get(name)
    if node is None:
        return "crashed"
    count = len(node.processes) - 1  # the shell is not one to be seen
    said = f"{count:,} process" + ("" if count == 1 else "es")
    cut = cut_from(nodes, name)
    return f"{said} · cut from {' '.join(cut)}" if cut else said
