"""`Agent`: a process around one value; others send it the functions that read and change the value.

    >>> import actorbook as ab
    >>> basket = await ab.Agent.start(list, name="basket")
    >>> await ab.Agent.update("basket", lambda items: [*items, "tea"])
    'ok'
    >>> await ab.Agent.get("basket", len)
    1
    >>> await ab.Agent.get_and_update("basket", lambda items: (items[-1], items[:-1]))
    'tea'

A function that raises ends the agent, and the caller that asked for it, if it does not catch that:

    >>> await ab.Agent.update("basket", lambda items: items["tea"])
    Traceback (most recent call last):
    actorbook.core.errors.CallExit: call failed: basket <nb.2> ended with Crash(TypeError: list indices must ...
    >>> ab.whereis("basket") is None
    True

The functions run in the agent, one after the other, and while an `async def` among them waits, the agent does
nothing else: keep them short, and do the long part where the value is used. What comes back is a copy. What a
function brings along in its closure is not copied, so bring along only what nobody changes; the arguments of a
`functools.partial` are copied as a message is.

Use a `GenServer` instead as soon as the value has rules of its own, messages or timeouts: those belong next to
the state, not into every caller. Source: Elixir's Agent, rules AGT-01 and AGT-02.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from ..core.dest import Dest, Name
from ..core.ids import Pid
from ..core.mailbox import Mailbox
from . import protocol
from .agent_body import AgentBody
from .gen_server import GenServer
from .results import Reply, Stop
from .server import ServerBody

__all__ = ["Agent"]

_Function = Callable[[Any], Any]


class _Apply(NamedTuple):
    """A request to an agent: run the function on the state; `what` says what its result means."""

    what: str
    function: _Function


class Agent(GenServer):
    """Start one with `await ab.Agent.start(fn, *args)`: its state is what `fn(*args)` returns."""

    _body: ClassVar[type[ServerBody]] = AgentBody
    state: Any = None

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def start(
        cls,
        *args: Any,
        name: Name | None = None,
        node: str | None = None,
        timeout: float | None = None,
        mailbox: Mailbox | int | None = None,
        **kwargs: Any,
    ) -> Pid | None:
        """Start an agent whose state is `fn(*args, **kwargs)`, run in the agent; returns its pid after that.

        The first argument is `fn`, a `def` or an `async def`; the others are copied. Raises `TypeError` when
        `fn` is no function, and `StartError` as `GenServer.start` does, when `fn` raises too (rule AGT-02).
        """
        _check_function("start", args[0] if args else None)
        return await super().start(*args, name=name, node=node, timeout=timeout, mailbox=mailbox, **kwargs)

    @classmethod
    async def start_link(
        cls,
        *args: Any,
        name: Name | None = None,
        node: str | None = None,
        timeout: float | None = None,
        mailbox: Mailbox | int | None = None,
        **kwargs: Any,
    ) -> Pid | None:
        """As `start`, linked to the calling process, its parent: how supervisors start their children."""
        _check_function("start_link", args[0] if args else None)
        return await super().start_link(*args, name=name, node=node, timeout=timeout, mailbox=mailbox, **kwargs)

    # --- what others ask of it --------------------------------------------------------------------------

    @staticmethod
    async def get(agent: Dest, fn: _Function, timeout: float | None = 5.0) -> Any:
        """A copy of what `fn(state)`, which only reads, returns; awaits it for up to `timeout` seconds.

        `agent` is a pid or a name. Raises `CallExit` as every call: `"noproc"`, `"timeout"`, or what `fn`
        raised, which ends the agent (rule AGT-01).
        """
        return await _ask(agent, "get", fn, timeout)

    @staticmethod
    async def update(agent: Dest, fn: _Function, timeout: float | None = 5.0) -> str:
        """Have `fn(state)` be the new state; `"ok"` when it is. Raises as `get`."""
        done: str = await _ask(agent, "update", fn, timeout)
        return done

    @staticmethod
    async def get_and_update(agent: Dest, fn: _Function, timeout: float | None = 5.0) -> Any:
        """Read and change in one step: `fn(state)` returns the pair (value, new state); the value is returned.

        Anything but a pair ends the agent with `("bad_return_value", result)` (rule AGT-02). Raises as `get`.
        """
        return await _ask(agent, "get_and_update", fn, timeout)

    @staticmethod
    def cast(agent: Dest, fn: _Function) -> None:
        """As `update`, but waits for nothing, and nobody there is no error."""
        protocol.cast(agent, _Apply("update", _check_function("cast", fn)))

    # --- callbacks --------------------------------------------------------------------------------------

    def init(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """The first state."""
        first = fn(*args, **kwargs)
        if hasattr(first, "__await__"):
            return self._begin_later(first)
        self.state = first
        return None

    async def _begin_later(self, first: Any) -> None:
        self.state = await first

    def handle_call(self, request: Any, caller: protocol.Caller) -> Any:
        """Run a function, and answer with what its result means."""
        result = self._run(request)
        return self._later(request.what, result) if hasattr(result, "__await__") else self._done(request.what, result)

    def handle_cast(self, request: Any) -> Any:
        """The same without an answer."""
        result = self._run(request)
        if hasattr(result, "__await__"):
            return self._begin_later(result)
        self.state = result
        return None

    def handle_info(self, message: Any) -> Any:
        """Stray messages are dropped: there is nobody here who could know them."""

    def _run(self, request: Any) -> Any:
        if not isinstance(request, _Apply):
            raise TypeError(f"an agent got {request!r}: expected Agent.get, update, get_and_update or cast")
        return request.function(self.state)

    async def _later(self, what: str, result: Any) -> Any:
        return self._done(what, await result)

    def _done(self, what: str, result: Any) -> Any:
        if what == "get":
            return Reply(result)
        if what == "update":
            self.state = result
            return Reply("ok")
        if not isinstance(result, tuple) or len(result) != 2:
            return Stop(("bad_return_value", result))
        value, self.state = result
        return Reply(value)


async def _ask(agent: Dest, what: str, fn: _Function, timeout: float | None) -> Any:
    return await protocol.call(agent, _Apply(what, _check_function(what, fn)), timeout)


def _check_function(where: str, fn: Any) -> Any:
    if not callable(fn):
        raise TypeError(f"Agent.{where}: expected a function of the state, got {fn!r}; pass one, as in lambda n: n + 1")
    return fn
