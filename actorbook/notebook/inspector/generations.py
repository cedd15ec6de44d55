"""Every generation of a slot that is still known, for the History tab: who, why it ended, and where.

A supervisor remembers the last few; the recorder's events lead further back, one restart after another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...core.ids import Pid
from ...core.process import ChildView
from ...core.reasons import Crash, describe
from ...observe.nodes import epoch
from ...observe.recorder import Recorder
from ..protocol_details import Generation

__all__ = ["generations_of"]

_SHOWN = 100
_TEXT = 4_000
_CELL = re.compile(r'"[^"\n]*ipykernel_\d+[^"\n]*"')  # a cell's file is an address that means nothing to its reader


def generations_of(node: Any, view: ChildView | None, recorder: Recorder, all_of_them: bool) -> list[Generation]:
    """The dead ones, newest first: those of the supervisor's record, or all that the recorder leads to."""
    if view is None:
        return []
    ended = [_generation(node, *dead) for dead in view.exits]
    if all_of_them and len(ended) < view.restarts and view.exits:
        ended += [_generation(node, *dead) for dead in _further(view.exits[-1][0], recorder, _SHOWN - len(ended))]
    return ended


def _further(pid: Pid, recorder: Recorder, most: int) -> Iterator[tuple[Pid, Any, float]]:
    """Those before `pid` in its slot: each restart names whom it replaced."""
    before = {event.pid: event.detail[1] for event in recorder.events("restarted")}
    while pid in before and most > 0:
        dead = before[pid]
        yield dead
        pid, most = dead[0], most - 1


def _generation(node: Any, pid: Any, reason: Any, at: float) -> Generation:
    traceback = _CELL.sub('"a cell"', reason.traceback[-_TEXT:]) if isinstance(reason, Crash) else ""
    return Generation(
        pid=repr(pid), reason=describe(reason), at=round((at - epoch(node)) * 1000, 1), traceback=traceback
    )
