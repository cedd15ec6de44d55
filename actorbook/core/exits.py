"""Links, monitors, exit signals and the end of a process (rules SIG and MON), at one door.

A signal acts on arrival, not in mailbox order. Deaths that follow from a death are worked off in a list, so a
chain of 10,000 links collapses without recursion (rule ASY-02). What concerns another node goes to the
transport.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from .aliases import over_with_monitor
from .delivery import receive_exit
from .far import FarMonitor
from .ids import Pid, Ref
from .isolation import isolate, reveal
from .messages import EXIT, down
from .process import Process, Watch, remains
from .reasons import Crash
from .signals import Exited, Linked

if TYPE_CHECKING:
    from .node import Node

__all__ = ["Exits"]


class Exits:
    """The part of a node that knows who hears of whose end."""

    __slots__ = ("_draining", "_node", "_pending")

    def __init__(self, node: Node) -> None:
        self._node = node
        self._pending: deque[tuple[Pid, Pid, Any]] = deque()
        self._draining = False

    def link(self, one: Process, pid: Pid) -> bool:
        """Link two processes, once (SIG-14, SIG-15). False when the other is dead."""
        if pid is one.pid:
            return True
        other = self._node.local(pid)
        if other is None and pid.home is self._node.home:
            return False
        if one.links is None:
            one.links = {}
        known = pid in one.links
        one.links[pid] = None
        if other is not None:
            if other.links is None:
                other.links = {}
            other.links[one.pid] = None
        elif not known and not self._node.transport.send(pid.node, Linked(one.pid, pid)):
            self.arrive(pid, one.pid, "noconnection", linked=True)
        return True

    def unlink(self, one: Process, pid: Pid) -> None:
        """Take a link away from both sides; nothing comes from it any more (SIG-17)."""
        known = one.links is not None and pid in one.links
        if known and one.links is not None:
            del one.links[pid]
        other = self._node.local(pid)
        if known and self._node.tracer is not None:
            self._node.tracer.note("unlinked", one, pid)
        if other is not None and other.links is not None:
            other.links.pop(one.pid, None)
        elif known and pid.home is not self._node.home:
            self._node.remote.unlink(one.pid, pid)

    def monitor(self, watcher: Process, target: Pid | str, item: Any, ref: Ref, tag: Any = None) -> None:
        """Have `watcher` hear of the end of `target`, once (MON-01); a dead one answers noproc (MON-03)."""
        process = self._node.find(target)
        if process is watcher:
            return
        if process is None:
            if isinstance(target, Pid) and target.home is not self._node.home:
                self.monitor_elsewhere(watcher, target.node, target, item, ref, tag)
            else:
                self._fire(watcher, ref, down(ref, item, "noproc", tag))
            return
        if watcher.monitors is None:
            watcher.monitors = {}
        watcher.monitors[ref] = process.pid
        if process.watchers is None:
            process.watchers = {}
        process.watchers[ref] = Watch(watcher.pid, item, tag)

    def monitor_elsewhere(
        self, watcher: Process, where: str, target: Pid | str, item: Any, ref: Ref, tag: Any = None, asked: bool = False
    ) -> None:
        """The same on another node; `asked` when that node knows already."""
        if watcher.monitors is None:
            watcher.monitors = {}
        watcher.monitors[ref] = item
        self._node.remote.watch(watcher.pid, where, target, ref, FarMonitor(watcher, item, ref, tag), asked=asked)

    def _fire(self, watcher: Process, ref: Ref, message: Any) -> None:
        """A monitor fires: once, and an alias that was to last as long is over."""
        watcher.put(message)
        over_with_monitor(watcher, ref)

    def demonitor(self, watcher: Process, ref: Ref) -> bool:
        """Stop a monitor; False when it has fired, or never was (MON-07, MON-08)."""
        target = watcher.monitors.pop(ref, None) if watcher.monitors else None
        if target is None:
            return False
        process = self._node.processes.get(target)
        if process is None:
            self._node.remote.unwatch(ref)
        elif process.watchers is not None:
            process.watchers.pop(ref, None)
        return True

    def signal(self, sender: Pid, target: Pid, reason: Any, *, linked: bool) -> None:
        """Send an exit signal; what follows from it has happened when this returns."""
        if target.home is not self._node.home:
            self._node.transport.send(target.node, Exited(sender, target, reason, linked))
        else:
            self.arrive(sender, target, reason, linked=linked)

    def arrive(self, sender: Pid, target: Pid, reason: Any, *, linked: bool) -> None:
        """A signal reaches a process of this node."""
        if linked:
            self._pending.append((sender, target, reason))
            self._work_off()
        else:
            self._arrive(sender, target, reason, linked=False)

    def _work_off(self) -> None:
        if self._draining:
            return
        self._draining = True
        try:
            while self._pending:
                self._arrive(*self._pending.popleft(), linked=True)
        finally:
            self._draining = False

    def _arrive(self, sender: Pid, target: Pid, reason: Any, *, linked: bool) -> None:
        process = self._node.local(target)
        if process is None:
            return
        if linked and process.links is not None:
            process.links.pop(sender, None)
        verdict, what = receive_exit(reason, trap=process.trap_exit, linked=linked, own=sender is target)
        if verdict == "deliver":
            process.put(EXIT(sender, isolate(what)))
        elif verdict == "die" and not process.body.survives(process, what):
            self.end(process, what, sender)

    def end(self, process: Process, reason: Any, by: Pid | None = None) -> None:
        """End a process: its name is free before anyone hears (SIG-19), then links and monitors are told."""
        if process.ended:
            return
        process.ended = True
        process.reason = reason = reveal(reason)  # a value: what cannot be copied is its text from now on
        top = process.pid in self._node.tops
        self._node.forget(process)
        process.body.dispose(process)
        process.body = remains(process.body)  # no cycle: memory is given back at once
        if self._node.tracer is not None:
            kind = "crashed" if isinstance(reason, Crash) else "exited"
            bounds = None if process.mailbox is None else process.mailbox.crowding().bounds
            change = "ended", process, top, tuple(process.links or ()), bounds  # a table is much to keep for each
            self._node.tracer.record(kind, process.pid, process.name or process.label, reason, by, change)
        if process.monitors or process.waits:
            self._drop_own_monitors(process)
        if process.watchers:
            self._tell_watchers(process, reason)
        if process.mailbox is not None:
            process.mailbox.close()
        links, process.links, process.mailbox, process.waits = process.links, None, None, None
        if links:
            self._tell_peers(process, links, reason)
        if self._pending:
            self._work_off()

    def _tell_peers(self, process: Process, links: dict[Pid, None], reason: Any) -> None:
        self._pending.extend((process.pid, peer, reason) for peer in links if peer.home is self._node.home)
        for peer in links:
            orphan = self._node.local(peer)
            if orphan is not None and orphan.parent is process.pid and peer not in self._node.tops:
                if self._node.tracer is not None:
                    self._node.tracer.note("orphaned", orphan)
                self._node.tops[peer] = orphan
            if peer.home is not self._node.home:
                self._node.transport.send(peer.node, Exited(process.pid, peer, reason, linked=True))

    def _drop_own_monitors(self, process: Process) -> None:
        for ref in list(process.monitors or ()):
            self.demonitor(process, ref)
        for wait in list(process.waits or ()):
            wait.disarm()

    def _tell_watchers(self, process: Process, reason: Any) -> None:
        """DOWN goes out after all that the dead process sent: that is queued already (MON-10)."""
        watchers, process.watchers = process.watchers, None
        for ref, watch in (watchers or {}).items():
            if not isinstance(watch, Watch):
                watch.down(isolate(reason))
                continue
            watcher = self._node.local(watch.pid)
            if watcher is not None:
                (watcher.monitors or {}).pop(ref, None)
                self._fire(watcher, ref, down(ref, watch.item, isolate(reason), watch.tag))
            elif watch.pid.home is not self._node.home:
                self._node.remote.went(watch, ref, reason)
