"""What the inspector knows of a process as it was: a past moment has no live object to ask."""

from __future__ import annotations

from typing import Any

from ...observe.figure import Figure
from ..protocol import Row
from ..protocol_details import Details, Generation, Queue, State, Tie, Ties, Waiting
from .values import short, value_of

__all__ = ["details_then"]

_NOT_KEPT = "… not kept: states are while `ab.observe.closely(states=True)` lasts"


def details_then(row: Row, process: Figure | None, exits: list[Generation], tab: str) -> Details:
    """All about `row` at the moment that is looked at."""
    found = Details(
        key=row["key"], pid=row["pid"], name=row["name"], kind=row["kind"], cls=row["cls"], parent=row["parent"],
        status=row["status"], mailbox=max(0, row["mailbox"]), messages=0, started=0.0, methods=[], exits=exits,
        ties=None, state=None, machine=None, queue=None, code=None,
    )  # fmt: skip
    if process is None:
        return found
    found["ties"] = Ties(
        names=[process.name] if process.name else [], groups=[], monitors=[], monitored_by=[],
        links=[Tie(pid=repr(pid), name=_name(process, pid)) for pid in process.links[:100]],
    )  # fmt: skip
    kept = process.node.past.kept(process.pid)
    if tab == "state":
        found["state"] = _state(None if kept is None else kept.state)
    elif tab == "mailbox":
        found["queue"] = _queue(process, () if kept is None else kept.messages)
    return found


def _name(process: Figure, pid: Any) -> str:
    other = process.node.local(pid)
    return "" if other is None else other.title()


def _state(state: Any) -> State:
    if state is None:
        return State(what=_NOT_KEPT, values=[])
    if isinstance(state, dict):
        return State(what="", values=[value_of(str(name), value) for name, value in state.items()])
    return State(what="", values=[value_of("state", state)])


def _queue(process: Figure, messages: tuple[Any, ...]) -> Queue:
    items = [
        Waiting(
            index=n, mark=f"then.{n}", kind=type(message).__name__, sender="", text=short(message), parts=[],
            since=0.0, exact=False,
        )
        for n, message in enumerate(messages)
    ]  # fmt: skip
    return Queue(total=max(0, process.pending()), bounds="", items=items)
