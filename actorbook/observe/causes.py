"""What brought an event about: told from whose signal it was, and from what the doer was handling just then.

Nothing is kept for a message. What is known of ends is enough: an exit signal comes from one, a supervisor handles one
when it starts a child again, and what it does until it is done follows from it.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from ..core.ids import Pid
from ..core.process import Process
from ..core.running import running

__all__ = ["Causes"]

_ENDS = ("exited", "crashed")
_BLOWS = ("killed", "injected", "gave_up")  # a process will end of it


class Causes:
    """The ends of processes by number, as far back as the log goes."""

    def __init__(self, capacity: int) -> None:
        self._capacity = 2 * capacity
        self._ends: dict[Pid, int] = {}
        self._blows: dict[Pid, int] = {}
        self._lost: dict[str, int] = {}

    def may_know(self, kind: str) -> bool:
        """False for what nothing is behind, and nothing follows from: most of all that starts."""
        return kind != "started" or running.process is not None

    def of(self, n: int, kind: str, pid: Pid | None, name: str, detail: Any, by: Pid | None) -> int | None:
        """The cause of event number `n`, of which note is taken."""
        if pid is None:
            self._network(n, kind, name)
            return None
        if kind == "restarted":
            return self._ends.get(detail[1][0])
        if kind in _BLOWS:
            self._blows[pid] = n
        if kind not in _ENDS:
            return self._behind(pid, by)
        blow = self._blows.pop(pid, None)
        cause = self._behind(pid, by) if blow is None else blow
        self._ends[pid] = n
        if len(self._ends) > self._capacity:
            self._forget()
        return cause

    def _forget(self) -> None:
        """What is older than the log is of no use to it."""
        self._ends = dict(islice(self._ends.items(), len(self._ends) // 2, None))

    def _network(self, n: int, kind: str, name: str) -> None:
        if kind in ("node_crashed", "partitioned"):
            self._lost.update(dict.fromkeys(name.replace("|", " ").split(), n))
        elif kind == "healed":
            self._lost.clear()
        elif kind == "node_started":
            self._lost.pop(name, None)

    def _behind(self, pid: Pid, by: Pid | None) -> int | None:
        """The end that a signal came from, else the one that its sender, or whoever acts now, is dealing with."""
        doer = running.process
        if by is None:
            return None if doer is None else self._dealing(doer)
        known = self._ends.get(by) or self._blows.get(by)
        if known is not None:
            return known
        sender = doer.node.local(by) if doer is not None else None
        return self._lost_with(by, pid) if sender is None else self._dealing(sender)

    def _dealing(self, doer: Process) -> int | None:
        """The end of which the message tells that is being handled."""
        pid = getattr(doer.body.handling(), "pid", None)
        if not isinstance(pid, Pid):
            return None
        return self._ends.get(pid) or self._lost_with(pid, doer.pid)

    def _lost_with(self, pid: Pid, here: Pid) -> int | None:
        """What made another node unreachable, and a process there as good as dead."""
        return self._lost.get(pid.node) if pid.home is not here.home else None
