"""Mailboxes that lose messages, or get them late: while chaos lasts, those of its targets are of such a class.

Only `append` is another one, by which messages come. Signals, replies and the runtime's own words come by `put`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from ..core.errors import MailboxFullError
from ..core.mailbox import Queue
from ..core.process import Process

if TYPE_CHECKING:
    from .chaos_run import Chaos

__all__ = ["calm", "disturb"]


class _Line:
    """The way into one mailbox: what is late, in order."""

    def __init__(self, process: Process, chaos: Chaos, box: Any) -> None:
        self.box = box  # as long as it is known by its id, nobody else may get that
        self.process = process
        self.chaos = chaos
        self.kind: Any = type(box)
        self.free = 0.0

    def send(self, box: Any, message: Any) -> None:
        """A message comes: now, later, or never."""
        seconds = self.chaos.fate(self.process, message)
        if seconds is None:
            return
        now = self.process.node.clock.now()
        self.free = max(self.free, now + seconds)
        if self.free <= now:
            self.kind.append(box, message)
        else:
            self.process.node.set_timer(self.free - now, lambda: self._arrive(message))

    def _arrive(self, message: Any) -> None:
        """It is there; who sent it cannot be told any more that there is no room."""
        process, box = self.process, self.process.mailbox
        if process.ended:
            return
        with suppress(MailboxFullError):
            if box is not None and type(box) is _disturbed(self.kind):
                self.kind.append(box, message)
                process.node.scheduler.ready(process)
            else:
                process.post(message)


_lines: dict[int, _Line] = {}


@cache
def _disturbed(kind: Any) -> type:
    """The class of a disturbed mailbox of this kind."""

    def append(self: Any, message: Any, /) -> None:
        line = _lines.get(id(self))
        if line is None:
            kind.append(self, message)
        else:
            line.send(self, message)

    return type(f"Disturbed{kind.__name__}", (kind,), {"__slots__": (), "append": append, "disturbed": kind})


def disturb(process: Process, chaos: Chaos) -> bool:
    """From now on messages to this process meet their fate; False when they do already."""
    if process.mailbox is None:
        process.mailbox = Queue() if process.node.tap is None else process.node.tap.mailbox(process)
    box: Any = process.mailbox
    if id(box) in _lines:
        return False
    _lines[id(box)] = _Line(process, chaos, box)
    kind: Any = type(box)
    box.__class__ = _disturbed(kind)
    return True


def calm(process: Process) -> None:
    """Its mailbox is one like any other again."""
    for key, line in list(_lines.items()):
        if line.process is process:
            del _lines[key]
    box: Any = process.mailbox
    if box is not None and (kind := getattr(type(box), "disturbed", None)) is not None:
        box.__class__ = kind
