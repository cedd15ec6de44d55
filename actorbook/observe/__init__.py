"""`ab.observe`: what is going on, as data. It reads the runtime's own tables and messages no process."""

from typing import TYPE_CHECKING, Any

from .lag import Lag, lag
from .recorder import Event, Events, Recorder, events, recorder_of
from .snapshot import Tree, tree

if TYPE_CHECKING:
    from .chaos_run import Chaos, chaos
    from .lookback import Closely, History, at, closely, history, next_crash, why
    from .saved import Saved, load, save
    from .sequence_diagram import Sequence, sequence
    from .top_table import Top, TopRow, sample, top
    from .trace_event import TraceEvent, TraceEvents
    from .trace_handle import Trace, trace

__all__ = [
    "Chaos", "Closely", "Event", "Events", "History", "Lag", "Recorder", "Saved", "Sequence", "Top", "TopRow", "Trace",
    "TraceEvent", "TraceEvents", "Tree", "at", "chaos", "closely", "events", "history", "lag", "load", "next_crash",
    "recorder_of", "sample", "save", "sequence", "top", "trace", "tree", "why",
]  # fmt: skip

_LATER = {
    **dict.fromkeys(("Saved", "load", "save"), "saved"),
    "Chaos": "chaos_run", "chaos": "chaos_run",
    **dict.fromkeys(("Closely", "History", "at", "closely", "history", "next_crash", "why"), "lookback"),
    "Sequence": "sequence_diagram", "sequence": "sequence_diagram", "Trace": "trace_handle", "trace": "trace_handle",
    "Top": "top_table", "TopRow": "top_table", "sample": "top_table", "top": "top_table", "TraceEvent": "trace_event",
    "TraceEvents": "trace_event",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """What is for those who look closer is imported when it is used."""
    from importlib import import_module

    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_LATER[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return __all__
