"""What a state machine says and hears, as values: events, results, actions.

>>> NextState("open", Reply(Caller(None, None), "ok"), StateTimeout(5))
NextState(state='open', actions=(Reply(caller=..., value='ok'), StateTimeout(seconds=5.0)))
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from ...core.timers import check_seconds
from .. import results
from ..protocol import Caller
from ..results import Hibernate, Value

__all__ = [
    "Cancel", "ChangeModule", "Event", "EventTimeout", "Hibernate", "KeepState", "NextEvent", "NextState", "PopModule",
    "Postpone", "PushModule", "RepeatState", "Reply", "StateTimeout", "Stop", "Timed", "Timeout", "Update",
    "takes_event",
]  # fmt: skip

_TYPES = ("call", "cast", "info", "internal", "state_timeout", "timeout")
_UNNAMED = ("state_timeout", "timeout")


class Event(NamedTuple):
    """What a state is asked to handle; works in `match`: `case Event("call", "push")`.

    `type` is call, cast, info, internal, enter, state_timeout or timeout (rule FSM-02). `content` is the request,
    the message, the time-out's content, or the old state of an enter call. A call has its `caller`, to be answered
    by `Reply(event.caller, value)`; the time-out of `Timeout(name, …)` has its `name`.
    """

    type: str
    content: Any = None
    caller: Caller | None = None
    name: Any = None


# --- results --------------------------------------------------------------------------------------------


class KeepState(Value):
    """Stay in this state, and do the actions. Returning None is the same without actions."""

    __slots__ = ("actions",)
    __match_args__: ClassVar[tuple[str, ...]] = ("actions",)

    def __init__(self, *actions: Any) -> None:
        self.actions = actions


class NextState(Value):
    """Go to `state`, and do the actions. Going to the same state is staying (rules FSM-03, FSM-05)."""

    __slots__ = ("actions", "state")
    __match_args__: ClassVar[tuple[str, ...]] = ("state", "actions")

    def __init__(self, state: Any, *actions: Any) -> None:
        self.state = state
        self.actions = actions


class RepeatState(Value):
    """Stay, do the actions, and have the enter call made once more (rule FSM-19)."""

    __slots__ = ("actions",)
    __match_args__: ClassVar[tuple[str, ...]] = ("actions",)

    def __init__(self, *actions: Any) -> None:
        self.actions = actions


class Stop(results.Stop):
    """End the machine with `reason`: first the `Reply` actions, then `terminate`, then the exit (rule FSM-21)."""

    __slots__ = ("replies",)
    __match_args__: ClassVar[tuple[str, ...]] = ("reason", "replies")

    def __init__(self, reason: Any = "normal", *replies: Any) -> None:
        super().__init__(reason)
        self.replies = replies


# --- actions --------------------------------------------------------------------------------------------


class Reply(Value):
    """Answer a call: `caller` is the event's. Replies go out first (rule FSM-04)."""

    __slots__ = ("caller", "value")
    __match_args__: ClassVar[tuple[str, ...]] = ("caller", "value")

    def __init__(self, caller: Caller | None, value: Any) -> None:
        if not isinstance(caller, Caller):
            raise TypeError(f"Reply(caller, value): expected the caller of a call event, got {caller!r}")
        self.caller = caller
        self.value = value


class Postpone(Value):
    """Put this event aside until the state changes, then handle it again (rules FSM-05 to FSM-09)."""

    __slots__ = ("wanted",)
    __match_args__: ClassVar[tuple[str, ...]] = ("wanted",)

    def __init__(self, wanted: bool = True) -> None:
        self.wanted = wanted


class NextEvent(Value):
    """Insert an event, to be handled before any that waits (rules FSM-06, FSM-10). `"internal"` is for these alone."""

    __slots__ = ("event",)
    __match_args__: ClassVar[tuple[str, ...]] = ("event",)

    def __init__(self, type: str, content: Any = None, caller: Caller | None = None, name: Any = None) -> None:
        if type not in _TYPES:
            raise ValueError(f"NextEvent(type, …): expected one of {', '.join(_TYPES)}, got {type!r}")
        if (type == "call") != isinstance(caller, Caller):
            raise TypeError(f"NextEvent({type!r}, …): expected a caller for a call and for no other, got {caller!r}")
        self.event = Event(type, content, caller, name)


