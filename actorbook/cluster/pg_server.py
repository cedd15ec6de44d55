"""The server of one scope of process groups on one node: it keeps the book and tells its peers what changes here."""

from __future__ import annotations

from typing import Any

from ..behaviours.gen_server import GenServer
from ..behaviours.protocol import Caller
from ..core.context import send
from ..core.ids import Pid, Ref
from ..core.messages import DOWN
from ..core.relations import demonitor, monitor
from ..core.running import current
from ..core.signals import Told
from .membership import monitor_nodes
from .pg_book import Book, Change

__all__ = ["PgServer"]


class PgServer(GenServer):
    """Peers are found when nodes come up: each tells the other all it has, then every change, in order."""

    def init(self, scope: str) -> None:
        """Look for peers."""
        self.scope = scope
        self.book = Book()
        self.members: dict[Pid, Ref] = {}
        self.listeners: dict[Ref, tuple[Pid, Any, bool]] = {}
        monitor_nodes()
        for name in sorted(current().node.remote.peers):
            self._discover(name)

    # --- what processes of this node ask for ------------------------------------------------------------

    def handle_call(self, request: Any, caller: Caller) -> Any:
        """Join, leave, listen."""
        match request:
            case ("join", group, pids):
                for pid in pids:
                    if pid not in self.members:
                        self.members[pid] = monitor(pid)
                self._publish(self.book.join(group, pids))
                return True
            case ("leave", group, pids):
                change = self.book.leave(group, pids)
                self._publish(change)
                self._forget_idle()
                return bool(change[2])
            case ("monitor", group, whole):
                return self._listen(caller.pid, group, whole)
            case ("demonitor", ref):
                return self.listeners.pop(ref, None) is not None

    def _listen(self, pid: Pid, group: Any, whole: bool) -> Any:
        """The members as they are now, and every change from now on."""
        ref = monitor(pid)
        self.listeners[ref] = (pid, group, whole)
        book = self.book
        return ref, {each: book.members(each) for each in book.groups()} if whole else book.members(group)

    def _forget_idle(self) -> None:
        """Watch only members."""
        present = {pid for pids in self.book.local.values() for pid in pids}
        for pid in [pid for pid in self.members if pid not in present]:
            demonitor(self.members.pop(pid), flush=True)

    def _publish(self, change: Change) -> None:
        """Something changed here: listeners and peers are told."""
        if change[2]:
            self._notify(change)
            for peer in self.book.peers:
                self._tell(peer.node, ("changed", current().pid, change))

    def _notify(self, change: Change) -> None:
        what, group, pids = change
        for ref, (pid, wanted, whole) in self.listeners.items():
            if whole or wanted == group:
                send(pid, (ref, what, group, pids))

    # --- what happens -----------------------------------------------------------------------------------

    def handle_info(self, message: Any) -> None:
        """Nodes and peers come and go, members and listeners end, peers tell."""
        match message:
            case ("nodeup", name):
                self._discover(name)
            case ("discover", peer):
                if self._meet(peer):
                    self._discover(peer.node)
                self._tell(peer.node, ("sync", current().pid, self.book.local))
            case ("sync", peer, groups):
                self._meet(peer)
                self._notify_all(self.book.sync(peer, groups))
            case ("changed", peer, change):
                applied = self.book.apply(peer, change)
                if applied is not None and applied[2]:
                    self._notify(applied)
            case DOWN(ref, pid, _):
                self._ended(ref, pid)

    def _ended(self, ref: Ref, pid: Pid) -> None:
        if self.listeners.pop(ref, None) is not None:
            return
        self._notify_all(self.book.drop(pid))
        if self.members.pop(pid, None) is not None:
            for change in self.book.bury(pid):
                self._publish(change)

    def _notify_all(self, changes: list[Change]) -> None:
        for change in changes:
            self._notify(change)

    # --- peers ------------------------------------------------------------------------------------------

    def _meet(self, peer: Pid) -> bool:
        """True when the peer is new: from now on it hears of every change here, until it ends."""
        if peer in self.book.peers:
            return False
        monitor(peer)
        self.book.peers[peer] = {}
        return True

    def _discover(self, name: str) -> None:
        self._tell(name, ("discover", current().pid))

    def _tell(self, name: str, message: Any) -> None:
        current().node.transport.send(name, Told(self.scope, message))
