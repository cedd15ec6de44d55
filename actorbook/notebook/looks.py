"""What the Messages tab and the views Sequence and Top of a widget show: traced and measured only while they are shown.

It knows no comm: `news()` gives the messages to send. Each is whole, so one that is lost costs a moment, no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.ids import Pid
from ..core.node import Node
from ..core.process import Process
from ..observe import sequence_svg
from ..observe.sequence_fold import fold, window
from ..observe.sequence_layout import Drawing, lay_out
from ..observe.sequence_layout import Lane as Column
from ..observe.sequence_story import Arrow, Story, tell
from ..observe.top_sampler import Sampler, sampler_of
from ..observe.top_table import SORTS, measured
from ..observe.top_table import Top as Table
from ..observe.top_view import html
from ..observe.trace_handle import Trace, start_trace
from ..observe.trace_scope import Targets
from .protocol_watch import Lane, Messages, Rank, Sequence, Talk, Top
from .targets import targets_from

__all__ = ["Looks"]

_TALKS, _STEPS, _RANKS = 100, 160, 100
_LIMIT, _RATE = 500, 500.0
_SEQUENCE_LIMIT = 4_000
_SOON, _SECOND, _SHARE = 0.2, 1.0, 10


class Looks:
    """The three of one widget. `node` and `variables` are those of the notebook."""

    def __init__(self, node: Node, variables: Mapping[str, Any]) -> None:
        self._node = node
        self._variables = variables
        self.messages = _MessagesLook(node)
        self.sequence = _SequenceLook(node, variables)
        self.top = _TopLook(node)

    def look(self, centre: str, tab: str, process: Process | None) -> None:
        """These parts are shown now, and this process is selected."""
        self.messages.follow(process if tab == "messages" else None)
        self.sequence.show(centre == "sequence")
        self.top.show(centre == "top")

    def news(self) -> list[dict[str, Any]]:
        """What is to be sent now."""
        parts = self.messages.news(), self.sequence.news(), self.top.news()
        return [dict(part) for part in parts if part is not None]

    def busy(self) -> bool:
        """Ask again soon: something is kept back, or measured."""
        return self.top.shown or self.messages.pending or self.sequence.pending

    def still(self) -> str:
        """The view that is shown, without script: the diagram or the table; empty while the tree is shown."""
        if self.sequence.shown and self.sequence.drawing is not None:
            return sequence_svg.draw(self.sequence.drawing)
        return html(self.top.table) if self.top.shown and self.top.table is not None else ""

    def close(self) -> None:
        """Nobody looks any more."""
        self.messages.follow(None)
        self.sequence.close()
        self.top.show(False)


class _Traced:
    """A trace that somebody looks at, a few times a second at most."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.trace: Trace | None = None
        self.pending = False
        self._began = self._due = 0.0

    def begin(self, targets: Any, limit: int, rate: float) -> None:
        """Trace these; the trace before is over."""
        self.end()
        self.trace = start_trace(self._node, Targets(self._node, targets), limit, rate)
        self.trace.listeners.append(self._changed)
        self.pending = True

    def end(self) -> None:
        """Trace no more."""
        if self.trace is not None:
            self.trace.listeners.clear()
            self.trace.stop()
            self.pending = True

    def _changed(self, trace: Trace) -> None:
        self.pending = True

    def due(self) -> bool:
        """There is something new, and it is time for it."""
        if not self.pending or self._node.clock.now() < self._due:
            return False
        self._began, self.pending = self._node.clock.now(), False
        return True

    def rest(self) -> None:
        """It was told: not again too soon, and later when it took long."""
        now = self._node.clock.now()
        self._due = now + max(_SOON, _SHARE * (now - self._began))


