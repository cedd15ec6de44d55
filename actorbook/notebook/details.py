"""What the details panel shows of one slot, read from the runtime's own tables; values are copies, texts are short."""

from __future__ import annotations

from itertools import islice
from pprint import pformat
from typing import Any

from ..core.isolation import reveal
from ..core.node import Node
from ..core.process import Process, Watch
from ..core.reasons import Crash, describe
from ..observe.family import Slot
from .machine import machine_of
from .protocol import Details, Generation, Row

__all__ = ["bounds_text", "details_of", "state_text"]

_QUEUE = 20
_TEXT = 4_000


def details_of(node: Node, row: Row, slot: Slot | None) -> Details:
    """All about `row`: who lives in its slot, and its supervisor's record of those who did."""
    process, view = (slot.process, slot.view) if slot is not None else (None, None)
    return Details(
        key=row["key"], pid=row["pid"], name=row["name"], kind=row["kind"], cls=row["cls"], parent=row["parent"],
        status=row["status"], mailbox=row["mailbox"], bounds=bounds_text(process) if process else "",
        messages=process.handled if process else 0,
        started=round((process.started - node.started) * 1000, 1) if process else 0.0, initial=row["cls"],
        names=[process.name] if process and process.name else [],
        links=_names(process.links) if process else [],
        monitors=_names((process.monitors or {}).values()) if process else [],
        monitored_by=_watchers(process) if process else [],
        state=state_text(process) if process else "", queue=_queue(process) if process else [],
        machine=machine_of(process) if process else None,
        exits=[_generation(node, *dead) for dead in view.exits] if view else [],
    )  # fmt: skip


def _watchers(process: Process) -> list[str]:
    return _names(watch.pid for watch in (process.watchers or {}).values() if isinstance(watch, Watch))


def _names(pids: Any) -> list[str]:
    return [repr(pid) if not isinstance(pid, str) else pid for pid in islice(pids or (), 100)]


def _generation(node: Node, pid: Any, reason: Any, at: float) -> Generation:
    traceback = reason.traceback if isinstance(reason, Crash) else ""
    return Generation(
        pid=repr(pid), reason=describe(reason), at=round((at - node.started) * 1000, 1), traceback=traceback[-_TEXT:]
    )


def bounds_text(process: Process) -> str:
    """The limit of a mailbox in words; empty when there is none."""
    bounds, _, dropped = process.crowding()
    if bounds is None:
        return ""
    lost = f"; {dropped:,} found no room" if dropped else ""
    return f"at most {bounds.limit:,}, then {bounds.policy}{lost}"


def state_text(process: Process) -> str:
    """A copy of the state, printed; the class may leave out or redact attributes by `format_status`."""
    state = process.body.state()
    if state is None:
        return ""
    if isinstance(state, dict):
        visible = {name: reveal(value) for name, value in state.items() if not name.startswith("_")}
        return "\n".join(f"{name} = {_short(value)}" for name, value in visible.items())[:_TEXT]
    return _short(reveal(state))


def _queue(process: Process) -> list[str]:
    return [_short(message, 120) for message in islice(process.mailbox or (), _QUEUE)]


def _short(value: Any, most: int = 600) -> str:
    try:
        text = pformat(value, width=60, compact=True)
    except Exception as error:  # noqa: BLE001  # a repr of the user's that fails must not take the picture with it
        text = f"<{type(value).__name__}: its repr raised {type(error).__name__}>"
    return text if len(text) <= most else text[: most - 1] + "…"
