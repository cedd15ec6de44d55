"""What a body can wait for: a message, a reply, a moment.

Each wait is awaited by the process's own body, which our scheduler steps, or by foreign code (a cell, a task
that a body started), which gets a future of the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, ClassVar, Final

from .errors import CallExit, PausedError
from .ids import Pid, Ref
from .native import mypyc_attr
from .running import running
from .timers import Patience, Timer

if TYPE_CHECKING:
    from .process import Process

__all__ = ["FREE_STEPS", "NEXT", "Asked", "Pause", "Receive", "Request", "Sleep", "Wait"]

_Test = Callable[[Any], Any]
FREE_STEPS: Final = 256
"""So often may a body go on in one turn when what it waits for is there already."""


@mypyc_attr(allow_interpreted_subclasses=True)
class Wait:
    """One thing waited for, once. Subclasses say what can be had at once (`poll`) and how to wait (`arm`)."""

    __slots__ = ("process", "timeout", "timer", "wake")
    prompt: ClassVar[bool] = False
    """It may be there at once: then `poll` is asked first."""

    def __init__(self, process: Process, timeout: float | None) -> None:
        self.process = process
        self.timeout = timeout
        self.timer: Timer | Patience | None = None
        self.wake: Callable[[Any, BaseException | None], None] | None = None

    @property
    def pid(self) -> Pid:
        """Who waits. Who waits for a server's reply is among those who monitor it."""
        return self.process.pid

    def poll(self) -> tuple[bool, Any]:
        """What can be had without waiting: (True, value), else (False, None)."""
        return False, None

    def arm(self) -> None:
        """Begin to wait."""
        if self.timeout is not None:
            self.timer = self.process.node.set_timer(self.timeout, self.expire)

    def disarm(self) -> None:
        """Wait no longer; safe to call twice."""
        self.wake = None
        if self.timer is not None:
            self.timer.forget(self)
            self.timer = None

    def undo(self, value: Any) -> None:
        """What was had cannot be used after all: the waiting task was cancelled in between."""

    def expire(self) -> None:
        """The time is up."""
        self.settle(None, TimeoutError(f"nothing came within {self.timeout} s"))

    def arrive(self, message: Any) -> None:
        """A message was sent to the alias under which this waits: it is what was waited for."""
        self.settle(message)

    def answered(self, value: Any) -> None:
        """The answer to what was asked."""
        self.settle(value)

    def refused(self, target: Process) -> None:
        """There will be no answer: the mailbox of `target` is full."""
        self.settle(None, CallExit("mailbox_full", f"call failed: the mailbox of {_whom(target)} is full"))

    def settle(self, value: Any, error: BaseException | None = None) -> None:
        """It came (or failed): wake who waits."""
        wake = self.wake
        self.disarm()
        if wake is not None:
            wake(value, error)

    def __await__(self) -> Generator[Any, Any, Any]:
        found, value = self.poll() if self.prompt else (False, None)
        stepper = running.stepper
        if stepper is None or stepper.process is not self.process:
            return value if found else (yield from self._await_future())
        if not found:
            self.wake = stepper.resume
            self.arm()
            return (yield self)
        if stepper.spend(FREE_STEPS):
            yield from Pause(self.process).__await__()
        return value

    def _await_future(self) -> Generator[Any, Any, Any]:
        """Wait as foreign code does, on a future of the loop."""
        if self.process.node.paused:
            raise PausedError("the runtime is paused, so nothing will come: %actor continue or ab.continue_() first")
        future = self.process.node.hosted().future()
        self.wake = lambda value, error: self._give(future, value, error)
        self.arm()
        try:
            return (yield from future)
        except BaseException:
            if future.done() and not future.cancelled() and future.exception() is None:
                self.undo(future.result())
            raise
        finally:
            self.disarm()

    def _give(self, future: Any, value: Any, error: BaseException | None) -> None:
        """Settle a future, unless it was cancelled and its task has not had the time to say so."""
        if error is not None:
            if not future.done():
                future.set_exception(error)
        elif future.done():
            self.undo(value)
        else:
            future.set_result(value)


class _Next:
    """What a body yields that waits for the next message, whatever it is: one for all, as it has nothing to remember.

    Most bodies wait for nothing else most of the time. What they wait for is said by `stepper.listening`.
    """

    __slots__ = ()


NEXT: Final = _Next()


