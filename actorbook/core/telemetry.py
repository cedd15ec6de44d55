"""`ab.telemetry`: code says what happens and how long it took, and whoever wants to know attaches a handler.

    >>> import actorbook as ab
    >>> def show(event, measurements, metadata, config):
    ...     print(config, event, measurements["cents"], metadata["city"])
    >>> ab.telemetry.attach("show", "shop.order.paid", show, config="seen:")
    >>> ab.telemetry.execute(("shop", "order", "paid"), {"cents": 995}, {"city": "Ghent"})
    seen: ('shop', 'order', 'paid') 995 Ghent
    >>> ab.telemetry.detach("show")

An event is a tuple of words; `"shop.order.paid"` is the same tuple, written shorter. A handler hears exactly
the events that it names, no prefixes. Handlers run in the process that emits, before `execute` returns, and
are called in the order in which they were attached: keep them short, and send what takes longer to a process.
One that raises is detached from all its events, the event `telemetry.handler.failure` follows, and the others
and the emitter go on.

The table of handlers belongs to the Python process, as that of `logging` does: it may be filled before there
is a node, all nodes of a notebook share it (`ab.self_().node` tells which one emits), and it stays when a node
stops. `execute` costs one test while nothing at all is attached.

Time is in seconds and comes from the node's clock, so it is virtual in a simulation; code outside any node
reads the real clock. Do not use events to steer a program: send messages. Source: the telemetry library of
Erlang and Elixir, rules TEL-01 to TEL-03.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import count
from types import CoroutineType, TracebackType
from typing import Any, NamedTuple, Self, TypeVar, overload

from .clock import RealClock
from .errors import Exit, NoNodeError, TelemetryError
from .ids import Home, Ref
from .isolation import isolate
from .ports import Clock
from .reasons import Crash, crash, reason_of
from .running import current_node, owner, running

__all__ = ["Handler", "Span", "attach", "attach_many", "detach", "execute", "heard", "list_handlers", "span"]

Event = tuple[str, ...] | str
Function = Callable[[tuple[str, ...], dict[str, Any], dict[str, Any], Any], Any]
_T = TypeVar("_T")
_FAILURE = ("telemetry", "handler", "failure")


class Handler(NamedTuple):
    """One handler of one event."""

    id: Hashable
    event: tuple[str, ...]
    function: Function
    config: Any


_handlers: dict[tuple[str, ...], tuple[Handler, ...]] = {}  # tuples: who is called may attach and detach


# ── handlers


def attach(id: Hashable, event: Event, function: Function, config: Any = None) -> None:
    """Have `function(event, measurements, metadata, config)` called for each event of this name.

    `config` is copied, now and at each call (`ab.share` passes an object as it is). Raises `TelemetryError`
    (`reason` is `"already_exists"`) when the id is taken, whatever it is attached to (rule TEL-01).
    """
    attach_many(id, [event], function, config)


def attach_many(id: Hashable, events: Iterable[Event], function: Function, config: Any = None) -> None:
    """As `attach`, one handler for several events; when it fails it is detached from all of them."""
    if not callable(function):
        raise TypeError(f"attach: expected a function (event, measurements, metadata, config), got {function!r}")
    names = dict.fromkeys(map(_name, events))
    taken = [handler.event for handler in list_handlers() if handler.id == id]
    if taken:
        raise TelemetryError(
            "already_exists", f"attach: the id {id!r} is attached to {'.'.join(taken[0])}; detach it, or choose another"
        )
    kept = isolate(config, keep_shared=True)
    for name in names:
        _handlers[name] = (*_handlers.get(name, ()), Handler(id, name, function, kept))


def detach(id: Hashable) -> None:
    """Take the handler from all its events; an unknown id raises `TelemetryError`, reason `"not_found"`."""
    if not _detach(id):
        raise TelemetryError("not_found", f"detach: no handler has the id {id!r}; list_handlers() shows all")


def _detach(id: Hashable) -> bool:
    found = [handler.event for handler in list_handlers() if handler.id == id]
    for name in found:
        left = tuple(handler for handler in _handlers[name] if handler.id != id)
        if left:
            _handlers[name] = left
        else:
            del _handlers[name]
    return bool(found)


def list_handlers(prefix: Event = ()) -> list[Handler]:
    """The handlers of all events that begin with these words: items with `.id`, `.event`, `.function`, `.config`."""
    words = _name(prefix) if prefix else ()
    return [
        handler for name, handlers in list(_handlers.items()) if name[: len(words)] == words for handler in handlers
    ]


def heard() -> bool:
    """True when anything at all is attached: else nobody needs to prepare what `execute` takes."""
    return bool(_handlers)


def _name(event: Any) -> tuple[str, ...]:
    """An event's name as a tuple of words."""
    words = tuple(event.split(".")) if isinstance(event, str) else event
    if not isinstance(words, tuple) or not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"event: expected words such as ('shop', 'paid') or 'shop.paid', got {event!r}")
    return words


# ── events


def execute(
    event: Event, measurements: Mapping[str, Any] | None = None, metadata: Mapping[str, Any] | None = None
) -> None:
    """Call the handlers of `event`, here and now; `measurements` are its numbers, `metadata` says what it is about.

    Each handler gets dicts of its own. No handler's failure reaches the emitter (rule TEL-02).
    """
    if not _handlers:
        return
    name = event if type(event) is tuple else _name(event)
    handlers = _handlers.get(name)
    if handlers is None:
        return
    numbers, about = dict(measurements or {}), dict(metadata or {})
    for handler in handlers:
        try:
            _call(handler, dict(numbers), dict(about))
        except (Exception, Exit) as error:
            if _gone():
                raise
            _failed(handler, error)


