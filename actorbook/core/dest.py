"""Destinations: what a message can be addressed to, and how it gets there.

A `Pid`, a name, a pair `(name, node)`, an alias, or a via-name `("via", module, term)`. The module of a
via-name is any object with OTP's four functions, of which `Registry` is one:

    whereis_name(term) -> Pid | None        register_name(term, pid) -> bool
    unregister_name(term) -> None           send(term, message)
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .errors import MailboxFullError, UnknownNameError
from .ids import Pid, Ref
from .signals import Sent

if TYPE_CHECKING:
    from .node import Node
    from .process import Process

__all__ = ["Dest", "Name", "Via", "deliver", "deliver_late", "is_via", "resolve", "whereis"]

Via = tuple[str, Any, Any]
Name = str | Via
Dest = Pid | Ref | str | tuple[str, str] | Via


def is_via(dest: Any) -> bool:
    """True for `("via", module, term)`."""
    return isinstance(dest, tuple) and len(dest) == 3 and isinstance(dest[0], str) and dest[0] == "via"


def whereis(name: Any, node: Node) -> Pid | None:
    """The pid behind a name or a via-name, None when nobody has it."""
    if is_via(name):
        found: Pid | None = name[1].whereis_name(name[2])
        return found
    process = node.names.get(name)
    return None if process is None else process.pid


def resolve(dest: Any, node: Node) -> Process | None:
    """The living local process that `dest` stands for: a pid, a name, a pair (name, node) or a via-name."""
    if isinstance(dest, Pid):
        return node.local(dest)
    if isinstance(dest, str):
        return node.names.get(dest)
    if is_via(dest):
        pid = whereis(dest, node)
        return None if pid is None else node.local(pid)
    if isinstance(dest, tuple) and len(dest) == 2 and all(isinstance(part, str) for part in dest):
        return node.names.get(dest[0]) if dest[1] == node.name else None
    raise TypeError(f'expected a Pid, a name or a pair (name, node), got {dest!r}; a via-name is ("via", module, term)')


def deliver(node: Node, dest: Any, message: Any) -> None:
    """Hand a message over; a name or via-name that nobody has is an error, a dead pid is not (MBX-04)."""
    if type(dest) is Pid:
        process = node.processes.get(dest)
        if process is not None:
            process.post(message)
        else:
            _send_away(node, dest, message)
        return
    if isinstance(dest, Ref):
        target = node.aliases.get(dest)
        if target is not None:
            target.arrive(message)
        elif dest.home is not node.home:
            node.transport.send(dest.node, Sent(dest, message))
        return
    if is_via(dest):
        dest = _registered(dest, node)
    process = resolve(dest, node)
    if process is not None:
        process.post(message)
    elif isinstance(dest, str):
        raise UnknownNameError(f"send: nobody has the name {dest!r}; {node.names.hint()}")
    else:
        _send_away(node, dest, message)


def deliver_late(node: Node, dest: Any, message: Any) -> None:
    """The same where no sender is left to be told: a message that does not get there is dropped (rule TMR-04)."""
    with suppress(UnknownNameError, MailboxFullError):
        deliver(node, dest, message)


def _registered(via: Any, node: Node) -> Pid:
    """The pid behind a via-name, which may be dead, or of another node."""
    pid = whereis(via, node)
    if pid is None:
        raise UnknownNameError(f"send: nobody is registered as {via[2]!r} with {via[1]!r}")
    return pid


def _send_away(node: Node, dest: Any, message: Any) -> None:
    """To another node, if it is one: a dead pid or an unknown pair swallows the message."""
    if isinstance(dest, Pid) and dest.home is not node.home:
        node.transport.send(dest.node, Sent(dest, message))
    elif isinstance(dest, tuple) and dest[1] != node.name:
        node.transport.send(dest[1], Sent(dest[0], message))
    elif node.tap is not None:
        node.tap.lost(node, dest, message)
