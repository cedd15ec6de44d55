"""One member of a cluster supervisor: it runs the children that fall to its node, and tells the others which.

There is one on each node. A member makes sure that every node in reach has one, and they introduce themselves;
each then says anew what it runs whenever that changes. What to do is decided in `failover_plan`, from the words
of all; here it is done. The children live under a local `Supervisor`, which restarts those that crash; when it
gives up, the member ends with it, and the others take over as if the node were lost.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from ..behaviours.admin import No
from ..behaviours.child_spec import ChildSpec
from ..behaviours.gen_server import GenServer
from ..behaviours.protocol import Caller, Invoke, call
from ..behaviours.results import NONE, Stop
from ..behaviours.stopping import stop
from ..behaviours.supervisor import Supervisor
from ..core.context import self_, send, send_after, spawn, whereis
from ..core.errors import CallExit, MessageError, StartError, SupervisorError, UnknownNameError
from ..core.ids import Pid
from ..core.messages import DOWN
from ..core.relations import monitor
from ..core.running import current
from . import pg
from .failover_launch import Launch, has
from .failover_plan import End, HandOver, Sight, Split, Start, View, plan
from .membership import monitor_nodes

__all__ = ["Entry", "FailoverServer", "How", "child_group", "members_group"]


def members_group(name: str) -> tuple[str, str]:
    """The process group of a cluster supervisor's members."""
    return "cluster_supervisor", name


def child_group(name: str, id: Any) -> tuple[str, str, Any]:
    """The process group whose one member is the child with that id."""
    return "cluster_supervisor", name, id


class How(NamedTuple):
    """What all members of one supervisor have in common."""

    name: str
    nodes: tuple[str, ...]
    split: Split
    patience: float
    restarts: tuple[int, float]


class Entry(NamedTuple):
    """A child that is wanted, or (None) no more; the later version holds, and every node comes to know it."""

    version: tuple[int, str]
    spec: ChildSpec | None


