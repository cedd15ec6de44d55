"""What a frame of a client asks its socket to do: one pure decision (rules CH-10, CH-13, CH-21 to CH-28).

>>> decide(Message(None, "7", "phoenix", "heartbeat", {}), None, True, True)
'heartbeat'
>>> decide(Message("1", "9", "room:1", "say", {}), "3", True, True)              # of a join that is over
'drop'
"""

from __future__ import annotations

from typing import Literal

from .messages import Message

__all__ = ["Decision", "decide"]

Decision = Literal["heartbeat", "join", "rejoin", "too_many", "forward", "drop", "left", "unmatched"]


def decide(message: Message, joined: str | None, known: bool, room: bool) -> Decision:
    """`joined`: the join_ref under which the topic is joined; `known`: it has a channel; `room`: for one more."""
    if message.topic == "phoenix":
        return "heartbeat" if message.event == "heartbeat" else "unmatched"
    if message.event == "phx_join":
        return "rejoin" if joined is not None else _join(known, room)
    if joined is not None:
        return "forward" if message.join_ref is None or message.join_ref == joined else "drop"
    return "left" if message.event == "phx_leave" else "unmatched"


def _join(known: bool, room: bool) -> Decision:
    if not known:
        return "unmatched"
    return "join" if room else "too_many"