class _MessagesLook(_Traced):
    """What the selected process sends and gets."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self._pid: Pid | None = None

    def follow(self, process: Process | None) -> None:
        """Trace this process, if it is another one than before."""
        pid = process.pid if process is not None else None
        if pid is self._pid or (pid is not None and self.trace is not None and self.trace.scope.life(pid)):
            return  # it, or its successor, is followed already
        self._pid = pid
        if process is None:
            self.end()
            self.trace = None
        else:
            self.begin([pid], _LIMIT, _RATE)

    def again(self, limit: int, rate: float) -> None:
        """Trace it anew, as when the trace has stopped itself."""
        if self._pid is None or self.trace is None:
            raise ValueError("expected a process whose messages are shown; select one")
        alive = [pid for pid in getattr(self.trace.scope, "chosen", [self._pid]) if self._lives(pid)]
        self.begin(alive or [self._pid], limit, rate)

    def _lives(self, pid: Pid) -> bool:
        return self._node.local(pid) is not None

    def news(self) -> Messages | None:
        """The latest."""
        if self.trace is None or self._pid is None or not self.due():
            return None
        story = tell(self.trace.events)
        mine = [i for i, line in enumerate(story.lifelines) if self._is_mine(line.pid)]
        arrows = [a for a in story.arrows if a.source in mine or a.target in mine][-_TALKS:]
        self.rest()
        return Messages(
            type="messages", pid=repr(self._pid), said=self.trace.says(), running=self.trace.running,
            talks=[_talk(arrow, story, mine) for arrow in arrows],
        )  # fmt: skip

    def _is_mine(self, pid: str) -> bool:
        chosen = getattr(self.trace.scope, "chosen", ()) if self.trace is not None else ()
        return any(repr(one) == pid for one in chosen)


class _SequenceLook(_Traced):
    """The diagram of what some processes, or all, say to each other."""

    def __init__(self, node: Node, variables: Mapping[str, Any]) -> None:
        super().__init__(node)
        self._variables = variables
        self._targets = "*"
        self._first = -1
        self.shown = False
        self.drawing: Drawing | None = None

    def show(self, shown: bool) -> None:
        """Shown for the first time, it traces all; what runs goes on while it is out of sight, to its limit."""
        if shown and not self.shown:
            self.pending = True
            if self.trace is None:
                self.start("*", _SEQUENCE_LIMIT, _RATE)
        self.shown = shown

    def start(self, targets: str, limit: int, rate: float) -> None:
        """Trace others."""
        self.begin(targets_from(self._node, targets.split() or ["*"], self._variables), limit, rate)
        self._targets, self._first = targets or "*", -1

    def window(self, first: int) -> None:
        """Another part of it."""
        self._first, self.pending = first, True

    def close(self) -> None:
        """Nobody looks."""
        self.end()
        self.shown = False

    def news(self) -> Sequence | None:
        """The part in sight, laid out."""
        if self.trace is None or not self.shown or not self.due():
            return None
        note = f"the trace stopped itself: {self.trace.tripped}" if self.trace.tripped else ""
        story = fold(tell(self.trace.events, note))
        steps = len(story.times)
        first = max(0, steps - _STEPS) if self._first < 0 else min(self._first, max(0, steps - 1))
        self.drawing = lay_out(window(story, first, _STEPS))
        told = _sequence(self.trace, self._targets, first, steps, self.drawing)
        self.rest()
        return told


class _TopLook:
    """Who does how much."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._sampler: Sampler | None = None
        self._how = ("time", "")
        self._due = 0.0
        self.table: Table | None = None

    @property
    def shown(self) -> bool:
        """It is measured."""
        return self._sampler is not None

    def show(self, shown: bool) -> None:
        """Measure while it is shown."""
        if shown and self._sampler is None:
            self._sampler, self._due = sampler_of(self._node).open(), 0.0
        elif not shown and self._sampler is not None:
            self._sampler.close()
            self._sampler = None

    def sort(self, by: str, filter: str) -> None:
        """Another order, or other rows."""
        if by not in SORTS:
            raise ValueError(f"expected to sort by one of {', '.join(SORTS)}, got {by!r}")
        self._how, self._due = (by, filter), 0.0

    def news(self) -> Top | None:
        """The table of the last second."""
        now = self._node.clock.now()
        if self._sampler is None or now < self._due:
            return None
        began, self._due = self._due == 0.0, now + _SECOND
        window = self._sampler.last if began and self._sampler.last.seconds else self._sampler.take()
        self.table = table = measured(self._node, window, *self._how, _RANKS)
        ranks = [
            Rank(
                pid=repr(row.pid), name=row.name, cls=row.cls, status=row.status, mailbox=row.mailbox,
                rate=round(row.rate, 1), time=_share(row.time), late=_share(row.late), memory=row.memory,
                restarts=row.restarts,
            )
            for row in table
        ]  # fmt: skip
        return Top(
            type="top", sort=self._how[0], filter=self._how[1], seconds=round(table.seconds, 2), total=table.total,
            ranks=ranks,
        )  # fmt: skip


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _talk(arrow: Arrow, story: Story, mine: list[int]) -> Talk:
    out = arrow.source in mine
    way = "self" if out and arrow.target in mine else "out" if out else "in"
    line = arrow.target if way == "out" else arrow.source
    other = story.lifelines[line] if line is not None else None
    state = "lost" if arrow.lost else "waiting" if arrow.received is None else "taken"
    took = arrow.received_at - arrow.sent_at if arrow.received_at is not None else 0.0
    return Talk(
        number=arrow.number, at=round(arrow.sent_at * 1000, 2), way=way, other=other.name if other else "a timer",
        pid=other.pid if other else "", what=arrow.what, text=arrow.text, payload=arrow.lost or arrow.payload,
        state=state, took=round(took * 1000, 3), cause=arrow.cause,
    )  # fmt: skip


def _sequence(trace: Trace, targets: str, first: int, steps: int, drawing: Drawing) -> Sequence:
    """The drawing as it travels."""
    return Sequence(
        type="sequence", targets=targets, said=trace.says(), running=trace.running, first=first, steps=steps,
        width=drawing.width, height=drawing.height, top=drawing.top,
        lanes=[_lane(lane) for lane in drawing.lanes], flights=_dicts(drawing.lines), stops=_dicts(drawing.stops),
        bars=_dicts(drawing.bars), ticks=_dicts(drawing.ticks), nodes=_dicts(drawing.nodes),
        loops=_dicts(drawing.loops), notes=_dicts(drawing.notes),
    )  # fmt: skip


def _lane(lane: Column) -> Lane:
    return Lane(x=lane.x, name=lane.name, pid=lane.pid, node=lane.node, lives=[[a, b] for a, b, on in lane.lines if on])


def _dicts(items: Any) -> Any:
    """Named tuples of the layout, whose fields are those of the wire."""
    return [item._asdict() for item in items]
