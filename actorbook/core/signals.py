"""Signals between processes of different nodes, as plain values: what a transport carries.

Within a node the same effects happen at once and without these objects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .ids import Pid, Ref

__all__ = [
    "AskedToEnd",
    "Demonitored",
    "Exited",
    "Linked",
    "Monitored",
    "Replied",
    "Sent",
    "Signal",
    "Spawned",
    "Stamped",
    "Told",
    "Unlinked",
    "UnlinkedToo",
    "Went",
]  # fmt: skip


class Sent(NamedTuple):
    """A message to a pid, a name or an alias."""

    target: Pid | Ref | str
    message: Any


class Told(NamedTuple):
    """A message of the runtime itself: no mailbox is too full for it, and no network loses it."""

    target: Pid | str
    message: Any


class Replied(NamedTuple):
    """The answer to a request."""

    ref: Ref
    value: Any


class Spawned(NamedTuple):
    """`sender` starts the process `pid`, which runs the body `make(*args)`; link and monitor come with it (SIG-18)."""

    sender: Pid
    pid: Pid
    make: Callable[..., Any]
    args: tuple[Any, ...]
    name: str | None
    label: str
    link: bool
    ref: Ref | None
    mailbox: Any = None


class AskedToEnd(NamedTuple):
    """`sender` asks `target` to end in an orderly way, and is answered by its end (rule GEN-29)."""

    sender: Pid
    target: Pid | str
    ref: Ref
    reason: Any


class Exited(NamedTuple):
    """An exit signal, by a link or by `exit(pid, reason)`."""

    sender: Pid
    target: Pid
    reason: Any
    linked: bool


class Linked(NamedTuple):
    """`sender` asks to be linked with `target`."""

    sender: Pid
    target: Pid


class Unlinked(NamedTuple):
    """`sender` takes its link with `target` back."""

    sender: Pid
    target: Pid


class UnlinkedToo(NamedTuple):
    """`sender` has taken the link with `target` back as well: what was sent before that is over (rule SIG-22)."""

    sender: Pid
    target: Pid


class Monitored(NamedTuple):
    """`sender` wants to hear of the end of `target`."""

    sender: Pid
    target: Pid | str
    ref: Ref


class Demonitored(NamedTuple):
    """`sender` no longer wants to hear."""

    sender: Pid
    target: Pid | str
    ref: Ref


class Went(NamedTuple):
    """The monitored process ended."""

    target: Pid
    ref: Ref
    item: Any
    reason: Any


class Stamped(NamedTuple):
    """Any of the others with a number on it: somebody traces, and wants to know it again on the other side."""

    number: int
    signal: Any


Signal = (
    Sent
    | Stamped
    | Told
    | Replied
    | Spawned
    | AskedToEnd
    | Exited
    | Linked
    | Unlinked
    | UnlinkedToo
    | Monitored
    | Demonitored
    | Went
)
