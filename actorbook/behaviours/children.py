"""The children of a supervisor: an ordered table of slots, and how one child is started and stopped."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..core.context import monitor, receive
from ..core.errors import Exit, StartError, SupervisorError
from ..core.ids import Pid
from ..core.messages import DOWN, EXIT
from ..core.process import ChildView
from ..core.reasons import reason_of
from ..core.running import current
from .child_spec import ChildSpec, Shutdown

__all__ = ["Child", "Children", "Failed", "shut_down", "start_child"]

_REMEMBERED = 3


class Failed(NamedTuple):
    """Why a child did not start."""

    reason: Any


class Child:
    """One slot: its specification, who lives in it now, and the generations before."""

    __slots__ = ("exits", "info", "pid", "restarts", "spec", "status")

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self.pid: Pid | None = None
        self.status = "exited"
        self.info: Any = None
        self.restarts = 0
        self.exits: deque[tuple[Pid, Any, float]] = deque(maxlen=_REMEMBERED)

    def live(self, pid: Pid | None) -> None:
        """A process lives here now; None when it chose to be ignored."""
        self.pid = pid
        self.status = "exited" if pid is None else "running"

    def left(self, reason: Any, now: float) -> None:
        """The process of this slot ended."""
        if self.pid is not None:
            self.exits.appendleft((self.pid, reason, now))
        self.pid = None
        self.status = "exited"

    def view(self) -> ChildView:
        """The slot as those see it who draw the tree."""
        spec = self.spec
        return ChildView(spec.id, self.pid, self.status, spec.type, spec.modules, self.restarts, tuple(self.exits))


class Children:
    """The slots in start order."""

    __slots__ = ("_by_id", "_by_pid")

    def __init__(self) -> None:
        self._by_id: dict[Any, Child] = {}
        self._by_pid: dict[Pid, Child] = {}

    def __iter__(self) -> Iterator[Child]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def views(self) -> Iterator[ChildView]:
        """The slots for those who look, who may stop early and change nothing meanwhile: no copy of the table."""
        return (child.view() for child in self._by_id.values())

    def ids(self) -> list[Any]:
        """All ids in start order."""
        return list(self._by_id)

    def get(self, id: Any) -> Child | None:
        """The slot with this id."""
        try:
            return self._by_id.get(id)
        except TypeError:  # an id that cannot be hashed is nobody's
            return None

    def of(self, pid: Pid) -> Child | None:
        """The slot in which this process lives."""
        return self._by_pid.get(pid)

    def add(self, child: Child) -> None:
        """A new slot, last in order."""
        self._by_id[child.spec.id] = child

    def drop(self, child: Child) -> None:
        """The slot is no more."""
        self._by_id.pop(child.spec.id, None)

    def moved_in(self, child: Child, pid: Pid | None) -> None:
        """A process lives in the slot now."""
        child.live(pid)
        if pid is not None:
            self._by_pid[pid] = child

    def moved_out(self, child: Child, reason: Any, now: float) -> None:
        """The process of the slot ended."""
        if child.pid is not None:
            self._by_pid.pop(child.pid, None)
        child.left(reason, now)


async def start_child(spec: ChildSpec) -> tuple[Pid | None, Any] | Failed:
    """Run the start function: the new pid (None when ignored) and what came with it, or why it failed.

    Rule SUP-09.
    """
    function, args, kwargs = spec.start
    try:
        result = function(*args, **kwargs)
        if hasattr(result, "__await__"):
            result = await result
    except (StartError, SupervisorError, Exit) as error:
        return Failed(error.reason)
    except Exception as error:
        return Failed(reason_of(error))
    if result is None or isinstance(result, Pid):
        return result, None
    if isinstance(result, tuple) and len(result) == 2 and isinstance(result[0], Pid):
        return result
    return Failed(("bad_return_value", result))


async def shut_down(pid: Pid, shutdown: Shutdown) -> Any:
    """Stop a child and wait until it is dead (rules SUP-36 to SUP-40); returns the reason it ended with."""
    me = current()
    node = me.node
    ref = monitor(pid)
    node.exits.unlink(me, pid)
    me.take(lambda message: isinstance(message, EXIT) and message.pid is pid)
    node.exits.signal(me.pid, pid, "kill" if shutdown == "brutal_kill" else "shutdown", linked=False)
    patience = shutdown if isinstance(shutdown, int | float) else None

    def is_down(message: Any) -> bool:
        return isinstance(message, DOWN) and message.ref is ref

    try:
        down = await receive(is_down, patience)
    except TimeoutError:
        node.exits.signal(me.pid, pid, "kill", linked=False)
        down = await receive(is_down)
    return down.reason
