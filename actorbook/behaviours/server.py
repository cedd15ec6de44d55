"""The loop of a server: takes messages in turn, runs a callback for each, and does what its result says.

Plain `def` callbacks run right in the turn. A callback that is a coroutine is stepped, and until it is done
the process handles no other message (rule ASY-03). This module knows nothing of classes beyond the names of
their callbacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import CoroutineType
from typing import Any

from ..core.ids import Pid
from ..core.isolation import isolate
from ..core.messages import EXIT
from ..core.process import Body, ChildView, Description, Process
from ..core.reasons import Crash, describe, is_orderly, reason_of
from ..core.stepper import Stepper
from . import system
from .methods import marked
from .protocol import Call, Caller, Cast, Invoke, System, answer
from .results import NONE, Continue, Hibernate, Ignore, NoReply, Reply, Stop, Then, Timeout, is_result
from .silence import Silence

__all__ = ["ServerBody"]

_BUDGET = 100
_After = Callable[[Any, BaseException | None], None]


class ServerBody(Body):
    """One server: the user's object (`server`), and where its loop stands."""

    __slots__ = (
        "_args", "_continue", "_kwargs", "_process", "_silence", "_stepper", "cls", "parent", "server",
        "started", "statistics",
    )  # fmt: skip

    def __init__(self, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], parent: Pid | None) -> None:
        self.cls = cls
        self.parent = parent
        self.server: Any = None
        self.started: Callable[[bool, Any], None] | None = None
        self.statistics: system.Statistics | None = None
        self._args = args
        self._kwargs = kwargs
        self._process: Process | None = None
        self._stepper: Stepper | None = None
        self._continue: Continue | None = None
        self._silence = Silence()

    # --- turns ------------------------------------------------------------------------------------------

    def run(self, process: Process) -> None:
        """Go on with a callback that waits, or begin, or handle a bounded number of messages."""
        if self._stepper is not None:
            if self._stepper.ready:
                self._stepper.step()
            return
        if self._process is None:
            self._process = process
            self._init(process)
        for _ in range(_BUDGET):
            if not self._free(process) or not self._handle_next(process):
                return
        process.node.scheduler.ready(process)

    def _free(self, process: Process) -> bool:
        """True when nothing stands in the way of the next message."""
        return not process.ended and self._stepper is None and not process.suspended

    def _handle_next(self, process: Process) -> bool:
        """Handle what comes next: a continue, then the mailbox, then silence. False when there is nothing."""
        if self._continue is not None:
            value, self._continue = self._continue.value, None
            self._invoke(self.server.handle_continue, (value,), {}, self._after_info)
            return True
        box = process.mailbox
        if box:
            message = box.popleft()
            process.handled += 1
            self._dispatch(process, message)
            return True
        process.mailbox = None
        if self._silence.lasted():
            self._invoke(self.server.handle_info, ("timeout",), {}, self._after_info)
            return True
        return False

    def run_suspended(self, process: Process) -> None:
        """Suspended: a callback that had begun goes on; then system messages and the parent's exit."""
        if self._stepper is not None:
            if self._stepper.ready:
                self._stepper.step()
            return
        if self._process is None or process.mailbox is None:
            return
        found, message = process.mailbox.take(self._obeyed, 0)
        if found:
            process.handled += 1
            self._dispatch(process, message)
            process.node.scheduler.ready(process)

    def _obeyed(self, message: Any) -> bool:
        return isinstance(message, System) or (isinstance(message, EXIT) and message.pid is self.parent)

    # --- messages ---------------------------------------------------------------------------------------

    def _dispatch(self, process: Process, message: Any) -> None:
        kind = type(message)
        if kind is System:
            self._count(1, 0)
            system.handle(self, process, message)
            self._silence.start_anew(process)
            return
        self._silence.broken()
        if kind is Call:
            self._count(1, 0)
            self._call(message.caller, message.request)
        elif kind is Cast:
            self._count(1, 0)
            self._cast(message.request)
        elif kind is EXIT and message.pid is self.parent:
            self.terminate(message.reason)
        else:
            self._count(1, 0)
            self._invoke(self.server.handle_info, (message,), {}, self._after_info)

    def _call(self, caller: Caller, request: Any) -> None:
        after = partial(self._after_call, caller)
        if type(request) is Invoke:
            self._invoke(self._marked(request.method), request.args, request.kwargs, after)
        else:
            self._invoke(self.server.handle_call, (request, caller), {}, after)

    def _cast(self, request: Any) -> None:
        if type(request) is Invoke:
            self._invoke(self._marked(request.method), request.args, request.kwargs, self._after_method)
        else:
            self._invoke(self.server.handle_cast, (request,), {}, self._after_info)

    def _marked(self, name: str) -> Callable[..., Any]:
        """A method that others may call; the class may have changed since they looked."""
        method: Callable[..., Any] = getattr(self.server, name)
        if marked(method) is None:
            raise AttributeError(f"{self.cls.__name__}.{name} is not marked as call or cast")
        return method

    def _invoke(
        self, callback: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], after: _After
    ) -> None:
        """Run a callback; `after` gets its result, at once for a `def`, later for an `async def`."""
        assert self._process is not None
        try:
            result = callback(*args, **kwargs)
        except BaseException as error:
            self._finish(after, None, error)
            return
        if type(result) is CoroutineType:
            self._stepper = Stepper(self._process, result, partial(self._finish, after))
            self._stepper.step()
        else:
            self._finish(after, result, None)

    def _finish(self, after: _After, result: Any, error: BaseException | None) -> None:
        """A callback is done: go on with the mailbox, unless the callback ended its own process."""
        assert self._process is not None
        was_async, self._stepper = self._stepper is not None, None
        if self._process.ended:
            return
        after(result, error)
        if was_async:
            self._process.node.scheduler.ready(self._process)

    # --- results ----------------------------------------------------------------------------------------

    def _init(self, process: Process) -> None:
        self.server = self.cls()
        args, kwargs, self._args, self._kwargs = self._args, self._kwargs, (), {}
        self._invoke(self.server.init, args, kwargs, self._after_init)

    def _after_init(self, result: Any, error: BaseException | None) -> None:
        assert self._process is not None
        if error is not None:
            self._refuse(reason_of(error))
        elif isinstance(result, Ignore):
            self._tell_starter(None)
            self._refuse("normal")
        elif isinstance(result, Stop):
            self._refuse(result.reason)
        elif result is None or isinstance(result, Continue | Timeout | Hibernate):
            self._tell_starter(self._process.pid)
            self._then(result)
        else:
            self._refuse(("bad_return_value", result))

    def _tell_starter(self, pid: Pid | None) -> None:
        told, self.started = self.started, None
        if told is not None:
            told(True, pid)

    def _refuse(self, reason: Any) -> None:
        """Init failed, or ignored: end, and spare a starter that traps exits the signal, since the start tells it.

        Rules GEN-02, GEN-04.
        """
        process = self._process
        assert process is not None
        starter = process.node.local(self.parent) if self.parent is not None else None
        if starter is not None and (starter.trap_exit or starter is process.node.shell):
            process.node.exits.unlink(process, starter.pid)
        process.node.end(process, reason)

    def _after_call(self, caller: Caller, result: Any, error: BaseException | None) -> None:
        assert self._process is not None
        if error is not None:
            self._fail(error)
        elif isinstance(result, NoReply):
            self._then(result.then)
        elif isinstance(result, Stop):
            self.terminate(result.reason, caller, result.reply)
        elif isinstance(result, Reply):
            if self._answer(caller, result.value):
                self._then(result.then)
        elif is_result(result):
            self.terminate(("bad_return_value", result))
        else:
            self._answer(caller, result)

    def _answer(self, caller: Caller, value: Any) -> bool:
        """Send a copy of the reply; one that cannot be copied is the server's error."""
        assert self._process is not None
        try:
            copy = isolate(value)
        except TypeError as error:
            self._fail(error)
            return False
        self._count(0, 1)
        answer(self._process.node, caller, copy)
        return True

    def _after_info(self, result: Any, error: BaseException | None) -> None:
        if error is not None:
            self._fail(error)
        elif isinstance(result, Stop):
            self.terminate(result.reason)
        elif isinstance(result, NoReply):
            self._then(result.then)
        elif result is None or isinstance(result, Continue | Timeout | Hibernate):
            self._then(result)
        else:
            self.terminate(("bad_return_value", result))

    def _after_method(self, result: Any, error: BaseException | None) -> None:
        """A method marked as cast: a plain value goes nowhere, as of any function called for its effect."""
        self._after_info(result if is_result(result) else None, error)

    def _then(self, then: Then) -> None:
        if isinstance(then, Continue):
            self._continue = then
        elif isinstance(then, Timeout):
            assert self._process is not None
            self._silence.start(self._process, then.seconds)
        elif isinstance(then, Hibernate) and self._process is not None and not self._process.mailbox:
            self._process.mailbox = None

    # --- the end ----------------------------------------------------------------------------------------

    def _fail(self, error: BaseException) -> None:
        self.terminate(reason_of(error))

    def terminate(self, reason: Any, caller: Caller | None = None, reply: Any = NONE) -> None:
        """Run `terminate`, then reply, then end (GEN-12, GEN-22); its own failure is the reason (GEN-27)."""

        def ended(result: Any, error: BaseException | None) -> None:
            self._end(reason if error is None else reason_of(error), caller, reply)

        self._invoke(self.server.terminate, (reason,), {}, ended)

    def _end(self, reason: Any, caller: Caller | None, reply: Any) -> None:
        process = self._process
        assert process is not None
        if caller is not None and reply is not NONE:
            answer(process.node, caller, isolate(reply))
        if not is_orderly(reason):
            detail = reason.traceback if isinstance(reason, Crash) else ""
            process.node.log(process, f"ended with {describe(reason)}", detail)
        process.node.end(process, reason)

    def shut_down(self, process: Process) -> None:
        """Ask the loop to terminate, which a signal from anyone but the parent would not do (rule SUP-42)."""
        caller = Caller(process.node.shell.pid, process.node.make_ref())
        process.put(System(caller, "terminate", "shutdown"))

    def dispose(self, process: Process) -> None:
        """Let a waiting callback go, and the timer."""
        self._silence.broken()
        if self._stepper is not None:
            self._stepper.dispose()

    # --- for those who look -----------------------------------------------------------------------------

    def _count(self, received: int, replied: int) -> None:
        if self.statistics is not None:
            self.statistics.count(received, replied)

    def busy(self) -> bool:
        """A callback has begun and waits for something."""
        return self._stepper is not None or (self._process is None)

    def describe(self) -> Description:
        """The class; supervisors add how they supervise."""
        kind: str = self.cls._kind  # type: ignore[attr-defined]
        return Description(kind, self.cls.__name__, self._look("_describe", ""))

    def children(self) -> Iterator[ChildView] | None:
        """A supervisor's children."""
        views: Iterator[ChildView] | None = self._look("_child_views", None)
        return views

    def child_count(self) -> int:
        """How many."""
        return int(self._look("_child_count", 0))

    def intensity(self) -> tuple[int, float, tuple[float, ...]] | None:
        """A supervisor's restart limit and recent restarts."""
        limit: tuple[int, float, tuple[float, ...]] | None = self._look("_intensity", None)
        return limit

    def state(self) -> Any:
        """The attributes of the server."""
        return dict(vars(self.server)) if self.server is not None else {}

    def _look(self, name: str, default: Any) -> Any:
        look = getattr(self.server, name, None)
        return default if look is None else look()
