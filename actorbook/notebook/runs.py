"""`%actor at`, `why`, `save` and `open`: the run that is, and runs that were saved."""

from __future__ import annotations

from typing import Any

from ..core.running import current_node
from ..observe.event import Events
from ..observe.lookback import at as tree_at
from ..observe.lookback import why as why_event
from ..observe.saved import load
from ..observe.saved import save as save_run
from .session import Session
from .tables import Table, Text

__all__ = ["at", "open_run", "save", "why"]


def at(n: int) -> Text:
    """The tree as it was."""
    return Text(tree_at(n, most=200))


def why(n: int) -> Table:
    """What led to an event, the origin first."""
    found: Events = why_event(n)
    rows = [(e.n, f"{e.at:.3f}", e.kind, e.name or repr(e.pid), e.text) for e in found]
    return Table(("#", "s", "event", "who", "detail"), rows)


def _file(line: str, command: str) -> str:
    path = line.strip().strip("'\"")
    if not path:
        raise ValueError(f"{command} FILE: expected the name of a file, such as run.jsonl")
    return path


def save(line: str) -> Text:
    """Write the run so far."""
    path = _file(line, "save")
    try:
        count = save_run(path)
    except OSError as error:
        raise ValueError(f"{path} could not be written: {error.strerror}") from None
    return Text(f"{count:,} events of {current_node().name} are in {path}; %actor open {path} shows them in any kernel")


def open_run(session: Session, line: str) -> Any:
    """A run that was saved, in the widget."""
    from .saved_picture import SavedPicture
    from .widget import SupervisionTree

    path = _file(line, "open")
    try:
        run = load(path)
    except OSError as error:
        raise ValueError(f"{path} could not be read: {error.strerror}") from None
    return SupervisionTree(session=session, picture=SavedPicture(session.node, run))
