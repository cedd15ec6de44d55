"""A wait as a coroutine, for what takes coroutines only. Never compiled: a compiled one would be no coroutine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .waits import Wait

__all__ = ["coroutine"]


async def coroutine(wait: Wait) -> Any:
    """Await `wait`."""
    return await wait
