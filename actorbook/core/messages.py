"""The messages that the runtime itself sends: `EXIT` and `DOWN`. Both work in `match`/`case`.

>>> match EXIT("<nb.1>", "killed"):
...     case EXIT(_, reason):
...         print(reason)
killed
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .ids import Pid, Ref

__all__ = ["DOWN", "EXIT", "down", "is_down"]


class EXIT(NamedTuple):
    """A linked process ended, or somebody sent an exit signal, and the receiver traps exits.

    Rules SIG-03, SIG-08.
    """

    pid: Pid
    reason: Any


class DOWN(NamedTuple):
    """A monitored process ended (MON-01 to MON-14): `pid` is `(name, node)` when it was monitored by name."""

    ref: Ref
    pid: Any
    reason: Any


def down(ref: Ref, item: Any, reason: Any, tag: Any) -> Any:
    """The message of a monitor: `DOWN`, or with a tag the plain tuple (rule MON-11)."""
    return DOWN(ref, item, reason) if tag is None else (tag, ref, item, reason)


def is_down(message: Any, ref: Ref) -> bool:
    """True for what `down` makes of this monitor, tagged or not."""
    if isinstance(message, DOWN):
        return message.ref is ref
    return isinstance(message, tuple) and len(message) == 4 and message[1] is ref
