"""The handle of a call made by a magic: it shows its state, updates in place, and can be awaited.

x = %actor call till add 5
await x
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

__all__ = ["CallHandle"]


class CallHandle:
    """A call under way."""

    def __init__(self, what: str, task: Any) -> None:
        self._what = what
        self._task = task
        self._display: Any = None
        task.add_done_callback(lambda _: self._update())

    def __await__(self) -> Generator[Any, Any, Any]:
        answer: Generator[Any, Any, Any] = self._task.__await__()
        return answer

    def done(self) -> bool:
        """True when the answer is there, or the failure."""
        return bool(self._task.done())

    def __repr__(self) -> str:
        if not self._task.done():
            return f"{self._what} … waiting for the answer"
        if self._task.cancelled():
            return f"{self._what} was cancelled"
        error = self._task.exception()
        return f"{self._what} → {self._task.result()!r}" if error is None else f"{self._what} ✕ {error}"

    def _ipython_display_(self) -> None:
        from IPython.display import display

        self._display = display({"text/plain": repr(self)}, raw=True, display_id=True)

    def _update(self) -> None:
        if self._display is not None:
            self._display.update({"text/plain": repr(self)}, raw=True)
