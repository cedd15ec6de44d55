"""The start handshake: `start` returns when `init` has, and a failed start leaves nothing behind.

Rules GEN-01 to 05.
"""

from __future__ import annotations

from typing import Any

from ..core.dest import Name, is_via, whereis
from ..core.errors import InternalError, StartError
from ..core.far import FarRequest, spawn_at
from ..core.ids import Pid, Ref
from ..core.isolation import isolate, isolate_all
from ..core.mailbox import Mailbox, limit_of
from ..core.process import Process
from ..core.reasons import describe
from ..core.running import current
from ..core.timers import check_seconds
from ..core.waits import Request, Wait
from .loop import NO_KEYWORDS, LoopBody, Started
from .protocol import Caller

__all__ = ["start"]


async def start(
    cls: type,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    name: Name | None,
    node: str | None,
    link: bool,
    timeout: float | None = None,
    mailbox: Any = None,  # checked below, in words of ours
) -> Pid | None:
    """Start a process of class `cls` and wait for its `init`. Returns its pid, or None when `init` ignored."""
    me = current()
    seconds = None if timeout is None else check_seconds(timeout, "start(timeout=…)")
    parent = me.pid if link else None
    kind: Any = cls
    limit = limit_of(kind.mailbox if mailbox is None else mailbox)
    if node is None or node == me.node.name:
        starting: Wait = _start_here(me, seconds, limit, cls, args, kwargs, parent, name)
    else:
        starting = _StartingFar(me, node, seconds, limit, (cls, args, kwargs, parent, name))
    try:
        started = await starting
    except StartError:
        raise
    except RuntimeError as error:
        reason = getattr(error, "reason", error)
        raise StartError(reason, f"{cls.__name__} did not start: {describe(reason)}") from None
    return _result(cls, started)


def _start_here(
    me: Process,
    seconds: float | None,
    limit: Mailbox | None,
    cls: Any,
    args: Any,
    kwargs: Any,
    parent: Pid | None,
    name: Name | None,
) -> Wait:
    _check_free(me, name)
    body = cls._body(cls, isolate_all(args), isolate(kwargs) if kwargs else NO_KEYWORDS, parent, name)
    process = me.node.spawn(body, parent=me, link=parent is not None, mailbox=limit, **_called(name))
    return _Starting(me, process, seconds)


def _called(name: Any) -> dict[str, Any]:
    """A local name is registered at the spawn; of a via-name the key says what to call the process."""
    if not is_via(name):
        return {"name": name}
    term = name[2]
    return {"label": str(term[1] if isinstance(term, tuple) and len(term) > 1 else term)}


def _check_free(me: Process, name: Name | None) -> None:
    holder = whereis(name, me.node) if name is not None else None
    if holder is not None:
        raise StartError(
            ("already_started", holder),
            f"the name {name!r} is taken by {holder!r}; stop that one, or choose another",
        )


class _Starting(Request):
    """A start on its way: answered when `init` has returned."""

    __slots__ = ()

    def ask(self, ref: Ref) -> None:
        """Have the body tell this request how its init went."""
        body: Any = self.target.body
        body.starter = Caller(self.process.pid, ref)

    def abandoned(self) -> None:
        """It took too long: kill what is half started, and let no signal of that come back (rule GEN-05)."""
        me = self.process
        me.node.exits.unlink(me, self.target.pid)
        me.node.end(self.target, "killed")


def _hatch(cls: type, args: Any, kwargs: Any, parent: Pid | None, name: Name | None, starter: Caller) -> LoopBody:
    """The body, made on the node where it is to live."""
    body: LoopBody = cls._body(cls, args, kwargs, parent, name)  # type: ignore[attr-defined]
    body.starter = starter
    return body


class _StartingFar(FarRequest):
    """A start on another node: spawned there at once, answered when `init` has returned there."""

    __slots__ = ("_limit", "_recipe")

    def __init__(
        self, process: Process, where: str, timeout: float | None, limit: Mailbox | None, recipe: tuple[Any, ...]
    ) -> None:
        super().__init__(process, (where, ""), timeout)
        self._limit = limit
        self._recipe = recipe

    def ask(self, ref: Ref) -> None:
        """Have it spawned, linked and watched from the first moment (SIG-18)."""
        me = self.process
        *_, parent, name = self._recipe
        recipe = (*self._recipe, Caller(me.pid, ref))
        how = {"link": parent is not None, "ref": ref, "mailbox": self._limit, **_called(name)}
        pid, sent = spawn_at(me, self.where, _hatch, recipe, **how)
        self.target = pid
        me.node.remote.watch(me.pid, self.where, pid, ref, self, asked=sent)

    def answered(self, value: Any) -> None:
        """It did start, or says why not."""
        if not value.ok or value.value is None:
            self._spare()
        super().answered(value)

    def down(self, reason: Any) -> None:
        """It ended before it had started."""
        self._spare()
        super().down(reason)

    def _spare(self) -> None:
        """A starter that traps exits is told by the result, and gets no signal on top of it (rule GEN-04)."""
        me = self.process
        if isinstance(self.target, Pid) and (me.trap_exit or me is me.node.shell):
            me.node.exits.unlink(me, self.target)

    def abandoned(self) -> None:
        """It took too long: kill what is half started, and let no signal of that come back (rule GEN-05)."""
        me = self.process
        if isinstance(self.target, Pid):
            me.node.exits.unlink(me, self.target)
            me.node.exits.signal(me.pid, self.target, "kill", linked=False)


def _result(cls: type, started: Any) -> Pid | None:
    if not isinstance(started, Started):
        raise InternalError(f"start of {cls.__name__} was answered with {started!r}")
    if started.ok:
        pid: Pid | None = started.value
        return pid
    raise StartError(started.value, f"{cls.__name__} did not start: {describe(started.value)}")
