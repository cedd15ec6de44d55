"""What a sequence diagram tells, before anyone decides where it is drawn: lifelines, arrows, marks. Pure.

Events go in, in order; out comes a story whose points in time are steps 0, 1, 2 …: an arrow leaves at one step and
arrives at a later one, a mark (a start, a crash) stands at one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..core.ids import Pid
from .recorder import Event
from .trace_event import TraceEvent

__all__ = ["Arrow", "Lifeline", "Loop", "Mark", "Story", "tell"]

_MARKS = ("started", "exited", "crashed", "restarted")


class Lifeline(NamedTuple):
    """A column: a process and its successors in the same place."""

    name: str
    pid: str
    node: str


class Arrow(NamedTuple):
    """A message. `target` is None when the receiver is not known, `received` when nobody took it."""

    number: int
    source: int | None
    target: int | None
    what: str
    text: str
    payload: str
    cause: int
    sent: int
    sent_at: float
    received: int | None = None
    received_at: float | None = None
    lost: str = ""


class Mark(NamedTuple):
    """Something in the life of a process: started, exited, crashed, restarted."""

    line: int
    kind: str
    text: str
    step: int
    at: float


class Loop(NamedTuple):
    """Steps that happened `repeats` times and are told once."""

    first: int
    last: int
    repeats: int


class Story(NamedTuple):
    """All of it. `times` has the time of each step; `left_out` says how many events are not told."""

    lifelines: tuple[Lifeline, ...]
    arrows: tuple[Arrow, ...]
    marks: tuple[Mark, ...]
    loops: tuple[Loop, ...]
    times: tuple[float, ...]
    gap: int | None = None
    left_out: int = 0
    note: str = ""


def tell(events: Iterable[Any], note: str = "") -> Story:
    """The whole story of some events, nothing folded or left out."""
    teller = _Teller()
    for event in events:
        teller.hear(_as_traced(event) if isinstance(event, Event) else event)
    return teller.story(note)


def _as_traced(event: Event) -> TraceEvent:
    """An event of the log: of these only lives can be drawn."""
    text = event.text
    return TraceEvent(
        event.n, event.at, event.kind, 0, event.detail[1][0] if event.kind == "restarted" else None, event.pid, "",
        text, None, 0, "", event.name,
    )  # fmt: skip


class _Teller:
    def __init__(self) -> None:
        self._lines: list[Lifeline] = []
        self._of: dict[Any, int] = {}
        self._arrows: dict[int, Arrow] = {}
        self._marks: list[Mark] = []
        self._times: list[float] = []

    def hear(self, event: TraceEvent) -> None:
        """One event more."""
        if event.kind == "sent":
            self._sent(event)
        elif event.kind == "received":
            self._received(event)
        elif event.kind == "lost":
            arrow = self._arrows.get(event.message)
            if arrow is not None:
                self._arrows[event.message] = arrow._replace(lost=event.text or "lost")
        elif event.kind in _MARKS:
            self._mark(event)

    def _step(self, at: float) -> int:
        self._times.append(at)
        return len(self._times) - 1

    def _line(self, pid: Pid | None, name: str) -> int | None:
        key: Any = pid if pid is not None else name or None
        if key is None:
            return None
        found = self._of.get(key)
        if found is None:
            found = self._of[key] = len(self._lines)
            node = pid.node if pid is not None else ""
            self._lines.append(Lifeline(name or repr(pid), repr(pid) if pid is not None else "", node))
        return found

    def _sent(self, event: TraceEvent) -> None:
        source, target = self._line(event.sender, event.sender_name), self._line(event.receiver, event.receiver_name)
        payload = "" if event.payload is None and event.text == "None" else repr(event.payload)
        self._arrows[event.message] = Arrow(
            event.message, source, target, event.what, event.text, payload[:1000], event.cause,
            self._step(event.at), event.at,
        )  # fmt: skip

    def _received(self, event: TraceEvent) -> None:
        arrow = self._arrows.get(event.message)
        if arrow is not None:
            self._arrows[event.message] = arrow._replace(received=self._step(event.at), received_at=event.at)

    def _mark(self, event: TraceEvent) -> None:
        if event.kind == "restarted":
            self._restarted(event)
            return
        line = self._line(event.receiver, event.receiver_name)
        if line is None:
            return
        step = self._step(event.at)
        if event.kind == "started" and event.message:
            source = self._line(event.sender, event.sender_name)
            self._arrows[event.message] = Arrow(
                event.message, source, line, event.what, event.text, "", event.cause, step, event.at, step, event.at
            )
        self._marks.append(Mark(line, event.kind, event.text, step, event.at))

    def _restarted(self, event: TraceEvent) -> None:
        """The new process goes on in the column of the old one, if that is known, from its start on."""
        old, new = self._of.get(event.sender), self._line(event.receiver, event.receiver_name)
        if old is None or new is None or old == new:
            if new is not None:
                self._marks.append(Mark(new, "restarted", event.text, self._step(event.at), event.at))
            return
        assert event.receiver is not None
        self._of[event.receiver] = old
        self._lines[old] = self._lines[old]._replace(name=event.receiver_name, pid=repr(event.receiver))
        self._arrows = {
            n: a._replace(source=old if a.source == new else a.source, target=old if a.target == new else a.target)
            for n, a in self._arrows.items()
        }
        self._marks = [mark._replace(line=old) if mark.line == new else mark for mark in self._marks]
        started = next(
            (i for i, m in reversed(list(enumerate(self._marks))) if (m.line, m.kind) == (old, "started")), None
        )
        if started is not None:
            self._marks[started] = self._marks[started]._replace(kind="restarted", text=event.text)
        else:
            self._marks.append(Mark(old, "restarted", event.text, self._step(event.at), event.at))

    def story(self, note: str) -> Story:
        """What was heard; columns that nothing needs any more are gone, those of one node stand together."""
        used = {line for a in self._arrows.values() for line in (a.source, a.target)} | {m.line for m in self._marks}
        nodes = list(dict.fromkeys(line.node for i, line in enumerate(self._lines) if i in used))
        order = sorted(
            (i for i in range(len(self._lines)) if i in used), key=lambda i: nodes.index(self._lines[i].node)
        )
        place = {old: new for new, old in enumerate(order)}
        arrows = tuple(
            a._replace(source=place.get(a.source), target=place.get(a.target))  # type: ignore[arg-type]
            for a in self._arrows.values()
        )
        marks = tuple(mark._replace(line=place[mark.line]) for mark in self._marks)
        return Story(tuple(self._lines[i] for i in order), arrows, marks, (), tuple(self._times), note=note)
