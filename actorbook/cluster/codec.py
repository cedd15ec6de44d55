"""How signals travel: as values, by pickle, the well-kept standard for Python's own data.

Pids and refs come back as the very same objects (`core.ids`). Functions and classes are named, not sent, and
so have to be importable on the other side; what is not is sent by value where cloudpickle is installed.

What cannot be encoded fails at the send, in the sender. Within one kernel a message of plain immutable values
passes as it is, since nobody can change it; anything else is encoded even there, so that what works in a
simulated cluster works in a real one.

**Trust.** Unpickling can run any code that the bytes ask for. A node executes nothing beyond that, yet it has
to trust its peers: let only nodes of your own into a cluster, over a network that you trust or by TLS.
"""

from __future__ import annotations

import copyreg
import pickle
from collections import ChainMap
from importlib import import_module
from io import BytesIO
from types import ModuleType
from typing import Any, cast

from ..behaviours.protocol import Call, Caller, Cast, Invoke
from ..core.errors import MessageError
from ..core.ids import Pid, Ref
from ..core.messages import DOWN, EXIT
from ..core.reasons import describe
from ..core.signals import (
    AskedToEnd,
    Demonitored,
    Exited,
    Linked,
    Monitored,
    Replied,
    Sent,
    Signal,
    Spawned,
    Stamped,
    Unlinked,
    UnlinkedToo,
    Went,
)

__all__ = ["decode", "encode", "pack"]

_PLAIN = {int, str, bytes, float, bool, complex, type(None), Pid, Ref}
_TUPLES = {tuple, frozenset, Caller, EXIT, DOWN}
_SHORT = {Linked, Unlinked, UnlinkedToo, Monitored, Demonitored}
_ENDS = {Exited, Went, AskedToEnd}
_PROTOCOL = 5


def encode(signal: Signal) -> Signal | bytes:
    """What is to travel: the signal itself where nobody could tell the difference, else bytes."""
    kind = type(signal)
    if kind is Sent or kind is Replied:
        return signal if type(signal[1]) in _PLAIN or _is_plain(signal[1]) else pack(signal)
    if kind is Stamped:
        inner = cast("Stamped", signal).signal
        return signal if encode(inner) is inner else pack(signal)
    if kind in _SHORT or (kind in _ENDS and _is_plain(cast("Any", signal).reason)):
        return signal
    return pack(signal)


def _is_plain(value: Any) -> bool:
    """True for immutable values that any node can make sense of."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind in _TUPLES:
        return _all_plain(value)
    if kind is Cast:
        return _is_plain(value.request)
    if kind is Call:
        return _is_plain(value.request)
    return kind is Invoke and not value.kwargs and _all_plain(value.args)


def _all_plain(items: Any) -> bool:
    for item in items:  # noqa: SIM110  a plain loop: this stands in the way of every message
        if type(item) not in _PLAIN and not _is_plain(item):
            return False
    return True


def pack(signal: Signal) -> bytes:
    """A signal as bytes. Of an end that has a reason which cannot travel, the reason travels as text."""
    try:
        return _dumps(signal)
    except Exception as error:
        if isinstance(signal, Exited | Went):
            return _dumps(signal._replace(reason=describe(signal.reason)))
        raise MessageError(
            f"cannot send to another node: expected data, importable functions and classes, got {_what(signal)} "
            f"({error}); send data instead, define the function at the top level of a module or a cell, "
            "or install cloudpickle"
        ) from error


def _what(signal: Signal) -> str:
    """The part of a signal that the sender chose."""
    return describe(signal.args if isinstance(signal, Spawned) else cast("Any", signal)[-1], 80)


def _by_name(module: ModuleType) -> tuple[Any, tuple[str]]:
    return import_module, (module.__name__,)


_TABLE: Any = ChainMap({ModuleType: _by_name}, cast("Any", copyreg.dispatch_table))


class _Pickler(pickle.Pickler):
    """Pickle, and modules by their names: via-names are made of them."""

    dispatch_table = _TABLE


def _dumps(value: Any) -> bytes:
    try:
        return pickle.dumps(value, _PROTOCOL)
    except Exception:  # noqa: BLE001  whatever it is, there is another way to try
        return _dumps_thoroughly(value)


def _dumps_thoroughly(value: Any) -> bytes:
    """With modules, and with functions and classes by value where that can be done."""
    try:
        buffer = BytesIO()
        _Pickler(buffer, _PROTOCOL).dump(value)
        return buffer.getvalue()
    except Exception:
        by_value = _cloudpickle()
        if by_value is None:
            raise
        return cast("bytes", by_value.dumps(value, _PROTOCOL))


def _cloudpickle() -> Any:
    """What encodes functions by value, when it is installed."""
    try:
        return import_module("cloudpickle")
    except ImportError:
        return None


def decode(item: Signal | bytes) -> Signal:
    """The signal that arrives."""
    return cast("Signal", pickle.loads(item)) if type(item) is bytes else cast("Signal", item)
