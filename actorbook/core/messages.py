"""The messages that the runtime itself sends: `EXIT` and `DOWN`. Both work in `match`/`case`.

>>> match EXIT("<nb.1>", "killed"):
...     case EXIT(_, reason):
...         print(reason)
killed
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .ids import Pid, Ref

__all__ = ["DOWN", "EXIT"]


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
