"""The functions of a supervisor: look at its children, start, stop and delete them by hand.

Rules SUP-44 to SUP-50. They take a pid or a name, and wait as long as the supervisor is busy (SUP-12).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core.context import is_alive
from ..core.dest import Dest
from ..core.errors import ChildSpecError, SupervisorError
from ..core.ids import Pid
from ..core.isolation import share
from ..core.reasons import describe
from . import protocol
from .child_spec import check_child
from .children import Child, Failed
from .options import check_significant

if TYPE_CHECKING:
    from .supervisor import Supervisor

__all__ = [
    "Ask", "ChildInfo", "No", "ask", "count_children", "counts", "delete_child", "did_not_start", "handle", "info_of",
    "restart_child", "start_child", "terminate_child", "which_children",
]  # fmt: skip


class ChildInfo(NamedTuple):
    """One child: `pid` is a Pid, None when it does not run, or `"restarting"`."""

    id: Any
    pid: Pid | str | None
    type: str
    modules: tuple[str, ...]


class Ask(NamedTuple):
    """A request to a supervisor."""

    what: str
    argument: Any = None


class No(NamedTuple):
    """The supervisor refuses, or failed."""

    reason: Any
    text: str


async def ask(sup: Any, what: str, argument: Any = None) -> Any:
    """Have a supervisor do something; its refusal is a `SupervisorError`."""
    answer = await protocol.call(sup, Ask(what, argument), None)
    if isinstance(answer, No):
        raise SupervisorError(answer.reason, f"{what}: {answer.text}")
    return answer


async def which_children(sup: Dest) -> list[ChildInfo]:
    """The children, newest first: items with `.id`, `.pid`, `.type`, `.modules` (rule SUP-44)."""
    children: list[ChildInfo] = await ask(sup, "which_children")
    return children


async def count_children(sup: Dest) -> dict[str, int]:
    """How many specs, active (alive), supervisors and workers (rule SUP-45)."""
    counts: dict[str, int] = await ask(sup, "count_children")
    return counts


async def start_child(sup: Dest, spec: Any) -> Any:
    """Add a child and start it: its pid, `(pid, info)` when its start gave more, None when ignored (SUP-49).

    Raises `ChildSpecError` for a bad spec; `SupervisorError` with `("already_started", pid)`,
    `"already_present"`, or the reason for which it did not start (then its spec is not kept).
    """
    return await ask(sup, "start_child", share(check_child(spec)))


async def terminate_child(sup: Dest, id: Any) -> str:
    """Stop a child, or its restarting: `"ok"`, also when it is stopped; if temporary, it is forgotten."""
    answer: str = await ask(sup, "terminate_child", id)
    return answer


async def restart_child(sup: Dest, id: Any) -> Any:
    """Start a stopped child again; `"running"`, `"restarting"`, `"not_found"` are its refusals.

    Rule SUP-47.
    """
    return await ask(sup, "restart_child", id)


async def delete_child(sup: Dest, id: Any) -> str:
    """Forget the spec of a stopped child; its id is free again (rule SUP-48)."""
    answer: str = await ask(sup, "delete_child", id)
    return answer


async def handle(sup: Supervisor, request: Any) -> Any:
    """The supervisor's side."""
    if not isinstance(request, Ask):
        return No("unknown_request", f"expected one of the functions of Supervisor, got {request!r}")
    match request.what:
        case "which_children":
            return [info_of(child) for child in reversed(list(sup._table))]
        case "count_children":
            return counts(sup._table)
        case "start_child":
            return await _start(sup, request.argument)
    child = sup._table.get(request.argument)
    if child is None:
        return No("not_found", f"no child has the id {request.argument!r}; there are: {_ids(sup)}")
    return await _CHILD_OPERATIONS[request.what](sup, child)


def _ids(sup: Supervisor) -> str:
    ids = [repr(id) for id in sup._table.ids()]
    return ", ".join(ids[:8]) + (" …" if len(ids) > 8 else "") if ids else "none"


def info_of(child: Child) -> ChildInfo:
    """A slot as `which_children` shows it."""
    pid = "restarting" if child.status == "restarting" else child.pid
    return ChildInfo(child.spec.id, pid, child.spec.type, child.spec.modules)


def counts(children: Iterable[Child]) -> dict[str, int]:
    """How many there are of each kind (rule SUP-45)."""
    tally = {"specs": 0, "active": 0, "supervisors": 0, "workers": 0}
    for child in children:
        tally["specs"] += 1
        tally["active"] += child.pid is not None and is_alive(child.pid)
        tally["supervisors" if child.spec.type == "supervisor" else "workers"] += 1
    return tally


async def _start(sup: Supervisor, spec: Any) -> Any:
    try:
        check_significant(sup._options_now, spec)
    except ChildSpecError as error:
        return No(error.reason, str(error))
    known = sup._table.get(spec.id)
    if known is not None:
        if known.pid is not None:
            return No(("already_started", known.pid), f"child {spec.id!r} runs already as {known.pid!r}")
        return No(
            "already_present",
            f"child {spec.id!r} is there but stopped; use restart_child, or delete_child first",
        )
    child = Child(spec)
    sup._table.add(child)
    failed = await sup._start_one(child)
    if failed is not None:
        sup._table.drop(child)
        return did_not_start(spec.id, failed)
    return child.pid if child.info is None else (child.pid, child.info)


def did_not_start(id: Any, failed: Failed) -> No:
    """The answer when a child failed to start."""
    return No(failed.reason, f"child {id!r} did not start: {describe(failed.reason)}")


async def _terminate(sup: Supervisor, child: Child) -> Any:
    await sup._stop_one(child, forget_temporary=True)
    return "ok"


async def _restart(sup: Supervisor, child: Child) -> Any:
    if refusal := _not_stopped(child):
        return refusal
    failed = await sup._start_one(child)
    if failed is not None:
        return did_not_start(child.spec.id, failed)
    return child.pid if child.info is None else (child.pid, child.info)


async def _delete(sup: Supervisor, child: Child) -> Any:
    if refusal := _not_stopped(child):
        return refusal
    sup._table.drop(child)
    return "ok"


def _not_stopped(child: Child) -> No | None:
    if child.status == "restarting":
        return No("restarting", f"child {child.spec.id!r} is being restarted; terminate_child ends that")
    if child.pid is not None:
        return No("running", f"child {child.spec.id!r} runs as {child.pid!r}; terminate_child first")
    return None


_CHILD_OPERATIONS = {"terminate_child": _terminate, "restart_child": _restart, "delete_child": _delete}
