"""The process behind a stream of tasks: between its consumer and the tasks, linked with both.

The consumer asks what is next; this answers with a result, with a wish for the next input, or says that it is
over. So the consumer's mailbox is left alone, the input is pulled in the consumer's own process, and whatever
happens to the consumer ends the tasks. It traps exits itself; whether a task that crashes takes the consumer
along is the consumer's choice (rule TSK-14).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core.bodies import name_of
from ..core.context import send_after
from ..core.errors import CallExit
from ..core.ids import Pid, Ref
from ..core.isolation import share
from ..core.messages import DOWN
from ..core.reasons import is_normal, is_orderly
from ..core.relations import flag, unlink
from ..core.running import current
from ..core.timers import Timer
from . import protocol
from .gen_server import GenServer
from .results import NoReply, Stop
from .stream_order import Order
from .task_results import Outcome, ignore, ref_of

if TYPE_CHECKING:
    from .task import Task

__all__ = ["Failed", "Input", "Result", "StreamServer", "Streaming"]


class Streaming(NamedTuple):
    """What a stream does: the function, how to start a task of it, and the options of `Task.async_stream`.

    `strict`: a task that crashes takes the stream and its consumer along.
    """

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    start: Callable[..., Any]
    strict: bool
    max_concurrency: int
    ordered: bool
    timeout: float | None
    on_timeout: str


class Input(NamedTuple):
    """The consumer's answer to `"want"`: an input, and a copy of it for the task. Else it sends `"exhausted"`."""

    item: Any
    copy: Any


class Result(NamedTuple):
    """What became of one input."""

    item: Any
    outcome: Outcome


class Failed(NamedTuple):
    """The stream cannot go on: the error to raise in the consumer."""

    error: Exception


class _Late(NamedTuple):
    """The time of a task is up."""

    ref: Ref


class _Running(NamedTuple):
    """A task under way: the place of its input in the row, and what tells when it is late."""

    task: Task
    position: int
    item: Any
    timer: Timer | None


class StreamServer(GenServer):
    """Starts the tasks of one stream, and tells their results."""

    def init(self, streaming: Streaming, consumer: Pid) -> None:
        """Nothing runs before the first input."""
        flag(trap_exit=True)
        current().label = f"async_stream {name_of(streaming.fn)}"
        self._streaming = streaming
        self._consumer = consumer
        self._order = Order(streaming.max_concurrency, streaming.ordered)
        self._running: dict[Ref, _Running] = {}
        self._failed: Failed | None = None
        self._asking: protocol.Caller | None = None

    # --- the consumer asks ------------------------------------------------------------------------------

    def handle_call(self, request: Any, caller: protocol.Caller) -> Any:
        """`"next"`, or what was wanted: answered with what is next, when that is known. `"close"`: the end."""
        if request == "close":
            return self._leave()
        self._asking = caller
        if isinstance(request, Input):
            return self._start(request)
        self._order.exhausted = self._order.exhausted or request == "exhausted"
        return self._answer()

    def handle_cast(self, request: Any) -> Any:
        """The consumer went away in the middle."""
        return self._leave()

    def _start(self, request: Input) -> Any:
        starting = self._streaming.start(self._streaming.fn, share(request.copy), *self._streaming.args)
        if isinstance(starting, Coroutine):
            return self._start_elsewhere(request, starting)
        self._started(request, starting)
        return self._answer()

    async def _start_elsewhere(self, request: Input, starting: Any) -> Any:
        """A supervisor starts the task, or refuses."""
        try:
            self._started(request, await starting)
        except Exception as error:
            self._fail(error)
        return self._answer()

    def _started(self, request: Input, task: Task) -> None:
        seconds = self._streaming.timeout
        timer = None if seconds is None else send_after(current().pid, _Late(task.ref), seconds)
        self._running[task.ref] = _Running(task, self._order.take(), request.item, timer)

    def _answer(self) -> NoReply | Stop:
        """Tell the consumer what is next, if it asks and that is known."""
        if self._asking is None:
            return NoReply()
        what = self._failed or self._order.next()
        if what is None:
            return NoReply()
        caller, self._asking = self._asking, None
        protocol.reply(caller, share(what))
        return self._leave() if what == "over" else NoReply()

    # --- tasks end --------------------------------------------------------------------------------------

    def handle_info(self, message: Any) -> Any:
        """A result, an end or a time-out of a task; what concerns none that runs is of no interest."""
        if isinstance(message, DOWN):
            return self._over(message.ref, ("exit", message.reason))
        if isinstance(message, _Late):
            return self._late(message.ref)
        ref = ref_of(message)
        return None if ref is None else self._over(ref, ("ok", message[1]))

    def _over(self, ref: Ref, outcome: Outcome) -> Any:
        """A task has ended by itself."""
        running = self._running.get(ref)
        if running is None:
            return None
        what, reason = outcome
        if self._streaming.strict and what == "exit" and not is_normal(reason):
            return Stop(reason)
        return self._settle(running, outcome)

    def _settle(self, running: _Running, outcome: Outcome) -> Any:
        del self._running[running.task.ref]
        if running.timer is not None:
            running.timer.cancel()
        self._order.settle(running.position, Result(running.item, outcome))
        return self._answer()

    def _late(self, ref: Ref) -> Any:
        """End the task, or the stream, unless the result came in the last moment (rule TSK-12)."""
        running = self._running.get(ref)
        if running is None:
            return None
        outcome = ignore(running.task)
        if outcome is not None:
            return self._over(ref, outcome)
        self._kill(running)
        if self._streaming.on_timeout == "kill_task":
            return self._settle(running, ("exit", "timeout"))
        text = f"{current().label}: the task of {running.item!r} took more than {self._streaming.timeout} s"
        self._fail(CallExit("timeout", text))
        return self._answer()

    def _fail(self, error: Exception) -> None:
        self._failed = Failed(error)
        self._kill_all()

    # --- the end ----------------------------------------------------------------------------------------

    def _leave(self) -> Stop:
        """End in such a way that the consumer hears nothing of it."""
        unlink(self._consumer)
        return Stop("normal", reply=None)

    def terminate(self, reason: Any) -> None:
        """Take the tasks along; and say nothing, for whoever crashed has been heard."""
        self._kill_all()
        if not is_orderly(reason):
            me = current()
            me.node.end(me, reason)

    def _kill_all(self) -> None:
        for running in self._running.values():
            self._kill(running)
        self._running.clear()

    def _kill(self, running: _Running) -> None:
        me, pid = current(), running.task.pid
        assert pid is not None
        unlink(pid)
        me.node.exits.signal(me.pid, pid, "kill", linked=False)

    def _describe(self) -> str:
        running = getattr(self, "_running", ())
        return f"{len(running)} under way"
