"""The messages between clients and servers, and the requests that make them: call, cast, reply, system.

One request is one alias, one watch on the server and one reply; nothing of it stays behind (rules GEN-06 to
GEN-11).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, Final, NamedTuple

from ..core.dest import resolve
from ..core.errors import CallExit, MailboxFullError
from ..core.far import Elsewhere, FarRequest, elsewhere
from ..core.ids import Pid, Ref
from ..core.isolation import ATOMS, isolate
from ..core.process import Process
from ..core.running import current, current_node, get_ident, running
from ..core.signals import Replied, Sent, Signal, Told
from ..core.timers import check_seconds
from ..core.waits import Asked, Request, Wait

__all__ = [
    "Call",
    "Caller",
    "Cast",
    "Invoke",
    "System",
    "answer",
    "ask",
    "ask_system",
    "call",
    "cast",
    "reply",
    "tell",
]

_new: Final = tuple.__new__  # makes a named tuple in a third of the time


class Caller(NamedTuple):
    """Who asks: what `handle_call` gets, and what `GenServer.reply` takes."""

    pid: Pid
    ref: Ref


class Call(Asked):
    """A request that is answered."""

    __slots__ = ("request",)
    sort: ClassVar[str] = "call"

    def __init__(self, caller: Caller, request: Any) -> None:
        self.caller = caller
        self.request = request

    def __reduce__(self) -> tuple[Any, ...]:
        return Call, (self.caller, self.request)

    def __repr__(self) -> str:
        return f"Call({self.request!r} from {self.caller.pid!r})"


class Cast:
    """A request that is not."""

    __slots__ = ("request",)
    sort: ClassVar[str] = "cast"

    def __init__(self, request: Any) -> None:
        self.request = request

    def __reduce__(self) -> tuple[Any, ...]:
        return Cast, (self.request,)

    def __repr__(self) -> str:
        return f"Cast({self.request!r})"


class Invoke:
    """The request that a method marked with `@call` or `@cast` stands for."""

    __slots__ = ("args", "kwargs", "method")

    def __init__(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.method = method
        self.args = args
        self.kwargs = kwargs

    def __reduce__(self) -> tuple[Any, ...]:
        return Invoke, (self.method, self.args, self.kwargs)

    def __repr__(self) -> str:
        given = [*map(repr, self.args), *(f"{name}={value!r}" for name, value in self.kwargs.items())]
        return f"{self.method}({', '.join(given)})"


class System:
    """A request to the server's loop rather than to its callbacks (module `sys`)."""

    __slots__ = ("argument", "caller", "operation")
    sort: ClassVar[str] = "system"

    def __init__(self, caller: Caller, operation: str, argument: Any) -> None:
        self.caller = caller
        self.operation = operation
        self.argument = argument

    def __reduce__(self) -> tuple[Any, ...]:
        return System, (self.caller, self.operation, self.argument)

    def __repr__(self) -> str:
        return f"System({self.operation} from {self.caller.pid!r})"


class _Asking(Request):
    """A call on its way."""

    __slots__ = ("request",)

    def __init__(self, process: Process, target: Process, timeout: float | None, request: Any) -> None:
        self.process = process  # not by `super`: each call would be felt
        self.timeout = timeout
        self.timer = self.wake = None
        self.target = target
        self.ref = None
        self.request = request

    def ask(self, ref: Ref) -> None:
        """Put it into the server's mailbox."""
        self.target.post(Call(_new(Caller, (self.process.pid, ref)), self.request))


class _AskingSystem(_Asking):
    """A system request on its way: `request` is the operation and its argument."""

    __slots__ = ()

    def ask(self, ref: Ref) -> None:
        """Put it into the server's mailbox."""
        self.target.put(System(Caller(self.process.pid, ref), *self.request))


class _AskingFar(FarRequest):
    """A call on its way to another node."""

    __slots__ = ("message",)

    def __init__(
        self, process: Process, target: Elsewhere, timeout: float | None, message: Callable[[Caller], Any]
    ) -> None:
        super().__init__(process, target, timeout)
        self.message = message

    def request(self, ref: Ref) -> Signal:
        """A message like any other, or one to the loop."""
        message = self.message(Caller(self.process.pid, ref))
        return Told(self.target, message) if isinstance(message, System) else Sent(self.target, message)


