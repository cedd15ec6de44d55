"""What `Tracker` and `Presence` have in common: how they are started, and how processes are tracked with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import isawaitable
from typing import Any, ClassVar

from ..behaviours.child_spec import ChildSpec
from ..behaviours.protocol import call
from ..behaviours.stable_hash import stable_hash
from ..behaviours.supervising import server_of
from ..behaviours.supervisor import Supervisor
from ..core.errors import AlreadyTrackedError, CallExit, NoPresenceError
from ..core.ids import Pid
from ..core.isolation import isolate
from ..core.relations import local_pid
from ..core.running import current_node
from .fan_out import fresh
from .tracker_options import NAMES, Options, check_options
from .tracker_shard import Listener, Shard, shard_name
from .tracker_table import Presences

__all__ = ["TrackerSupervisor", "Tracking"]

Meta = dict[str, Any]


class TrackerSupervisor(Supervisor):
    """The shards of one tracker on one node; it has the name of the tracker."""

    shards = 0

    @staticmethod
    def children(tracker: type[Tracking], options: Options) -> list[ChildSpec]:
        """One shard, or as many as the pool has; the topics are dealt out among them."""
        return [
            Shard.child_spec(tracker, number, options, name=shard_name(options.name, number))
            for number in range(options.pool_size)
        ]

    async def init(self, specs: list[ChildSpec], options: Any, given: Any = None) -> Any:
        """Know how many there are."""
        self.shards = len(specs)
        return await super().init(specs, options, given)


class Tracking:
    """The options are attributes of the class, and may be given anew to `start` and `child_spec`, but for the name.

    All nodes need the same. Times are seconds.
    """

    pubsub: ClassVar[str] = ""
    """The name of the pubsub over which the nodes tell each other."""
    name: ClassVar[str] = ""
    """The name of the tracker; unless told, that of the class."""
    pool_size: ClassVar[int] = 1
    """How many shards share the topics (rule CH-73)."""
    broadcast_period: ClassVar[float] = 1.5
    """How often the others are told what changed."""
    max_silent_periods: ClassVar[int] = 10
    """After how many periods without a change they are told that this node lives."""
    down_period: ClassVar[float | None] = None
    """After how long a silence a node's presences leave: unless told, two times the longest that should be."""
    permdown_period: ClassVar[float] = 1200.0
    """After how long a silence they are forgotten."""
    clock_sample_periods: ClassVar[int] = 2
    """After how many periods what is missing is asked for."""
    max_delta_sizes: ClassVar[Sequence[int]] = (100, 1000, 10_000)
    """How many events are kept for those who missed some; who missed more gets the full state."""
    permdown_on_shutdown: ClassVar[bool] = False
    """Whether the presences leave at once when the node is shut down, rather than after `down_period`."""

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def start(cls, *, node: str | None = None, **options: Any) -> Pid:
        """Start it on a node, and wait for it; returns the pid of its supervisor.

        Its pubsub has to run. Raises `ValueError` for options that make no sense (rule CH-72), `SupervisorError`
        when it does not start.
        """
        pid = await TrackerSupervisor.start(cls, cls._options(options), node=node, **cls._limits(options))
        assert pid is not None
        return pid

    @classmethod
    async def start_link(cls, *, node: str | None = None, **options: Any) -> Pid:
        """As `start`, linked to the calling process, its parent: how supervisors start their children."""
        pid = await TrackerSupervisor.start_link(cls, cls._options(options), node=node, **cls._limits(options))
        assert pid is not None
        return pid

    @classmethod
    def child_spec(cls, **options: Any) -> ChildSpec:
        """How a supervisor is to start it: after its pubsub, before those who are tracked."""
        cls._options(options)
        name = cls._name()
        return ChildSpec(name, (cls.start_link, (), options), type="supervisor", modules=(cls.__name__,))

    @classmethod
    def _name(cls) -> str:
        return cls.name or cls.__name__

    @classmethod
    def _options(cls, given: dict[str, Any]) -> Options:
        unknown = given.keys() - set(NAMES) | given.keys() & {"name"}
        if unknown:
            raise TypeError(f"{cls.__name__}: expected options among {', '.join(NAMES[:1] + NAMES[2:])}, got {unknown}")
        return check_options({**{name: getattr(cls, name) for name in NAMES}, "name": cls._name(), **given})

    @classmethod
    def _limits(cls, given: dict[str, Any]) -> dict[str, Any]:
        """How the supervisor is called, and how often a shard may crash: five times a second each, as in Phoenix."""
        return {"name": cls._name(), "max_restarts": 5 * given.get("pool_size", cls.pool_size), "max_seconds": 1}

    @classmethod
    async def _listener(cls, options: Options) -> Listener:
        """Who hears of changes; called by a shard that starts."""
        raise NotImplementedError(f"{cls.__name__} is neither a Tracker nor a Presence")

    # --- tracking ---------------------------------------------------------------------------------------

    @classmethod
    async def track(cls, who: Any, *where_and_meta: Any) -> str:
        """Have a process be present: `track(pid, topic, key, meta)`, or `track(socket, key, meta)` in a channel.

        Returns the `phx_ref` that its meta, a dict, has from now on. It is present until it ends or is untracked.
        The process is of this node, and linked with the tracker: should that crash, the process does too (CH-73).
        The same process under the same key of the same topic raises `AlreadyTrackedError`; another process under
        that key adds one more meta (CH-61). Raises `CallExit` when the tracker does not run.
        """
        pid, topic, key, meta = cls._place(who, where_and_meta, "track", "key, meta")
        answer = await cls._ask(topic, ("track", pid, topic, key, _checked(meta, "track")))
        if answer == "already_tracked":
            raise AlreadyTrackedError(
                f"track: {pid!r} is present as {key!r} in {topic!r} already; update it, or use another key"
            )
        ref: str = answer[1]
        return ref

    @classmethod
    async def update(cls, who: Any, *where_and_meta: Any) -> str:
        """Give a presence another meta: `update(pid, topic, key, meta)` or `update(socket, key, meta)`.

        `meta` is a dict or a function from the present one (with its `phx_ref`) to the next, `def` or `async def`. It
        runs here, and again when the meta was changed meanwhile. Returns the new `phx_ref`; the meta has the one
        before as `phx_ref_prev` (rule CH-62). Raises `NoPresenceError` for who is not tracked.
        """
        pid, topic, key, meta = cls._place(who, where_and_meta, "update", "key, meta")
        answer: Any = "changed"
        while answer == "changed":
            new, seen = await cls._next_meta(pid, topic, key, meta) if callable(meta) else (meta, None)
            answer = await cls._ask(topic, ("update", pid, topic, key, _checked(new, "update"), seen))
        if answer == "nopresence":
            raise _no_presence(pid, topic, key)
        ref: str = answer[1]
        return ref

    @classmethod
    async def untrack(cls, who: Any, *where: Any) -> None:
        """End a presence: `untrack(pid, topic, key)` or `untrack(socket, key)`; all of a process: `untrack(pid)`.

        Who is not tracked is no error (rule CH-62).
        """
        if isinstance(who, Pid) and not where:
            for name in cls._shards():
                await call(name, ("untrack", local_pid(who, "untrack", current_node())))
            return
        pid, topic, key = cls._place(who, where, "untrack", "key")
        await cls._ask(topic, ("untrack", pid, topic, key))

    @classmethod
    async def graceful_permdown(cls) -> None:
        """Leave for good: the other nodes drop what is present here at once (rule CH-72).

        Its shards end, and with them those who are tracked; the supervisor starts them again, empty. For a node that
        is about to be taken out.
        """
        for name in cls._shards():
            await call(name, "graceful_permdown")

    # --- inside -----------------------------------------------------------------------------------------

    @staticmethod
    def _key(key: Any) -> Any:
        """A key as it is kept."""
        return key

    @classmethod
    def _place(cls, who: Any, rest: tuple[Any, ...], what: str, wanted: str) -> tuple[Any, ...]:
        """The process, the topic, the key and what follows, of a pid or of a socket."""
        if not isinstance(who, Pid) and hasattr(who, "channel_pid"):
            who, rest = who.channel_pid, (who.topic, *rest)
        if len(rest) != len(wanted.split()) + 1:
            raise TypeError(f"{what}: expected (pid, topic, {wanted}) or (socket, {wanted}), got {(who, *rest)!r}")
        topic, key, *meta = rest
        if not isinstance(topic, str):
            raise TypeError(f"{what}: expected the topic as text such as 'room:1', got {topic!r}")
        return local_pid(who, what, current_node()), topic, cls._key(key), *meta

    @classmethod
    def _topic(cls, place: Any, what: str) -> str:
        topic = getattr(place, "topic", place)
        if not isinstance(topic, str):
            raise TypeError(f"{what}: expected a topic such as 'room:1', or a socket, got {place!r}")
        return topic

    @classmethod
    def _shards(cls) -> list[str]:
        server = server_of(cls._name(), TrackerSupervisor)
        if server is None:
            raise CallExit("noproc", f"{cls.__name__} does not run on this node; `await {cls.__name__}.start()`")
        return [shard_name(cls._name(), number) for number in range(server.shards)]

    @classmethod
    def _shard_of(cls, topic: str) -> str:
        shards = cls._shards()
        return shards[stable_hash(topic) % len(shards)]

    @classmethod
    async def _ask(cls, topic: str, request: Any) -> Any:
        return await call(cls._shard_of(topic), request)

    @classmethod
    def _seen(cls, topic: str) -> Shard:
        """The shard of a topic, to be read."""
        name = cls._shard_of(topic)
        shard = server_of(name, Shard)
        if shard is None:
            raise CallExit("noproc", f"{cls.__name__}: its shard {name!r} is being restarted at this moment")
        return shard

    @classmethod
    def _listed(cls, topic: str) -> Presences:
        """Copies of what is known of a topic: key and meta of each presence."""
        listed: Presences = fresh(cls._seen(topic).table.listed(topic))
        return listed

    @classmethod
    async def _next_meta(cls, pid: Pid, topic: str, key: Any, function: Callable[[Meta], Any]) -> tuple[Any, str]:
        """What the function makes of the present meta, and the ref of that one."""
        found = cls._seen(topic).table.mine(pid, topic, key)
        if found is None:
            raise _no_presence(pid, topic, key)
        meta = found[1].meta
        new = function(isolate(meta))
        return (await new if isawaitable(new) else new), meta["phx_ref"]


def _checked(meta: Any, what: str) -> Meta:
    if not isinstance(meta, dict):
        raise TypeError(f"{what}: expected the meta to be a dict such as {{'status': 'away'}}, got {meta!r}")
    return meta


def _no_presence(pid: Pid, topic: str, key: Any) -> NoPresenceError:
    return NoPresenceError(f"update: {pid!r} is not present as {key!r} in {topic!r}; track it first")
