"""`GenServer`: a process that keeps state and answers calls, casts and messages, one at a time.

    >>> import actorbook as ab
    >>> class Counter(ab.GenServer):
    ...     def init(self, start=0):
    ...         self.n = start
    ...     @ab.call
    ...     def add(self, k):
    ...         self.n += k
    ...         return self.n
    >>> pid = await Counter.start(10)
    >>> await pid.add(5)
    15

Break it, and only it ends; a supervisor starts it anew (see `actorbook.Supervisor`):

    >>> await pid.add("x")
    Traceback (most recent call last):
    actorbook.core.errors.CallExit: call failed: <nb.2> ended with Crash(TypeError: unsupported operand...)

Callbacks are `def` or `async def`; while one awaits, the server handles no other message, and other processes
go on. What a callback returns says what is next: a plain value is a call's reply, see `Reply`, `NoReply`,
`Stop`, `Continue`, `Timeout`. Do not use a server merely to organise code: a module does that; a process is
for state that outlives a call, for concurrency and for isolation of failures. Source: OTP's gen_server, rules
GEN-01 to GEN-33.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ..core.isolation import ATOMS, isolate
from ..core.running import current
from . import protocol
from .gen import Behaviour
from .loop import LoopBody
from .server import ServerBody

__all__ = ["GenServer"]


class GenServer(Behaviour):
    """Subclass it, and define the callbacks you need. Attributes of `self` are the server's state.

    A list, dict or set that stands in the class body is copied for each process: processes share nothing.
    """

    _kind: ClassVar[str] = "server"
    _body: ClassVar[type[LoopBody]] = ServerBody

    # --- callbacks --------------------------------------------------------------------------------------

    def init(self, *args: Any, **kwargs: Any) -> Any:
        """Set up the state from the arguments of `start`, which waits for it.

        Returns None, `Continue(x)`, `Timeout(s)`, `Ignore()` or `Stop(reason)`. Raising fails the start
        (GEN-03).
        """

    def handle_call(self, request: Any, caller: protocol.Caller) -> Any:
        """Answer a request: the returned value is the reply; or `Reply`, `NoReply`, `Stop`."""
        raise AttributeError(f"{type(self).__name__} got the call {request!r}, but defines no handle_call")

    def handle_cast(self, request: Any) -> Any:
        """Handle a request that is not answered. Returns None, `Continue`, `Timeout`, `Hibernate`, `Stop`."""
        raise AttributeError(f"{type(self).__name__} got the cast {request!r}, but defines no handle_cast")

    def handle_info(self, message: Any) -> Any:
        """Handle any other message. Not defined, messages are logged and dropped (rule GEN-17)."""
        me = current()
        me.node.report(me, f"got {message!r}, but {type(self).__name__} defines no handle_info")

    def handle_continue(self, value: Any) -> Any:
        """Go on after `Continue(value)`, before any other message (rule GEN-18)."""
        raise AttributeError(f"{type(self).__name__} returned Continue({value!r}), but defines no handle_continue")

    # --- talking to servers -----------------------------------------------------------------------------

    @staticmethod
    async def call(dest: Any, request: Any, timeout: float | None = 5.0) -> Any:
        """Send `request` to `handle_call` of `dest` and await the reply, for up to `timeout` seconds.

        `dest` is a pid, a name, a pair (name, node) or a via-name. Raises `CallExit`: `reason` is `"noproc"`,
        `"timeout"`, `"calling_self"` or the server's own end (rules GEN-06 to GEN-09). A reply that comes
        late is dropped.
        """
        return await protocol.ask(dest, request if type(request) in ATOMS else isolate(request), timeout)
