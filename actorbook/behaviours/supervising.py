"""What every supervisor does: how it is started, how it counts restarts, and what those see who look at it.

The subclasses decide which children there are and what the end of one means for it and for its siblings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple, TypeVar

from ..core import served
from ..core.dest import resolve
from ..core.errors import StartError, SupervisorError
from ..core.ids import Pid
from ..core.isolation import Shared, share
from ..core.messages import EXIT
from ..core.process import ChildView
from ..core.reasons import describe
from ..core.relations import flag
from ..core.running import current, current_node
from .children import Child, Tell
from .gen_server import GenServer
from .restart import Window
from .results import Ignore

__all__ = ["Retry", "Supervising", "server_of", "teller"]

_S = TypeVar("_S")


class Retry(NamedTuple):
    """A restart attempt failed: try again, after whatever came meanwhile (rules SUP-29, SUP-30).

    `pid` lived there last: its end is what all this is about.
    """

    id: Any
    pid: Pid | None


def teller() -> Tell:
    """Tells those who look back of the slots of this process."""
    process = current()
    node = process.node

    def tell(what: str, key: Any, before: Any, after: Any) -> None:
        if node.tracer is not None:
            node.tracer.note(what, process, key, before, after)

    return tell


class Supervising(GenServer):
    """The common part of the supervisors: one table of children, and one window of restarts."""

    _kind: ClassVar[str] = "supervisor"
    strategy: str = "one_for_one"
    max_restarts: int = 3
    max_seconds: float = 5
    auto_shutdown: str = "never"

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def _start(cls, start: Any, args: tuple[Any, ...], name: Any, node: Any, options: dict[str, Any]) -> Any:
        """Check what was given, in the caller; then start, and tell of a failure in a supervisor's words."""
        timeout = options.pop("timeout", None)
        checked = cls._checked(args, options)
        if isinstance(checked, Ignore):
            return None
        given = share((args, options))  # for the day when the class is defined again
        try:
            return await start(*checked, given, name=name, node=node, timeout=timeout)
        except StartError as error:
            raise SupervisorError(error.reason, _in_words(cls, error)) from None

    @classmethod
    def _checked(cls, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...] | Ignore:
        """The arguments of `init`, `Ignore()` when there is to be none, or the error that the caller gets."""
        raise NotImplementedError(f"{cls.__name__} is no supervisor that can be started")

    def _begin(self, options: Any, table: Any, given: Any) -> None:
        """Trap exits, and have nothing on record."""
        flag(trap_exit=True)
        process = current()
        self._note("body", process, process.body.describe()._replace(sub=""), None)  # as it was without a server
        self._given = given
        self._options_now = options
        self._window = Window(options.max_restarts, options.max_seconds)
        self._table = table

    # --- new code ---------------------------------------------------------------------------------------

    def code_change(self, old: Any) -> None:
        """The class was defined again: take up its options and children, and keep who runs (rule UPG-04)."""
        args, options = self._given
        checked = self._checked(args, options)
        if not isinstance(checked, Ignore):
            self._renew(*(part.value if isinstance(part, Shared) else part for part in checked))

    def _renew(self, *checked: Any) -> None:
        """Take up what `_checked` gave; what it refuses never comes here, so nothing is half done."""

    @classmethod
    def _harmless_change(cls) -> bool:
        return cls.code_change is Supervising.code_change

    def _take_options(self, options: Any) -> None:
        self._about_to_change()
        self._options_now = options
        self._window.allow(options.max_restarts, options.max_seconds)

    # --- children end -----------------------------------------------------------------------------------

    def handle_info(self, message: Any) -> Any:
        """A child ended, or a restart is to be tried again; anything else is ignored (rule SUP-42)."""
        if isinstance(message, EXIT):
            child = self._table.of(message.pid)
            return self._child_ended(child, message.reason) if child is not None else None
        if isinstance(message, Retry):
            child = self._table.get(message.id)
            if child is None or child.status != "restarting":
                return None
            self._table.changing(child)
            return self._restart(child)
        return None

    def handle_cast(self, request: Any) -> Any:
        """Stray casts are ignored (rule SUP-42)."""

    def _child_ended(self, child: Child, reason: Any) -> Any:
        """What the end of a child means."""

    def _restart(self, child: Child) -> Any:
        """Start a child again, or try to."""

    def _may_restart(self, child: Child, what: Any) -> bool:
        """Count a restart; False when that is one too many, and everybody who watches is told (SUP-24)."""
        process = current()
        now = process.node.clock.now()
        if process.node.tracer is not None:
            process.node.tracer.note("window", process, self._window.stale(now))
        if self._window.add(now):
            child.status = "restarting"
            return True
        child.status = "exited"
        self._trace("gave_up", process.pid, process.name or process.label, f"more than {self._limit()}")
        process.node.log(process, f"gave up: more than {self._limit()}; the last was {what!r}")
        return False

    def _try_again(self, child: Child, id: Any) -> None:
        """A restart failed: it is tried again after what is in the mailbox by now, and counts again."""
        self._table.changing(child)
        child.status = "restarting"
        current().put(Retry(id, child.exits[0][0] if child.exits else None))

    def _restarted(self, child: Child, name: str) -> None:
        """A child lives again under a new pid."""
        assert child.pid is not None
        child.restarts += 1
        self._trace("restarted", child.pid, name, (child.restarts, child.exits[0]))

    # --- for those who look -----------------------------------------------------------------------------

    def _limit(self) -> str:
        return f"{self._window.limit} restarts in {self._window.seconds:g} s"

    def _trace(self, kind: str, pid: Pid, name: str, detail: Any) -> None:
        tracer = current().node.tracer
        if tracer is not None:
            tracer.record(kind, pid, name, detail)

    def _note(self, *change: Any) -> None:
        tracer = current().node.tracer
        if tracer is not None:
            tracer.note(*change)

    def _about_to_change(self) -> None:
        """Its options, or its window of restarts."""
        process = current()
        self._note("body", process, process.body.describe(), process.body.intensity())

    def _describe(self) -> str:
        return str(self._options_now.strategy) if hasattr(self, "_options_now") else ""

    def _child_views(self) -> Iterator[ChildView]:
        views: Iterator[ChildView] = self._table.views() if hasattr(self, "_table") else iter(())
        return views

    def _child_count(self) -> int:
        return len(self._table) if hasattr(self, "_table") else 0

    def _intensity(self) -> tuple[int, float, tuple[float, ...]] | None:
        if not hasattr(self, "_window"):
            return None
        return self._window.limit, self._window.seconds, self._window.times


def _in_words(cls: type, error: StartError) -> str:
    match error.reason:
        case ("shutdown", ("failed_to_start_child", id, reason)):
            return f"{cls.__name__} did not start: its child {id!r} failed with {describe(reason)}"
    return str(error)


def server_of(name: Any, kind: type[_S]) -> _S | None:
    """The supervisor of this kind with this pid or name: its tables are read in order to route, nobody is messaged."""
    server = served.server_of(resolve(name, current_node()))
    return server if isinstance(server, kind) else None
