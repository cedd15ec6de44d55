"""One shard of a tracker on one node: it knows who is present, tells its peers and hears from them.

The shard is a replica of the CRDT in `presence_state`. Of itself it tells all the others: at each period what has
changed, or after some silent ones that it lives. Of others it takes in what each says of itself, and asks those
whose clock is ahead of what it knows. Whom it does not hear it holds for gone (`tracker_replicas`). Rules CH-69 to
CH-73.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from inspect import isawaitable
from typing import Any, NamedTuple

from ..behaviours.gen_server import GenServer
from ..behaviours.protocol import Caller
from ..behaviours.results import Stop
from ..core.context import self_, send_after
from ..core.errors import UnknownNameError
from ..core.ids import Pid
from ..core.messages import EXIT
from ..core.ports import Chance
from ..core.reasons import is_orderly
from ..core.relations import flag, link, unlink
from ..core.running import current
from . import pubsub_access
from .presence_deltas import Generations
from .presence_state import Change, Entry, State
from .tracker_options import Options
from .tracker_replicas import Replicas, Verdict
from .tracker_table import Diff, Table, diff_of
from .tracker_words import Heartbeat, PermDown, TransferAck, TransferRequest

__all__ = ["Listener", "Shard", "shard_name"]

_FIRST = 0.25  # the first heartbeat comes within this part of a period, so that nodes do not beat in step


class Listener(NamedTuple):
    """Who is told of each change, in the shard's process; `pid` when a process of its own does the work."""

    handle_diff: Callable[[Diff], Any]
    pid: Pid | None = None


def shard_name(tracker: str, number: int) -> str:
    """The name of one shard's process."""
    return f"{tracker}.{number}"


