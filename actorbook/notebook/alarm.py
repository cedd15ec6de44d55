"""One clear line while a callback keeps the loop: who, where, for how long, and what to do. Rewritten in place.

It is shown from the watchdog's thread, since nothing else can speak then, below the cell that was run last.
"""

from __future__ import annotations

from contextvars import Context, copy_context
from typing import Any

from ..core.watchdog import Blocking

__all__ = ["Alarm"]

_WAY_OUT = "interrupt the kernel or kill it in the tree: only this process ends"


class Alarm:
    """A line for each callback that takes too long."""

    def __init__(self) -> None:
        self._context: Context = copy_context()
        self._handle: Any = None

    def here(self) -> None:
        """The next line belongs below the cell that runs now."""
        self._context = copy_context()

    def tell(self, blocking: Blocking, over: bool) -> None:
        """As a listener of the watchdog: on its thread while it lasts, then on the loop's. A cell shows itself."""
        if blocking.pid is None:
            return
        self._context.copy().run(self._show, _line(blocking, over))
        if over:
            self._handle = None

    def _show(self, line: str) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display({"text/plain": line}, raw=True, display_id=True)
        else:
            self._handle.update({"text/plain": line}, raw=True)


def _line(blocking: Blocking, over: bool) -> str:
    who = f"{blocking.title} {blocking.pid!r}"
    if over:
        return f"{who} blocked the loop for {blocking}"
    return f"{who} is blocking the loop for {blocking} ({_WAY_OUT})"
