"""`GenStateMachine`: a process whose answer to an event depends on the state that it is in.

    >>> import actorbook as ab
    >>> from actorbook import statem
    >>> class Door(ab.GenStateMachine):
    ...     def init(self, code):
    ...         self.code, self.wrong = code, 0
    ...         return "locked"
    ...
    ...     @ab.call
    ...     def unlock(self, code):
    ...         "Try a code; the answer says whether it was right."
    ...
    ...     def locked(self, event):
    ...         match event:
    ...             case statem.Event("call", ("unlock", self.code)):
    ...                 return statem.NextState("open", statem.Reply(event.caller, True), statem.StateTimeout(5))
    ...             case statem.Event("call", ("unlock", _)):
    ...                 self.wrong += 1
    ...                 return statem.Reply(event.caller, False)
    ...
    ...     def open(self, event):
    ...         match event:
    ...             case statem.Event("state_timeout"):
    ...                 return statem.NextState("locked")
    ...             case statem.Event("call"):
    ...                 return statem.Postpone()
    >>> door = await Door.start(1234)
    >>> await door.unlock(1), await door.unlock(1234)
    (False, True)
    >>> await ab.sys.get_state(door)
    ('open', {'code': 1234, 'wrong': 1})

**States.** A method a state, which takes an `Event`; the state is the method's name. Or one
`handle_event(event, state)` for all, and a state is any value. The attributes of `self` are the machine's data, so
there is no data argument as in Erlang; `self.current_state` tells the state.

**Results.** None keeps the state. `NextState(state, *actions)`, `KeepState(*actions)`, `RepeatState(*actions)`,
`Stop(reason, *replies)`, or a single action, which keeps the state too. Anything else ends the machine: a plain value
is no answer here, since the answer to a call may be due much later, in another state.

**Actions.** `Reply`, `Postpone`, `NextEvent`, `StateTimeout`, `EventTimeout`, `Timeout`, `Cancel`, `Update`,
`Hibernate`, `ChangeModule`, `PushModule`, `PopModule`; a bare number of seconds is an event time-out.

**Events with a name.** A method marked with `@ab.call` or `@ab.cast` declares an event and runs nothing: its body is
empty but for a docstring. `await door.unlock(1234)` checks the arguments in the caller and sends `("unlock", 1234)`,
all parameters in their order; one without parameters sends its bare name, `"push"`. In a `GenServer` a marked method
runs; here what an event means depends on the state, and a method that ran in any state would go around the machine.

A `match` that fits nothing returns None, which keeps the state: a call that no state answers waits for ever, unless
its caller gave a `timeout`. Do not use a state machine for what has one state: a `GenServer` is shorter. Source: OTP's
gen_statem, rules FSM-01 to FSM-27.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ...core.isolation import isolate
from .. import protocol
from ..gen import Behaviour
from ..loop import LoopBody
from ..methods import marked, signature_of
from .body import StateMachineBody
from .engine import Engine
from .values import takes_event

__all__ = ["GenStateMachine"]


class GenStateMachine(Behaviour):
    """Subclass it, define `init`, and a method a state, or `handle_event`. See the module `ab.statem` for results."""

    __slots__ = ("_engine",)

    _kind: ClassVar[str] = "statem"
    _body: ClassVar[type[LoopBody]] = StateMachineBody
    _patience: ClassVar[float | None] = None
    _one_handler: ClassVar[bool] = False
    _engine: Engine

    state_enter: ClassVar[bool] = False
    """True: each state first gets an event of type `enter` whose content is the old state (rules FSM-19, FSM-20)."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        cls._one_handler = cls.handle_event is not GenStateMachine.handle_event
        for name, member in list(vars(cls).items()):
            if marked(member):
                _check_declaration(cls, name, member)
            elif hasattr(GenStateMachine, name) and takes_event(member):
                raise TypeError(
                    f"{cls.__name__}: expected another name for the state {name!r}, which is a machine's own"
                )
        super().__init_subclass__(**kwargs)

    @classmethod
    def _harmless_change(cls) -> bool:
        """True when `code_change` cannot leave the attributes half changed."""
        return cls.code_change is GenStateMachine.code_change

    @property
    def current_state(self) -> Any:
        """The state that the machine is in: during an enter call the new one, None while `init` runs."""
        return self._engine.state

    @classmethod
    def _check_state(cls, state: Any) -> None:
        """Raise unless this class can handle events in `state`; rule FSM-01."""
        if cls._one_handler:
            return
        if not isinstance(state, str):
            raise TypeError(
                f"{cls.__name__}: expected the name of a state method, got {state!r}; "
                "define handle_event(event, state) to have other states"
            )
        method = getattr(cls, state, None)
        if not callable(method) or hasattr(GenStateMachine, state) or marked(method):
            known = ", ".join(name for name in dir(cls) if takes_event(getattr(cls, name))) or "none"
            raise AttributeError(f"{cls.__name__} has no state method {state!r}; methods that take an event: {known}")

    @classmethod
    def _request(cls, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A marked method sends its name and all its arguments in order, or the bare name when it takes none."""
        signature = signature_of(getattr(cls, method))
        if not signature.parameters:
            return method
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return isolate((method, *bound.args))

    # --- callbacks --------------------------------------------------------------------------------------

    def init(self, *args: Any, **kwargs: Any) -> Any:
        """Set up the attributes from the arguments of `start`, and return the first state.

        Or `NextState(state, *actions)` for actions at the start, which may be any but `Postpone` (rule FSM-23);
        `Ignore()`, `Fail(reason)` or `Stop(reason)` as in a `GenServer`. Raising fails the start.
        """
        raise NotImplementedError(f"{type(self).__name__}.init: expected a method that returns the first state")

    def handle_event(self, event: Any, state: Any) -> Any:
        """Handle an event in any state, where one method is better than a method a state."""

    def terminate(self, reason: Any) -> Any:
        """Clean up, as in a `GenServer`; `self.current_state` is the state that the machine ends in."""

    def code_change(self, old: Any) -> Any:
        """Adapt the attributes when the class was defined anew; return None, or the present state's new name.

        That is no state change: no enter call, no retry of postponed events (rule FSM-25). `old` is a copy of the
        attributes. When it raises, or the state is none of the new class's, old code and state stay.
        """

    # --- talking ----------------------------------------------------------------------------------------

    @staticmethod
    async def call(dest: Any, request: Any, timeout: float | None = None) -> Any:
        """Send `request` as an event of type `call` and await the reply, which may be postponed.

        So it waits for ever unless `timeout` says for how many seconds (rule FSM-02). Raises `CallExit` as
        `GenServer.call` does.
        """
        return await protocol.call(dest, request, timeout)


def _declares() -> None: ...


def _declares_and_tells() -> None:
    """Nothing."""


_EMPTY = {_declares.__code__.co_code, _declares_and_tells.__code__.co_code}


def _check_declaration(cls: type, name: str, method: Any) -> None:
    """A marked method only declares an event: one that does something would never do it."""
    what = f"{cls.__name__}.{name} only declares an event"
    if method.__code__.co_code not in _EMPTY:
        raise TypeError(f"{what}: expected a `def` with an empty body, since the states handle what it sends")
    kinds = {parameter.kind for parameter in signature_of(method).parameters.values()}
    if any(kind.name in ("KEYWORD_ONLY", "VAR_KEYWORD") for kind in kinds):
        raise TypeError(f"{what}: expected positional parameters, got {signature_of(method)}")
