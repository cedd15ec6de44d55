"""What a node has to do with others: whom it watches there, what comes from there, and what their loss means.

Signals arrive in the order in which the other node sent them, and act on arrival. When a node is lost, each
link with it is an exit signal `"noconnection"`, each monitor a DOWN, each open request fails, and only then do
those hear `("nodedown", name)` who asked for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import MailboxFullError
from .ids import Home, Pid, Ref
from .process import Mourner, Process, Watch
from .reasons import describe, reason_of
from .signals import (
    AskedToEnd,
    Demonitored,
    Exited,
    Linked,
    Monitored,
    Replied,
    Sent,
    Signal,
    Spawned,
    Stamped,
    Told,
    Unlinked,
    UnlinkedToo,
    Went,
)

if TYPE_CHECKING:
    from .node import Node

__all__ = ["Remote"]


class _Watching(NamedTuple):
    """A process of another node that somebody here watches."""

    where: str
    watcher: Pid
    target: Pid | str
    mourner: Mourner


class Remote:
    """The part of a node that deals with other nodes. `peers` are those it is connected with, by name."""

    __slots__ = ("_actions", "_node", "_unlinking", "_watched", "_watching", "listeners", "peers")

    def __init__(self, node: Node) -> None:
        self._node = node
        self.peers: dict[str, Home] = {}
        self.listeners: dict[Pid, int] = {}
        self._watching: dict[Ref, _Watching] = {}
        self._watched: dict[Ref, Process] = {}
        self._unlinking: dict[tuple[Pid, Pid], int] = {}
        self._actions: dict[type, Any] = {
            Told: self._on_told,
            Replied: self._on_replied,
            Spawned: self._on_spawned,
            AskedToEnd: self._on_asked_to_end,
            Exited: self._on_exited,
            Linked: self._on_linked,
            Unlinked: self._on_unlinked,
            UnlinkedToo: self._on_unlinked_too,
            Monitored: self._on_monitored,
            Demonitored: self._on_demonitored,
            Went: self._on_went,
            Stamped: self._on_stamped,
        }

    # --- what goes out ----------------------------------------------------------------------------------

    def watch(
        self, watcher: Pid, where: str, target: Pid | str, ref: Ref, mourner: Mourner, *, asked: bool = False
    ) -> None:
        """Have `mourner` hear of the end of a process there, or of the connection; `asked`: the node there knows."""
        if asked or self._node.transport.send(where, Monitored(watcher, target, ref)):
            self._watching[ref] = _Watching(where, watcher, target, mourner)
        else:
            mourner.down("noconnection")

    def unwatch(self, ref: Ref) -> bool:
        """Stop; False when there is nothing to stop."""
        watching = self._watching.pop(ref, None)
        if watching is not None:
            self._node.transport.send(watching.where, Demonitored(watching.watcher, watching.target, ref))
        return watching is not None

    def went(self, watch: Watch, ref: Ref, reason: Any) -> None:
        """A process of this node ended that another node watches."""
        self._watched.pop(ref, None)
        self._node.transport.send(watch.pid.node, Went(watch.pid, ref, watch.item, reason))

    def unlink(self, pid: Pid, peer: Pid) -> None:
        """Take a link with a process there back. Until it has agreed, what it wished before is void (SIG-22)."""
        if self._node.transport.send(peer.node, Unlinked(pid, peer)):
            self._unlinking[pid, peer] = self._unlinking.get((pid, peer), 0) + 1

    # --- what comes in ----------------------------------------------------------------------------------

    def arrive(self, signal: Signal) -> None:
        """A signal is there."""
        if type(signal) is not Sent:
            self._actions[type(signal)](signal)
            return
        target, message = signal
        process = self._node.processes.get(target) if type(target) is Pid else self._node.find(target)  # type: ignore[arg-type]
        try:
            if process is not None:
                process.post(message)
            elif type(target) is Ref and target in self._node.aliases:
                self._node.aliases[target].arrive(message)
        except MailboxFullError:  # who sent it is far away
            pass

    def _on_told(self, signal: Told) -> None:
        process = self._node.find(signal.target)
        if process is not None:
            process.put(signal.message)

    def _on_replied(self, signal: Replied) -> None:
        alias = self._node.aliases.get(signal.ref)
        if alias is not None:
            alias.answered(signal.value)

    def _on_spawned(self, signal: Spawned) -> None:
        node = self._node
        try:
            body = signal.make(*signal.args)
            process = node.spawn(
                body, parent=None, name=signal.name, label=signal.label, pid=signal.pid, mailbox=signal.mailbox
            )
        except Exception as error:
            holder = node.names.get(signal.name) if signal.name else None
            self._stillborn(signal, reason_of(error) if holder is None else ("already_started", holder.pid))
            return
        if node.tracer is not None:
            node.tracer.note("adopted", process)
        process.parent = signal.sender
        if signal.link:
            process.links = {signal.sender: None}
            node.fostered[process.pid] = process
        if signal.ref is not None:
            self._watch_for(signal.sender, process, signal.pid, signal.ref)

    def _stillborn(self, signal: Spawned, reason: Any) -> None:
        """It never lived: its name is taken, or its body could not be made. Who is linked or watches is told why."""
        send = self._node.transport.send
        if signal.ref is not None:
            send(signal.sender.node, Went(signal.sender, signal.ref, signal.pid, reason))
        if signal.link:
            send(signal.sender.node, Exited(signal.pid, signal.sender, reason, linked=True))
        if self._node.tracer is not None:
            self._node.tracer.record(
                "report", signal.pid, signal.name or signal.label, f"did not start: {describe(reason)}"
            )

    def _on_asked_to_end(self, signal: AskedToEnd) -> None:
        process = self._node.find(signal.target)
        if process is not None:
            process.body.wind_up(process, signal.sender, signal.ref, signal.reason)

    def _on_exited(self, signal: Exited) -> None:
        sender, target, reason, linked = signal
        process = self._node.local(target)
        if process is not None and (not linked or (process.links is not None and sender in process.links)):
            self._node.exits.arrive(sender, target, reason, linked=linked)

    def _on_linked(self, signal: Linked) -> None:
        peer, pid = signal
        process = self._node.local(pid)
        if process is None:
            self._node.transport.send(peer.node, Exited(pid, peer, "noproc", linked=True))
        elif (pid, peer) not in self._unlinking:
            process.links = {**(process.links or {}), peer: None}

    def _on_unlinked(self, signal: Unlinked) -> None:
        peer, pid = signal
        process = self._node.local(pid)
        if process is not None and process.links is not None:
            process.links.pop(peer, None)
        self._node.transport.send(peer.node, UnlinkedToo(pid, peer))

    def _on_unlinked_too(self, signal: UnlinkedToo) -> None:
        peer, pid = signal
        left = self._unlinking.pop((pid, peer), 1) - 1
        if left:
            self._unlinking[pid, peer] = left

    def _on_monitored(self, signal: Monitored) -> None:
        watcher, target, ref = signal
        process = self._node.find(target)
        item = (target, self._node.name) if isinstance(target, str) else target
        if process is None:
            self._node.transport.send(watcher.node, Went(watcher, ref, item, "noproc"))
        else:
            self._watch_for(watcher, process, item, ref)

    def _watch_for(self, watcher: Pid, process: Process, item: Any, ref: Ref) -> None:
        if process.watchers is None:
            process.watchers = {}
        process.watchers[ref] = Watch(watcher, item, None)
        self._watched[ref] = process

    def _on_demonitored(self, signal: Demonitored) -> None:
        self._unwatch_for(signal.ref)

    def _unwatch_for(self, ref: Ref) -> None:
        process = self._watched.pop(ref, None)
        if process is not None and process.watchers is not None:
            process.watchers.pop(ref, None)

    def _on_went(self, signal: Went) -> None:
        watching = self._watching.pop(signal.ref, None)
        if watching is not None:
            watching.mourner.down(signal.reason)

    def _on_stamped(self, signal: Stamped) -> None:
        if self._node.tap is None:
            self.arrive(signal.signal)
        else:
            self._node.tap.arrive(self._node, signal)

    def refuse(self, caller: Pid, ref: Ref, pid: Pid) -> None:
        """A request of another node finds no room: its monitor tells so."""
        self._unwatch_for(ref)
        self._node.transport.send(caller.node, Went(caller, ref, pid, "mailbox_full"))

    # --- connections ------------------------------------------------------------------------------------

    def found(self, home: Home) -> None:
        """A node is connected: those who asked for it hear so before anything comes from there."""
        self.peers[home.name] = home
        self._announce("nodeup", home.name)

    def lost(self, name: str) -> None:
        """A node is connected no more, for whatever reason."""
        home = self.peers.pop(name, None)
        if home is None:
            return
        for ref in [ref for ref in self._watched if ref.home is home]:
            self._unwatch_for(ref)
        self._unlinking = {pair: n for pair, n in self._unlinking.items() if pair[1].home is not home}
        self._cut_links(home)
        for ref in [ref for ref, watching in self._watching.items() if watching.where == name]:
            watching = self._watching.pop(ref, None)
            if watching is not None:
                watching.mourner.down("noconnection")
        self._announce("nodedown", name)

    def _cut_links(self, home: Home) -> None:
        for process in list(self._node.processes.values()):
            for peer in [peer for peer in process.links or () if peer.home is home]:
                if self._node.tracer is not None:
                    self._node.tracer.note("unlinked", process, peer)
                self._node.exits.arrive(peer, process.pid, "noconnection", linked=True)

    def _announce(self, what: str, name: str) -> None:
        for pid, times in list(self.listeners.items()):
            process = self._node.local(pid)
            if process is None:
                del self.listeners[pid]
                continue
            for _ in range(times):
                process.put((what, name))
