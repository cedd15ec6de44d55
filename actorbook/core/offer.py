"""`offer`: send, and wait for room before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .aliases import Alias
from .bounded import Bounded
from .dest import Dest, deliver, resolve
from .ids import Ref
from .isolation import isolate
from .process import Process
from .running import current
from .timers import check_seconds
from .waits import Request, Wait

if TYPE_CHECKING:
    from .node import Node

__all__ = ["offer"]


def offer(dest: Dest, message: Any, timeout: float | None = None) -> Wait:
    """Await room in the mailbox of `dest`, and send a copy of `message`; gives the message.

    Waits whatever the policy of the mailbox is (see `Mailbox`), and not at all where there is no limit, or on
    another node. Those who wait come in in the order in which they came; `timeout` is in seconds, and when it is over
    `TimeoutError` is raised and nothing was sent. When the receiver ends meanwhile, the message vanishes as
    any that is sent to the dead. Otherwise as `send`.

        >>> import actorbook as ab
        >>> async def prints_slowly():
        ...     while True:
        ...         print(await ab.receive())
        ...         await ab.sleep(0.001)
        >>> pid = ab.spawn(prints_slowly, mailbox=1)
        >>> for n in range(3):
        ...     _ = await ab.offer(pid, n)
        0
        1
    """
    me = current()
    seconds = None if timeout is None else check_seconds(timeout, "offer(timeout=…)")
    target = _receiver(me.node, dest)
    return _Offering(me, me if target is None else target, seconds, dest, isolate(message))


def _receiver(node: Node, dest: Any) -> Process | None:
    """The process of this node whose mailbox it is."""
    if isinstance(dest, Ref):
        alias = node.aliases.get(dest)
        return alias.process if isinstance(alias, Alias) else None
    return resolve(dest, node)


class _Offering(Request):
    """A message before a full mailbox. Nobody waits for himself: what is for oneself is sent at once."""

    __slots__ = ("dest", "message")
    prompt = True

    def __init__(self, process: Process, target: Process, timeout: float | None, dest: Any, message: Any) -> None:
        super().__init__(process, target, timeout)
        self.dest = dest
        self.message = message

    def poll(self) -> tuple[bool, Any]:
        """Send, when there is room, or nothing to wait for."""
        box = self.target.mailbox
        if box is not None and box.is_full() and self.target is not self.process:
            return False, None
        deliver(self.process.node, self.dest, self.message)
        return True, self.message

    def ask(self, ref: Ref) -> None:
        """Wait outside."""
        assert isinstance(self.target.mailbox, Bounded)
        self.target.mailbox.queue_up(self)

    def enter(self) -> None:
        """There is room now. An alias may have been given up meanwhile, a name belongs to whoever had it then."""
        deliver(self.process.node, self.dest if isinstance(self.dest, Ref) else self.target.pid, self.message)
        self.settle(self.message)

    def down(self, reason: Any) -> None:
        """The receiver ended, and a message to the dead vanishes."""
        self.settle(self.message)

    def expire(self) -> None:
        """There was no room in time."""
        self.settle(
            None, TimeoutError(f"{self.target.title()} {self.target.pid!r} had no room within {self.timeout} s")
        )
