"""The tap: it sits where messages are sent and taken, numbers those that a trace wants, and knows what caused them.

There is one for all nodes of a kernel, and only while at least one trace runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..core.ids import Pid, Ref
from ..core.mailbox import Queue
from ..core.messages import DOWN, EXIT
from ..core.node import Node, NoTransport
from ..core.process import Description, Process
from ..core.reasons import describe
from ..core.running import current_node, owner, running
from ..core.signals import Replied, Sent, Spawned, Stamped, Told
from ..core.waits import Asked, Wait
from .nodes import all_nodes, epoch
from .recorder import Event, recorder_of
from .trace_handle import Trace
from .trace_mailbox import follow, followed, unfollow
from .trace_payload import bounded, line, read
from .trace_wire import Answer, FollowedTransport

__all__ = ["Tap", "tap_of"]

_DEAD = 10_000


class Flight(NamedTuple):
    """A message on its way, and the traces that want it."""

    traces: list[Trace]
    number: int
    sender: Pid | None
    receiver: Pid | None
    what: str
    cause: int
    name: str


def tap_of(node: Node) -> Tap:
    """The tap of a node; it is put in now if there is none."""
    if not isinstance(node.tap, Tap):
        Tap(node).install()
    assert isinstance(node.tap, Tap)
    return node.tap


class Tap:
    """Follows messages for all traces that run. `nodes` are those whose mailboxes tell."""

    def __init__(self, node: Node) -> None:
        self.here = node
        self.nodes: dict[str, Node] = {}
        self.traces: list[Trace] = []
        self._numbers = 0
        self._flying: dict[int, Flight] = {}
        self._handling: dict[Pid, int] = {}
        self._taken: dict[Pid, tuple[Any, int]] = {}
        self._outside: dict[Ref, int] = {}
        self._askers: dict[Ref, Pid] = {}
        self._names: dict[Pid, str] = {}
        self._stamp = 0
        self._spawning: tuple[int, Pid] | None = None

    # --- in and out ---------------------------------------------------------------------------------------

    def install(self) -> None:
        """Have all nodes tell that do not yet."""
        for node in all_nodes(self.here):
            if not isinstance(node.transport, NoTransport | FollowedTransport):
                node.transport = FollowedTransport(self, node, node.transport)
            if node.tap is self:
                continue
            node.tap = self
            self.nodes[node.name] = node
            node.spare.clear()  # mailboxes kept for whoever needs one next: these would not tell
            listeners = recorder_of(node).wakers
            if self.happened not in listeners:
                listeners.append(self.happened)
            for process in node.processes.values():
                follow(self, process)

    def remove(self) -> None:
        """Nobody traces any more: leave no trace."""
        for node in self.nodes.values():
            if node.tap is not self:
                continue
            node.tap = None
            if isinstance(node.transport, FollowedTransport):
                node.transport = node.transport.inner
            listeners = recorder_of(node).wakers
            if self.happened in listeners:
                listeners.remove(self.happened)
            for process in node.processes.values():
                unfollow(process)

    def stopped(self, trace: Trace) -> None:
        """A trace is over."""
        if trace in self.traces:
            self.traces.remove(trace)
        if not self.traces:
            self.remove()

    def now(self) -> float:
        """Seconds since the node started that carries the others."""
        return self.here.clock.now() - epoch(self.here)

    # --- what core.ports.Tap asks for ---------------------------------------------------------------------

    def mailbox(self, process: Process) -> Queue:
        """A mailbox that tells."""
        return followed(self, process)

    def lost(self, node: Node, dest: Any, message: Any) -> None:
        """A message went to nobody."""
        number = self._send(self.sender(node, message), dest if isinstance(dest, Pid) else None, message, _word(dest))
        if number:
            self.dropped(number, "nobody there")

    def arrive(self, node: Node, signal: Stamped) -> None:
        """A signal from another node arrives, and is known again."""
        number, inner = signal
        if isinstance(inner, Replied):
            self._answered(node, number, inner.ref)
        elif isinstance(inner, Spawned):
            self._spawning = number, inner.sender
        else:
            self._stamp = number
        node.remote.arrive(inner)
        if self._stamp:
            self.dropped(self._stamp, "nobody there")
        self._stamp, self._spawning = 0, None

    # --- what mailboxes tell ------------------------------------------------------------------------------

    def entering(self, receiver: Process, message: Any) -> int:
        """A message is sent to a process here: its number, or 0 when no trace wants it."""
        if self._stamp:
            number, self._stamp = self._stamp, 0
            return number if number in self._flying else 0
        before = self._taken.get(receiver.pid)
        if before is not None and before[0] is message:  # it is put back: who had taken it was cancelled
            return before[1]
        ref = message.caller.ref if isinstance(message, Asked) else None
        if ref is not None and ref in self._outside:  # it waited before a full mailbox
            return self._outside.pop(ref)
        number = self._send(self.sender(receiver.node, message), receiver.pid, message)
        if number and ref is not None:
            self._outside[ref] = number
        return number

    def entered(self, receiver: Process, message: Any) -> None:
        """It is in: of a call the answer is wanted as well."""
        if not isinstance(message, Asked):
            return
        ref, node = message.caller.ref, receiver.node
        self._outside.pop(ref, None)
        waiting = node.aliases.get(ref)
        if isinstance(waiting, Wait) and not isinstance(waiting, Answer):
            node.aliases[ref] = Answer(self, waiting)
        elif ref.home is not node.home:
            self._askers[ref] = message.caller.pid

    def taken(self, process: Process, number: int, message: Any) -> None:
        """A process takes a message: what it sends from now on is caused by that."""
        pid = process.pid
        if not number:
            self._handling.pop(pid, None)
            return
        self._handling[pid] = number
        if process is process.node.shell:  # what a cancelled cell had got is put back, and is no new message then
            self._taken[pid] = message, number
        self._land(number)

    def dropped(self, number: int, why: str) -> None:
        """A message will never be taken."""
        flight = self._flying.pop(number, None)
        if flight is not None:
            self._record("lost", flight, why)

    # --- answers ------------------------------------------------------------------------------------------

    def replied(self, receiver: Process, value: Any) -> None:
        """A request is answered within a node: the answer is there at once."""
        number = self._send(self.sender(receiver.node, value), receiver.pid, value, "", "reply")
        if number:
            self._handling[receiver.pid] = number
            self._land(number)

    def leaving(self, node: Node, goal: Node, signal: Any) -> int:
        """A signal leaves for another node: the number to put on it."""
        if isinstance(signal, Spawned):
            return self._handling.get(signal.sender, 0) if signal.sender is not node.shell.pid else 0
        if isinstance(signal, Replied):
            receiver = self._askers.pop(signal.ref, None)
            return self._send(self.sender(node, None), receiver, signal.value, "", "reply") if receiver else 0
        if isinstance(signal, Sent | Told):
            return self._send(
                self.sender(node, signal.message), _receiver(goal, signal.target), signal.message, _word(signal.target)
            )
        return 0

    def _answered(self, node: Node, number: int, ref: Ref) -> None:
        waiting = node.aliases.get(ref)
        if waiting is not None:
            self._handling[waiting.process.pid] = number
            self._land(number)
        else:
            self.dropped(number, "nobody waits any more")

    # --- recording ----------------------------------------------------------------------------------------

    def sender(self, node: Node, message: Any) -> Pid | None:
        """Who sends: the process that has its turn, the shell for code outside, nobody for a timer."""
        if isinstance(message, EXIT | DOWN):
            return message.pid if isinstance(message.pid, Pid) else None
        process = running.process or owner.get()
        if process is not None:
            return process.pid
        return None if node.timers.firing else current_node().shell.pid

    def _send(self, sender: Pid | None, receiver: Pid | None, message: Any, name: str = "", what: str = "") -> int:
        cause = self._cause(sender)
        traces = [trace for trace in self.traces if trace.scope.message(sender, receiver, cause)]
        if not traces:
            return 0
        sort, body = (what, message) if what else read(message)
        flight = self._flight(traces, sender, receiver, sort, cause, name)
        self._flying[flight.number] = flight
        self._record("sent", flight, line(body), bounded(body))
        return flight.number

    def _flight(self, traces: list[Trace], *how: Any) -> Flight:
        """A number, and what goes under it."""
        self._numbers += 1
        flight = Flight(traces, self._numbers, *how)
        for trace in traces:
            trace.scope.numbered(flight.number, flight.sender, flight.receiver)
        return flight

    def _cause(self, pid: Pid | None) -> int:
        return self._handling.get(pid, 0) if pid is not None else 0

    def _land(self, number: int) -> None:
        flight = self._flying.pop(number, None)
        if flight is not None:
            self._record("received", flight)

    def _record(self, kind: str, flight: Flight, text: str = "", payload: Any = None) -> None:
        traces, number, sender, receiver, what, cause, name = flight
        names = self.title(sender), name or self.title(receiver)
        for trace in traces:
            trace.record(self.now(), kind, number, sender, receiver, what, text, payload, cause, *names)

    def title(self, pid: Pid | None) -> str:
        """What to call a process, dead or alive."""
        if pid is None:
            return ""
        node = self.nodes.get(pid.node)
        process = node.local(pid) if node is not None else None
        if process is None:
            return self._names.get(pid, repr(pid))
        return "cell" if process is self.here.shell else process.title()

    # --- lives --------------------------------------------------------------------------------------------

    def happened(self, event: Event) -> None:
        """Something happened to a process, or a node has started."""
        act: Callable[[Event], None] | None = {
            "started": self._born, "registered": self._named, "exited": self._died, "crashed": self._died,
            "restarted": self._replaced, "node_started": self._more_nodes,
        }.get(event.kind)  # fmt: skip
        if act is not None:
            act(event)

    def _more_nodes(self, event: Event) -> None:
        self.install()

    def _process(self, pid: Pid | None) -> Process | None:
        node = self.nodes.get(pid.node) if pid is not None else None
        return node.local(pid) if node is not None and pid is not None else None

    def _named(self, event: Event) -> None:
        process = self._process(event.pid)
        for trace in self.traces if process is not None else ():
            trace.scope.named(process)  # type: ignore[arg-type]

    def _born(self, event: Event) -> None:
        process = self._process(event.pid)
        if process is None:
            return
        parent = process.parent
        cause = self._cause(parent)
        if self._spawning is not None:
            cause, parent = self._spawning
        traces = [trace for trace in self.traces if trace.scope.born(process, cause)]
        if not traces:
            return
        how = "spawn_link" if process.links and parent in process.links else "spawn"
        flight = self._flight(traces, parent, process.pid, how, cause, "")
        self._handling[process.pid] = flight.number
        self._names[process.pid] = process.title()
        text = event.detail.cls if isinstance(event.detail, Description) else event.text
        self._record("started", flight, text)

    def _died(self, event: Event) -> None:
        pid = event.pid
        if pid is None:
            return
        if len(self._names) >= _DEAD:
            self._forget()
        self._names[pid] = event.name or self._names.get(pid, repr(pid))
        traces = [trace for trace in self.traces if trace.scope.life(pid)]
        self._record(
            event.kind, Flight(traces, 0, None, pid, "exit", self._cause(pid), ""), describe(event.detail, 120)
        )

    def _replaced(self, event: Event) -> None:
        pid, (_, (old, _, _)) = event.pid, event.detail
        traces = [trace for trace in self.traces if pid is not None and trace.scope.follows(old, pid)]
        self._record("restarted", Flight(traces, 0, old, pid, "restart", 0, event.name), event.text)

    def _forget(self) -> None:
        """Many processes have ended: what was kept of them goes."""
        self._names.clear()
        self._handling = {pid: n for pid, n in self._handling.items() if self._process(pid) is not None}


def _word(dest: Any) -> str:
    """What to call a destination that is not known as a process."""
    return dest if isinstance(dest, str) else "" if isinstance(dest, Pid) else str(dest)


def _receiver(goal: Node, target: Any) -> Pid | None:
    """The process of another node that a message is for, as far as it is there."""
    if isinstance(target, Pid):
        return target
    if isinstance(target, Ref):
        alias = goal.aliases.get(target)
        return None if alias is None else alias.process.pid
    process = goal.find(target)
    return None if process is None else process.pid