def _call(handler: Handler, measurements: dict[str, Any], metadata: dict[str, Any]) -> None:
    result = handler.function(handler.event, measurements, metadata, isolate(handler.config))
    if isinstance(result, CoroutineType):
        result.close()
        raise TypeError("expected a plain def as handler, since nobody waits for it; got an async one")


def _gone() -> bool:
    """True in the last lines of a process that has ended itself: nothing is to come from it any more."""
    process = running.process or owner.get()
    return process is not None and process.ended


def _failed(handler: Handler, error: BaseException) -> None:
    """Detach it, log it, and say so as an event of its own."""
    from logging import getLogger

    _detach(handler.id)
    clock, failure = _clock(), _failure(error)
    getLogger("actorbook").error(
        "telemetry handler %r failed and is detached: %s", handler.id, failure["stacktrace"] or failure["reason"]
    )
    execute(
        _FAILURE,
        {"monotonic_time": clock.now(), "system_time": clock.wall()},
        {"event_name": handler.event, "handler_id": handler.id, "handler_config": handler.config, **failure},
    )


def _failure(error: BaseException) -> dict[str, Any]:
    """An exception as metadata: words only, no frames. `kind` is `"exit"` for what ends a process on purpose."""
    reason = reason_of(error)
    if isinstance(reason, Crash):
        return {"kind": "error", "reason": reason, "stacktrace": reason.traceback}
    return {"kind": "exit", "reason": reason, "stacktrace": crash(error).traceback}


# ── spans

_real = RealClock()
_nowhere = Home("none", 0)
_numbers = count(1)


def _clock() -> Clock:
    try:
        return current_node().clock
    except NoNodeError:
        return _real


def _context() -> Ref:
    """What tells the events of one span from those of another."""
    try:
        return current_node().make_ref()
    except NoNodeError:
        return Ref(_nowhere, next(_numbers))


class Span:
    """One stretch of work, made by `span`. What is put into `measurements` and `metadata` goes into the stop event."""

    __slots__ = ("_began", "_clock", "_event", "_given", "measurements", "metadata")

    def __init__(self, event: tuple[str, ...], metadata: Mapping[str, Any]) -> None:
        self._event = event
        self._given = dict(metadata)
        self._clock: Clock = _real
        self._began = 0.0
        self.measurements: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Emit the start event."""
        self._clock = _clock()
        self._given.setdefault("telemetry_span_context", _context())
        self.metadata = dict(self._given)
        self._began = self._clock.now()
        times = {"monotonic_time": self._began, "system_time": self._clock.wall()}
        execute((*self._event, "start"), times, self._given)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Emit the stop event, or the exception event of an error, which goes on."""
        now = self._clock.now()
        times = {"duration": now - self._began, "monotonic_time": now}
        if error is None:
            context = {"telemetry_span_context": self._given["telemetry_span_context"]}
            execute((*self._event, "stop"), self.measurements | times, self.metadata | context)
        elif not _gone():
            execute((*self._event, "exception"), times, self._given | _failure(error))


@overload
def span(event_prefix: Event, metadata: Mapping[str, Any] | None = None) -> Span: ...


@overload
def span(event_prefix: Event, metadata: Mapping[str, Any] | None, function: Callable[[], _T]) -> _T: ...


def span(
    event_prefix: Event, metadata: Mapping[str, Any] | None = None, function: Callable[[], Any] | None = None
) -> Any:
    """Measure a stretch of work: a context manager, or with `function` its result.

    Emits `(*event_prefix, "start")` with `monotonic_time` and `system_time`, then `"stop"` with `duration`
    and `monotonic_time`, or, when it raises, `"exception"` with these and, as metadata, `kind` (`"error"` or
    `"exit"`), `reason` and `stacktrace`; the error goes on. All are seconds. One value,
    `telemetry_span_context`, is in the metadata of both (rule TEL-03); give your own to set it. A process
    that is killed inside emits no second event. It may contain `await`; an `async def` as `function` may not.

        >>> import actorbook as ab
        >>> def show(event, measurements, metadata, config):
        ...     print(event[-1], sorted(measurements), metadata["file"])
        >>> ab.telemetry.attach_many("show", ["app.load.start", "app.load.stop"], show)
        >>> with ab.telemetry.span("app.load", {"file": "a.csv"}) as span:
        ...     span.measurements["rows"] = 3
        start ['monotonic_time', 'system_time'] a.csv
        stop ['duration', 'monotonic_time', 'rows'] a.csv
        >>> ab.telemetry.span("app.load", {"file": "b.csv"}, lambda: 6 * 7)
        start ['monotonic_time', 'system_time'] b.csv
        stop ['duration', 'monotonic_time'] b.csv
        42
        >>> ab.telemetry.detach("show")
    """
    made = Span(_name(event_prefix), metadata or {})
    if function is None:
        return made
    with made:
        result = function()
        if isinstance(result, CoroutineType):
            result.close()
            raise TypeError("span: expected a plain def as function; use `with ab.telemetry.span(…):` around an await")
        return result
