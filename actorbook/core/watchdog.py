"""The watchdog: a thread that notices a callback which keeps the loop for too long, says so, and can have it ended.

A busy callback blocks every process of its loop, and no scheduler written in Python can take the loop from it. But
another thread still runs. This one looks a few times a second whose turn it is, which costs the runtime
nothing, and tells whoever listens when one turn lasts longer than the threshold: who, where in the code, for
how long. What cannot wait (a kill, an interrupt) it has done in the middle of the callback, see `interrupts`.

>>> import actorbook as ab
>>> async with ab.Node("guarded@local", watchdog=0.5) as node:
...     print(node.watchdog)
<Watchdog of guarded@local: 0.5 s>
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from sys import _current_frames
from threading import Event, Thread, get_ident
from typing import TYPE_CHECKING, Any, NamedTuple

from .frames import Place, is_in_cell, place_of, waits_for_events
from .host import AsyncioHost
from .ids import Pid
from .interrupts import KNOCK, Interrupts, is_possible, occupant
from .process import Process
from .running import running

if TYPE_CHECKING:
    from .node import Node

__all__ = ["Blocking", "Watchdog"]

_GRACE = 0.1  # what is over sooner is no runaway: no interrupt and no kill comes in its middle
_LOOKS = 4  # within one threshold
_LONGEST_PAUSE = 0.25
_KNOCKS = 0.005
_TELLS = 0.9
_KEPT = 100


class Blocking(NamedTuple):
    """Who keeps the loop, where in the code, for how many seconds: `pid` is None for a cell or a strange task."""

    pid: Pid | None
    title: str
    place: Place
    seconds: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s in {self.place}"


class _Spell:
    """A stretch of time in which the loop does not come round, as far as the thread can see."""

    __slots__ = ("known", "noted", "process", "since", "told", "turn")

    def __init__(self, process: Process | None, turn: int, since: float) -> None:
        self.process = process
        self.turn = turn
        self.since = since
        self.known = False  # a knock was answered
        self.noted = False
        self.told: Blocking | None = None


class Watchdog:
    """Watches the loop of one node; `threshold` is how many seconds a callback may take unmentioned.

    Listeners are called with `(blocking, over)`: on the watchdog's thread about once a second while it lasts,
    and on the loop's, with `over` true, when it is over. `name_file` says what a notebook calls the file of a
    cell.
    """

    def __init__(self, node: Node, threshold: float) -> None:
        self.threshold = 0.0
        self.limit(threshold)
        self.listeners: list[Callable[[Blocking, bool], None]] = []
        self.name_file: Callable[[str], str] | None = None
        self._past: deque[Blocking] = deque(maxlen=_KEPT)
        self._node = node
        self._host = node.hosted()
        self._now = node.clock.now
        self._main = get_ident()
        self._orders: deque[Callable[[], None]] = deque()
        self._doomed: Process | None = None
        self._spell = _Spell(None, 0, self._now())
        self._beating = False
        self._alarm = Event()
        self._closed = False
        self._interrupts = Interrupts(self._heard, self._obey_amid, self._asked) if is_possible() else None
        self._thread = Thread(target=self._watch, name=f"actorbook watchdog of {node.name}", daemon=True)

    def __repr__(self) -> str:
        return f"<Watchdog of {self._node.name}: {self.threshold} s>"

    # --- for everybody ----------------------------------------------------------------------------------

    def blocking(self) -> Blocking | None:
        """What keeps the loop at this moment, for longer than the threshold."""
        return self._spell.told

    def spells(self, pid: Pid | None = None) -> list[Blocking]:
        """Which processes have blocked the loop, or how one did, oldest first, and as it is now."""
        now = self._spell.told
        seen = [*self._past, now] if now is not None and not self._spell.noted else list(self._past)
        return [one for one in seen if one.pid is not None and pid in (None, one.pid)]

    def limit(self, seconds: float) -> None:
        """Change the threshold."""
        if not seconds > 0:
            raise ValueError(f"watchdog: expected more than zero seconds, got {seconds!r}")
        self.threshold = seconds

    def urgently(self, call: Callable[[], None]) -> None:
        """From any thread: call on the loop's, soon; when something keeps the loop, in the middle of that."""
        self._orders.append(call)
        self._send(self._obey)
        self._alarm.set()

    # --- on the loop's thread ---------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to watch."""
        if self._interrupts is not None:
            if isinstance(self._host, AsyncioHost):
                self._host.heed(KNOCK)
            self._interrupts.start()
        self._thread.start()

    def close(self) -> None:
        """Watch no more; the thread is gone when this returns."""
        self._closed = True
        self._alarm.set()
        self._thread.join()
        if self._interrupts is not None:
            if isinstance(self._host, AsyncioHost):
                self._host.ignore(KNOCK)
            self._interrupts.close()

    def enter_cell(self) -> None:
        """A cell begins: Ctrl-C may end it anywhere but in the middle of the runtime's own code."""
        if self._interrupts is not None:
            self._interrupts.enter_cell()

    def leave_cell(self) -> None:
        """The cell is over."""
        if self._interrupts is not None:
            self._interrupts.release()

    def _heard(self, process: Process | None) -> None:
        """A knock was answered: this process's code keeps the loop, in a turn or in a task that it has started."""
        spell = self._spell
        spell.known = True
        if not spell.turn and process is not None and process is not spell.process:
            spell.process, spell.since = process, self._now()

    def _obey(self) -> None:
        while self._orders:
            self._orders.popleft()()

    def _obey_amid(self, process: Process | None) -> None:
        """Do what was ordered in the middle of a process's code: why that was necessary is told first."""
        if self._orders and process is not None:
            self._note(self._spell, self._seen(self._spell))
        self._obey()

    def _asked(self, process: Process | None) -> None:
        """Ctrl-C came while this process had the loop: when it still has it after the grace, it is to go."""
        self._doomed = process
        self._alarm.set()

    def _interrupt(self, spell: _Spell) -> None:
        """End the process that keeps the loop, whatever it traps."""
        process = occupant()
        if process is not None and process is spell.process and spell is self._spell:
            process.node.end(process, "interrupted")

    def _beaten(self, sent: float) -> None:
        """The loop came round: so late it was."""
        self._beating = False
        self._node.lag.note(self._now() - sent)

    def _finished(self, spell: _Spell) -> None:
        if self._interrupts is not None:
            self._interrupts.release()
        if spell.told is not None:
            self._note(spell, spell.told)
            self._tell(spell.told, True)

    def _note(self, spell: _Spell, blocking: Blocking) -> None:
        """Put it on record, once: when it is over, or right before the end of the process."""
        process = spell.process
        if spell.noted or process is None:
            return
        spell.noted, spell.told = True, blocking
        self._past.append(blocking)
        if process.node.tracer is not None:
            process.node.tracer.record("blocking", process.pid, process.title(), str(blocking))

    # --- on the watchdog's thread -----------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._closed:
            self._alarm.wait(self._pause())
            self._alarm.clear()
            if not self._closed:
                self._look()

    def _pause(self) -> float:
        """Until the next look: soon when somebody has the loop, so that Ctrl-C is in our hands before it comes."""
        if self._is_urgent():
            return _KNOCKS
        return min(self.threshold / _LOOKS, _GRACE if self._spell.process is not None else _LONGEST_PAUSE)

    def _is_urgent(self) -> bool:
        """Something is to happen in the middle of what keeps the loop; or the code of a dead process runs on."""
        process, signals = self._spell.process, self._interrupts
        dead = process is not None and process.ended
        return dead or bool(self._orders) or self._doomed is not None or (signals is not None and signals.held)

    def _look(self) -> None:
        """Compare what is going on with what was at the last look."""
        process = running.process
        turn = process.node.scheduler.turns if process is not None else 0
        if not self._is_same(process, turn):
            self._leave(self._spell)
            self._spell = _Spell(process, turn, self._now())
            self._doomed = self._doomed if self._doomed is process else None
        if not self._beating and (process is not None or not waits_for_events(self._frame())):
            self._beating = True
            self._send(self._beaten, self._now())
        self._judge(self._spell, self._now() - self._spell.since)

    def _is_same(self, process: Process | None, turn: int) -> bool:
        """Still the same turn; or no turn at all, and the loop has not come round since."""
        spell = self._spell
        return turn == spell.turn and (process is spell.process if turn else self._beating)

    def _judge(self, spell: _Spell, lasted: float) -> None:
        if lasted < _GRACE:
            return
        if self._doomed is not None and spell.process is not None:
            doomed, self._doomed = self._doomed, None
            if doomed is spell.process and not doomed.ended:
                self._orders.append(lambda: self._interrupt(spell))
        if self._interrupts is not None and (self._is_urgent() or self._is_unknown(spell)):
            self._interrupts.knock()
        if lasted >= self.threshold and (spell.told is None or lasted - spell.told.seconds >= _TELLS):
            spell.told = self._seen(spell)
            self._tell(spell.told, False)

    def _is_unknown(self, spell: _Spell) -> bool:
        """Only a knock tells whose task it is, and gets hold of Ctrl-C; a cell is left alone."""
        return not spell.known if spell.turn else not is_in_cell(self._frame())

    def _leave(self, spell: _Spell) -> None:
        """What was going on is over."""
        if spell.told is not None:
            spell.told = spell.told._replace(seconds=self._now() - spell.since)
        if spell.told is not None or spell.known:
            self._send(self._finished, spell)

    # --- on either --------------------------------------------------------------------------------------

    def _tell(self, blocking: Blocking, over: bool) -> None:
        for told in list(self.listeners):
            told(blocking, over)

    def _frame(self) -> Any:
        return _current_frames().get(self._main)

    def _seen(self, spell: _Spell) -> Blocking:
        frame, process = self._frame(), spell.process
        title = process.title() if process is not None else "a cell" if is_in_cell(frame) else "a task"
        return Blocking(
            process.pid if process is not None else None,
            title,
            place_of(frame, self.name_file),
            self._now() - spell.since,
        )

    def _send(self, call: Callable[..., Any], *args: Any) -> None:
        with suppress(RuntimeError):  # the loop was closed before the node
            self._host.from_thread(call, *args)
