"""`Router`: picks whom a request goes to, among processes of this node and of others. A value, no process.

    >>> import actorbook as ab
    >>> class Shard(ab.GenServer):
    ...     def init(self, number):
    ...         self.number = number
    ...     def handle_call(self, request, caller):
    ...         return f"{request} at {self.number}"
    >>> shards = [await Shard.start(n, name=f"shard {n}") for n in range(3)]
    >>> router = ab.Router(shards)
    >>> [await router.call("hello") for _ in range(4)]
    ['hello at 0', 'hello at 1', 'hello at 2', 'hello at 0']

The same key, the same server, whichever process asks and on whichever node. By name, so that it stays so when
one is restarted under its name:

    >>> router = ab.Router(["shard 0", "shard 1", "shard 2"], strategy="hash")
    >>> {await router.call("get", key="ada") for _ in range(5)}
    {'get at 2'}

The dead are skipped, and so is who cannot be reached:

    >>> await ab.stop("shard 2")
    >>> await router.call("get", key="ada")
    'get at 0'

Targets are a list of pids, names and pairs `(name, node)`; or the name of a group, whose members on all nodes
take the work (`ab.pg`); or a function that gives a list, asked each time (None in it is nobody):

    ab.Router("workers", strategy="two_choices")
    ab.Router(lambda: [pid for pid, _ in ab.Registry.lookup("topics", "news")])
    ab.Router(lambda: [ab.whereis(f"shard {n}", scope="cluster") for n in range(3)])

How busy somebody is, the strategies learn from the runtime's own tables for processes of this node. Of others the
router knows what it asked itself, and counts the calls that are not answered yet. Source: Akka's routers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..behaviours import protocol
from ..core.context import send as _send
from ..core.dest import Dest, resolve
from ..core.errors import CallExit, UnknownNameError
from ..core.ids import Pid
from ..core.process import Process
from ..core.running import current, current_node
from . import pg
from .balance import Balancer, Strategy, load_of

__all__ = ["Router"]

Target = Pid | str | tuple[str, str]
Targets = Iterable[Target] | str | Callable[[], Iterable[Target | None]]


class Router:
    """Made of targets and a strategy: `round_robin`, `random`, `least_mailbox`, `two_choices` or `hash`.

    For `hash` there may be a `bound`: nobody gets more than so many times the average load, see
    `actorbook.cluster.ring`. Bad options raise `ValueError`. A router that is sent to another process arrives as a
    fresh one with the same options.
    """

    def __init__(self, targets: Targets, strategy: Strategy = "round_robin", *, bound: float | None = None) -> None:
        self._targets = targets if isinstance(targets, str) or callable(targets) else _checked(targets)
        self._balancer = Balancer(strategy, bound)
        self._asking: dict[Target, list[Process]] = {}
        self._gone: set[Target] = set()

    def __reduce__(self) -> Any:
        return _made, (self._targets, self._balancer.strategy, self._balancer.bound)

    # --- using it ---------------------------------------------------------------------------------------

    def pick(self, key: Any = None) -> Any:
        """Whose turn it is, a pid or a pair `(name, node)`: for its methods, `await router.pick().add(5)`.

        Raises `CallExit` with `"noproc"` when nobody can be reached, `ValueError` when the strategy `hash` gets no
        key. Does not wait.
        """
        return self._route(key)[1]

    async def call(self, request: Any, key: Any = None, timeout: float | None = 5.0) -> Any:
        """Ask one of the targets and await the answer, for up to `timeout` seconds; raises `CallExit`."""
        target, dest = self._route(key)
        self._asks(target)
        try:
            return await protocol.call(dest, request, timeout)
        except CallExit as error:
            if isinstance(target, Pid) and error.reason == "noproc":  # of another node, so that is how it is heard
                self._gone.add(target)
            raise
        finally:
            self._asks_no_more(target)

    def cast(self, request: Any, key: Any = None) -> None:
        """Tell one of the targets; waits for nothing, and nobody there is no error."""
        found = self._find(key)
        if found is not None:
            protocol.cast(found[1], request)

    def send(self, message: Any, key: Any = None) -> Any:
        """Send to one of the targets; returns the message. Nobody there raises `UnknownNameError`."""
        found = self._find(key)
        if found is None:
            raise UnknownNameError(f"send: none of the targets of {self!r} can be reached")
        return _send(found[1], message)

    def targets(self) -> list[Any]:
        """Those that can be reached now, as they were given."""
        return [target for target, _ in self._reachable()]

    # --- choosing ---------------------------------------------------------------------------------------

    def _route(self, key: Any) -> tuple[Target, Dest]:
        found = self._find(key)
        if found is None:
            raise CallExit("noproc", f"none of the targets of {self!r} can be reached at this moment")
        return found

    def _find(self, key: Any) -> tuple[Target, Dest] | None:
        """The target for a key, and where it is now."""
        reachable = dict(self._reachable())
        if not reachable:
            return None
        node = current_node()
        target = self._balancer.pick(list(reachable), key=key, load=self._load, draw=node.chance.random)
        return target, reachable[target]

    def _reachable(self) -> list[tuple[Target, Dest]]:
        targets = self._all()
        if self._gone:
            self._gone.intersection_update(targets)
        return [(target, dest) for target in targets if (dest := self._where(target)) is not None]

    def _all(self) -> Iterable[Target]:
        if isinstance(self._targets, str):
            return pg.get_members(self._targets)
        if callable(self._targets):
            return _checked(target for target in self._targets() if target is not None)
        return self._targets

    def _where(self, target: Target) -> Dest | None:
        """The pid behind a target of this node while it lives; one of another node, while that is connected."""
        node = current_node()
        process = resolve(target, node)
        if process is not None:
            return process.pid
        if isinstance(target, str) or target in self._gone:
            return None
        peers = node.remote.peers
        there = peers.get(target.node) is target.home if isinstance(target, Pid) else target[1] in peers
        return target if there else None

    # --- what it knows of others ------------------------------------------------------------------------

    def _asks(self, target: Target) -> None:
        """The calling process waits for an answer; those that were killed meanwhile do not any more."""
        self._asking[target] = [*self._clients(target), current()]

    def _asks_no_more(self, target: Target) -> None:
        left = self._clients(target)
        if current() in left:
            left.remove(current())
        self._asking[target] = left
        if not left:
            del self._asking[target]

    def _clients(self, target: Target) -> list[Process]:
        return [client for client in self._asking.get(target, ()) if not client.ended]

    def _load(self, target: Target) -> int:
        process = resolve(target, current_node())
        return len(self._clients(target)) if process is None else load_of(process)

    def __repr__(self) -> str:
        targets = self._targets if isinstance(self._targets, str) or callable(self._targets) else list(self._targets)
        return f"Router({targets!r}, {self._balancer.strategy!r})"


def _checked(targets: Any) -> tuple[Target, ...]:
    """A list of targets, or an error that shows the one that is none."""
    found = tuple(targets)
    for target in found:
        if not isinstance(target, Pid | str) and not (
            isinstance(target, tuple) and len(target) == 2 and all(isinstance(part, str) for part in target)
        ):
            raise TypeError(f"router: expected pids, names or pairs (name, node), got {target!r}")
    return found


def _made(targets: Any, strategy: Strategy, bound: float | None) -> Router:
    return Router(targets, strategy, bound=bound)
