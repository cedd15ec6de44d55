"""Messages are values: what is sent is a copy, so no process ever sees another one's mutation (rule ASY-04).

Immutable values (numbers, text, pids, functions, tuples and frozen dataclasses of such) pass as they are;
everything else is copied deeply at the send. `share(x)` passes one object as it is, for large read-only data.

    >>> basket = ["tea"]
    >>> sent = isolate(("order", basket)); basket.append("milk"); sent
    ('order', ['tea'])
"""

from __future__ import annotations

from copy import deepcopy
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType, NotImplementedType
from typing import Any, Final

from .errors import MessageError
from .ids import Home, Pid, Ref
from .reasons import Crash

__all__ = ["ATOMS", "Shared", "isolate", "isolate_all", "reveal", "share"]

ATOMS: Final = {
    int, str, bytes, float, bool, complex, type(None), type(...), NotImplementedType, range, slice,
    type, FunctionType, BuiltinFunctionType, CodeType, ModuleType, Pid, Ref, Home, Crash,
}  # fmt: skip
"""The types of values that never change."""
_CONTAINERS: Final = {tuple, frozenset}
_KEEP = "shared objects stay wrapped"


class Shared:
    """An object to be passed without a copy: the receiver gets the object itself. Made by `share`."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __deepcopy__(self, memo: Any) -> Any:
        return self if _KEEP in memo else self.value

    def __reduce__(self) -> tuple[Any, ...]:
        return _itself, (self.value,)  # another node gets the value: no object is in two kernels


def _itself(value: Any) -> Any:
    return value


def share(value: Any) -> Any:
    """Pass `value` in a message as it is, without copying: both sides must only read it from now on.

    Use it for what is large (an array, a table) or cannot be copied (a lock, a client). The receiver gets the
    object itself: `send(pid, ("frame", ab.share(array)))` arrives as `("frame", array)`.
    """
    return Shared(value)


def isolate(message: Any, *, keep_shared: bool = False) -> Any:
    """The value to deliver for `message`: itself when nothing in it can change, else a deep copy.

    With `keep_shared` what is wrapped by `share` stays so, for values that are to be sent on later.
    Raises `MessageError` (a `TypeError`) when something in it cannot be copied.
    """
    kind = type(message)
    if kind in ATOMS:
        return message
    if kind is tuple:
        for item in message:
            if type(item) not in ATOMS:
                break
        else:
            return message
    try:
        if _is_constant(message):
            return message
        memo: dict[Any, Any] = {_KEEP: True} if keep_shared else {}
        return deepcopy(message, memo)
    except Exception as error:
        raise MessageError(
            f"cannot copy the message: expected plain data, got {_blame(message)} ({error}); "
            "send data instead, or wrap the object in ab.share(…) if both sides only read it"
        ) from error


def reveal(value: Any) -> Any:
    """A copy for showing; what cannot be copied is shown as its text, since looking must never fail."""
    if type(value) in ATOMS:
        return value
    try:
        return value if _is_constant(value) else deepcopy(value)
    except Exception:
        return _text(value)


def isolate_all(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """`isolate` for the arguments of a function: the very tuple when none of them can change."""
    for value in values:
        if type(value) not in ATOMS:
            whole: tuple[Any, ...] = isolate(values)
            return whole
    return values


def _is_constant(value: Any) -> bool:
    """True when nothing reachable from `value` can be changed."""
    kind = type(value)
    if kind in ATOMS:
        return True
    if kind in _CONTAINERS:
        return _all_constant(value)
    if kind is Shared or kind.__class__ is not type:
        return isinstance(value, type)
    if isinstance(value, tuple):  # a named tuple, or our own EXIT and DOWN
        return not hasattr(value, "__dict__") and _all_constant(value)
    fields = _frozen_fields(kind)
    return fields is not None and all(_is_constant(getattr(value, name, None)) for name in fields)


def _all_constant(items: Any) -> bool:
    for item in items:  # noqa: SIM110  a plain loop: this stands in the way of every message
        if type(item) not in ATOMS and not _is_constant(item):
            return False
    return True


def _frozen_fields(kind: type) -> Any:
    """The field names of a frozen dataclass, None for any other class."""
    parameters = getattr(kind, "__dataclass_params__", None)
    if parameters is None or not parameters.frozen:
        return None
    return getattr(kind, "__dataclass_fields__", ())


def _blame(message: Any) -> str:
    """The first part of `message` that cannot be copied, named by its place."""
    parts = (
        message.items()
        if isinstance(message, dict)
        else enumerate(message)
        if isinstance(message, list | tuple)
        else ()
    )
    for place, part in parts:
        try:
            deepcopy(part)
        except Exception:
            return f"{_text(part)} at [{place!r}]"
    return _text(message)


def _text(value: Any, limit: int = 80) -> str:
    try:
        text = repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= limit else text[: limit - 1] + "…"
