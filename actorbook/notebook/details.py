"""What the inspector shows of one slot, read from the runtime's own tables; values are copies, texts are short.

The parts are made by the modules of `inspector`, each only while a tab is shown that needs it.
"""

from __future__ import annotations

from pprint import pformat
from typing import Any, cast

from ..behaviours.methods import methods_of
from ..core.node import Node
from ..core.process import Process
from ..core.served import class_of
from ..observe.family import Slot
from ..observe.nodes import epoch
from ..observe.recorder import Recorder
from .inspector.arrivals import Arrivals
from .inspector.code import code_of
from .inspector.generations import generations_of
from .inspector.queue import queue_of
from .inspector.state import state_of, visible_state
from .inspector.then import details_then
from .inspector.ties import ties_of
from .machine import machine_of
from .protocol import Row
from .protocol_details import Details

__all__ = ["Inspection", "state_text"]

_TEXT = 4_000


class Inspection:
    """One picture's view of the row that is selected, with what it needs to know for it."""

    def __init__(self, node: Node, recorder: Recorder, arrivals: Arrivals) -> None:
        self._node = node
        self._recorder = recorder
        self._arrivals = arrivals

    def details(self, row: Row, slot: Slot | None, tab: str) -> Details:
        """All about `row` that this tab shows."""
        process, view = (slot.process, slot.view) if slot is not None else (None, None)
        exits = generations_of(self._node, view, self._recorder, all_of_them=tab == "history")
        found = Details(
            key=row["key"], pid=row["pid"], name=row["name"], kind=row["kind"], cls=row["cls"], parent=row["parent"],
            status=row["status"], mailbox=row["mailbox"], messages=0, started=0.0, methods=[], exits=exits,
            ties=None, state=None, machine=None, queue=None, code=None,
        )  # fmt: skip
        if process is not None:
            self._look_into(process, found, tab)
        return found

    def then(self, row: Row, slot: Slot | None, tab: str) -> Details:
        """The same of a row as it was; what was not kept is not there."""
        process, view = (slot.process, slot.view) if slot is not None else (None, None)
        exits = generations_of(self._node, view, self._recorder, all_of_them=tab == "history")
        return details_then(row, cast("Any", process), exits, tab)

    def _look_into(self, process: Process, found: Details, tab: str) -> None:
        """What only a living process has."""
        found["messages"] = process.handled
        found["started"] = round((process.started - epoch(self._node)) * 1000, 1)
        found["methods"] = _methods(process)
        found["ties"] = ties_of(self._node, process)  # the tree draws them, whatever the tab
        if tab == "state":
            found["state"], found["machine"] = state_of(process), machine_of(process)
        elif tab == "mailbox":
            found["queue"] = queue_of(process, self._arrivals)
        elif tab == "code":
            found["code"] = code_of(process)


def _methods(process: Process) -> list[str]:
    cls = class_of(process)
    return list(methods_of(cls)) if cls is not None else []


def state_text(process: Process) -> str:
    """A copy of the state, printed; the class may leave out or redact attributes by `redact` and `format_status`."""
    state = visible_state(process)
    if state is None:
        return ""
    if isinstance(state, dict):
        return "\n".join(f"{name} = {_short(value)}" for name, value in state.items())[:_TEXT]
    return _short(state)


def _short(value: Any, most: int = 600) -> str:
    try:
        text = pformat(value, width=60, compact=True)
    except Exception as error:  # noqa: BLE001  # a repr of the user's that fails must not take the picture with it
        text = f"<{type(value).__name__}: its repr raised {type(error).__name__}>"
    return text if len(text) <= most else text[: most - 1] + "…"
