"""`Supervisor`: starts children, and starts them again when they end.

    >>> import actorbook as ab
    >>> class Worker(ab.GenServer):
    ...     @ab.cast
    ...     def crash(self):
    ...         raise RuntimeError("boom")
    >>> shop = await ab.Supervisor.start([Worker.child_spec(id="a", name="a")], name="shop")
    >>> before = ab.whereis("a")
    >>> before.crash()                             # break it
    >>> await ab.sleep(0.01)
    >>> ab.whereis("a") not in (None, before)      # and it is there again
    True

Options: `strategy` (one_for_one, one_for_all, rest_for_one), `max_restarts` within `max_seconds` (3 in 5, as
in Elixir), `auto_shutdown` (never, any_significant, all_significant). Children start in order, each when the
one before has, and stop in reverse. One crash too many ends the supervisor with `"shutdown"`, and its own
supervisor decides what comes next.

Do not put a supervisor where nothing can be restarted into a better state: a restart forgets. Source: OTP's
supervisor, rules SUP-01 to SUP-55.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

from ..core.dest import Name
from ..core.ids import Pid
from ..core.isolation import share
from ..core.reasons import is_orderly
from ..core.running import current
from . import admin, protocol
from .child_spec import ChildSpec, check_children
from .children import Child, Children, Failed, start_child
from .options import Options, check_options, check_significant, options_of
from .restart import affected, wants_restart
from .results import Ignore, Stop
from .shutdown import shut_down
from .supervising import Supervising, teller

__all__ = ["Supervisor"]


class Supervisor(Supervising):
    """Start one with `await ab.Supervisor.start(children, …)`, or subclass it with `children` and `strategy`.

    `children` in a subclass is a list of child specs, a property, or a method (of any kind) that returns one from
    the arguments of `start`; when it returns `Ignore()`, no supervisor is started and `start` returns None (rule
    SUP-06). It runs in the caller, before there is a process: `self` is an object of the class, for its constants.
    """

    children: Any = None
    _options_now: Options
    _table: Children

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def start(cls, *args: Any, name: Name | None = None, node: str | None = None, **options: Any) -> Pid | None:
        """Start a supervisor and, in order, its children; returns its pid when the last has started (SUP-07).

        Arguments: a list of child specs (or, of a subclass, what its `children` takes), then the options
        `strategy`, `max_restarts`, `max_seconds`, `auto_shutdown`, of a subclass as keywords. Bad ones raise
        `ChildSpecError` and start nothing. When a child fails to start, those before it are stopped, and
        `SupervisorError` tells which and why (SUP-08).
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
    def _checked(cls, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...] | Ignore:
        if cls.children is None:
            children, options = _by_place_or_name(cls, args, options)
        else:
            children = cls._children_of(args)
        chosen: Options = check_options(options_of(cls, Options, options))
        if isinstance(children, Ignore):
            return children
        specs = [check_significant(chosen, spec) for spec in check_children(children)]
        return share(specs), chosen

    @classmethod
    def _children_of(cls, args: tuple[Any, ...]) -> Any:
        children = cls().children if _wants_object(cls.children) else cls.children
        return children(*args) if callable(children) else children

    async def init(self, specs: list[ChildSpec], options: Options, given: Any = None) -> Any:
        """Start the children in order; when one fails, stop those before it in reverse.

        Rules SUP-07, SUP-08.
        """
        self._begin(options, Children(teller()), given)
        for spec in specs:
            child = Child(spec)
            self._table.add(child)
            failed = await self._start_one(child)
            if failed is not None:
                await self._stop_all()
                return Stop(("shutdown", ("failed_to_start_child", spec.id, failed.reason)))
        return None

    def _renew(self, *checked: Any) -> None:
        specs, options = checked
        self._take_options(options)
        self._table.renew(specs)

    # --- children end -----------------------------------------------------------------------------------

    async def _child_ended(self, child: Child, reason: Any) -> Any:
        self._table.moved_out(child, reason, current().node.clock.now())
        if wants_restart(child.spec.restart, reason):
            return await self._restart(child)
        if child.spec.restart == "temporary":
            self._table.drop(child)
        return Stop("shutdown") if self._significant_end(child, reason) else None

    def _significant_end(self, child: Child, reason: Any) -> bool:
        """Whether this end, of itself, shuts the supervisor down (rules SUP-52, SUP-53)."""
        auto = self._options_now.auto_shutdown
        if (
            not child.spec.significant
            or auto == "never"
            or (child.spec.restart == "transient" and not is_orderly(reason))
        ):
            return False
        left = any(other.spec.significant and other.pid is not None for other in self._table)
        return auto == "any_significant" or not left

    async def _restart(self, child: Child) -> Any:
        """Restart, unless that is one restart too many (rules SUP-22, SUP-24)."""
        if not self._may_restart(child, child.spec.id):
            return Stop("shutdown")
        group = [
            c
            for id in affected(self._options_now.strategy, self._table.ids(), child.spec.id)
            if (c := self._table.get(id))
        ]
        for other in reversed(group):
            if other is not child:
                await self._stop_one(other, forget_temporary=True)
        await self._start_group([other for other in group if self._table.get(other.spec.id) is other])
        return None

    async def _start_group(self, group: list[Child]) -> None:
        """Start in order; the first that fails is tried again later, and the rest with it.

        Rules SUP-29 to SUP-33.
        """
        for child in group:
            again = bool(child.exits)
            failed = await self._start_one(child)
            if failed is not None:
                self._try_again(child, child.spec.id)
                return
            if again and child.pid is not None:
                self._restarted(child, str(child.spec.id))

    async def _start_one(self, child: Child) -> Failed | None:
        """Start the process of a slot; a temporary child that chose to be ignored is forgotten.

        Rule SUP-11.
        """
        result = await start_child(child.spec)
        if isinstance(result, Failed):
            return result
        pid, child.info = result
        self._table.moved_in(child, pid)
        if pid is None and child.spec.restart == "temporary":
            self._table.drop(child)
        elif pid is not None and (process := current().node.local(pid)) is not None and not process.label:
            if process.node.tracer is not None:
                process.node.tracer.note("label", process, "")
            process.label = str(child.spec.id)
        return None

    async def _stop_one(self, child: Child, *, forget_temporary: bool) -> None:
        """Stop the process of a slot, if there is one, and end its restarting."""
        if child.pid is not None:
            reason = await shut_down(child.pid, child.spec.shutdown)
            self._table.moved_out(child, reason, current().node.clock.now())
        else:
            self._table.changing(child)
        child.status = "exited"
        if forget_temporary and child.spec.restart == "temporary":
            self._table.drop(child)

    async def _stop_all(self) -> None:
        for child in reversed(list(self._table)):
            await self._stop_one(child, forget_temporary=True)

    async def terminate(self, reason: Any) -> None:
        """Stop the children one at a time, newest first (rule SUP-36)."""
        await self._stop_all()

    # --- administration ---------------------------------------------------------------------------------

    async def handle_call(self, request: Any, caller: protocol.Caller) -> Any:
        """Requests of the functions below."""
        return await admin.handle(self, request)

    which_children = staticmethod(admin.which_children)
    count_children = staticmethod(admin.count_children)
    start_child = staticmethod(admin.start_child)
    terminate_child = staticmethod(admin.terminate_child)
    restart_child = staticmethod(admin.restart_child)
    delete_child = staticmethod(admin.delete_child)


def _by_place_or_name(cls: type, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The children, and the options as keywords, of `start(children, strategy, …)`."""
    given = dict(zip(("children", *Options._fields), args, strict=False))
    if len(args) > len(given) or given.keys() & options.keys() or "children" not in given | options:
        raise TypeError(
            f"{cls.__name__}.start: expected one list of child specs, and each option once, got {len(args)} arguments "
            f"and the keywords {', '.join(options) or 'none'}"
        )
    given |= options
    return given.pop("children"), given


def _wants_object(children: Any) -> bool:
    """Whether `children` of a class is written for an object of it: a property, or a method that takes `self`."""
    if isinstance(children, property):
        return True
    return isinstance(children, FunctionType) and children.__code__.co_varnames[:1] == ("self",)