class Receive(Wait):
    """The next message that passes `test` (MBX-02, MBX-03): what was looked at is not looked at again."""

    __slots__ = ("scan", "test")
    prompt = True

    def __init__(self, process: Process, test: _Test | None, timeout: float | None) -> None:
        super().__init__(process, timeout)
        self.test = test
        self.scan = 0

    def poll(self) -> tuple[bool, Any]:
        """Scan the whole queue once; a timeout of zero means no more than that."""
        found, message = self.process.take(self.test)
        if found:
            self.process.handled += 1
            return True, message
        if self.timeout == 0:
            raise TimeoutError("nothing that matches is in the mailbox")
        return False, None

    def arm(self) -> None:
        """Look only at what comes from now on."""
        process = self.process
        if process.stepper is not None and process.stepper.listening:
            process.stepper.line_up()
        if self.timeout is not None:
            self.timer = process.node.patience(self.timeout, self)
        self.scan = 0 if process.mailbox is None else len(process.mailbox)
        if process.waits is None:
            process.waits = [self]
        else:
            process.waits.append(self)

    def disarm(self) -> None:
        """Leave the list of those who wait."""
        self.wake = None
        if self.timer is not None:
            self.timer.forget(self)
            self.timer = None
        waits = self.process.waits
        if waits:
            if len(waits) == 1 and waits[0] is self:
                waits.clear()
            elif self in waits:
                waits.remove(self)

    def expire(self) -> None:
        """The time is up, but what is there came in time: its process had no turn yet."""
        self.serve()
        if self.wake is not None:
            super().expire()

    def undo(self, value: Any) -> None:
        """Put the message back where it was: first. It was let in once, so no limit holds it back."""
        if not self.process.ended:
            self.process.put(value)
            assert self.process.mailbox is not None
            self.process.mailbox.rotate(1)
            for other in self.process.waits or ():
                other.scan = 0

    def serve(self) -> None:
        """Messages came: take the first that passes."""
        process = self.process
        box = process.mailbox
        if not box or len(box) <= self.scan:
            return
        if self.test is None and self.scan == 0:
            process.handled += 1
            self.settle(process.take(None)[1])
            return
        try:
            found, message = process.take(self.test, self.scan)
        except Exception as error:
            self.settle(None, error)
            return
        if not found:
            self.scan = len(box)
            return
        process.handled += 1
        self.settle(message)


class Sleep(Wait):
    """A moment later; other messages wait in the mailbox."""

    __slots__ = ()

    def expire(self) -> None:
        """The time is up, which is what was wanted."""
        self.settle(None)


class Pause(Wait):
    """Let the others run: a body that never has to wait must not keep them from it."""

    __slots__ = ()

    def __init__(self, process: Process) -> None:
        super().__init__(process, None)

    def arm(self) -> None:
        """Come back at the end of the run queue."""
        assert self.wake is not None
        self.wake(None, None)


class Asked:
    """The message of a request: `caller.ref` is the alias of who waits for the answer, or hears of none."""

    __slots__ = ("caller",)
    caller: Any


@mypyc_attr(allow_interpreted_subclasses=True)
class Request(Wait):
    """A request and its one reply, by an alias that dies with it: a late reply reaches no mailbox (GEN-07).

    The server's end is heard at once (GEN-09) and no monitor stays behind (GEN-10). Subclasses say how to
    ask.
    """

    __slots__ = ("ref", "target")

    def __init__(self, process: Process, target: Process, timeout: float | None) -> None:
        self.process = process  # not by `super`: one more call would be felt
        self.timeout = timeout
        self.timer = self.wake = None
        self.target = target
        self.ref: Ref | None = None

    def ask(self, ref: Ref) -> None:
        """Send the request; `ref` is where the answer is to go."""

    def enter(self) -> None:
        """There is room in the mailbox now: ask once more."""
        assert self.ref is not None
        self.ask(self.ref)

    def abandoned(self) -> None:
        """Nobody waits any more, and no answer came."""

    def arm(self) -> None:
        """Watch the server, then ask."""
        node, target = self.process.node, self.target
        if self.timeout is not None:
            self.timer = node.patience(self.timeout, self)
        self.ref = ref = node.make_ref()
        node.aliases[ref] = self
        if target.ended:
            self.down("noproc")
            return
        if target.watchers is None:
            target.watchers = {ref: self}
        else:
            target.watchers[ref] = self
        self.ask(ref)

    def answered(self, value: Any) -> None:
        """The answer to what was asked."""
        wake = self.wake
        self.disarm()
        if wake is not None:
            wake(value, None)

    def disarm(self) -> None:
        """Forget alias and watch."""
        self.wake = None
        if self.timer is not None:
            self.timer.forget(self)
            self.timer = None
        if self.ref is None:
            return
        self.process.node.aliases.pop(self.ref, None)
        watchers = self.target.watchers
        if watchers and self.ref in watchers:
            if len(watchers) == 1:
                self.target.watchers = None  # an empty table is a third of an idle process
            else:
                del watchers[self.ref]

    def down(self, reason: Any) -> None:
        """The server ended before it answered."""
        self.settle(None, CallExit(reason, f"call failed: {_whom(self.target)} ended with {reason!r}"))

    def expire(self) -> None:
        """No answer in time: the server may still work on it."""
        self.settle(None, CallExit("timeout", f"call to {_whom(self.target)} got no answer within {self.timeout} s"))
        self.abandoned()


def _whom(process: Process) -> str:
    """A process in words."""
    pid: Pid = process.pid
    return f"{process.name} {pid!r}" if process.name else repr(pid)
