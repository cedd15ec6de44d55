"""Many starts at once: each server's `init` is run and heard of, but nobody waits for one before the next.

All or nothing: when one does not start, or the caller gives up, those that have started are killed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.errors import StartError
from ..core.ids import Pid, Ref
from ..core.isolation import isolate_all
from ..core.mailbox import limit_of
from ..core.process import Process
from ..core.progress import Progress
from ..core.reasons import describe
from ..core.running import current
from ..core.waits import Wait
from .loop import NO_KEYWORDS
from .protocol import Caller

__all__ = ["start_many"]

_BATCH = 500


async def start_many(cls: Any, items: Iterable[Any] | int, *, link: bool) -> list[Pid]:
    """Start one process of class `cls` for each item, in batches between which others have their turn."""
    me = current()
    arguments = [()] * items if isinstance(items, int) else [(item,) for item in items]
    progress = Progress(f"start {cls.__name__}", len(arguments), me.node.clock.now)
    started: list[Pid] = []
    try:
        for at in range(0, len(arguments), _BATCH):
            batch = [_spawn(me, cls, args, link) for args in arguments[at : at + _BATCH]]
            begun = [process.pid for process in batch]
            started += begun
            ready = await _Batch(me, batch)
            if len(ready) < len(begun):
                started[-len(begun) :] = [pid for pid in begun if pid in ready]  # some chose to be ignored
            progress.reached(at + len(batch))
    except BaseException as error:
        _kill(me, started)
        if isinstance(error, _Refused):
            raise StartError(error.reason, f"{cls.__name__} did not start: {error}; the others were killed") from None
        raise
    return started


def _spawn(me: Process, cls: Any, args: tuple[Any, ...], link: bool) -> Process:
    body = cls._body(cls, isolate_all(args), NO_KEYWORDS, me.pid if link else None)
    process: Process = me.node.spawn(body, parent=me, link=link, mailbox=limit_of(cls.mailbox))
    return process


def _kill(me: Process, pids: list[Pid]) -> None:
    for pid in pids:
        me.node.exits.unlink(me, pid)
        me.node.exits.signal(me.pid, pid, "kill", linked=False)


class _Refused(Exception):
    """One of them did not start."""

    def __init__(self, reason: Any) -> None:
        super().__init__(describe(reason))
        self.reason = reason


class _Batch(Wait):
    """The answers of a batch, all under one alias."""

    __slots__ = ("_ignored", "_left", "_members", "_ready", "_ref")
    prompt = True

    def __init__(self, process: Process, members: list[Process]) -> None:
        super().__init__(process, None)
        self._members = members
        self._left = len(members)
        self._ready: set[Pid] = set()
        self._ignored = 0
        self._ref: Ref | None = None

    def poll(self) -> tuple[bool, Any]:
        """An empty batch is there already."""
        return not self._members, self._ready

    def arm(self) -> None:
        """Have each of them tell how its start went."""
        node = self.process.node
        self._ref = node.make_ref()
        node.aliases[self._ref] = self
        for member in self._members:
            member.watchers = {**(member.watchers or {}), self._ref: self}
            member.body.starter = Caller(self.process.pid, self._ref)  # type: ignore[attr-defined]

    def disarm(self) -> None:
        """Forget alias and watches."""
        super().disarm()
        if self._ref is None:
            return
        self.process.node.aliases.pop(self._ref, None)
        for member in self._members:
            self._unwatch(member)

    def answered(self, value: Any) -> None:
        """One answered: what becomes of it from now on is no matter of its start."""
        if not value.ok:
            self.settle(None, _Refused(value.value))
            return
        member = None if value.value is None else self.process.node.local(value.value)
        if member is None:
            self._ignored += 1  # it ends right after this
        else:
            self._ready.add(member.pid)
            self._unwatch(member)
        self._left -= 1
        if not self._left:
            self.settle(self._ready)

    def down(self, reason: Any) -> None:
        """One ended before it answered, or because it chose to be ignored."""
        if self._ignored:
            self._ignored -= 1
        else:
            self.settle(None, _Refused(reason))

    def _unwatch(self, member: Process) -> None:
        if member.watchers and self._ref is not None:
            member.watchers.pop(self._ref, None)
            member.watchers = member.watchers or None
