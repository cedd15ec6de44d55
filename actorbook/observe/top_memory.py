"""How much memory a process takes: an estimate from a bounded walk, which runs nothing of the process."""

from __future__ import annotations

from collections import deque
from itertools import islice
from sys import getsizeof
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from ..core.ids import Pid, Ref
from ..core.node import Node
from ..core.process import Process
from ..core.served import server_of

__all__ = ["size_of"]

_OBJECTS, _ITEMS = 1_000, 200
_NOT_OWN = (type, FunctionType, BuiltinFunctionType, ModuleType, Pid, Ref, Node, Process)


def size_of(process: Process) -> int:
    """Bytes of the process, its mailbox and what its state reaches; where that is large, as of its first thousand."""
    own = (process.mailbox, process.links, process.monitors, process.watchers, process.waits)
    server = server_of(process)
    state = getattr(server, "__dict__", None) if server is not None else None
    return getsizeof(process) + getsizeof(process.body) + _walk([thing for thing in (*own, state) if thing is not None])


def _walk(roots: list[Any]) -> int:
    """The sizes of what can be reached, each object once. Of a long list the rest counts as what was seen of it."""
    seen: set[int] = set()
    pending, total = deque((root, 1.0) for root in roots), 0.0
    while pending and len(seen) < _OBJECTS:
        thing, weight = pending.popleft()
        if id(thing) in seen or isinstance(thing, _NOT_OWN):
            continue
        seen.add(id(thing))
        total += weight * _size(thing)
        parts, share = _parts(thing)
        pending.extend((part, weight * share) for part in parts)
    return int(total)


def _size(thing: Any) -> int:
    try:
        return getsizeof(thing)
    except Exception:  # noqa: BLE001  an object may say anything of itself
        return 0


def _parts(thing: Any) -> tuple[list[Any], float]:
    """Some of what is in it, and for how many of its kind each stands."""
    if isinstance(thing, dict):
        items = [part for pair in islice(list(thing.items()), _ITEMS) for part in pair]
    elif isinstance(thing, list | tuple | set | frozenset | deque):
        items = list(islice(thing, _ITEMS))
    else:
        inside = getattr(thing, "__dict__", None)
        return ([inside] if isinstance(inside, dict) else []), 1.0
    return items, max(1.0, len(thing) / _ITEMS)
