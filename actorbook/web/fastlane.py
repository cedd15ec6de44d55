"""The fast lane: a broadcast is encoded once for each serializer, and the very same bytes go to all sockets (CH-40).

A channel subscribes with a `Lane` as metadata. Its events bypass it, but for those that it intercepts; whoever
else subscribed gets the `Broadcast` as a message.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..core.dest import deliver_late
from ..core.ids import Pid
from ..core.isolation import isolate
from ..core.running import current_node
from .broadcast import Broadcast

__all__ = ["Lane", "dispatch"]


class Lane(NamedTuple):
    """Where the frames of a channel go, how they are encoded, and which events are for the channel itself."""

    transport_pid: Pid
    serializer: Any
    intercepts: frozenset[str]


def dispatch(entries: Any, from_pid: Pid | None, message: Any) -> None:
    """The dispatcher of every broadcast of this layer."""
    node, frames = current_node(), dict[Any, Any]()
    for pid, lane in entries:
        if pid is from_pid:
            continue
        if type(lane) is Lane and type(message) is Broadcast and message.event not in lane.intercepts:
            frame = frames.get(lane.serializer)
            if frame is None:
                frame = lane.serializer.broadcast(message.topic, message.event, message.payload)
                frames[lane.serializer] = frame
            deliver_late(node, lane.transport_pid, frame)
        else:
            deliver_late(node, pid, isolate(message))
