"""The nodes of a cluster as whoever looks at all of them sees them: their state, their keys, who lives where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.dest import resolve
from ..core.ids import Pid
from ..core.node import Node
from ..core.ports import Neighbours
from ..core.process import Process

__all__ = ["MANY", "all_nodes", "cut_off", "cuts_as_text", "epoch", "find", "key_of_node", "second_line", "status_of"]

MANY = 8
"""Among more nodes only the one that carries the others shows its processes unasked."""


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


def cut_off(nodes: Neighbours) -> dict[str, dict[str, None]]:
    """Whom each node cannot talk with in both directions; those that can talk with all are left out."""
    found: dict[str, dict[str, None]] = {}
    for source, goal in nodes.cuts:
        found.setdefault(source, {})[goal] = None
        found.setdefault(goal, {})[source] = None
    return found


def cuts_as_text(nodes: Neighbours | None, most: int = 100) -> list[str]:
    """What is cut, a line each: `a – b`, or `a → b` when only what b sends arrives."""
    ways = dict.fromkeys(nodes.cuts if nodes is not None else ())
    lines = []
    for one, other in ways:
        if (other, one) not in ways:
            lines.append(f"{one} → {other}")
        elif one < other:
            lines.append(f"{one} – {other}")
    return lines[:most]


def status_of(node: Node | None, cut: Iterable[str]) -> str:
    """up, down, or cut: up, and cut off from some other node."""
    if node is None:
        return "down"
    return "cut" if cut else "up"


def second_line(node: Node | None, cut: Iterable[str]) -> str:
    """What a row says below the name of a node."""
    if node is None:
        return "crashed"
    count = len(node.processes) - 1  # the shell is not one to be seen
    said = f"{count:,} process" + ("" if count == 1 else "es")
    return f"{said} · cut from {' '.join(cut)}" if cut else said
