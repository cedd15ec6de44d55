"""The children of a supervisor: an ordered table of slots, and how one child is started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..core.errors import Exit, StartError, SupervisorError
from ..core.ids import Pid
from ..core.process import ChildView
from ..core.reasons import reason_of
from .child_spec import ChildSpec
from .code import current_start

__all__ = ["Child", "Children", "Failed", "Tell", "start_child"]

_REMEMBERED = 3
_LOOKED_AT = 1_000
Tell = Callable[[str, Any, Any, Any], None]


class Failed(NamedTuple):
    """Why a child did not start."""

    reason: Any


class Child:
    """One slot: its specification, who lives in it now, and the last generations before, newest first."""

    __slots__ = ("exits", "info", "pid", "restarts", "spec", "status")

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self.pid: Pid | None = None
        self.status = "exited"
        self.info: Any = None
        self.restarts = 0
        self.exits: tuple[tuple[Pid, Any, float], ...] = ()

    def live(self, pid: Pid | None) -> None:
        """A process lives here now; None when it chose to be ignored."""
        self.pid = pid
        self.status = "exited" if pid is None else "running"

    def left(self, reason: Any, now: float) -> None:
        """The process of this slot ended."""
        if self.pid is not None:
            self.exits = ((self.pid, reason, now), *self.exits)[:_REMEMBERED]
        self.pid = None
        self.status = "exited"

    def now(self) -> tuple[Any, ...]:
        """The slot as it is at this moment, for those who look back: the fields of a view but for the id."""
        spec = self.spec
        return self.pid, self.status, spec.type, spec.modules, self.restarts, self.exits

    def view(self, id: Any) -> ChildView:
        """The slot as those see it who draw the tree; `id` tells it from its siblings."""
        spec = self.spec
        return ChildView(id, self.pid, self.status, spec.type, spec.modules, self.restarts, self.exits)


class Children:
    """The slots in start order. `tell` hears of each slot before it changes: its key, its view, and who stands next."""

    __slots__ = ("_by_id", "_by_pid", "tell")

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self._by_id: dict[Any, Child] = {}
        self._by_pid: dict[Pid, Child] = {}

    def __iter__(self) -> Iterator[Child]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def views(self) -> Iterator[ChildView]:
        """The slots for those who look, who may stop early and change nothing meanwhile: no copy of the table."""
        return (child.view(id) for id, child in self._by_id.items())

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

    def changing(self, child: Child) -> None:
        """The slot is about to change."""
        id = child.spec.id
        if self._by_id.get(id) is child:
            self.tell("slot", id, child.now(), None)

    def add(self, child: Child) -> None:
        """A new slot, last in order."""
        self.tell("slot", child.spec.id, None, None)
        self._by_id[child.spec.id] = child

    def renew(self, specs: list[ChildSpec]) -> None:
        """Other specs: known ids keep who lives there, new ones are not started, the rest stays, last in order."""
        before = dict(self._by_id)
        self.tell("slots", None, tuple(self.views()), None)
        self._by_id.clear()
        for spec in specs:
            child = before.pop(spec.id, None) or Child(spec)
            child.spec = spec
            self._by_id[spec.id] = child
        self._by_id.update(before)

    def drop(self, child: Child) -> None:
        """The slot is no more."""
        id = child.spec.id
        if id in self._by_id:
            self.tell("dropped", id, child.now(), self._after(id))
            del self._by_id[id]

    def _after(self, id: Any) -> Any:
        """Who stands behind it; not looked for among very many."""
        ids = self.ids() if len(self) <= _LOOKED_AT else [id]
        place = ids.index(id) + 1
        return ids[place] if place < len(ids) else None

    def moved_in(self, child: Child, pid: Pid | None) -> None:
        """A process lives in the slot now."""
        self.changing(child)
        child.live(pid)
        if pid is not None:
            self._by_pid[pid] = child

    def moved_out(self, child: Child, reason: Any, now: float) -> None:
        """The process of the slot ended."""
        self.changing(child)
        if child.pid is not None:
            self._by_pid.pop(child.pid, None)
        child.left(reason, now)


async def start_child(spec: ChildSpec) -> tuple[Pid | None, Any] | Failed:
    """Run the start function, of the newest code: the new pid (None when ignored) and what came with it.

    Or why it failed (rule SUP-09).
    """
    function, args, kwargs = spec.start
    try:
        result = current_start(function)(*args, **kwargs)
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
