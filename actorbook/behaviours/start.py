"""The start handshake: `start` returns when `init` has, and a failed start leaves nothing behind.

Rules GEN-01 to 05.
"""

from __future__ import annotations

from typing import Any

from ..core.dest import Name, is_via, whereis
from ..core.errors import InternalError, StartError
from ..core.ids import Pid, Ref
from ..core.isolation import isolate, isolate_all
from ..core.mailbox import limit_of
from ..core.process import Process
from ..core.reasons import describe
from ..core.running import current
from ..core.timers import check_seconds
from ..core.waits import Request
from .loop import NO_KEYWORDS, Started
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
    mailbox: Any = None,
) -> Pid | None:
    """Start a process of class `cls` and wait for its `init`. Returns its pid, or None when `init` ignored."""
    me = current()
    if node is not None and node != me.node.name:
        raise ValueError(f"node={node!r}: unknown node, expected {me.node.name!r}; start a cluster to have more")
    seconds = None if timeout is None else check_seconds(timeout, "start(timeout=…)")
    limit = limit_of(cls.mailbox if mailbox is None else mailbox)  # type: ignore[attr-defined]
    _check_free(me, name)
    body = cls._body(cls, isolate_all(args), isolate(kwargs) if kwargs else NO_KEYWORDS, me.pid if link else None, name)  # type: ignore[attr-defined]
    process = me.node.spawn(body, parent=me, link=link, mailbox=limit, **_called(name))
    try:
        started = await _Starting(me, process, seconds)
    except StartError:
        raise
    except RuntimeError as error:
        reason = getattr(error, "reason", error)
        raise StartError(reason, f"{cls.__name__} did not start: {describe(reason)}") from None
    return _result(cls, started)


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


def _result(cls: type, started: Any) -> Pid | None:
    if not isinstance(started, Started):
        raise InternalError(f"start of {cls.__name__} was answered with {started!r}")
    if started.ok:
        pid: Pid | None = started.value
        return pid
    raise StartError(started.value, f"{cls.__name__} did not start: {describe(started.value)}")
