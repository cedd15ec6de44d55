"""`%actor top`: the table of who does how much, drawn anew in place every second while it is the latest one."""

from __future__ import annotations

from collections import deque
from typing import Any

from ..core.ids import Pid
from ..observe.top_sampler import sampler_of
from ..observe.top_table import Top, measured
from ..observe.top_view import html
from .live import Live
from .session import Session

__all__ = ["LiveTop"]

_SECONDS = 1.0
_PAST = 30
_LONGEST = 600.0  # seconds: nobody tells the kernel that an output is no longer looked at


class LiveTop:
    """The live table. `table` is what it shows now; `stop()` ends the measuring, and the table stays as it is.

    It ends by itself after ten minutes, and when another one is shown.
    """

    def __init__(self, session: Session, sort: str, filter: str, most: int) -> None:
        self._session = session
        self._how = sort, filter, most
        self._past: dict[Pid, deque[float]] = {}
        self._sampler = sampler_of(session.node).open()
        self._running = True
        self._until = session.node.clock.now() + _LONGEST
        self.table: Top = measured(session.node, None, *self._how)
        self._live = Live(session, self._draw, _SECONDS)
        if session.top is not None:
            session.top.stop()
        session.top = self

    def stop(self) -> None:
        """Measure no more."""
        if self._running:
            self._running = False
            self._sampler.close()
            self._live.close()
            if self._session.top is self:
                self._session.top = None

    def _draw(self) -> dict[str, str]:
        if self._running and self._session.node.clock.now() >= self._until:
            self._session.host.later(0, self.stop)
        elif self._running:
            self.table = measured(self._session.node, self._sampler.take(), *self._how)
            self._remember()
            self._live.touch()
        return {"text/html": html(self.table, self._past), "text/plain": repr(self.table)}

    def _remember(self) -> None:
        """The recent past of those who are shown."""
        self._past = {row.pid: self._past.get(row.pid, deque(maxlen=_PAST)) for row in self.table}
        for row in self.table:
            self._past[row.pid].append(row.rate)

    def __repr__(self) -> str:
        return repr(self.table)

    def _ipython_display_(self) -> Any:
        self._live.show()
        self._live.touch()
