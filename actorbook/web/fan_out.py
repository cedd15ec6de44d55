"""One message for many: it is isolated once, however many receive it, and still no two share what can change.

>>> make = copies(["tea"])
>>> one, two = make(), make()
>>> one.append("milk"); one, two
(['tea', 'milk'], ['tea'])
>>> make = copies(("tea", 2)); make() is make()
True

Python copies an object graph slowly, but reads one from a pickle quickly: so a message that can change is pickled
once. What `ab.share` wraps passes by as it is. Where pickle knows no way, each copy is made as `send` makes it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

from ..core.isolation import Shared, isolate

__all__ = ["copies", "fresh"]


def copies(message: Any) -> Callable[[], Any]:
    """What gives one more copy each time; the message is as it was now. Raises `MessageError` as `send` does."""
    kept = isolate(message, keep_shared=True)
    if isolate(kept) is kept:
        return lambda: kept
    shared: list[Any] = []
    try:
        data = _pickled(kept, shared)
    except Exception:  # noqa: BLE001  a class in a function, a lock: deepcopy may know a way, as it just did
        return partial(isolate, kept)
    return partial(_loaded, data, shared) if shared else partial(pickle.loads, data)


def fresh(value: Any) -> Any:
    """One copy of what was isolated before, such as the rows of a table, for somebody else."""
    try:
        return pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
    except Exception:  # noqa: BLE001  as above
        return isolate(value)


class _Pickler(pickle.Pickler):
    """Leaves out what is shared, and notes it."""

    def __init__(self, file: BytesIO, shared: list[Any]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._shared = shared

    def persistent_id(self, value: Any) -> int | None:
        """The place of a shared object among those noted."""
        if type(value) is not Shared:
            return None
        self._shared.append(value.value)
        return len(self._shared) - 1


class _Unpickler(pickle.Unpickler):
    """Puts back what was left out."""

    def __init__(self, data: bytes, shared: list[Any]) -> None:
        super().__init__(BytesIO(data))
        self._shared = shared

    def persistent_load(self, place: int) -> Any:
        """The shared object itself."""
        return self._shared[place]


def _pickled(value: Any, shared: list[Any]) -> bytes:
    file = BytesIO()
    _Pickler(file, shared).dump(value)
    return file.getvalue()


def _loaded(data: bytes, shared: list[Any]) -> Any:
    return _Unpickler(data, shared).load()
