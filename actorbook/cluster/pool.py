"""`Pool`: a supervised crowd of equal servers that share the work.

    >>> import actorbook as ab
    >>> class Thumbnailer(ab.GenServer):
    ...     def init(self, size):
    ...         self.size = size
    ...     @ab.call
    ...     async def draw(self, picture):
    ...         await ab.sleep(0.01)
    ...         return f"{picture} in {self.size}"
    ...     def handle_call(self, request, caller):
    ...         return ab.Pool.workers("thumbnails").index(ab.self_())
    >>> await ab.Pool.start(Thumbnailer, 64, size=3, name="thumbnails")
    <nb.2>
    >>> [await ab.Pool.call("thumbnails", "who?") for _ in range(4)]
    [0, 1, 2, 0]
    >>> await ab.Pool.pick("thumbnails").draw("cat")
    'cat in 64'

A worker that crashes is started again. Who waits for an answer of it hears why, as of any server; the others
go on. More workers, or fewer, at any time: who is to go gets nothing new, finishes what it has, and ends.

    >>> await ab.Pool.resize("thumbnails", 2)
    3

Have one for yourself, and wait in line when all are busy:

    >>> async with ab.Pool.checkout("thumbnails") as worker:
    ...     print(await worker.draw("dog"))
    dog in 64

Options: `size` (4), `strategy` (see `actorbook.cluster.balance`), `bound` for the strategy `hash`, `max_queue`
(how many may wait for a worker of their own; None: any number), and `max_restarts` within `max_seconds` as for
every supervisor (3 in 5: more for workers that are expected to crash). A limit for what waits at each worker is
the workers' own: `ab.Pool.start(Worker.child_spec(mailbox=ab.Mailbox(100)))`.

A pool lives on one node, and requests are dealt out by the caller itself, who reads the pool's table: no process
stands in the way of every request. To spread work over nodes have the workers of several pools join a group,
and use a `Router`. Workers should not call their own pool: they may come to wait for themselves. Do not use a
pool for one-off work: a `Task` is there for that.
"""

from __future__ import annotations

from typing import Any

from ..behaviours import admin, protocol
from ..behaviours.addresses import Addresses
from ..behaviours.supervising import server_of
from ..core.dest import Dest, Name, Via
from ..core.errors import CallExit
from ..core.ids import Pid
from ..core.running import current_node
from .checkout import Checkout
from .pool_server import PoolServer, whole

__all__ = ["Pool"]


class Pool(Addresses, PoolServer):
    """Start one with `await ab.Pool.start(Worker, …)`, or subclass it with options as attributes.

    Its functions take its pid or its name. The workers are its children, with the ids 0, 1, 2 …
    """

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def start(cls, *args: Any, name: Name | None = None, node: str | None = None, **options: Any) -> Pid | None:
        """Start the workers one after the other; returns the pool's pid when the last has started.

        Arguments: the class of the workers and what their `init` takes, or one child spec; then the options as
        keywords: `size`, `strategy`, `bound`, `max_queue`, `max_restarts`, `max_seconds`. Bad ones raise
        `ValueError` (`ChildSpecError` is one); a worker that does not start `SupervisorError`, and none stays.
        """
        return await super().start(*args, name=name, node=node, **options)

    @classmethod
    async def start_link(
        cls, *args: Any, name: Name | None = None, node: str | None = None, **options: Any
    ) -> Pid | None:
        """As `start`, linked to the calling process, which is its parent."""
        return await super().start_link(*args, name=name, node=node, **options)

    # --- asking -----------------------------------------------------------------------------------------

    @staticmethod
    async def call(  # type: ignore[override]
        pool: Dest, request: Any, key: Any = None, timeout: float | None = 5.0
    ) -> Any:
        """Ask a worker and await its answer, for up to `timeout` seconds; `key` is for the strategy `hash`.

        Raises `CallExit` as `GenServer.call`; `"noproc"` also when no worker is alive at this moment.
        """
        return await protocol.call(Pool.pick(pool, key), request, timeout)

    @staticmethod
    def cast(pool: Dest, request: Any, key: Any = None) -> None:
        """Tell a worker; waits for nothing, and nobody there is no error."""
        protocol.cast(Pool.via(pool, key), request)

    @staticmethod
    def pick(pool: Dest, key: Any = None) -> Pid:
        """The worker whose turn it is: for its methods, `await ab.Pool.pick(pool).add(5)`. Does not wait.

        Use it at once; who keeps it keeps one worker, which may have left the pool. Raises `CallExit` with
        `"noproc"` when there is none, `ValueError` when the strategy `hash` gets no key.
        """
        pid = _existing(pool).turn(key)
        if pid is None:
            raise CallExit("noproc", f"no worker of the pool {pool!r} is alive at this moment; try again later")
        return pid

    @staticmethod
    def via(pool: Dest, key: Any = None) -> Via:
        """The address of a worker, to be used like a name: each use picks anew.

        It is the plain tuple `("via", ab.Pool, (pool, key))`, for `send`, `GenServer.call`, timers and so on.

            >>> import actorbook as ab
            >>> class Greeter(ab.GenServer):
            ...     def handle_call(self, request, caller):
            ...         return request, ab.self_()
            >>> pid = await ab.Pool.start(Greeter, size=2, name="greeters")
            >>> answers = [await ab.GenServer.call(ab.Pool.via("greeters"), "hi") for _ in range(2)]
            >>> answers == [("hi", worker) for worker in ab.Pool.workers("greeters")]
            True
        """
        return ("via", Pool, (pool, key))

    @staticmethod
    def whereis_name(term: tuple[Dest, Any]) -> Pid | None:
        """The pid for `(pool, key)`: the worker whose turn it is, None when there is none."""
        pool, key = term
        server = server_of(pool, PoolServer)
        return None if server is None else server.turn(key)

    @staticmethod
    def checkout(pool: Dest, timeout: float | None = 5.0) -> Checkout:
        """`async with ab.Pool.checkout(pool) as worker`: a worker that nobody else checks out meanwhile.

        Waits up to `timeout` seconds when all are out, first come, first served, then raises `CallExit` with
        `"timeout"`; when `max_queue` others wait already, `PoolFullError` at once. The worker comes back at
        the end of the block, and when the process that has it ends. Calls and casts still reach it, yet it
        counts as busier than others.
        """
        return Checkout(pool, timeout)

    # --- administration ---------------------------------------------------------------------------------

    @staticmethod
    def workers(pool: Dest) -> list[Pid]:
        """The workers that take requests now; does not wait. Raises `CallExit` with `"noproc"`."""
        return [process.pid for process in _existing(pool).serving().values()]

    @staticmethod
    async def resize(pool: Dest, size: int) -> int:
        """Have so many workers from now on, one or more; returns how many there were.

        Who is to go, the highest ids first, gets no new request, finishes what is in its mailbox, and ends with
        `"shutdown"`: nothing is lost but calls that it left open (`NoReply`). Waits until all have gone, or come;
        the pool serves meanwhile. When one fails to start, no new one stays, and `SupervisorError` tells why.
        """
        before: int = await admin.ask(pool, "resize", whole(size, 1, "size"))
        return before


def _existing(pool: Any) -> PoolServer:
    server = server_of(pool, PoolServer)
    if server is None:
        raise CallExit("noproc", f"no pool {pool!r} on this node; {current_node().names.hint()}")
    return server
