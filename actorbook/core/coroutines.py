"""Which results of a function are to be stepped. Never compiled: a compiled coroutine would be none."""

from __future__ import annotations

from inspect import CO_ITERABLE_COROUTINE
from types import CoroutineType, GeneratorType
from typing import Any

from .waits import Wait

__all__ = ["steppable"]


def steppable(result: Any) -> Any:
    """What to step when a function returned `result`: a coroutine, or what `receive` and `sleep` return; else None."""
    if type(result) is CoroutineType:
        return result
    if isinstance(result, Wait):
        return _coroutine(result)
    if type(result) is GeneratorType and result.gi_code.co_flags & CO_ITERABLE_COROUTINE:
        return result
    return None


async def _coroutine(wait: Wait) -> Any:
    return await wait
