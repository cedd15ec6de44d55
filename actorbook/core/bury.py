"""Let go of a suspended body without running a line of it.

An exit signal is not an exception: neither `except` nor `finally` of the victim may run (rule SIG-11), and a
crashed node flushes nothing. Python has no call for that. `close()` throws `GeneratorExit` into the body and
runs whatever it does about it; dropping the last reference does the same. A trace function cannot help, since
one that raises is removed. What remains is the byte in which CPython keeps the state of a suspended frame:
once it says *completed*, the coroutine has nothing left to close, and its locals are released as those of any
object.

The byte is found by watching coroutines go through their states, and trusted only after a trial burial. Where
that fails (another interpreter, another layout) a body is closed instead: it still dies at once, but its
cleanup runs.
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from contextlib import suppress
from functools import cache
from types import CoroutineType, GeneratorType
from typing import Any

__all__ = ["bury", "leaves_no_trace"]

_COMPLETED = 1
_HEADER = 128


def bury(body: Coroutine[Any, Any, Any]) -> None:
    """End a coroutine that is not running; of a started one nothing runs, not even cleanup."""
    offset = _state_offset()
    if offset is not None and not _unstarted(body):
        for link in reversed(_chain(body)):
            if _is_the_loops(link):
                _cancel(link)  # it has no frame any more: its byte must be left as it is
            else:
                _write(link, offset, _COMPLETED)
        return
    _close(body)


def _close(body: Any) -> None:
    try:
        body.close()
    except BaseException as error:  # its cleanup failed: nobody is left to hear it
        error.__traceback__ = None


def _cancel(body: Any) -> None:
    """Cancel a frame of asyncio, so that it takes its timers and inner tasks back, and end it if it would wait on."""
    from sys import modules

    with suppress(BaseException):
        body.throw(modules["asyncio"].CancelledError())
    _close(body)


def _is_the_loops(body: Any) -> bool:
    """True for asyncio's own frames, such as `asyncio.sleep`: they give their timers back to the loop."""
    frame = getattr(body, "cr_frame", None)
    return frame is not None and str(frame.f_globals.get("__name__")).partition(".")[0] == "asyncio"


def leaves_no_trace() -> bool:
    """True where burying runs nothing of the body; False where it has to close it."""
    return _state_offset() is not None


def _unstarted(body: Any) -> bool:
    """A body that never ran has nothing to run, and closing it keeps Python from warning about it."""
    frame = getattr(body, "cr_frame", None)
    return frame is None or not getattr(body, "cr_suspended", True)


def _chain(body: Any) -> list[Any]:
    """A coroutine and everything that it awaits, as far as it is made of Python frames."""
    links = []
    while isinstance(body, CoroutineType | GeneratorType):
        links.append(body)
        body = body.cr_await if isinstance(body, CoroutineType) else body.gi_yieldfrom
    return links


def _read(body: Any) -> list[int]:
    from ctypes import string_at

    size = min(_HEADER, type(body).__basicsize__)
    return [byte - 256 if byte > 127 else byte for byte in string_at(id(body), size)]


def _write(body: Any, offset: int, value: int) -> None:
    _memset()(id(body) + offset, value, 1)


@cache
def _memset() -> Any:
    """Loaded with the first burial."""
    from ctypes import memset

    return memset


class _Rest:
    """Something to be suspended at."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def _sample(seen: list[str]) -> None:
    try:
        await _Rest()
    finally:
        seen.append("ran")


@cache
def _state_offset() -> int | None:
    """Where a coroutine keeps the state of its frame; None where that cannot be told for certain."""
    try:
        places = set.intersection(*(_candidates() for _ in range(4)))
        return places.pop() if len(places) == 1 and _trial(min(places)) else None
    except Exception:
        return None


def _candidates() -> set[int]:
    """Bytes that go from negative (created) up (suspended) to positive (closed), as the state does."""
    seen: list[str] = []
    body = _sample(seen)
    created = _read(body)
    body.send(None)
    suspended = _read(body)
    body.close()
    closed = _read(body)
    return {i for i, (a, b, c) in enumerate(zip(created, suspended, closed, strict=True)) if a < b < 0 < c}


def _trial(offset: int) -> bool:
    """Bury a sample for trial: nothing of it may run, and what it held must be let go."""
    from sys import getrefcount

    seen: list[str] = []
    before = getrefcount(seen)
    body = _sample(seen)
    body.send(None)
    _write(body, offset, _COMPLETED)
    del body
    return not seen and getrefcount(seen) == before
