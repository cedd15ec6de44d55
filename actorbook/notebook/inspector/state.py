"""The state of a process for the State tab: a copy, as its class lets it be seen, and by name."""

from __future__ import annotations

from typing import Any

from ...core.isolation import reveal
from ...core.process import Process
from ..protocol_details import State
from .values import value_of

__all__ = ["state_of", "visible_state"]


def visible_state(process: Process) -> Any:
    """What may be seen: `format_status` and `redact` of the class have had their say; None when there is none.

    Attributes that begin with an underscore are the class's own business. The values are copies.
    """
    state = process.body.state()
    if isinstance(state, dict):
        return {name: reveal(value) for name, value in state.items() if not str(name).startswith("_")}
    return reveal(state)


def state_of(process: Process) -> State:
    """The state as a tree of values; `what` says what kind of thing it is, for a process that has none."""
    state = visible_state(process)
    if state is None:
        return State(what="a plain function: its state is its local variables", values=[])
    if isinstance(state, dict):
        what = "" if state else "no public attributes"
        return State(what=what, values=[value_of(str(name), value) for name, value in state.items()])
    return State(what="", values=[value_of("state", state)])
