"""A state machine as a graph: which states it has, which transitions, where it is, and what it did last.

>>> import actorbook as ab
>>> from actorbook import statem
>>> class Switch(ab.GenStateMachine):
...     def init(self):
...         return "off"
...     @ab.call
...     def flip(self): "Turn it."
...     def off(self, event):
...         return statem.NextState("on", statem.Reply(event.caller, "on"))
...     def on(self, event):
...         return statem.NextState("off", statem.Reply(event.caller, "off"))
>>> pid = await Switch.start()
>>> await pid.flip(), await pid.flip(), await pid.flip()
('on', 'off', 'on')
>>> statem.graph(pid)
Switch
  ○ off
    └─ flip ×2 → on  ◀ last
  ● on
    └─ flip ×1 → off
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ...core.dest import resolve
from ...core.process import Process
from ...core.running import current_node
from .body import StateMachineBody
from .journal import Journal, name_of

__all__ = ["Graph", "Transition", "graph", "graph_of"]


class Transition(NamedTuple):
    """From one state to another: the events that may cause it, and how often it was taken (0: known by the source)."""

    source: str
    target: str
    cause: str = ""
    times: int = 0

    @property
    def causes(self) -> tuple[str, ...]:
        """The events that may cause it, one by one; a single empty word where none is known."""
        return tuple(self.cause.split(" / "))

    @property
    def label(self) -> str:
        """Cause and count, as they stand beside an arrow."""
        return " ".join(part for part in (self.cause, f"×{self.times}" if self.times else "") if part)


class Graph(NamedTuple):
    """One machine, or its class alone, as an immutable value; it draws itself in a notebook.

    `current` and `last`, the transition that was taken last with the event that caused it, are None for a class.
    """

    name: str
    states: tuple[str, ...]
    transitions: tuple[Transition, ...]
    initial: str | None = None
    current: str | None = None
    last: Transition | None = None

    def is_last(self, transition: Transition) -> bool:
        """True for the transition that was taken last."""
        return self.last is not None and self.last[:2] == transition[:2]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return {
            **self._asdict(),
            "states": list(self.states),
            "transitions": [transition._asdict() for transition in self.transitions],
            "last": None if self.last is None else self.last._asdict(),
        }

    def to_text(self) -> str:
        """The graph in lines: each state, below it where it leads. ● is the present state."""
        from .drawn import text

        return text(self)

    def to_mermaid(self) -> str:
        """The graph in Mermaid's words, a `stateDiagram-v2`, the present state in its colour."""
        from .drawn import mermaid

        return mermaid(self)

    def to_svg(self) -> str:
        """The graph as a picture that needs nothing else, in light and dark colours."""
        from .svg import draw

        return draw(self)

    def __repr__(self) -> str:
        return self.to_text()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        picture = self.to_svg()
        return {
            "text/plain": self.to_text(),
            "text/html": picture,
            "image/svg+xml": picture,
            "text/vnd.mermaid": self.to_mermaid(),
        }


def graph(machine: Any) -> Graph:
    """The graph of a machine, by pid or name, or of a class of machines. Asks no process and does not wait.

    States and transitions are those that the source names, as far as it can be had, and those that the machine has
    taken. Raises `ValueError` when nobody has that name, `TypeError` for what is no state machine.
    """
    if isinstance(machine, type):
        if getattr(machine, "_kind", None) != "statem":
            raise TypeError(f"graph: expected a subclass of GenStateMachine, got {machine!r}")
        return _merge(machine, Journal(), None)
    node = current_node()
    process = resolve(machine, node)
    if process is None:
        raise ValueError(f"graph: no living process {machine!r}; {node.names.hint()}")
    drawn = graph_of(process)
    if drawn is None:
        raise TypeError(f"graph: expected a state machine, {machine!r} runs {process.body.describe().cls}")
    return drawn


def graph_of(process: Process) -> Graph | None:
    """The graph of a process; None for what is no state machine."""
    body = process.body
    if not isinstance(body, StateMachineBody):
        return None
    return _merge(body.cls, body.journal, None if body.server is None else name_of(body.engine.state))


def _merge(cls: type, journal: Journal, current: str | None) -> Graph:
    """What the source says, and what the machine has done."""
    from .source import learn

    known = learn(cls)
    causes = {pair: " / ".join(words[:3]) for pair, words in known.transitions.items()}
    taken = journal.taken
    transitions = [Transition(*pair, cause, taken.get(pair, (0, ""))[0]) for pair, cause in causes.items()]
    transitions = [t if t.cause else t._replace(cause=taken.get(t[:2], (0, ""))[1]) for t in transitions]
    transitions += [Transition(*pair, cause, count) for pair, (count, cause) in taken.items() if pair not in causes]
    places = [*known.states, *(state for pair in taken for state in pair), *([] if current is None else [current])]
    last = None
    if journal.last is not None:
        count, cause = taken.get(journal.last, (0, ""))
        last = Transition(*journal.last, cause, count)
    return Graph(cls.__name__, tuple(dict.fromkeys(places)), tuple(transitions), known.initial, current, last)
