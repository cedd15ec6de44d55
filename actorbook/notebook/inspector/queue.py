"""The mailbox of a process for the Mailbox tab: what waits, from whom, and for how long."""

from __future__ import annotations

from itertools import islice
from typing import Any

from ...behaviours.gen import Behaviour
from ...behaviours.protocol import Call, Cast, Invoke, System
from ...behaviours.report import shaped
from ...core.messages import DOWN, EXIT
from ...core.process import Process
from ...core.served import server_of
from ..protocol_details import Queue, Waiting
from .arrivals import Arrivals
from .values import short, value_of

__all__ = ["bounds_text", "queue_of"]

_SHOWN = 50


def queue_of(process: Process, arrivals: Arrivals) -> Queue:
    """The first messages, oldest first."""
    box = process.mailbox or ()
    items = [_waiting(process, n, message, arrivals) for n, message in enumerate(islice(box, _SHOWN))]
    return Queue(total=process.pending(), bounds=bounds_text(process), items=items)


def bounds_text(process: Process) -> str:
    """The limit of a mailbox in words; empty when there is none."""
    bounds, _, dropped = process.crowding()
    if bounds is None:
        return ""
    lost = f"; {dropped:,} found no room" if dropped else ""
    return f"at most {bounds.limit:,}, then {bounds.policy}{lost}"


def _waiting(process: Process, index: int, message: Any, arrivals: Arrivals) -> Waiting:
    kind, sender, content = _read(message)
    content = _shown(process, content)
    since, exact = arrivals.since(process, index)
    text = repr(content) if isinstance(content, Invoke) else short(content)
    value = value_of("message", content.args if isinstance(content, Invoke) else content)
    return Waiting(
        index=index, mark=str(id(message)), kind=kind, sender=sender, text=text[:400], parts=value["parts"],
        since=round(since * 1000, 1), exact=exact,
    )  # fmt: skip


def _read(message: Any) -> tuple[str, str, Any]:
    """What kind of message it is, who sent it where that is known, and what it says."""
    if isinstance(message, Call):
        return "call", repr(message.caller.pid), message.request
    if isinstance(message, Cast):
        return "cast", "", message.request
    if isinstance(message, System):
        return "system", repr(message.caller.pid), message.operation
    if isinstance(message, EXIT | DOWN):
        return "signal", repr(message.pid), message
    return "info", "", message


def _shown(process: Process, content: Any) -> Any:
    """As the class's `format_status` lets a message be seen; one that it hides is hidden here too."""
    server = server_of(process)
    if server is None or type(server).format_status is Behaviour.format_status:
        return content
    return shaped(server, process.body.status() | {"message": content})["message"]  # type: ignore[attr-defined]
