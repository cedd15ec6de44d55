"""`%actor trace` and `%%actor trace`: a trace whose diagram grows in place below the cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from ..core.waits import Sleep
from ..observe.sequence_diagram import Sequence as Diagram
from ..observe.sequence_diagram import sequence
from ..observe.trace_event import TraceEvents
from ..observe.trace_handle import LIMIT, RATE, Trace, start_trace
from ..observe.trace_scope import Caused, Targets
from .live import Live
from .session import Session
from .tables import Text
from .targets import targets_from

__all__ = ["LIMIT", "RATE", "LiveTrace", "trace", "trace_cell", "trace_cells", "untrace"]

_SECONDS = 0.5
_LIVE_STEPS, _ALL_STEPS = 160, 400
_QUIET, _PATIENCE, _LOOK = 0.1, 2.0, 0.02
_running_cell: ContextVar[object | None] = ContextVar("actorbook_traced_cell", default=None)


class LiveTrace:
    """A trace as a magic shows it. `trace` is the `Trace`, `events` its events, `sequence()` the diagram of all."""

    def __init__(self, session: Session, trace: Trace) -> None:
        self.trace = trace
        self._live = Live(session, self._draw, _SECONDS)
        self._session = session
        trace.listeners.append(self._changed)
        session.traces.append(self)

    @property
    def events(self) -> TraceEvents:
        """What was seen so far."""
        return self.trace.events

    def sequence(self) -> Diagram:
        """The diagram of what was seen so far."""
        return sequence(self.trace)

    def stop(self) -> None:
        """Trace no further."""
        self.trace.stop()

    def _changed(self, trace: Trace) -> None:
        if trace.running:
            self._live.touch()
        else:
            trace.listeners.clear()
            if self in self._session.traces:
                self._session.traces.remove(self)
            self._live.touch()

    def finish(self) -> None:
        """The session ends: stop, and draw a last time."""
        self.stop()
        self._live.close()

    def _draw(self) -> dict[str, str]:
        """The diagram and a line that says how the trace stands."""
        said = repr(self.trace)[1:-1]
        if not len(self.trace):
            return {"text/html": f'<em style="opacity:.7">{said.replace("<", "&lt;")}</em>', "text/plain": said}
        if self.trace.running:
            bundle = sequence(self.trace, _LIVE_STEPS)._repr_mimebundle_()
            return {"text/html": bundle["text/html"], "text/plain": f"{bundle['text/plain']}\n{said}"}
        return sequence(self.trace, _ALL_STEPS)._repr_mimebundle_()

    def __repr__(self) -> str:
        return repr(self.trace)

    def _ipython_display_(self) -> None:
        self._live.show()


def trace(session: Session, words: Sequence[str], variables: Mapping[str, Any], limit: int, rate: float) -> LiveTrace:
    """Trace the processes that the words name: names, pids, globs, classes and variables that hold one of these."""
    if not words:
        raise ValueError("expected a process: a name, a pid, a glob such as 'till*', a class, or * for all")
    targets = Targets(session.node, targets_from(session.node, words, variables))
    return LiveTrace(session, start_trace(session.node, targets, limit, rate))


def untrace(session: Session) -> Text:
    """Stop all traces."""
    traces = list(session.traces)
    for live in traces:
        live.stop()
    count = len(traces)
    return Text("no trace runs" if not count else f"{count} trace{'' if count == 1 else 's'} stopped")


# --- a cell -------------------------------------------------------------------------------------------------


def trace_cells(lines: list[str]) -> list[str]:
    """Have `%%actor trace` (and `chaos`) begin in its first line and leave the rest a cell like any other.

    So its code may await, its result is shown, and its line numbers are right: no magic that gets a body as text could
    do that.
    """
    words = lines[0].split(maxsplit=2) if lines else []
    if words[:1] != ["%%actor"] or words[1:2] not in (["trace"], ["chaos"]):
        return lines
    options = " ".join([words[1], "--cell", *words[2:]]).strip()
    begin = f"get_ipython().run_line_magic('actor', {options!r});\n"
    return [begin, *lines[1:]]


def trace_cell(session: Session, limit: int, rate: float) -> LiveTrace:
    """Trace all that the running cell causes, until it is done and what it began has settled."""
    token = object()
    _running_cell.set(token)
    scope = Caused(session.node.shell.pid, lambda: _running_cell.get() is token)
    live = LiveTrace(session, start_trace(session.node, scope, limit, rate))
    events = session.shell.events

    def over(result: Any = None) -> None:
        events.unregister("post_run_cell", over)
        _running_cell.set(None)
        session.task(_settle(session, live))

    events.register("post_run_cell", over)
    live._ipython_display_()
    return live


async def _settle(session: Session, live: LiveTrace) -> None:
    """Wait until nothing more comes of the cell, for a while at most; then the picture is done."""
    node = session.node
    until = node.clock.now() + _PATIENCE
    seen, since = -1, node.clock.now()
    while live.trace.running and node.clock.now() < until:
        if len(live.trace) != seen:
            seen, since = len(live.trace), node.clock.now()
        elif node.clock.now() - since >= _QUIET:
            break
        await Sleep(node.shell, _LOOK)
    live.finish()
