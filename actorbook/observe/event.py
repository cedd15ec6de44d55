"""One event of the bounded log, and a list of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from ..core.ids import Pid
from ..core.process import Description
from ..core.reasons import describe
from .export import Exported

__all__ = ["Event", "Events"]


class Event(NamedTuple):
    """One thing that happened: its number, when (seconds since the node started), what, and to whom.

    `cause` is the number of the event that brought it about, None when it came of itself: a restart has the crash
    before it, the end of a linked process that of its peer. `ab.observe.why(event)` follows the causes.
    """

    n: int
    at: float
    kind: str
    pid: Pid | None
    name: str
    detail: Any
    cause: int | None = None

    @property
    def text(self) -> str:
        """The detail in one line."""
        if self.detail is None:
            return ""
        if isinstance(self.detail, Description):
            return self.detail.cls
        if self.kind == "restarted" and not isinstance(self.detail, str):
            count, (old, reason, _at) = self.detail
            return f"after {old!r} ended with {describe(reason)} (restart {count})"
        if self.kind == "state_changed" and not isinstance(self.detail, str):
            return " → ".join(describe(state, 60) for state in self.detail)
        return describe(self.detail)


class Events(Exported, list[Event]):
    """A list of events that is data too, see `to_pandas`, `to_arrow`, `to_json_lines`."""

    columns: ClassVar[tuple[str, ...]] = ("n", "at", "kind", "pid", "name", "text", "cause")

    def records(self) -> Iterator[tuple[Any, ...]]:
        """The rows: n, at, kind, pid, name, text, cause."""
        return ((e.n, e.at, e.kind, repr(e.pid) if e.pid else "", e.name, e.text, e.cause) for e in self)
