"""The server of cluster-wide names on one node.

A name is given away by one node at a time: the lowest of those that are connected, the *boss*. It grants the
name, the node of the process claims it, all others acknowledge the claim, and only then is the answer yes: so
that whoever hears of it finds the name on every node. When a node is lost on the way, the request is
made again. A cut has two bosses, and healing may show two claims on one name: see `names_book`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..behaviours.gen_server import GenServer
from ..behaviours.protocol import Caller
from ..behaviours.results import NoReply
from ..core.context import self_, send
from ..core.dest import resolve
from ..core.errors import CallExit
from ..core.ids import Pid, Ref
from ..core.messages import DOWN
from ..core.relations import demonitor, monitor
from ..core.running import current, current_node
from ..core.signals import Told
from .locks_book import LocksBook
from .membership import monitor_nodes
from .names_book import Claim, NamesBook

__all__ = ["SERVER", "NamesServer", "server_here"]

SERVER = "global_names"


def server_here() -> str:
    """The name of the server, which runs on the calling process's node, too; else `CallExit`."""
    if resolve(SERVER, current_node()) is None:
        raise CallExit("noproc", "names: this node is in no cluster; start one with `await ab.Cluster.simulated([…])`")
    return SERVER


class _Pending(NamedTuple):
    """A request of a process of this node that is not answered yet."""

    caller: Caller
    boss: str
    ask: tuple[Any, ...]


class _Spreading(NamedTuple):
    """A change of this node's claims, and who has yet to acknowledge it."""

    waiting: set[str]
    origin: str
    boss: str | None
    name: str


