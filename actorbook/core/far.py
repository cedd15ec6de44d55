"""Doing things on another node: spawn there, and ask somebody there.

The pid of a process that is spawned elsewhere is known at once, as everything that is sent to it arrives after
it was made. A request works as it does within a node: one alias, one monitor, one answer, nothing stays behind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .aliases import over_with_monitor
from .dest import is_via, whereis
from .errors import CallExit
from .ids import Pid, Ref
from .mailbox import Mailbox
from .messages import down
from .process import Process
from .signals import Spawned
from .waits import Wait

if TYPE_CHECKING:
    from .node import Node

__all__ = ["Elsewhere", "FarMonitor", "FarRequest", "elsewhere", "spawn_at"]

Elsewhere = tuple[str, Pid | str]


def elsewhere(dest: Any, node: Node) -> Elsewhere | None:
    """The node and the pid or name of a destination that is not of this node; None when it is."""
    if is_via(dest):
        dest = whereis(dest, node)
    if isinstance(dest, Pid):
        return None if dest.home is node.home else (dest.node, dest)
    if isinstance(dest, tuple) and len(dest) == 2 and dest[1] != node.name:
        return dest[1], dest[0]
    return None


class FarMonitor:
    """What `monitor` leaves on this side when the watched process is on another."""

    __slots__ = ("_item", "_process", "_ref", "_tag")

    def __init__(self, process: Process, item: Any, ref: Ref, tag: Any) -> None:
        self._process = process
        self._item = item
        self._ref = ref
        self._tag = tag

    def down(self, reason: Any) -> None:
        """It fires, once."""
        process = self._process
        if not process.ended:
            (process.monitors or {}).pop(self._ref, None)
            process.put(down(self._ref, self._item, reason, self._tag))
            over_with_monitor(process, self._ref)


def spawn_at(  # noqa: PLR0913  all that belongs to a process from its first moment
    me: Process,
    where: str,
    make: Callable[..., Any],
    args: tuple[Any, ...],
    *,
    name: str | None = None,
    label: str = "",
    link: bool = False,
    ref: Ref | None = None,
    mailbox: Mailbox | None = None,
) -> tuple[Pid, bool]:
    """Have the body `make(*args)` run on another node: its pid, and whether there is a connection.

    Raises `ValueError` for a node that nobody knows, `MessageError` for what cannot be encoded.
    """
    node = me.node
    pid = node.transport.reserve(where)
    if pid is None:
        raise ValueError(f"node={where!r}: unknown node, expected {_known(node)}")
    sent = node.transport.send(where, Spawned(me.pid, pid, make, args, name, label, link, ref, mailbox))
    if link:
        me.links = {**(me.links or {}), pid: None}
        if not sent:
            node.exits.arrive(pid, me.pid, "noconnection", linked=True)
    return pid, sent


def _known(node: Node) -> str:
    if not node.remote.peers:
        return f"{node.name!r}; start a cluster to have more"
    return f"one of {', '.join(map(repr, [node.name, *node.remote.peers]))}"


class FarRequest(Wait):
    """A request to a process of another node and its one answer; subclasses say how to ask."""

    __slots__ = ("ref", "target", "where")

    def __init__(self, process: Process, target: Elsewhere, timeout: float | None) -> None:
        super().__init__(process, timeout)
        self.where, self.target = target
        self.ref: Ref | None = None

    def ask(self, ref: Ref) -> None:
        """Watch the process, and send the request; `ref` is where the answer is to go."""
        node = self.process.node
        node.remote.watch(self.process.pid, self.where, self.target, ref, self)
        if self.wake is not None:  # else there is no connection
            node.transport.send(self.where, self.request(ref))

    def request(self, ref: Ref) -> Any:
        """The signal that carries the request."""
        raise NotImplementedError  # pragma: no cover

    def abandoned(self) -> None:
        """Nobody waits any more, and no answer came."""

    def arm(self) -> None:
        """Be reachable, then ask. What cannot be sent is the asking process's error, and leaves nothing behind."""
        node = self.process.node
        if self.timeout is not None:
            self.timer = node.patience(self.timeout, self)
        self.ref = ref = node.make_ref()
        node.aliases[ref] = self
        try:
            self.ask(ref)
        except BaseException:
            self.disarm()
            raise

    def disarm(self) -> None:
        """Forget alias and watch."""
        super().disarm()
        if self.ref is not None:
            self.process.node.aliases.pop(self.ref, None)
            self.process.node.remote.unwatch(self.ref)
            self.ref = None

    def down(self, reason: Any) -> None:
        """The process ended before it answered, or its node is lost."""
        self.settle(None, CallExit(reason, f"call failed: {self._whom()} ended with {reason!r}"))

    def expire(self) -> None:
        """No answer in time: it may still come, and vanish."""
        self.settle(None, CallExit("timeout", f"call to {self._whom()} got no answer within {self.timeout} s"))
        self.abandoned()

    def _whom(self) -> str:
        return repr(self.target) if isinstance(self.target, Pid) else f"{self.target} on {self.where}"
