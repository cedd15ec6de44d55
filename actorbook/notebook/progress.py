"""Progress of something long, as one line below the cell that began it, rewritten in place."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

__all__ = ["show_progress"]

_line: ContextVar[tuple[str, Any] | None] = ContextVar("actorbook_progress", default=None)


def show_progress(text: str) -> None:
    """Show a line; lines that begin alike up to the colon are the same line."""
    from IPython.display import display

    what = text.partition(":")[0]
    shown = _line.get()
    bundle = {"text/plain": text}
    if shown is not None and shown[0] == what:
        shown[1].update(bundle, raw=True)
    else:
        _line.set((what, display(bundle, raw=True, display_id=True)))
