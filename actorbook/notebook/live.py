"""A picture in a cell's output that is drawn anew in place while it changes: traces and tables of `top`."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from .session import Session

__all__ = ["Live"]

_SHARE = 8


class Live:
    """One output. `draw` makes what it shows; it is drawn at most every `seconds`, and less often when that is slow."""

    def __init__(self, session: Session, draw: Callable[[], dict[str, str]], seconds: float) -> None:
        self._session = session
        self._draw = draw
        self._seconds = seconds
        self._context = copy_context()  # of the cell: what is shown from here lands there
        self._handle: Any = None
        self._timer: Any = None
        self._cost = 0.0

    def show(self) -> None:
        """Put it below the cell that runs now; shown again, the new place is the live one."""
        from IPython.display import display

        self._handle = display(self._draw(), raw=True, display_id=True)

    def touch(self) -> None:
        """Something changed: draw soon. In a terminal, where nothing can be drawn in place, do nothing."""
        if self._timer is None and self._handle is not None and hasattr(self._session.shell, "kernel"):
            delay = max(self._seconds, _SHARE * self._cost)
            self._timer = self._session.host.later(delay, self.refresh, self._context)

    def refresh(self) -> None:
        """Draw now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._handle is None or not hasattr(self._session.shell, "kernel"):
            return
        now = self._session.node.clock.now
        began = now()
        self._handle.update(self._draw(), raw=True)
        self._cost = now() - began

    def close(self) -> None:
        """Draw a last time; no timer stays."""
        self.refresh()
        self._handle = None
