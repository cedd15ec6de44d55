"""Steps one coroutine of a process, so that waiting for a message does not cost the loop's round trip.

What the coroutine yields says what it waits for: one of our waits is woken by our own run queue; a foreign
future gets a done-callback; a bare yield lets the loop have a turn. A parked real task stands in as the
loop's current one while the body runs, so `asyncio.timeout`, `TaskGroup`, anyio and others find what they
expect; when they cancel it, the cancellation is thrown into the body.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import TYPE_CHECKING, Any

from .bury import bury
from .errors import Exit
from .running import owner, running
from .waits import FREE_STEPS, NEXT, Receive, Wait

if TYPE_CHECKING:
    from .ports import StandIn
    from .process import Process

__all__ = ["Stepper"]

_GRACE = 3
_PAUSE_SOON = 1 << 30  # more free steps than any limit
_Done = Callable[[Any, BaseException | None], None]


class Stepper:
    """One coroutine on its way: what it waits for, and what it will be resumed with."""

    __slots__ = (
        "_body", "_cancel", "_context", "_done", "_error", "_grace", "_send", "_spent", "_value",
        "listening", "process", "ready", "stand_in", "wait",
    )  # fmt: skip

    def __init__(self, process: Process, body: Coroutine[Any, Any, Any], done: _Done) -> None:
        self.process = process
        self.ready = True
        self.listening = False
        self.wait: Wait | None = None
        self.stand_in: StandIn | None = None
        self._body = body
        self._send: Callable[[Any], Any] = body.send
        self._done = done
        self._cancel: Callable[..., bool] | None = None
        self._value: Any = None
        self._error: BaseException | None = None
        self._spent = 0
        self._grace = 0
        self._context = context = Context()
        context.run(owner.set, process)

    def step(self) -> None:  # noqa: C901, PLR0912  see below
        """Run the body to its next wait, or to its end, when what it waits for is there.

        Long, as it stands in the way of every message to an `async def`: each call saved here is a twentieth of it.
        """
        process = self.process
        call, value = self._send, None
        if self.listening:
            box = process.mailbox
            if not box:
                return
            self.listening = False
            value = process.take(None)[1] if process.waits else box.popleft()
            process.handled += 1
        elif self.ready:
            self.ready, self._grace = False, 0
            self.wait = self._cancel = None
            value, self._value = self._value, None
            if self._error is not None:
                call, value, self._error = self._body.throw, self._error, None
        else:
            return
        self._spent = 0
        running.stepper = self
        try:
            yielded = process.node.host.step(self, self._context, call, value)  # type: ignore[union-attr]
        except StopIteration as stop:
            running.stepper = None
            self._finish(stop.value, None)
        except BaseException as failure:
            running.stepper = None
            self._finish(None, failure)
        else:
            running.stepper = None
            if yielded is NEXT and self._error is None and not process.ended:
                self.listening = True
                if process.mailbox:  # there is more, but it is the turn of others
                    process.node.scheduler.ready(process)
            elif isinstance(yielded, Wait) and not process.ended:
                if not self.ready:
                    self.wait = yielded
            else:
                self._await(yielded)

    def next(self) -> Any:
        """The next message, or `NEXT` when there is none yet, or none before others have had their turn."""
        process, spent = self.process, self._spent
        if process.ended:
            raise Exit(process.reason)
        box = process.mailbox
        if not box or spent >= FREE_STEPS:
            return NEXT
        self._spent = spent + 1
        process.handled += 1
        return process.take(None)[1] if process.waits else box.popleft()

    def line_up(self) -> None:
        """Somebody else of this process waits for a message too: be in the line, before them."""
        self.listening = False
        self.wait = wait = Receive(self.process, None, None)
        wait.wake = self.resume
        wait.arm()

    def _await(self, yielded: Any) -> None:
        """Wait for what the body yielded."""
        if self.process.ended:  # it ended itself while it ran; now it is suspended and can go
            self.dispose()
        elif yielded is None:
            self.process.node.hosted().soon(lambda: self.resume(None, None))
        elif getattr(yielded, "_asyncio_future_blocking", None):
            yielded._asyncio_future_blocking = False
            self._cancel = self.process.node.hosted().watch(yielded, lambda: self.resume(None, None))
            if self._error is not None and self._cancel(*self._error.args[:1]):
                self._error = None
        else:
            text = f"an async body awaited {yielded!r}: expected what asyncio or actorbook can wait for"
            self.resume(None, RuntimeError(text))

    def resume(self, value: Any, error: BaseException | None) -> None:
        """What was waited for is there: take the next step when the scheduler comes by."""
        if self.process.ended:
            return
        self.ready = True
        self._value = value
        if error is not None or self._error is None:
            self._error = error
        self.process.node.scheduler.ready(self.process)

    def interrupt(self, error: BaseException) -> None:
        """Throw `error` into the body where it waits: how a cancelled scope reaches it."""
        if self.process.ended:
            return
        self._grace = _GRACE
        if self._cancel is not None and self._cancel(*error.args[:1]):  # anyio knows its own by the word
            return
        if self.wait is not None:
            self.wait.disarm()
        self.listening = False
        self._error = error
        if running.stepper is not self and self._cancel is None:
            self.resume(None, error)

    def settling(self) -> bool:
        """True while an interruption is on its way: until the next step, or a few turns for what must end first."""
        self._grace = self._grace if self.ready else self._grace - 1
        return self._grace > 0

    def spend(self, limit: int) -> bool:
        """Count a step that needed no waiting; True when it is time to let others run."""
        self._spent += 1
        return self._spent > limit

    def at_rest(self) -> bool:
        """True when it waits for something of ours: a message, a reply, a moment."""
        return self.listening or self.wait is not None

    def pause_soon(self) -> None:
        """Let others run at the next wait, even when what is waited for is there."""
        self._spent = _PAUSE_SOON

    def _finish(self, value: Any, error: BaseException | None) -> None:
        self._dismiss()
        if not self.process.ended:
            self.process.stepper = None
            self._done(value, error)

    def dispose(self) -> None:
        """The process is dead: let the body go without running it. One that runs goes at its next wait."""
        if self.wait is not None:
            self.wait.disarm()
        if running.stepper is self:
            return
        if self._cancel is not None:
            self._cancel()
        self._dismiss()
        bury(self._body)

    def _dismiss(self) -> None:
        """The stand-in, if there is one, may end."""
        if self.stand_in is not None:
            self.stand_in.finish()

    def __repr__(self) -> str:
        return repr(self.process.pid)
