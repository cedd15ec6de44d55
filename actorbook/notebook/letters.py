"""A hand in a mailbox: messages are dropped, doubled or moved. A message is meant by its mark, wherever it is now."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.mailbox import Queue
from ..core.process import Process

__all__ = ["drop", "duplicate", "move"]


def drop(process: Process, args: Mapping[str, str]) -> str:
    """Take a message out; nobody will ever handle it."""
    box, place = _find(process, args)
    del box[place]
    _look_again(process)
    return f"message {place + 1} of {process.title()} is dropped"


def duplicate(process: Process, args: Mapping[str, str]) -> str:
    """Have a message come twice, one behind the other, as a network might."""
    box, place = _find(process, args)
    box.insert(place + 1, box[place])
    _look_again(process)
    return f"message {place + 1} of {process.title()} is there twice"


def move(process: Process, args: Mapping[str, str]) -> str:
    """Move a message to place `to`, counted from 0; the others close up."""
    box, place = _find(process, args)
    to = args.get("to", "")
    if not to.lstrip("-").isdigit():
        raise ValueError(f"expected a place as a whole number, got {to!r}")
    goal = max(0, min(int(to), len(box) - 1))
    waiting = list(box)
    waiting.insert(goal, waiting.pop(place))
    box.rearrange(waiting)
    _look_again(process)
    return f"message {place + 1} of {process.title()} is number {goal + 1} now"


def _find(process: Process, args: Mapping[str, str]) -> tuple[Queue, int]:
    """The message that was shown at place `at` with this mark; it may have moved up meanwhile."""
    box, mark, at = process.mailbox, args.get("mark", ""), args.get("at", "0")
    places = [place for place, message in enumerate(box or ()) if str(id(message)) == mark]
    if box is None or not places:
        raise LookupError(
            f"that message is not in the mailbox of {process.title()} any more; suspend it to hold it still"
        )
    return box, min(places, key=lambda place: abs(place - int(at)))


def _look_again(process: Process) -> None:
    """Who waits for a message in there has to look from the start."""
    for wait in process.waits or ():
        wait.scan = 0
    if not process.queued:
        process.node.scheduler.ready(process)
