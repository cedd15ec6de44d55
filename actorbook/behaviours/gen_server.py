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

from ..core.dest import Name
from ..core.ids import Pid
from ..core.running import current
from . import protocol, requests
from .child_spec import ChildSpec, Restart, Shutdown
from .loop import LoopBody
from .server import ServerBody
from .start import start as _start
from .upgrade import announce

__all__ = ["GenServer"]


class GenServer:
    """Subclass it, and define the callbacks you need. Attributes of `self` are the server's state.

    A list, dict or set that stands in the class body is copied for each process: processes share nothing.
    """

    _kind: ClassVar[str] = "server"
    _body: ClassVar[type[LoopBody]] = ServerBody
    hibernate_after: ClassVar[float | None] = None
    """Seconds without a message after which the server hibernates (rule GEN-32); None: only when told."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        announce(cls)

    @classmethod
    def _harmless_change(cls) -> bool:
        """True when `code_change` cannot leave the attributes half changed."""
        return cls.code_change is GenServer.code_change

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

    def terminate(self, reason: Any) -> Any:
        """Clean up; runs when the server ends by itself or by its parent, not when it is killed.

        Rules GEN-22, GEN-23.
        """

    def code_change(self, old: Any) -> Any:
        """Adapt the attributes when the class was defined anew (rules UPG-01 to UPG-03).

        It runs in the new code; `self` still has the attributes that the old code left, and `old` a copy of
        them (`old.n`), the old class's `vsn` if it has one, and the `extra` of `sys.change_code`. Change
        `self` and return None, or return all attributes as a dict. When it raises, old code and state stay.
        """

    def format_status(self, status: dict[str, Any]) -> dict[str, Any]:
        """What others may see of `status["state"]` and, in a crash report, `"message"` and `"reason"`.

        Shapes `sys.get_status`, crash reports and the inspector, so secrets can be left out (rule GEN-33).
        Return the dict, changed. When it fails nothing of the state is shown, and the server is not harmed.
        """
        return status

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def start(
        cls,
        *args: Any,
        name: Name | None = None,
        node: str | None = None,
        timeout: float | None = None,
        **kwargs: Any,
    ) -> Pid | None:
        """Start a server, unlinked; returns its pid when `init(*args, **kwargs)` has returned (rule GEN-01).

        Returns None when `init` returned `Ignore()`. Raises `StartError` when it failed, when the name is
        taken (`reason` is `("already_started", pid)`), or after `timeout` seconds (the half-started process
        is killed).
        """
        return await _start(cls, args, kwargs, name=name, node=node, link=False, timeout=timeout)

    @classmethod
    async def start_link(
        cls,
        *args: Any,
        name: Name | None = None,
        node: str | None = None,
        timeout: float | None = None,
        **kwargs: Any,
    ) -> Pid | None:
        """As `start`, linked to the calling process, its parent: how supervisors start their children."""
        return await _start(cls, args, kwargs, name=name, node=node, link=True, timeout=timeout)

    @classmethod
    def child_spec(
        cls,
        *args: Any,
        id: Any = None,
        name: Name | None = None,
        restart: Restart = "permanent",
        shutdown: Shutdown = None,
        significant: bool = False,
        **kwargs: Any,
    ) -> ChildSpec:
        """How a supervisor is to start this class with these arguments; `id` is the name, else the class.

        >>> import actorbook as ab
        >>> ab.GenServer.child_spec(id="a").id
        'a'
        """
        return ChildSpec(
            id=id if id is not None else name if name is not None else cls.__name__,
            start=(cls.start_link, args, {**kwargs, **({} if name is None else {"name": name})}),
            restart=restart,
            shutdown=shutdown,
            type="supervisor" if cls._kind == "supervisor" else "worker",
            modules=(cls.__name__,),
            significant=significant,
        )

    # --- talking to servers -----------------------------------------------------------------------------

    @staticmethod
    async def call(dest: Any, request: Any, timeout: float | None = 5.0) -> Any:
        """Send `request` to `handle_call` of `dest` and await the reply, for up to `timeout` seconds.

        `dest` is a pid, a name, a pair (name, node) or a via-name. Raises `CallExit`: `reason` is `"noproc"`,
        `"timeout"`, `"calling_self"` or the server's own end (rules GEN-06 to GEN-09). A reply that comes
        late is dropped.
        """
        return await protocol.call(dest, request, timeout)

    @staticmethod
    def cast(dest: Any, request: Any) -> None:
        """Send `request` to `handle_cast` of `dest`; waits for nothing, and nobody there is no error.

        Rule GEN-16.
        """
        protocol.cast(dest, request)

    @staticmethod
    def reply(caller: protocol.Caller, value: Any) -> None:
        """Answer a call that was left open with `NoReply`, from any process (rule GEN-11)."""
        protocol.reply(caller, value)

    send_request = staticmethod(requests.send_request)
    check_response = staticmethod(requests.check_response)
    wait_response = staticmethod(requests.wait_response)
    receive_response = staticmethod(requests.receive_response)
    multi_call = staticmethod(requests.multi_call)
    abcast = staticmethod(requests.abcast)
