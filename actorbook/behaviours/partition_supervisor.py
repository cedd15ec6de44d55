"""`PartitionSupervisor`: the same child several times, and a key that says which of them is meant.

    >>> import actorbook as ab
    >>> class Counter(ab.GenServer):
    ...     def init(self, what, partition):
    ...         self.n, self.partition = 0, partition
    ...     def handle_call(self, request, caller):
    ...         self.n += 1
    ...         return self.partition, self.n
    >>> counters = await ab.PartitionSupervisor.start(
    ...     Counter.child_spec("clicks"), name="counters", partitions=4,
    ...     with_arguments=lambda args, partition: (*args, partition))
    >>> [await ab.GenServer.call(ab.PartitionSupervisor.via("counters", key), "click") for key in (1, 5, -5, 2)]
    [(1, 1), (1, 2), (1, 3), (2, 1)]

Use it where one server is too busy and its state falls into parts that need not know of each other: a
`DynamicSupervisor` of which many children are asked at once, a cache, a counter. What belongs to one key meets
in one partition, as long as nobody resizes. Do not use it to make a single computation faster: the partitions
share one event loop until they live on several nodes.

Options: `partitions` (as many as there are processors), `with_arguments(args, partition)`, which gives each
partition arguments of its own, and `strategy`, `max_restarts`, `max_seconds` as for a `Supervisor`. Source:
Elixir's PartitionSupervisor, rules PRT-01 to PRT-04.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from os import cpu_count
from typing import Any

from ..core.dest import Name, Via
from ..core.errors import CallExit
from ..core.ids import Pid
from ..core.isolation import share
from ..core.running import current_node
from . import admin, protocol
from .addresses import Addresses
from .admin import Ask, No
from .child_spec import ChildSpec, check_child
from .children import Child
from .options import Options, check_options, check_significant, options_of
from .stable_hash import stable_hash
from .supervising import server_of
from .supervisor import Supervisor

__all__ = ["PartitionSupervisor"]

_Arguments = Callable[[tuple[Any, ...], int], Any]


class PartitionSupervisor(Addresses, Supervisor):
    """Start one with `await ab.PartitionSupervisor.start(child, name=…)`; its children have the ids 0 to N - 1.

    Its partitions are addressed by `ab.PartitionSupervisor.via(name, key)`, wherever a pid or a name is taken.
    """

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def start(cls, *args: Any, name: Name | None = None, node: str | None = None, **options: Any) -> Pid | None:
        """Start the partitions in order; returns the supervisor's pid when the last has started (rule PRT-01).

        Arguments: one child (a spec, a class, a pair of class and arguments) and a `name`, then the options as
        keywords: `partitions`, `with_arguments`, `strategy`, `max_restarts`, `max_seconds`. Without a name, or
        with a number of partitions that cannot be, it raises `ValueError`; else as `Supervisor.start`.
        """
        return await super().start(*args, name=_named(name), node=node, **options)

    @classmethod
    async def start_link(
        cls, *args: Any, name: Name | None = None, node: str | None = None, **options: Any
    ) -> Pid | None:
        """As `start`, linked to the calling process, which is its parent."""
        return await super().start_link(*args, name=_named(name), node=node, **options)

    @classmethod
    def _checked(cls, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
        if len(args) != 1:
            raise TypeError(f"{cls.__name__}.start: expected one child spec, got {len(args)} arguments")
        others = dict(options)
        given, with_arguments = others.pop("partitions", None), others.pop("with_arguments", None)
        number = (cpu_count() or 1) if given is None else _whole(given, 1, inf, "start")
        chosen: Options = check_options(options_of(cls, Options, others))
        if chosen.auto_shutdown != "never":
            raise ValueError(f"{cls.__name__}.start: expected auto_shutdown never, got {chosen.auto_shutdown!r}")
        child = check_significant(chosen, check_child(args[0]))
        return share([_partition(child, with_arguments, i) for i in range(number)]), chosen

    async def init(self, specs: list[ChildSpec], options: Options, given: Any = None) -> Any:
        """Start the partitions in order, as any supervisor its children."""
        self._specs = specs
        self._number = len(specs)
        return await super().init(specs, options, given)

    def _renew(self, *checked: Any) -> None:
        self._specs, options = checked
        super()._renew(self._specs[: self._number], options)

    # --- routing ----------------------------------------------------------------------------------------

    @staticmethod
    def via(name: Name, key: Any) -> Via:
        """The address of the partition for `key`, to be used like a name: it is looked up at each use.

        It is the plain tuple `("via", ab.PartitionSupervisor, (name, key))`. A whole number goes to partition
        `abs(key)` modulo their number, any other key by a hash that is the same everywhere (rule PRT-02).
        """
        return ("via", PartitionSupervisor, (name, key))

    @staticmethod
    def whereis_name(term: tuple[Name, Any]) -> Pid | None:
        """The pid for `(name, key)`, read from the supervisor's table; None when there is no such supervisor.

        While a partition restarts it is the pid of the one before: what is sent there is lost, and a call
        fails with `"noproc"`. Raises `ValueError` when the supervisor was resized to zero (rule PRT-04).
        """
        name, key = term
        server = server_of(name, PartitionSupervisor)
        if server is None:
            return None
        if server._number == 0:
            raise ValueError(f"partition supervisor {name!r} has no partitions; resize it to have some")
        child = server._table.get((abs(key) if isinstance(key, int) else stable_hash(key)) % server._number)
        if child is None:
            return None
        return child.pid if child.pid is not None or not child.exits else child.exits[0][0]

    # --- administration ---------------------------------------------------------------------------------

    @staticmethod
    def partitions(name: Name) -> int:
        """How many partitions there are now; does not wait. Raises `CallExit` with `"noproc"`."""
        return _existing(name)._number

    @staticmethod
    async def resize(name: Name, partitions: int) -> int:
        """Stop the last partitions, or start them again; returns how many there were (rule PRT-04).

        There can be none, and never more than at the start, else `ValueError`. Keys are spread anew, so what
        the partitions remember may be in the wrong one. When one fails to start, none is, and
        `SupervisorError` tells why. Waits until all is done.
        """
        most = len(_existing(name)._specs)
        before: int = await admin.ask(name, "resize", _whole(partitions, 0, most, "resize"))
        return before

    async def handle_call(self, request: Any, caller: protocol.Caller) -> Any:
        """Requests of the functions: those of `Supervisor` that keep the partitions as they are, and `resize`."""
        match request:
            case Ask("resize", number):
                return await self._resize(number)
            case Ask("start_child" | "delete_child" as what):
                return No("partitioned", f"expected partitions only, got {what}; their number changes by resize")
        return await super().handle_call(request, caller)

    async def _resize(self, number: int) -> Any:
        before = self._number
        if number > before:
            return await self._grow(before, number)
        self._number = number  # from now on nobody is sent to those that end
        await self._remove(number, before)
        return before

    async def _grow(self, before: int, number: int) -> Any:
        for id in range(before, number):
            child = Child(self._specs[id])
            self._table.add(child)
            failed = await self._start_one(child)
            if failed is not None:
                await self._remove(before, id + 1)
                return admin.did_not_start(id, failed)
        self._number = number
        return before

    async def _remove(self, first: int, end: int) -> None:
        """Stop partitions, the last one first, and forget their slots: no restart brings them back."""
        for id in reversed(range(first, end)):
            child = self._table.get(id)
            if child is not None:
                await self._stop_one(child, forget_temporary=True)
                self._table.drop(child)

    # --- for those who look -----------------------------------------------------------------------------

    def _describe(self) -> str:
        how = super()._describe()
        return "partitioned" if how == "one_for_one" else f"partitioned {how}".rstrip()


def _named(name: Name | None) -> Name:
    if name is None:
        raise ValueError("PartitionSupervisor.start: expected a name, by which its partitions are addressed, got None")
    return name


def _whole(number: Any, least: int, most: float, where: str) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        limit = "or more" if most == inf else f"to {most}"
        raise ValueError(f"{where}: expected partitions to be a whole number, {least} {limit}, got {number!r}")
    return number


def _partition(child: ChildSpec, with_arguments: _Arguments | None, id: int) -> ChildSpec:
    """The specification of one partition (rule PRT-03)."""
    function, args, kwargs = child.start
    if with_arguments is not None:
        args = with_arguments(args, id)
        if not isinstance(args, tuple | list):
            raise TypeError(f"with_arguments: expected it to return a tuple of arguments, got {args!r} for {id}")
    return check_child(child._replace(id=id, start=(function, tuple(args), kwargs)))


def _existing(name: Any) -> PartitionSupervisor:
    server = server_of(name, PartitionSupervisor)
    if server is None:
        raise CallExit("noproc", f"no partition supervisor {name!r}; {current_node().names.hint()}")
    return server