class Timed(Value):
    """What the three time-outs share: `seconds` from now, or with `absolute` a time of the node's clock.

    Setting one that runs replaces it; None or `"infinity"` cancels it. After zero seconds it comes at once, before any
    message from the mailbox, yet after the events that are queued (rules FSM-14, FSM-15).
    """

    __slots__ = ("absolute", "content", "seconds")
    __match_args__: tuple[str, ...] = ("seconds", "content", "absolute")
    _key: ClassVar[Any] = None

    def __init__(self, seconds: Any, content: Any = None, *, absolute: bool = False) -> None:
        if isinstance(seconds, str) and seconds == "infinity":
            seconds = None
        self.seconds = None if seconds is None else check_seconds(seconds, f"{type(self).__name__}(seconds)")
        self.content = content
        self.absolute = absolute or None

    @property
    def key(self) -> Any:
        """What `Cancel` and `Update` call it."""
        return self._key


class StateTimeout(Timed):
    """An event of type `state_timeout`, unless the state changes before it comes (rule FSM-11)."""

    __slots__ = ()
    _key = "state_timeout"


class EventTimeout(Timed):
    """An event of type `timeout`, unless any other event comes first (rules FSM-12, FSM-16).

    A bare number of seconds among the actions is such a time-out whose content is the number (rule FSM-17).
    """

    __slots__ = ()
    _key = "timeout"


class Timeout(Timed):
    """An event of type `timeout` with this `name`, whatever happens in between (rule FSM-13).

    Time-outs of different names are independent. Any hashable value but None is a name.
    """

    __slots__ = ("name",)
    __match_args__: ClassVar[tuple[str, ...]] = ("name", "seconds", "content", "absolute")

    def __init__(self, name: Any, seconds: Any, content: Any = None, *, absolute: bool = False) -> None:
        super().__init__(seconds, content, absolute=absolute)
        self.name = _check_key(name)
        if name in _UNNAMED:
            raise ValueError(f"Timeout(name, …): {name!r} names another time-out; use StateTimeout or EventTimeout")

    @property
    def key(self) -> Any:
        """Its name."""
        return self.name


class Cancel(Value):
    """Cancel a time-out: `"state_timeout"`, `"timeout"` (the event's), or a name. None running is no error."""

    __slots__ = ("key",)
    __match_args__: ClassVar[tuple[str, ...]] = ("key",)

    def __init__(self, key: Any) -> None:
        self.key = _check_key(key)


class Update(Value):
    """Give a running time-out a new content, and keep its time; when none runs it comes at once (rule FSM-14)."""

    __slots__ = ("content", "key")
    __match_args__: ClassVar[tuple[str, ...]] = ("key", "content")

    def __init__(self, key: Any, content: Any = None) -> None:
        self.key = _check_key(key)
        self.content = content


class ChangeModule(Value):
    """Go on as another class of machine, with the same state and attributes: no state change by itself (FSM-24)."""

    __slots__ = ("cls",)
    __match_args__: ClassVar[tuple[str, ...]] = ("cls",)

    def __init__(self, cls: Any) -> None:
        if not isinstance(cls, type) or not hasattr(cls, "state_enter"):
            raise TypeError(f"{type(self).__name__}(cls): expected a subclass of GenStateMachine, got {cls!r}")
        self.cls = cls


class PushModule(ChangeModule):
    """As `ChangeModule`, until `PopModule` brings the present class back."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ("cls",)


class PopModule(Value):
    """Go back to the class that `PushModule` left; without one the machine ends with an error (rule FSM-24)."""

    __slots__ = ()


def _check_key(key: Any) -> Any:
    """A name for a time-out."""
    hash(key)
    if key is None:
        raise ValueError("a time-out's name: expected any hashable value but None; for the event's say 'timeout'")
    return key


def takes_event(function: Any) -> bool:
    """Whether a function is `(self, event)`, as a state is."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_argcount == 2 and code.co_varnames[1] == "event"
