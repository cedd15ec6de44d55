"""`ab.observe`: what is going on, as data. It reads the runtime's own tables and messages no process."""

from typing import TYPE_CHECKING, Any

from .recorder import Event, Events, Recorder, events, recorder_of
from .snapshot import Tree, tree

if TYPE_CHECKING:  # loaded when they are first used, see below
    from .history import Closely, History, at, closely, history, next_crash, why

__all__ = [
    "Closely", "Event", "Events", "History", "Recorder", "Tree", "at", "closely", "events", "history", "next_crash",
    "recorder_of", "tree", "why",
]  # fmt: skip

_LATER = dict.fromkeys(("Closely", "History", "at", "closely", "history", "next_crash", "why"), ".history")


def __getattr__(name: str) -> Any:
    """What only those need who look back is imported when it is first asked for."""
    from importlib import import_module

    if name not in _LATER:
        raise AttributeError(f"module 'actorbook.observe' has no attribute {name!r}")
    value = getattr(import_module(_LATER[name], __name__), name)
    globals()[name] = value
    return value
