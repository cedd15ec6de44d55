"""The main thread's side of the watchdog: signal handlers that act only where nothing of the runtime is half done.

Only code that runs in the main thread itself can tell what that thread is doing. So the watchdog's thread
never raises anything there: it *knocks*, by a signal that nobody else uses and whose default is to be ignored
(SIGURG, as Go does for its own preemption). The handler looks at the frames below it. In a process's own code it does
what was ordered, and when that has ended the process it raises `Exit` to have the code leave; in the
runtime's code it does nothing, and the watchdog knocks again a moment later. A signal also wakes `time.sleep` and
what else waits in the system.

Ctrl-C is taken over while one callback lasts too long, so that it ends this process and not the cell that
waits; and in a cell that itself calls the runtime, where it must not come in the middle.
"""

from __future__ import annotations

import signal
from _thread import interrupt_main
from collections.abc import Callable
from functools import partial
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

from .errors import Exit
from .frames import at_liberty
from .process import Process
from .running import owner, running

__all__ = ["KNOCK", "Interrupts", "is_possible", "occupant"]

KNOCK = signal.Signals["SIGURG" if hasattr(signal, "SIGURG") else "SIGBREAK"]


def is_possible() -> bool:
    """Signals are for the main thread: a node elsewhere is watched, but nothing can be ended there."""
    return current_thread() is main_thread()


def occupant() -> Process | None:
    """The process whose code the main thread runs, be it in a turn or in a task that its body has started."""
    process = running.process or owner.get()
    return None if process is None or process is process.node.shell else process


class _Bell:
    """Knocks from within: reading `again` makes the signal pending.

    An attribute, since after a call Python would look for signals at once. Read as the last thing before an
    exception is raised, it is heard at the first call or loop of the code that has caught that exception.
    """

    def __index__(self) -> int:
        return int(KNOCK)  # a member of an enum would be warned of

    again = property(interrupt_main)


class Interrupts:
    """The handlers. `heard` is told whose code a knock met, `orders` does what was ordered, `asked` hears of Ctrl-C."""

    def __init__(
        self,
        heard: Callable[[Process | None], None],
        orders: Callable[[Process | None], None],
        asked: Callable[[Process | None], None],
    ) -> None:
        self._heard = heard
        self._orders = orders
        self._asked = asked
        self._bell = _Bell()
        self._silent: Any = signal.getsignal(KNOCK)
        self.held = False
        """A cell was interrupted in the middle of the runtime's code: it waits until that is through."""

    def start(self) -> None:
        """Listen for knocks."""
        signal.signal(KNOCK, self._knocked)

    def close(self) -> None:
        """Put back what was there."""
        self.release()
        signal.signal(KNOCK, signal.SIG_DFL if self._silent is None else self._silent)

    def knock(self) -> None:
        """From another thread: have the handler run in the main thread, also when that waits in the system."""
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main_thread().ident or 0, KNOCK)
        else:
            interrupt_main(KNOCK)

    # --- in the main thread -----------------------------------------------------------------------------

    def _knocked(self, number: int, frame: FrameType | None) -> None:
        process = occupant()
        self._heard(process)
        if process is not None:
            self._take_over()
        if not at_liberty(frame):
            return
        if self.held and process is None:
            self.held = False
            raise KeyboardInterrupt
        self._orders(process)
        if process is not None and process.ended:
            error = Exit(process.reason)
            _ = self._bell.again  # whoever catches the error hears it once more, until the code is out
            raise error

    def enter_cell(self) -> None:
        """A cell begins. One that awaits is not interrupted by an exception, so there nothing is to be done."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._take_over()

    def _take_over(self) -> None:
        """Take Ctrl-C, from now until `release`.

        Each time with a handler of its own, which knows what it stands in for: kernels put handlers aside and
        back as requests come and go, ours too.
        """
        before = signal.getsignal(signal.SIGINT)
        if before is not None and not self._is_ours(before):
            signal.signal(signal.SIGINT, partial(self._interrupted, before))

    def release(self) -> None:
        """Give Ctrl-C back, unless somebody else has taken it meanwhile."""
        self.held = False
        now: Any = signal.getsignal(signal.SIGINT)
        if self._is_ours(now):
            signal.signal(signal.SIGINT, now.args[0])

    def _is_ours(self, handler: Any) -> bool:
        return isinstance(handler, partial) and handler.func == self._interrupted

    def _interrupted(self, before: Any, number: int, frame: FrameType | None) -> None:
        """Ctrl-C: it is meant for the process that keeps the loop; else it goes where it would have gone."""
        process = occupant()
        if process is not None:
            self._asked(process)
        elif before is not signal.default_int_handler:
            if callable(before):
                before(number, frame)
        elif at_liberty(frame):
            raise KeyboardInterrupt
        else:
            self.held = True
            self._asked(None)
