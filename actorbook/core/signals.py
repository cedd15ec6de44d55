"""Signals between processes of different nodes, as plain values: what a transport carries.

Within a node the same effects happen at once and without these objects.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .ids import Pid, Ref

__all__ = ["Demonitored", "Exited", "Linked", "Monitored", "Sent", "Signal", "Unlinked", "Went"]


class Sent(NamedTuple):
    """A message to a pid, a name or an alias."""

    target: Pid | Ref | str
    message: Any


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


Signal = Sent | Exited | Linked | Unlinked | Monitored | Demonitored | Went