def _asking(kind: type[_Asking], me: Process, dest: Any, timeout: float | None, request: Any) -> Wait:
    """The request to whoever `dest` is, or `CallExit`: nobody is there, or it is the caller itself (GEN-08)."""
    target = resolve(dest, me.node) if dest is not None else None
    if target is None:
        return _asking_far(kind, me, dest, timeout, request)
    if target is me:
        raise CallExit("calling_self", f"{me.pid!r} calls itself, and would wait for ever; call the method directly")
    return kind(me, target, timeout, request)


def _asking_far(kind: type[_Asking], me: Process, dest: Any, timeout: float | None, request: Any) -> Wait:
    far = elsewhere(dest, me.node)
    if far is None:
        raise CallExit("noproc", f"call failed: no process {dest!r}{_hint(dest)}")
    if kind is _AskingSystem:
        return _AskingFar(me, far, timeout, lambda caller: System(caller, *request))
    return _AskingFar(me, far, timeout, lambda caller: Call(caller, request))


def _hint(dest: Any) -> str:
    """What to try when a name is unknown."""
    return f"; {current_node().names.hint()}" if isinstance(dest, str) else " is alive"


def call(dest: Any, message: Any, timeout: Any = 5.0) -> Wait:
    """Ask a server, and await the answer; `timeout` in seconds, None waits for ever. Raises `CallExit`."""
    return ask(dest, message if type(message) in ATOMS else isolate(message), timeout)


def ask(dest: Any, request: Any, timeout: Any) -> Wait:
    """As `call`, of what is a copy already, and to be awaited at once."""
    me = current()
    if timeout is not None and not (type(timeout) is float and timeout >= 0):
        timeout = check_seconds(timeout, "call(timeout=…)")
    if type(dest) is Pid:
        target = me.node.processes.get(dest)
        if target is not None and target is not me:  # nearly always; what follows is for the rest
            return _Asking(me, target, timeout, request)
    return _asking(_Asking, me, dest, timeout, request)


def ask_system(dest: Any, operation: str, argument: Any, timeout: Any) -> Wait:
    """Ask the loop of a process, and await the answer."""
    me = current()
    seconds = timeout if timeout is None else check_seconds(timeout, f"sys.{operation}(timeout=…)")
    return _asking(_AskingSystem, me, dest, seconds, (operation, argument))


def cast(dest: Any, message: Any) -> None:
    """Tell a server; nobody there is no error (rule GEN-16)."""
    tell(dest, message if type(message) in ATOMS else isolate(message))


def tell(dest: Any, request: Any) -> None:
    """As `cast`, of what is a copy already."""
    process = running.process
    if process is not None and type(dest) is Pid and running.thread == get_ident() and not process.ended:
        target = process.node.processes.get(dest)
        if target is not None:  # nearly always; what follows is for the rest
            target.post(Cast(request))
            return
    _tell(dest, request)


def _tell(dest: Any, request: Any) -> None:
    """The same from anywhere and to anyone."""
    node = current_node()
    if node.host is not None and not node.host.owns_thread():
        node.host.from_thread(_put_late, node, dest, request)
    else:
        current()
        _put(node, dest, request)


def _put_late(node: Any, dest: Any, request: Any) -> None:
    """The same from another thread, which has gone on and cannot be told that there was no room."""
    with suppress(MailboxFullError):
        _put(node, dest, request)


def _put(node: Any, dest: Any, request: Any) -> None:
    process = resolve(dest, node) if dest is not None else None
    if process is not None:
        process.post(Cast(request))
    elif (far := elsewhere(dest, node)) is not None:
        node.transport.send(far[0], Sent(far[1], Cast(request)))
    elif node.tap is not None:
        node.tap.lost(node, dest, Cast(request))


def reply(caller: Any, value: Any) -> None:
    """Answer a call that was left open; a caller that is gone, or gave up, is no error.

    Rules GEN-07, GEN-11.
    """
    if not isinstance(caller, Caller):
        raise TypeError(f"reply: expected the caller that handle_call got, got {caller!r}")
    answer(current_node(), caller, isolate(value))


def answer(node: Any, caller: Caller, value: Any) -> None:
    """Hand a copied value to whoever waits for it."""
    target = node.aliases.get(caller.ref)
    if target is not None:
        target.answered(value)
    elif caller.ref.home is not node.home:
        node.transport.send(caller.ref.node, Replied(caller.ref, value))
