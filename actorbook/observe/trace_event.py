"""One event of a trace, and a list of them that is data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from ..core.ids import Pid
from .export import Exported

__all__ = ["TraceEvent", "TraceEvents"]


class TraceEvent(NamedTuple):
    """One thing that happened while a trace ran.

    `n` numbers the events, `at` is in seconds since the node started (in a cluster: the one that carries the others).
    `kind` is sent, received or lost, and of a process's life started, exited, crashed or restarted. `message` numbers
    the messages: sent and received of one have the same, and a process that is started has one too. `cause` is the
    number of the message that the sender was handling when it sent this one, 0 when none is known. `what` is call,
    cast, reply, info, exit, down, system or spawn; `text` is one line, `payload` a bounded copy.
    """

    n: int
    at: float
    kind: str
    message: int
    sender: Pid | None
    receiver: Pid | None
    what: str
    text: str
    payload: Any
    cause: int
    sender_name: str
    receiver_name: str


class TraceEvents(Exported, list[TraceEvent]):
    """The events of a trace in order: a list that is data too, see `to_pandas`, `to_arrow`, `to_json_lines`."""

    columns: ClassVar[tuple[str, ...]] = (
        "n", "at", "kind", "message", "sender", "receiver", "what", "text", "cause", "sender_name", "receiver_name",
    )  # fmt: skip

    def records(self) -> Iterator[tuple[Any, ...]]:
        """The rows: pids as text."""
        for e in self:
            sender, receiver = (repr(pid) if pid else "" for pid in (e.sender, e.receiver))
            yield (
                e.n, e.at, e.kind, e.message, sender, receiver, e.what, e.text, e.cause, e.sender_name, e.receiver_name,
            )  # fmt: skip

    def chain(self, message: int) -> TraceEvents:
        """The messages that led to this one, oldest first, itself last: each was sent while the one before was handled.

        Raises `KeyError` when no message of the trace has the number.
        """
        sent = {e.message: e for e in self if e.message and e.kind in ("sent", "started")}
        if message not in sent:
            raise KeyError(f"no message {message} in this trace; its numbers are those of `message` in the events")
        found = [sent[message]]
        while (before := sent.get(found[-1].cause)) is not None:
            found.append(before)
        return TraceEvents(reversed(found))
