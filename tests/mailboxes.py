"""Full mailboxes, and a look into them."""

from __future__ import annotations

from typing import Any

import actorbook as ab
from actorbook.core.running import current_node


async def sleeper() -> None:
    """The body of a process that reads nothing for a while, then all that there is, and goes on so."""
    while True:
        await ab.sleep(10)
        ab.flush()


def full(policy: Any, limit: int = 2, body: Any = sleeper) -> ab.Pid:
    """A process that has as many messages as it may have, counted from 0."""
    pid: ab.Pid = ab.spawn(body, mailbox=ab.Mailbox(limit, policy))
    for n in range(limit):
        ab.send(pid, n)
    return pid


def waiting(pid: ab.Pid) -> list[Any]:
    """The messages in a mailbox."""
    return list(process_of(pid).mailbox or ())


def process_of(pid: ab.Pid) -> Any:
    """The runtime's object."""
    return current_node().local(pid)


def dropped(pid: ab.Pid) -> int:
    """How many found no room."""
    info = ab.process_info(pid)
    assert info is not None
    return int(info["messages_dropped"])
