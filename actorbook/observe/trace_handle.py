"""`trace`: the messages of some processes, as they are sent and taken, each with what caused it.

    >>> import actorbook as ab
    >>> class Till(ab.GenServer):
    ...     def init(self):
    ...         self.total = 0
    ...     @ab.call
    ...     def add(self, cents):
    ...         self.total += cents
    ...         return self.total
    >>> till = await Till.start(name="till")
    >>> async with ab.observe.trace("till") as trace:
    ...     _ = await till.add(5)
    >>> [(event.kind, event.what, event.text) for event in trace]
    [('sent', 'call', 'add(5)'), ('received', 'call', ''), ('sent', 'reply', '5'), ('received', 'reply', '')]

A trace is bounded, as in the best tool of the field (recon): after `limit` events, or more than `rate` in a second, it
stops by itself and says so. While none runs, none costs anything: it is the mailboxes of traced nodes that tell.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ..core.ids import Pid
from ..core.node import Node
from ..core.running import current, current_node
from ..core.waits import Sleep, Wait
from .trace_event import TraceEvent, TraceEvents
from .trace_scope import Scope, Targets

if TYPE_CHECKING:
    from ..core.process import Process
    from .trace_tap import Tap

__all__ = ["Trace", "start_trace", "trace"]

LIMIT, RATE = 1_000, 1_000
_SETTLE = 100


class Trace:
    """A trace that runs, or ran. Iterate it for the events so far, `async for` for all until it stops."""

    def __init__(self, node: Node, scope: Scope, limit: int, rate: float) -> None:
        self.scope = scope
        self.limit = limit
        self.rate = rate
        self.running = True
        self.tripped: str | None = None
        self.listeners: list[Callable[[Trace], None]] = []
        self._node = node
        self._tap: Tap | None = None
        self._log = TraceEvents()
        self._second = 0.0
        self._burst = 0
        self._waiting: list[_Next] = []

    # --- in -----------------------------------------------------------------------------------------------

    def attach(self, tap: Tap) -> None:
        """Begin."""
        self._tap = tap
        tap.traces.append(self)

    def record(self, at: float, *event: Any) -> None:
        """Keep one event, or stop when it is one too many."""
        if not self.running:
            return
        if at - self._second >= 1.0:
            self._second, self._burst = at, 0
        self._burst += 1
        if self._burst > self.rate:
            self._trip(f"rate: more than {self.rate:g} events in a second")
            return
        self._log.append(TraceEvent(len(self._log) + 1, at, *event))
        if len(self._log) >= self.limit:
            self._trip(f"limit: {self.limit:,} events")
        self._tell()

    def _trip(self, why: str) -> None:
        self.tripped = why
        self.stop()

    def stop(self) -> Trace:
        """Trace no further; what was seen stays. Safe to call twice."""
        if self.running:
            self.running = False
            if self._tap is not None:
                self._tap.stopped(self)
            self._tell()
        return self

    def _tell(self) -> None:
        for told in list(self.listeners):
            told(self)
        waiting, self._waiting = self._waiting, []
        for wait in waiting:
            wait.look()

    # --- out ----------------------------------------------------------------------------------------------

    @property
    def events(self) -> TraceEvents:
        """What was seen so far: a copy, a list that is data too (`to_pandas`, `to_arrow`, `to_json_lines`)."""
        return TraceEvents(self._log)

    def since(self, n: int) -> TraceEvents:
        """The events after number `n`."""
        return TraceEvents(self._log[n:])

    def __len__(self) -> int:
        return len(self._log)

    def __iter__(self) -> Iterator[TraceEvent]:
        return iter(self.events)

    async def __aiter__(self) -> AsyncIterator[TraceEvent]:
        """Each event as it comes, until the trace stops."""
        n = 0
        while await _Next(current(), self, n):
            yield self._log[n]
            n += 1

    def wait_for(self, wait: _Next) -> None:
        """Look again when something has happened."""
        self._waiting.append(wait)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Let what is under way be handled, for as long as there is something to do at once; then stop."""
        for _ in range(_SETTLE):
            seen = len(self._log)
            await Sleep(self._node.shell, 0.0)
            if seen == len(self._log) and not self._node.scheduler.waiting():
                break
        self.stop()

    # --- for those who look -------------------------------------------------------------------------------

    def says(self) -> str:
        """How it stands, in one line: how many events, and why it stopped."""
        count = len(self._log)
        so_far = f"{count:,} event{'' if count == 1 else 's'}"
        if self.tripped:
            return f"{so_far}; stopped itself: {self.tripped}"
        return f"{so_far} so far" if self.running else so_far

    def __repr__(self) -> str:
        return f"<Trace of {', '.join(getattr(self.scope, 'words', ()))}: {self.says()}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        from .sequence_diagram import sequence

        bundle: dict[str, str] = sequence(self)._repr_mimebundle_()
        return bundle


class _Next(Wait):
    """The next event of a trace: True when there is one, False when there will be none."""

    __slots__ = ("_n", "_trace")
    prompt: ClassVar[bool] = True

    def __init__(self, process: Process, trace: Trace, n: int) -> None:
        super().__init__(process, None)
        self._trace = trace
        self._n = n

    def poll(self) -> tuple[bool, Any]:
        """There, or over."""
        if len(self._trace) > self._n:
            return True, True
        return not self._trace.running, False

    def arm(self) -> None:
        """Be told."""
        self._trace.wait_for(self)

    def look(self) -> None:
        """Something has happened."""
        found, value = self.poll()
        if found:
            self.settle(value)
        else:
            self._trace.wait_for(self)


def trace(targets: Any, limit: int = LIMIT, rate: float = RATE) -> Trace:
    """Follow the messages that some processes send and get, from now on; returns a `Trace` at once.

    `targets` is a pid, a name, a glob for names, ids and classes (`"till*"`, `"*"` for all), a class, or several of
    these; a supervisor stands for all below it, those that start later too, and a name for whoever has it next. The
    trace stops after `limit` events, and when more than `rate` come in a second; then `.tripped` says which. It is
    best used with `async with`, which lets what is under way be handled and then stops, or with `.stop()`.

    Raises `ValueError` for a name that nobody has, a dead pid, or a limit or rate below 1.
    """
    many = targets if isinstance(targets, Iterable) and not isinstance(targets, str | Pid) else [targets]
    node = current_node()
    return start_trace(node, Targets(node, many), limit, rate)


def start_trace(node: Node, scope: Scope, limit: Any, rate: Any) -> Trace:
    """Begin a trace of any scope."""
    from .trace_tap import tap_of

    for what, value in (("limit", limit), ("rate", rate)):
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 1:
            raise ValueError(f"trace({what}=…): expected 1 or more, got {value!r}")
    made = Trace(node, scope, int(limit), float(rate))
    made.attach(tap_of(node))
    return made
