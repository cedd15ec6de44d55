"""Hot code upgrade: a class is defined again, and its live processes take up the new code and keep their state.

Each process does so between two messages: suspended, put on the new class, `code_change(old)`, resumed (rule
UPG-01). What arrives meanwhile is handled by the new code (UPG-02). When `code_change` fails the old code and
state stay (UPG-03).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..core.node import Node
from ..core.process import Process
from ..core.reasons import describe, reason_of
from ..core.running import nodes
from .code import define, same_code, successor
from .loop import LoopBody
from .protocol import Caller, System
from .system import Refused, State, copy_of_state

if TYPE_CHECKING:
    from .gen import Behaviour

__all__ = ["Old", "Upgrade", "announce", "change", "swap", "take_up"]

_Done = Callable[[Any], None]


class Old(State):
    """What `code_change` gets: the attributes as the old code left them (`old.n`), its `vsn`, and `extra`."""

    __slots__ = ("_extra", "_vsn")

    def __init__(self, attributes: dict[str, Any], vsn: Any = None, extra: Any = None) -> None:
        super().__init__(attributes)
        self._vsn = vsn
        self._extra = extra

    def __getattr__(self, name: str) -> Any:
        if name not in self and name in ("vsn", "extra"):
            return self._vsn if name == "vsn" else self._extra
        return super().__getattr__(name)


class Upgrade:
    """One new definition, on its way to all processes of the old one; the first failure is told in a line."""

    __slots__ = ("cls", "failures")

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.failures = 0


def announce(cls: type[Behaviour]) -> None:
    """A class was defined: if it takes the place of another, tell the processes that run that one."""
    if define(cls) is None:
        return
    upgrade = Upgrade(cls)
    for node in nodes():
        if node.host is None or node.host.owns_thread():
            _tell(node, upgrade)
        else:
            node.host.from_thread(_tell, node, upgrade)


def _tell(node: Node, upgrade: Upgrade) -> None:
    for process in list(node.processes.values()):
        body = process.body
        if isinstance(body, LoopBody) and successor(body.cls, upgrade.cls):
            process.put(System(Caller(node.shell.pid, node.make_ref()), "upgrade", upgrade))


def take_up(body: LoopBody, process: Process, upgrade: Upgrade, done: _Done) -> None:
    """Suspend, change, resume (rule UPG-01). A definition that only repeats the old one changes no state."""
    cls = upgrade.cls
    if not successor(body.cls, cls):
        done("ok")
    elif same_code(body.cls, cls):
        done(swap(body, cls) or "ok")
    else:
        was_suspended, process.suspended = process.suspended, True

        def changed(result: Any) -> None:
            process.suspended = was_suspended
            _report(process, upgrade, result)
            done(result)

        change(body, cls, None, changed)


def change(body: LoopBody, cls: type, extra: Any, done: _Done) -> None:
    """Put a suspended process on the code of `cls`; `done` gets `"ok"`, or a refusal and nothing has changed."""
    before, saved = body.cls, body.save(cls)
    old = Old(copy_of_state(body.server), getattr(before, "vsn", None), extra)
    if refused := swap(body, cls):
        done(refused)
        return

    def after(result: Any, error: BaseException | None) -> None:
        reason = reason_of(error) if error is not None else body.accept_change(result)
        if reason is not None:
            swap(body, before)
            body.restore(saved)
        done("ok" if reason is None else Refused(reason))

    body.invoke(body.server.code_change, (old,), {}, after)


def swap(body: LoopBody, cls: type) -> Refused | None:
    """Give the object its new class; one with another memory layout cannot be given."""
    try:
        body.server.__class__ = cls
    except TypeError as error:
        return Refused(reason_of(error))
    body.cls = cls
    return None


def _report(process: Process, upgrade: Upgrade, result: Any) -> None:
    """Tell those who look; of many failures of one definition the first is said aloud."""
    name, tracer = upgrade.cls.__name__, process.node.tracer
    if not isinstance(result, Refused):
        if tracer is not None:
            tracer.record("upgraded", process.pid, process.title(), name)
        return
    upgrade.failures += 1
    text = f"code_change of {name} failed with {describe(result.reason)}; the old code and state stay"
    if upgrade.failures == 1:
        process.node.report(process, text)
    elif tracer is not None:
        tracer.record("report", process.pid, process.title(), text)
