"""Who is running now: one slot that the scheduler sets around every turn, and a fallback for code outside.

Tasks that an async body starts are not stepped by us; a context variable tells them whose they are. Code that
belongs to no process at all (a notebook cell, a test) is the shell of the latest node.
"""

from __future__ import annotations

from contextvars import ContextVar
from threading import get_ident
from typing import TYPE_CHECKING, Final

from .errors import Exit, NoNodeError

if TYPE_CHECKING:
    from .node import Node
    from .process import Process
    from .stepper import Stepper

__all__ = ["current", "current_node", "enter_node", "get_ident", "leave_node", "nodes", "owner", "running"]


class Running:
    """The process that has its turn, and the stepper when it is an async body; both in `thread` alone."""

    __slots__ = ("process", "stepper", "thread")

    def __init__(self) -> None:
        self.process: Process | None = None
        self.stepper: Stepper | None = None
        self.thread = 0


running: Final = Running()
owner: Final[ContextVar[Process | None]] = ContextVar("actorbook_owner", default=None)
_nodes: list[Node] = []


def enter_node(node: Node) -> None:
    """Make `node` the one that code outside any process belongs to."""
    _nodes.append(node)


def leave_node(node: Node) -> None:
    """Undo `enter_node`, in any order."""
    if node in _nodes:
        _nodes.remove(node)


def current() -> Process:
    """The process that this code is part of. Code of a process that is dead already is unwound here."""
    process = running.process or owner.get() or current_node().shell
    if process.ended:
        raise Exit(process.reason)
    return process


def current_node() -> Node:
    """The node that this code is part of."""
    process = running.process or owner.get()
    if process is not None:
        return process.node
    if not _nodes:
        raise NoNodeError("no node is running: expected `async with ab.Node():` around this, or `%load_ext actorbook`")
    return _nodes[-1]


def nodes() -> list[Node]:
    """All nodes that run in this interpreter, oldest first."""
    return list(_nodes)
