"""The messages between clients and servers, and the requests that make them: call, cast, reply, system.

One request is one alias, one watch on the server and one reply; nothing of it stays behind (rules GEN-06 to
GEN-11).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..core.dest import resolve
from ..core.errors import CallExit
from ..core.ids import Pid, Ref
from ..core.isolation import isolate
from ..core.running import current, current_node
from ..core.signals import Sent
from ..core.timers import check_seconds
from ..core.waits import Request, Wait

__all__ = ["Call", "Caller", "Cast", "Invoke", "System", "call", "cast", "reply", "request"]


class Caller(NamedTuple):
    """Who asks: what `handle_call` gets, and what `GenServer.reply` takes."""

    pid: Pid
    ref: Ref


class Call(NamedTuple):
    """A request that is answered."""

    caller: Caller
    request: Any


class Cast(NamedTuple):
    """A request that is not."""

    request: Any


class Invoke(NamedTuple):
    """The request that a method marked with `@call` or `@cast` stands for."""

    method: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class System(NamedTuple):
    """A request to the server's loop rather than to its callbacks (module `sys`)."""

    caller: Caller
    operation: str
    argument: Any


def request(dest: Any, make: Any, timeout: float | None) -> Wait:
    """Ask `dest` with the message that `make(caller)` gives, and await its one reply."""
    me = current()
    target = resolve(dest, me.node) if dest is not None else None
    if target is me:
        raise CallExit("calling_self", f"{me.pid!r} calls itself, and would wait for ever; call the method directly")
    if target is None:
        raise CallExit("noproc", f"call failed: no process {dest!r}{_hint(dest)}")

    def send(ref: Ref) -> None:
        assert target is not None
        target.put(make(Caller(me.pid, ref)))

    return Request(me, target, send, timeout)


def _hint(dest: Any) -> str:
    """What to try when a name is unknown."""
    return f"; {current_node().names.hint()}" if isinstance(dest, str) else " is alive"


async def call(dest: Any, message: Any, timeout: float | None = 5.0) -> Any:
    """Ask a server and await the answer; `timeout` in seconds, None waits for ever. Raises `CallExit`."""
    seconds = None if timeout is None else check_seconds(timeout, "call(timeout=…)")
    copy = isolate(message)
    return await request(dest, lambda caller: Call(caller, copy), seconds)


def cast(dest: Any, message: Any) -> None:
    """Tell a server; nobody there is no error (rule GEN-16)."""
    node = current_node()
    copy = Cast(isolate(message))
    if node.host is not None and not node.host.owns_thread():
        node.host.from_thread(_put, node, dest, copy)
        return
    current()
    _put(node, dest, copy)


def _put(node: Any, dest: Any, message: Any) -> None:
    process = resolve(dest, node) if dest is not None else None
    if process is not None:
        process.put(message)
    elif isinstance(dest, Pid) and dest.home != node.home:
        node.transport.send(dest.node, Sent(dest, message))


def reply(caller: Caller, value: Any) -> None:
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
        target.arrive(value if isinstance(target, Wait) else (caller.ref, value))