class Shard(GenServer):
    """Its `table` is read by those who list; all else goes through its mailbox."""

    async def init(self, tracker: Any, number: int, options: Options) -> None:
        """Listen to the peers, and soon tell them that one more is there."""
        flag(trap_exit=True)
        self.options = options
        self.topic = f"tracker:{shard_name(options.name, number)}"
        self.me = self_()
        self.table = Table()
        self.state, self.delta = State(), State()
        self.generations = Generations(options.max_delta_sizes)
        self.replicas = Replicas(options.down_period, options.permdown_period)
        self.silence, self.windows = options.max_silent_periods, options.clock_sample_periods
        self.listener: Listener = await tracker._listener(options)
        self.registry: Pid | None = None
        self._subscribe()
        self.node = pubsub_access.node_name(options.pubsub)
        send_after(self.me, "beat", current().node.chance.random() * _FIRST * options.broadcast_period)

    def terminate(self, reason: Any) -> None:
        """Say goodbye, if that is wanted."""
        if self.options.permdown_on_shutdown and is_orderly(reason):
            self._say(PermDown(self.me, self.node))

    # --- what processes of this node ask for ------------------------------------------------------------

    async def handle_call(self, request: Any, caller: Caller) -> Any:
        """Track, update, untrack; leave for good."""
        match request:
            case ("track", pid, topic, key, meta):
                return await self._track(pid, topic, key, meta)
            case ("update", pid, topic, key, meta, seen):
                return await self._update(pid, topic, key, meta, seen)
            case ("untrack", pid, topic, key):
                found = self.table.mine(pid, topic, key)
                return await self._untrack(pid, [found[0]] if found else [])
            case ("untrack", pid):
                return await self._untrack(pid, self.table.dots(pid))
            case "graceful_permdown":
                self._say(PermDown(self.me, self.node))
                return Stop(("shutdown", "graceful_permdown"), reply="ok")

    async def _track(self, pid: Pid, topic: str, key: Any, meta: dict[str, Any]) -> Any:
        if self.table.mine(pid, topic, key) is not None:
            return "already_tracked"
        link(pid)  # who is dead already is heard of at once (rule CH-63)
        ref = _fresh_ref(current().node.chance)
        entry = Entry(topic, key, pid, {**meta, "phx_ref": ref})
        await self._did(self.state.adding(self.me, entry))
        return "ok", ref

    async def _update(self, pid: Pid, topic: str, key: Any, meta: dict[str, Any], seen: str | None) -> Any:
        """`seen`: the ref of the meta that the new one was made from, if it was."""
        found = self.table.mine(pid, topic, key)
        if found is None:
            return "nopresence"
        dot, old = found
        before = old.meta["phx_ref"]
        if seen is not None and seen != before:
            return "changed"
        ref = _fresh_ref(current().node.chance)
        entry = old._replace(meta={**meta, "phx_ref": ref, "phx_ref_prev": before})
        await self._did(self.state.adding(self.me, entry, [dot]))
        return "ok", ref

    async def _untrack(self, pid: Pid, dots: list[Any]) -> str:
        if dots:
            await self._did(self.state.removing(self.me, dots))
            if not self.table.dots(pid):
                unlink(pid)
        return "ok"

    async def _did(self, delta: State) -> None:
        """Something changed here: show it, and have it told at the next heartbeat."""
        change = self.state.join(delta)
        self.delta.join(delta)
        self.table.own(change)
        await self._show(change)

    async def _show(self, change: Change) -> None:
        self.table.show(change)
        if change.joined or change.left:
            done = self.listener.handle_diff(diff_of(change))
            if isawaitable(done):
                await done

    # --- what happens -----------------------------------------------------------------------------------

    async def handle_info(self, message: Any) -> Any:
        """Time passes, peers speak, processes end."""
        match message:
            case "beat":
                await self._beat()
            case Heartbeat(replica, node, clock, delta) | TransferAck(replica, node, clock, delta):
                await self._hear(replica, node, clock, delta)
            case TransferRequest(_, node, clock):
                self._say(
                    TransferAck(self.me, self.node, self.state.context.clock(self.me), self._since(clock)), to=node
                )
            case PermDown(replica, node):
                await self._judge(self.replicas.leaves(node, replica))
            case EXIT(pid, reason) if pid is self.listener.pid:
                return Stop(reason)
            case EXIT(pid, _) if pid is self.registry:
                self.registry = None
            case EXIT(pid, _):
                await self._untrack(pid, self.table.dots(pid))
        return None

    async def _beat(self) -> None:
        """Once a period."""
        if self.registry is None:
            self._return()
        self._tell_changes()
        self._ask_for_missing()
        await self._judge(self.replicas.silent(current().node.clock.now()))
        send_after(self.me, "beat", self.options.broadcast_period)

    async def _hear(self, replica: Pid, node: str, clock: int, delta: State | None) -> None:
        """A peer lives, and tells of itself."""
        if replica is self.me:
            return
        await self._judge(self.replicas.heard(node, replica, current().node.clock.now(), clock))
        if delta is not None and self.replicas.knows(node, replica):
            await self._show(self.state.join(delta))

    async def _judge(self, verdicts: list[Verdict]) -> None:
        """What a replica has is shown while it is up, and kept while it may come back (rule CH-71)."""
        for verdict, replica in verdicts:
            if verdict == "up":
                self.silence = self.options.max_silent_periods  # it wants to know of this one, too
                await self._show(Change(self.state.of(replica), {}))
            elif verdict == "down":
                await self._show(Change({}, self.state.of(replica)))
            else:
                self.state.drop(replica)

    # --- peers ------------------------------------------------------------------------------------------

    def _subscribe(self) -> None:
        """Hear the peers; there has to be a pubsub."""
        pubsub_access.subscribe(self.options.pubsub, self.topic)
        self.registry = pubsub_access.hub_of(self.options.pubsub, "tracker").registry

    def _return(self) -> None:
        """The pubsub was restarted: what the peers said meanwhile was missed."""
        try:
            self._subscribe()
        except UnknownNameError:
            return  # not yet
        for node, (replica, _) in self.replicas.clocks().items():
            self._ask(node, replica)

    def _tell_changes(self) -> None:
        """What changed since the last heartbeat, or nothing, so that all know that this one lives (rule CH-70)."""
        self.silence += 1
        changed, clock = self.delta.size() > 0, self.state.context.clock(self.me)
        if not changed and self.silence < self.options.max_silent_periods:
            return
        if self._say(Heartbeat(self.me, self.node, clock, self.delta if changed else None)):
            self.silence = 0
            if changed:
                self.generations.push(self.delta, clock)
                self.delta = State()

    def _ask_for_missing(self) -> None:
        """After some periods, not at once: what is on its way needs no asking for."""
        self.windows -= 1
        if self.windows:
            return
        self.windows = self.options.clock_sample_periods
        for node, (replica, clock) in self.replicas.clocks().items():
            if self.state.context.clock(replica) < clock:
                self._ask(node, replica)

    def _ask(self, node: str, replica: Pid) -> None:
        self._say(TransferRequest(self.me, self.node, self.state.context.clock(replica)), to=node)

    def _since(self, clock: int) -> State:
        """What happened here after `clock`. Of others nobody speaks, so nobody who is gone comes back by rumour."""
        return self.generations.since(clock) or self.state.part(self.me)

    def _say(self, word: Any, to: str | None = None) -> bool:
        """To all peers, or to the one on a node; False when it cannot be said now."""
        pubsub, topic = self.options.pubsub, self.topic
        try:
            if to is None:
                pubsub_access.broadcast_from(pubsub, self.me, topic, word)
            else:
                pubsub_access.direct_broadcast(to, pubsub, topic, word)
        except Exception as error:  # noqa: BLE001  whatever the adapter suffers from, those tracked here live on
            if not isinstance(error, UnknownNameError):
                me = current()
                me.node.report(me, f"its peers were not told, and will be later: {error!r}")
            return False
        return True


def _fresh_ref(chance: Chance) -> str:
    """16 characters of base64, as unique as twelve random bytes are."""
    return urlsafe_b64encode(b"".join(int(chance.random() * 2**48).to_bytes(6, "big") for _ in range(2))).decode()