class FailoverServer(GenServer):
    """The member. What another one says is a message; each message has a method, and then the plan is followed."""

    async def init(self, how: How, entries: dict[Any, Entry]) -> None:
        """Nothing runs here yet; look who else is there."""
        self.how = how
        self.entries = dict(entries)
        self.here = current().node.name
        self.peers: dict[str, Pid] = {}
        self.sights: dict[str, Sight] = {}
        self.runs: dict[Any, float] = {}
        self.missing: set[str] = set()
        self.failed: set[Any] = set()
        self.gifts: dict[Any, tuple[float, Any]] = {}
        self.told: Any = None
        most, seconds = how.restarts
        self.sup = await Supervisor.start_link([], max_restarts=most, max_seconds=seconds)
        await pg.join(members_group(how.name), self_())
        monitor_nodes()
        for node in sorted(self._reach() - {self.here}):
            self.on_nodeup(node)
        send(self_(), ("begin",))

    async def terminate(self, reason: Any) -> None:
        """The children end with their member."""
        with suppress(CallExit):
            await stop(self.sup, "shutdown")  # type: ignore[arg-type]  # it did start

    # --- what people ask for ----------------------------------------------------------------------------

    async def handle_call(self, request: Any, caller: Caller) -> Any:
        """Which children there are to be; one more, one less."""
        match request:
            case "specs":
                return [entry.spec for entry in self.entries.values() if entry.spec is not None]
            case ("start_child", ChildSpec() as spec):
                if spec.id in self._ids():
                    return No("already_present", f"child {spec.id!r} is there already; terminate_child first")
                return await self._want(spec.id, spec)
            case ("terminate_child", id) if id in self._ids():
                return await self._want(id, None)
        known = ", ".join(map(repr, self._ids()[:8])) or "none"
        return No("not_found", f"no child has the id {request[1]!r}; there are: {known}")

    async def handle_cast(self, request: Any) -> Any:
        """The whole supervisor is to end."""
        return Stop("normal") if request == "stop" else None

    async def _want(self, id: Any, spec: ChildSpec | None) -> str:
        number = self.entries[id].version[0] if id in self.entries else 0
        self.entries[id] = Entry((number + 1, self.here), spec)
        await self._act()
        return "ok"

    # --- what happens -----------------------------------------------------------------------------------

    async def handle_info(self, message: Any) -> Any:
        """Nodes and members come and go, members tell."""
        match message:
            case DOWN(_, pid, reason):
                self._ended(pid, reason)
            case (str(what), *rest) if hasattr(self, f"on_{what}"):
                getattr(self, f"on_{what}")(*rest)
            case _:
                return super().handle_info(message)  # it has a name: strangers may write to it
        return await self._act()

    def on_begin(self) -> None:
        """All is set up."""

    def on_nodeup(self, node: str) -> None:
        """A node is in reach: have a member there introduce itself, and wait a while until it has."""
        if node in self.how.nodes and node in current().node.remote.peers and node not in self.peers:
            self.missing.add(node)
            spawn(_found, self.how, self.entries, self_(), node=node)
            send_after(self_(), ("late", node), self.how.patience)

    def on_nodedown(self, node: str) -> None:
        """It is out of reach: `_ended` hears of its member by itself."""
        self.missing.discard(node)

    def on_late(self, node: str) -> None:
        """It has had its time: go on without it until it speaks."""
        self.missing.discard(node)

    def on_retry(self, id: Any) -> None:
        """A child that did not start may start now."""
        self.failed.discard(id)

    def on_hello(self, peer: Pid) -> None:
        """A member is there: tell it all, and hear of its end."""
        if self.peers.get(peer.node) is not peer:
            monitor(peer)
            self.peers[peer.node] = peer
            self.sights.pop(peer.node, None)
        send(peer, self._words())

    def on_sight(self, peer: Pid, sight: Sight, entries: dict[Any, Entry]) -> None:
        """A member says what it runs, whom it sees, and which children are wanted."""
        if self.peers.get(peer.node) is not peer:
            self.on_hello(peer)
        self.missing.discard(peer.node)
        self.sights[peer.node] = sight
        for id, entry in entries.items():
            if id not in self.entries or self.entries[id].version < entry.version:
                self.entries[id] = entry
        for id in sight.runs:
            self.gifts.pop(id, None)

    def on_handed(self, peer: Pid, id: Any, since: float, state: Any) -> None:
        """A member ended a child that belongs here: start it with this state."""
        sight = self.sights.get(peer.node)
        if sight is not None:
            runs = {other: at for other, at in sight.runs.items() if other != id}
            self.sights[peer.node] = sight._replace(runs=runs)
        self.gifts[id] = since, state

    def _ended(self, peer: Pid, reason: Any) -> None:
        """A member is gone. One that crashed on a node in reach is to come back."""
        if self.peers.get(peer.node) is peer:
            del self.peers[peer.node]
            self.sights.pop(peer.node, None)
            if reason not in ("noconnection", "normal"):
                send_after(self_(), ("nodeup", peer.node), self.how.patience)

    # --- seeing and telling -----------------------------------------------------------------------------

    def _ids(self) -> list[Any]:
        return [id for id, entry in self.entries.items() if entry.spec is not None]

    def _reach(self) -> frozenset[str]:
        return frozenset({self.here, *current().node.remote.peers} & set(self.how.nodes))

    def _view(self) -> View:
        mine = Sight(dict(self.runs), frozenset({self.here, *self.sights}))
        sights = {self.here: mine, **self.sights}
        return View(self.here, self.how.nodes, self._reach(), sights, bool(self.missing))

    def _words(self) -> tuple[Any, ...]:
        return "sight", self_(), self._view().sights[self.here], dict(self.entries)

    def _publish(self) -> None:
        """Tell the others what has changed here, if something has."""
        words = self._words()
        if words != self.told:
            self.told = words
            for peer in self.peers.values():
                send(peer, words)

    # --- acting -----------------------------------------------------------------------------------------

    async def _act(self) -> None:
        """Follow the plan, one step at a time, until nothing is left to do."""
        self._publish()
        while actions := plan(self._view(), [id for id in self._ids() if id not in self.failed], self.how.split):
            match actions[0]:
                case Start(id):
                    await self._start(id)
                case End(id):
                    await self._end(id)
                case HandOver(id, to):
                    await self._hand_over(id, to)
            self._publish()

    async def _start(self, id: Any) -> None:
        spec = self.entries[id].spec
        assert spec is not None
        since, state = self.gifts.pop(id, (current().node.clock.wall(), NONE))
        launch = Launch(child_group(self.how.name, id), spec.start, state)
        try:
            await Supervisor.start_child(self._sup(), spec._replace(start=(launch, (), {})))
        except SupervisorError as error:
            self._report(f"child {id!r} did not start, and is tried again in {self.how.patience} s: {error}")
            self.failed.add(id)
            self.gifts[id] = since, launch.state
            send_after(self_(), ("retry", id), self.how.patience)
        else:
            self.runs[id] = since

    async def _end(self, id: Any) -> None:
        del self.runs[id]
        with suppress(SupervisorError):  # a temporary child is forgotten by itself
            await Supervisor.terminate_child(self._sup(), id)
            await Supervisor.delete_child(self._sup(), id)

    async def _hand_over(self, id: Any, to: str) -> None:
        since, state = self.runs[id], await self._state_of(id)
        await self._end(id)
        try:
            send(self.peers[to], ("handed", self_(), id, since, state))
        except MessageError as error:
            self._report(f"child {id!r} is handed over without its state: {error}")
            send(self.peers[to], ("handed", self_(), id, since, NONE))

    async def _state_of(self, id: Any) -> Any:
        """What the child gives to its successor; nothing when it has no `hand_over`, or that fails."""
        pids = [child.pid for child in await Supervisor.which_children(self._sup()) if child.id == id]
        if not pids or not isinstance(pids[0], Pid) or not has(pids[0], "hand_over"):
            return NONE
        try:
            return await call(pids[0], Invoke("hand_over", (), {}))
        except CallExit as error:
            self._report(f"child {id!r} is handed over without its state: {error}")
            return NONE

    def _sup(self) -> Pid:
        assert self.sup is not None
        return self.sup

    def _report(self, text: str) -> None:
        me = current()
        me.node.report(me, text)


async def _found(how: How, entries: dict[Any, Entry], boss: Pid) -> None:
    """Have a member on this node, and have it know the one that asks."""
    if whereis(how.name) is None:
        with suppress(StartError):  # another was quicker
            await FailoverServer.start(how, entries, name=how.name)
    with suppress(UnknownNameError):
        send(how.name, ("hello", boss))
