"""What runs on every node of a cluster from its first moment: the default scope of process groups, and the names."""

from __future__ import annotations

from typing import Any

from ..core.node import Node
from .names import ClusterNames
from .names_server import SERVER, NamesServer
from .pg_server import PgServer

__all__ = ["boot", "shut"]

_SERVERS: dict[str, tuple[Any, tuple[Any, ...]]] = {"pg": (PgServer, ("pg",)), SERVER: (NamesServer, ())}


def boot(node: Node) -> None:
    """Start the servers of a node, where they do not run yet; they begin at its first turn."""
    for name, (cls, args) in _SERVERS.items():
        if node.names.get(name) is None:
            _about_to_change(node)
            node.servants[name] = None
            node.spawn(cls._body(cls, args, {}, None, name), parent=None, name=name)
    node.scopes["cluster"] = ClusterNames()


def shut(node: Node) -> None:
    """Stop them again, on a node that lives on."""
    node.scopes.pop("cluster", None)
    for name in _SERVERS:
        _about_to_change(node)
        node.servants.pop(name, None)
        process = node.names.get(name)
        if process is not None:
            node.end(process, "shutdown")


def _about_to_change(node: Node) -> None:
    """For those who look back."""
    if node.tracer is not None:
        node.tracer.note("servants", node, dict(node.servants))
