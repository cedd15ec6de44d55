"""What the shards of a tracker say to each other, over its pubsub."""

from __future__ import annotations

from typing import NamedTuple

from ..core.ids import Pid
from .presence_state import State

__all__ = ["Heartbeat", "PermDown", "TransferAck", "TransferRequest"]


class Heartbeat(NamedTuple):
    """I live, my events go up to `clock`, and here are those since the last time, if there are any."""

    replica: Pid
    node: str
    clock: int
    delta: State | None


class TransferRequest(NamedTuple):
    """I know your events up to `clock` only: send me those that follow."""

    replica: Pid
    node: str
    clock: int


class TransferAck(NamedTuple):
    """Here they are, or, when that is too long ago, all that I have."""

    replica: Pid
    node: str
    clock: int
    delta: State


class PermDown(NamedTuple):
    """I go, and will not be back."""

    replica: Pid
    node: str
