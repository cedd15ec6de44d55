"""Hot code upgrade: a class is defined again, and its live processes take up the new code and keep their state.

Each process does so between two messages: suspended, put on the new class, `code_change(old)`, resumed (rule
UPG-01). What arrives meanwhile is handled by the new code (UPG-02). When `code_change` fails the old code and
state stay (UPG-03).
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from typing import Any, ClassVar

from ..core.node import Node
from ..core.process import Process
from ..core.reasons import describe, reason_of
from ..core.running import nodes
from .code import Definition, define, definition, rewritten, successor
from .loop import LoopBody
from .protocol import Caller, System
from .system import Refused, State, copy_of_state

__all__ = ["Old", "Upgrade", "announce", "announce_rewritten", "change", "swap", "take_up"]

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
    """One new definition, on its way to all processes of the old one; how it went is told where it was defined."""

    __slots__ = ("_context", "_waiting", "before", "cls", "done", "failures", "new")
    tell: ClassVar[Callable[[str], None] | None] = None
    """Says a line in the place of the definition (a notebook prints below the cell); None: only reports."""

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.new = Definition(cls)
        self.before: dict[type, Definition] = {}
        self.done = 0
        self.failures = 0
        self._waiting = 0
        self._context = copy_context()

    def expect(self, old: type) -> None:
        """One more process, of the class `old`, is told to take it up."""
        self._waiting += 1
        if old not in self.before:
            self.before[old] = definition(old)

    def went(self, process: Process, result: Any) -> None:
        """A process has taken it up, or could not; of many failures the first is said aloud."""
        self._waiting -= 1
        if isinstance(result, Refused):
            self.failures += 1
            text = f"code_change of {self.cls.__name__} failed with {describe(result.reason)}; "
            self._failed(process, text + "the old code and state stay")
        else:
            self.done += 1
            _trace("upgraded", process, self.cls.__name__)
        if self._waiting == 0 and self.done:
            many = "process runs" if self.done == 1 else "processes run"
            self._say(process, f"{self.cls.__name__}: {self.done:,} live {many} the new code")

    def _failed(self, process: Process, text: str) -> None:
        if self.failures > 1:
            _trace("report", process, text)
            return
        process.node.report(process, text)
        self._say(process, f"{process.title()} {process.pid!r}: {text}")

    def _say(self, process: Process, line: str) -> None:
        """In the context of the definition, and not in the name of the process whose turn it is."""
        tell, host = Upgrade.tell, process.node.host
        if tell is not None and host is not None:
            host.soon(lambda: self._context.copy().run(tell, line))


def _trace(kind: str, process: Process, detail: Any) -> None:
    if process.node.tracer is not None:
        process.node.tracer.record(kind, process.pid, process.title(), detail)


def announce(cls: type) -> None:
    """A class was defined: if it takes the place of another, tell the processes that run that one."""
    if define(cls) is not None:
        _spread(Upgrade(cls))


def announce_rewritten() -> None:
    """As `announce`, for the classes into which a reloader, or a hand, has written new code."""
    for before in rewritten():
        upgrade = Upgrade(before.cls)
        upgrade.before[before.cls] = before
        _spread(upgrade)


def _spread(upgrade: Upgrade) -> None:
    for node in nodes():
        if node.host is None or node.host.owns_thread():
            _tell(node, upgrade)
        else:
            node.host.from_thread(_tell, node, upgrade)


def _tell(node: Node, upgrade: Upgrade) -> None:
    for process in list(node.processes.values()):
        body = process.body
        if isinstance(body, LoopBody) and successor(body.cls, upgrade.cls):
            upgrade.expect(body.cls)
            process.put(System(Caller(node.shell.pid, node.make_ref()), "upgrade", upgrade))


def take_up(body: LoopBody, process: Process, upgrade: Upgrade, done: _Done) -> None:
    """Suspend, change, resume (rule UPG-01). A definition that only repeats the old one changes no state."""
    cls = upgrade.cls
    before = upgrade.before.get(body.cls) or Definition(body.cls)
    if before.repeats(upgrade.new):
        done(swap(body, cls) or "ok")
    else:
        was_suspended, process.suspended = process.suspended, True

        def changed(result: Any) -> None:
            process.suspended = was_suspended
            upgrade.went(process, result)
            done(result)

        change(body, cls, None, changed, before)


def change(body: LoopBody, cls: type, extra: Any, done: _Done, before: Definition | None = None) -> None:
    """Put a suspended process on the code of `cls`; `done` gets `"ok"`, or a refusal and nothing has changed."""
    if getattr(cls, "_body", None) is not type(body):
        error = TypeError(f"expected a class to go on with as {body.cls.__name__} does, got {cls!r} of another kind")
        done(Refused(reason_of(error)))
        return
    before, saved = before or Definition(body.cls), body.save(cls)
    old = Old(copy_of_state(body.server), before.vsn, extra)
    if refused := swap(body, cls):
        done(refused)
        return

    def after(result: Any, error: BaseException | None) -> None:
        reason = reason_of(error) if error is not None else body.accept_change(result)
        if reason is not None:
            swap(body, before.restored())
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
