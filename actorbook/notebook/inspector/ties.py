"""What a process is tied to, for the Links tab: its names and groups, its links, and who watches whom."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from ...core.ids import Pid
from ...core.node import Node
from ...core.process import Process, Watch
from ...core.served import book_of
from ...observe.nodes import find
from ..protocol_details import Tie, Ties

__all__ = ["ties_of"]

_SHOWN = 100


def ties_of(node: Node, process: Process) -> Ties:
    """All of it, at most a hundred of each kind."""
    watchers = (watch.pid for watch in (process.watchers or {}).values() if isinstance(watch, Watch))
    return Ties(
        names=[process.name] if process.name else [], groups=_groups(process),
        links=_ties(node, process.links or ()), monitors=_ties(node, (process.monitors or {}).values()),
        monitored_by=_ties(node, watchers),
    )  # fmt: skip


def _ties(node: Node, others: Iterable[Any]) -> list[Tie]:
    return [_tie(node, other) for other in islice(dict.fromkeys(others), _SHOWN)]


def _tie(node: Node, other: Any) -> Tie:
    if not isinstance(other, Pid):
        return Tie(pid=repr(other), name=other if isinstance(other, str) else "")
    process = find(node, other)
    return Tie(pid=repr(other), name=process.title() if process is not None else "")


def _groups(process: Process) -> list[str]:
    """The process groups that it is a member of, in the scope that everybody uses."""
    local = getattr(book_of(process.node.names.get("pg")), "local", None) or {}
    return [str(group) for group, members in local.items() if process.pid in members][:_SHOWN]
