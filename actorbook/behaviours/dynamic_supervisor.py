"""`DynamicSupervisor`: starts children on demand, as many as come, and knows them by their pids.

    >>> import actorbook as ab
    >>> class Visit(ab.GenServer):
    ...     def init(self, guest):
    ...         self.guest = guest
    ...     @ab.cast
    ...     def crash(self):
    ...         raise RuntimeError("boom")
    >>> await ab.DynamicSupervisor.start(name="visits", max_children=2)
    <nb.2>
    >>> ada = await ab.DynamicSupervisor.start_child("visits", Visit.child_spec("ada", name="ada"))
    >>> bob = await ab.DynamicSupervisor.start_child("visits", Visit.child_spec("bob", restart="temporary"))
    >>> await ab.DynamicSupervisor.start_child("visits", Visit)
    Traceback (most recent call last):
    actorbook.core.errors.SupervisorError: start_child: there are 2 children already, the most ...

Break them: one is started again with its arguments, the temporary one is forgotten, and its place is free.

    >>> ada.crash(), bob.crash()
    (None, None)
    >>> await ab.sleep(0.01)
    >>> [child.pid for child in await ab.DynamicSupervisor.which_children("visits")] == [ab.whereis("ada")]
    True

Options: `max_restarts` within `max_seconds` (3 in 5) as for every supervisor, `max_children` (None: no limit)
and `extra_arguments`, which go before each child's own. Every operation costs the same however many children
there are, and at the end all stop at once, each with its own patience.

Use a `Supervisor` instead where the children are known beforehand and have an order, or names for one another:
here they have neither. Source: Elixir's DynamicSupervisor, rules DYN-01 to DYN-09.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ..core.dest import Dest, Name
from ..core.errors import ChildSpecError
from ..core.ids import Pid
from ..core.isolation import share
from ..core.running import current
from . import admin, protocol
from .admin import Ask, No
from .child_spec import ChildSpec, Shutdown, check_child
from .children import Child, Failed, start_child
from .dynamic_children import DynamicChildren, last_pid
from .options import DynamicOptions, check_dynamic_options, options_of
from .restart import wants_restart
from .results import Stop
from .shutdown import shut_down, shut_down_all
from .supervising import Supervising, teller

__all__ = ["DynamicSupervisor"]


class DynamicSupervisor(Supervising):
    """Start one with `await ab.DynamicSupervisor.start(…)`, or subclass it with options as attributes."""

    max_children: int | None = None
    extra_arguments: tuple[Any, ...] = ()
    _options_now: DynamicOptions
    _table: DynamicChildren

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def start(cls, *args: Any, name: Name | None = None, node: str | None = None, **options: Any) -> Pid | None:
        """Start a supervisor without children; returns its pid (rule DYN-01).

        Options, as keywords: `max_restarts` (3) within `max_seconds` (5), `max_children` (None: no limit),
        `extra_arguments` (a tuple; they go before the arguments of every child). Bad ones raise
        `ChildSpecError`; a name that is taken `SupervisorError` with `("already_started", pid)`.
        """
        pid: Pid | None = await cls._start(super().start, args, name, node, options)
        return pid

    @classmethod
    async def start_link(
        cls, *args: Any, name: Name | None = None, node: str | None = None, **options: Any
    ) -> Pid | None:
        """As `start`, linked to the calling process, which is its parent."""
        pid: Pid | None = await cls._start(super().start_link, args, name, node, options)
        return pid

    @classmethod
    def _checked(cls, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
        if args:
            raise TypeError(
                f"{cls.__name__}.start: expected options as keywords, got {args!r}; children come by start_child"
            )
        return (share(check_dynamic_options(options_of(cls, DynamicOptions, options))),)

    def init(self, options: DynamicOptions, given: Any = None) -> None:
        """Nobody lives here yet."""
        self._begin(options, DynamicChildren(teller()), given)

    def _renew(self, *checked: Any) -> None:
        self._take_options(*checked)

    # --- children end -----------------------------------------------------------------------------------

    def _child_ended(self, child: Child, reason: Any) -> Any:
        """Restart who is to be restarted; anybody else leaves nothing behind."""
        self._table.changing(child)
        child.left(reason, current().node.clock.now())
        if wants_restart(child.spec.restart, reason):
            return self._restart(child)
        return self._table.drop(child)

    async def _restart(self, child: Child) -> Any:
        """Restart with the same arguments; one that is ignored this time is forgotten (rule DYN-06)."""
        before = last_pid(child)
        if not self._may_restart(child, before):
            return Stop("shutdown")
        result = await self._run(child.spec)
        if isinstance(result, Failed):
            self._try_again(child, before)
            return None
        pid, child.info = result
        if pid is None:
            self._table.drop(child)
            return None
        self._table.moved_in(child, pid)
        process = current().node.local(pid)
        self._restarted(child, process.title() if process is not None else "")
        return None

    async def _run(self, spec: ChildSpec) -> tuple[Pid | None, Any] | Failed:
        """Run the start function of a child, the extra arguments first."""
        function, args, kwargs = spec.start
        return await start_child(spec._replace(start=(function, (*self._options_now.extra_arguments, *args), kwargs)))

    async def terminate(self, reason: Any) -> None:
        """Stop all children at once; it takes as long as the slowest of them (rule DYN-05)."""
        await shut_down_all(self._table.living())

    # --- administration ---------------------------------------------------------------------------------

    def handle_call(self, request: Any, caller: protocol.Caller) -> Any:
        """Requests of the functions below; those that go by an id are refused (rule DYN-08)."""
        match request:
            case Ask("which_children"):
                return [admin.info_of(child)._replace(id=None) for child in reversed(self._table)]
            case Ask("count_children"):
                return admin.counts(self._table)
            case Ask("start_child", spec):
                return self._add(spec)
            case Ask("terminate_child", Pid() as pid):
                return self._terminate(pid)
            case Ask(what, id):
                return No("simple_one_for_one", f"expected {_BY_PID}, got the id {id!r}; {what} is for static children")
        return No("unknown_request", f"expected one of the functions of DynamicSupervisor, got {request!r}")

    async def _add(self, spec: ChildSpec) -> Any:
        """Start a child where there is room; one that fails or is ignored is not kept (DYN-02, DYN-03)."""
        most = self._options_now.max_children
        if most is not None and len(self._table) >= most:
            return No("max_children", f"there are {most} children already, the most that are allowed; end one first")
        result = await self._run(spec)
        if isinstance(result, Failed):
            return admin.did_not_start(spec.id, result)
        pid, info = result
        if pid is None:
            return None
        self._table.add(Child(_kept(spec)), pid)
        return pid if info is None else (pid, info)

    async def _terminate(self, pid: Pid) -> Any:
        """Stop a child, or its restarting, and forget it (rule DYN-04)."""
        child = self._table.get(pid)
        if child is None:
            return No("not_found", f"{pid!r} is none of its children; it may have ended already")
        if child.pid is not None:
            await shut_down(child.pid, child.spec.shutdown)
        self._table.drop(child)
        return "ok"

    which_children = staticmethod(admin.which_children)
    count_children = staticmethod(admin.count_children)

    @staticmethod
    async def start_child(sup: Dest, spec: Any) -> Any:
        """Start a child: its pid, `(pid, info)` when its start gave more, None when it was ignored (DYN-03).

        Waits until the child has started. Its id is of no account: which children there are is told by pid.
        Raises `ChildSpecError` for a bad spec, or a significant one (DYN-07); `SupervisorError` with
        `"max_children"`, or the reason for which it did not start.
        """
        checked = check_child(spec)
        if checked.significant:
            raise ChildSpecError(
                ("invalid_significant", True),
                f"child spec {checked.id!r}: expected significant to be False for a dynamic child, got True",
            )
        return await admin.ask(sup, "start_child", share(checked))

    @staticmethod
    async def terminate_child(sup: Dest, pid: Pid) -> str:
        """Stop the child with this pid, or its restarting, and forget it: `"ok"`; waits until it is dead.

        Raises `SupervisorError`: `"not_found"` for any other pid, `"simple_one_for_one"` for an id (DYN-08).
        """
        answer: str = await admin.ask(sup, "terminate_child", pid)
        return answer

    # --- for those who look -----------------------------------------------------------------------------

    def _describe(self) -> str:
        return "dynamic"


_BY_PID = "the pid of a child, as dynamic ones are known by pid only"


def _kept(spec: ChildSpec) -> ChildSpec:
    """What to remember of a child: one that is never restarted needs no arguments (rule DYN-09)."""
    if spec.restart != "temporary":
        return spec
    return _temporary(spec.shutdown, spec.type, spec.modules)


@lru_cache(maxsize=256)
def _temporary(shutdown: Shutdown, type: Any, modules: tuple[str, ...]) -> ChildSpec:
    """Temporary children of one kind share one specification."""
    return ChildSpec(None, (_never, (), {}), "temporary", shutdown, type, modules)


def _never() -> None:
    """In the place of the start function of a child that is never started again."""
