"""What the process of a behaviour serves, for those who read it and message nobody: class, object, and table.

All three are None for a process that runs a plain function, and for None itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .process import Process

__all__ = ["book_of", "class_of", "server_of"]


def class_of(process: Process | None) -> Any:
    """The user's class."""
    return getattr(process.body, "cls", None) if process is not None else None


def server_of(process: Process | None) -> Any:
    """The user's object: its state."""
    return getattr(process.body, "server", None) if process is not None else None


def book_of(process: Process | None) -> Any:
    """The table that one of the runtime's own servers keeps for others to look things up in."""
    return getattr(server_of(process), "book", None)
