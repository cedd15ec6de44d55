"""What a trace sees of messages that go to no mailbox of this node: answers, and what leaves for another node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.ids import Pid
from ..core.node import Node
from ..core.ports import Transport
from ..core.process import Process
from ..core.signals import Signal, Stamped
from ..core.waits import Wait

if TYPE_CHECKING:
    from .trace_tap import Tap

__all__ = ["Answer", "FollowedTransport"]


class Answer(Wait):
    """Stands where the answer to a traced call is to go, and passes it on."""

    __slots__ = ("_tap", "_waiting")

    def __init__(self, tap: Tap, waiting: Wait) -> None:
        super().__init__(waiting.process, None)
        self._tap = tap
        self._waiting = waiting

    def answered(self, value: Any) -> None:
        """It is there."""
        self._tap.replied(self.process, value)
        self._waiting.answered(value)

    def arrive(self, message: Any) -> None:
        """It came as a plain message."""
        self._tap.replied(self.process, message)
        self._waiting.arrive(message)

    def refused(self, target: Process) -> None:
        """There will be none."""
        self._waiting.refused(target)


class FollowedTransport:
    """The transport of a node, with a number on each signal that a trace wants to know again on the other side."""

    __slots__ = ("_node", "_tap", "inner")

    def __init__(self, tap: Tap, node: Node, inner: Transport) -> None:
        self._tap = tap
        self._node = node
        self.inner = inner

    def send(self, node: str, signal: Signal) -> bool:
        """Send it, stamped where the other side is in this kernel, and so can read stamps."""
        goal = self._tap.nodes.get(node)
        number = self._tap.leaving(self._node, goal, signal) if goal is not None else 0
        if not number:
            return self.inner.send(node, signal)
        sent = self.inner.send(node, Stamped(number, signal))
        if not sent:
            self._tap.dropped(number, f"no connection to {node}")
        return sent

    def reserve(self, node: str) -> Pid | None:
        """As ever."""
        return self.inner.reserve(node)

    def class_of(self, pid: Pid) -> type | None:
        """As ever."""
        return self.inner.class_of(pid)