class NamesServer(GenServer):
    """One on each node; they talk in the order of each pair of nodes, and lose nothing but with the connection."""

    def init(self) -> None:
        """Nothing is claimed yet."""
        self.book = NamesBook(current().node.name)
        self.pending: dict[Ref, _Pending] = {}
        self.granted: dict[str, tuple[Ref, Pid]] = {}
        self.spreading: dict[Ref, _Spreading] = {}
        self.watched: dict[Pid, Ref] = {}
        self.locks = LocksBook()
        self.holders: dict[Pid, Ref] = {}
        monitor_nodes()

    # --- asking -----------------------------------------------------------------------------------------

    def handle_call(self, request: Any, caller: Caller) -> Any:
        """A process of this node wants to give a name, or to free one; one of any node a lock."""
        token = current().node.make_ref()
        match request:
            case ("set_lock", resource, requester, pid):
                return self._lock(resource, requester, pid)
            case ("del_lock", resource, requester, pid):
                return self._unlock(resource, requester, pid)
            case ("register", name, pid, resolve, again):
                self._ask(token, caller, (name, pid, resolve, again))
            case ("unregister", name):
                held = self.book.holder(name)
                if held is None:
                    return False
                self.pending[token] = _Pending(caller, held.pid.node, ())
                self._tell(held.pid.node, ("withdraw", token, self.book.here, name, held.pid))
        return NoReply()

    def _ask(self, token: Ref, caller: Caller, ask: tuple[Any, ...]) -> None:
        boss = min([self.book.here, *self._peers()])
        self.pending[token] = _Pending(caller, boss, ask)
        self._tell(boss, ("ask", token, self.book.here, *ask))

    def _answer(self, token: Ref, verdict: Any) -> None:
        pending = self.pending.pop(token, None)
        if pending is not None:
            self.reply(pending.caller, verdict)

    # --- locks ------------------------------------------------------------------------------------------

    def _lock(self, resource: Any, requester: Any, pid: Pid) -> bool:
        """A lock on this node, until it is given back or its holder is lost."""
        free = self.locks.take(resource, requester, pid)
        if free and pid not in self.holders:
            self.holders[pid] = monitor(pid)
        return free

    def _unlock(self, resource: Any, requester: Any, pid: Pid) -> bool:
        self.locks.give(resource, requester, pid)
        if pid in self.holders and not self.locks.holds(pid):
            demonitor(self.holders.pop(pid), flush=True)
        return True

    # --- what the others say ----------------------------------------------------------------------------

    def handle_info(self, message: Any) -> None:
        """Every message has a method."""
        if isinstance(message, DOWN):
            self._ended(message.pid)
        elif isinstance(message, tuple) and message and isinstance(message[0], str):
            getattr(self, f"on_{message[0]}", lambda *rest: None)(*message[1:])

    def on_ask(self, token: Ref, origin: str, name: str, pid: Pid, resolve: Any, again: bool) -> None:
        """This node is the boss: grant the name, or refuse."""
        held = self.book.holder(name)
        verdict = self._verdict(token, name, pid, again)
        if verdict is None:
            self.granted[name] = token, pid
            instead = None if held is None else held.pid
            self._tell(pid.node, ("claim", token, origin, self.book.here, name, pid, resolve, instead))
        else:
            self._tell(origin, ("answer", token, verdict))

    def _verdict(self, token: Ref, name: str, pid: Pid, again: bool) -> Any:
        """None: granted. Else the answer."""
        held = self.book.holder(name)
        if held is not None and held.token is token:
            return True  # it was given before the boss of that time was lost
        if pid.node not in (self.book.here, *self._peers()):
            return "noconnection"
        if not again and (held is not None or self.book.name_of(pid) is not None):
            return False
        given = [name for name, (other, owner) in self.granted.items() if owner is pid and other is not token]
        return False if (name in self.granted and self.granted[name][0] is not token) or given else None

    def on_claim(self, token: Ref, origin: str, boss: str, name: str, pid: Pid, resolve: Any, instead: Any) -> None:
        """The boss grants a name to a process of this node, which may know of a holder that the boss does not see."""
        held = self.book.holder(name)
        dead = current().node.local(pid) is None
        if dead or (held is not None and held.token is not token and held.pid is not instead):
            self._tell(origin, ("answer", token, "noproc" if dead else False))
            self._tell(boss, ("done", token, name))
            return
        claim = Claim(pid, resolve, token)
        self._claim(self.book.here, name, claim, instead)
        self._spread(token, origin, boss, name, ("claimed", self.book.here, name, claim, instead, token))

    def on_claimed(self, node: str, name: str, claim: Claim, instead: Any, token: Ref) -> None:
        """Another node claims a name."""
        self._claim(node, name, claim, instead)
        self._tell(node, ("ack", token, self.book.here))
        self._judge(name)

    def _claim(self, node: str, name: str, claim: Claim, instead: Any) -> None:
        self.book.claim(node, name, claim, instead)
        self._watch_own()

    def on_claims(self, node: str, claims: dict[str, Claim]) -> None:
        """A node that came says all that it claims."""
        self.book.replace(node, claims)
        for name in claims:
            self._judge(name)

    def on_withdraw(self, token: Ref | None, origin: str, name: str, pid: Pid) -> None:
        """Somebody frees a name of this node's process, or a clash was decided against it."""
        known = self.book.release(self.book.here, name, pid)
        self._watch_own()
        if not known and token is not None:
            self._tell(origin, ("answer", token, False))
        elif known:
            token = token or current().node.make_ref()
            self._spread(token, origin, None, name, ("unclaimed", self.book.here, name, pid, token))
        self._judge(name)

    def on_unclaimed(self, node: str, name: str, pid: Pid, token: Ref) -> None:
        """Another node gives a name up."""
        self.book.release(node, name, pid)
        self._tell(node, ("ack", token, self.book.here))
        self._judge(name)

    def on_ack(self, token: Ref, node: str) -> None:
        """One more node knows."""
        if token in self.spreading:
            self.spreading[token].waiting.discard(node)
            self._spread_far_enough(token)

    def on_done(self, token: Ref, name: str) -> None:
        """What was granted has been claimed, or not."""
        if name in self.granted and self.granted[name][0] is token:
            del self.granted[name]

    def on_answer(self, token: Ref, verdict: Any) -> None:
        """A request of this node is answered."""
        self._answer(token, verdict)

    # --- spreading --------------------------------------------------------------------------------------

    def _spread(self, token: Ref, origin: str, boss: str | None, name: str, message: tuple[Any, ...]) -> None:
        """Tell all, and wait until all have said that they know."""
        peers = self._peers()
        self.spreading[token] = _Spreading(set(peers), origin, boss, name)
        for peer in peers:
            self._tell(peer, message)
        self._spread_far_enough(token)

    def _spread_far_enough(self, token: Ref) -> None:
        spreading = self.spreading[token]
        if not spreading.waiting:
            del self.spreading[token]
            self._tell(spreading.origin, ("answer", token, True))
            if spreading.boss is not None:
                self._tell(spreading.boss, ("done", token, spreading.name))

    # --- clashes ----------------------------------------------------------------------------------------

    def _judge(self, name: str) -> None:
        """Decide a clash that is this node's to decide: who is not chosen loses the name."""
        clash = self.book.clash(name)
        if clash is None:
            return
        mine, node, theirs = clash
        winner = _resolved(mine.resolve, name, mine.pid, theirs.pid)
        if winner is not theirs.pid:
            self._tell(node, ("withdraw", None, self.book.here, name, theirs.pid))
        if winner is not mine.pid:
            self.on_withdraw(None, self.book.here, name, mine.pid)

    # --- coming and going -------------------------------------------------------------------------------

    def _ended(self, pid: Pid) -> None:
        """A process ended, or its node is lost: what it had, a name or a lock, is free."""
        self.watched.pop(pid, None)
        if self.holders.pop(pid, None) is not None:
            self.locks.bury(pid)
        for name in [name for name, claim in self.book.own.items() if claim.pid is pid]:
            self.on_withdraw(None, self.book.here, name, pid)

    def on_nodeup(self, node: str) -> None:
        """A node came: say what this one claims."""
        self._tell(node, ("claims", self.book.here, self.book.own))

    def on_nodedown(self, node: str) -> None:
        """A node is lost: its claims are, and whoever waited for it waits no more."""
        for name in self.book.lose(node):
            self._judge(name)
        self.granted = {name: grant for name, grant in self.granted.items() if grant[1].node != node}
        for token in list(self.spreading):
            self.on_ack(token, node)
        for token, pending in list(self.pending.items()):
            self._ask_again(token, pending, node)

    def _ask_again(self, token: Ref, pending: _Pending, lost: str) -> None:
        if not pending.ask:
            if pending.boss == lost:
                self._answer(token, True)  # what was to lose its name is gone itself
        elif pending.ask[1].node == lost:
            self._answer(token, "noconnection")
        elif pending.boss == lost:
            self._ask(token, pending.caller, pending.ask)

    def _watch_own(self) -> None:
        """Watch those of this node's processes that have a name, and no others."""
        named = {claim.pid for claim in self.book.own.values()}
        for pid in [pid for pid in self.watched if pid not in named]:
            demonitor(self.watched.pop(pid), flush=True)
        for pid in sorted(named - set(self.watched)):
            self.watched[pid] = monitor(pid)

    # --- telling ----------------------------------------------------------------------------------------

    def _peers(self) -> list[str]:
        return sorted(current().node.remote.peers)

    def _tell(self, node: str, message: tuple[Any, ...]) -> None:
        if node == self.book.here:
            send(self_(), message)
        else:
            current().node.transport.send(node, Told(SERVER, message))


def _resolved(resolve: Any, name: str, one: Pid, other: Pid) -> Any:
    """What the resolver says; one that fails gives the name to nobody."""
    try:
        return resolve(name, one, other)
    except Exception:  # noqa: BLE001  it is the user's
        return None
