"""The functions of a process: self_, send, receive, link, monitor. In a cell they speak for the shell."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from .bodies import FunctionBody
from .errors import Exit, NoProcessError, UnknownNameError
from .ids import Pid, Ref
from .isolation import isolate
from .mailbox import Match, matcher
from .messages import DOWN, EXIT
from .node import Node
from .process import Process
from .running import current, current_node
from .signals import Sent
from .timers import Timer, check_seconds
from .waits import Receive, Sleep, Wait

__all__ = [
    "alias", "demonitor", "exit", "flag", "flush", "is_alive", "link", "monitor", "process_info", "receive",
    "register", "resolve", "self_", "send", "send_after", "sleep", "spawn", "unalias", "unlink", "unregister",
    "whereis",
]  # fmt: skip

Dest = Pid | Ref | str | tuple[str, str]


def spawn(
    fn: Callable[..., Any],
    *args: Any,
    name: str | None = None,
    link: bool = False,
    monitor: bool = False,
    node: str | None = None,
) -> Any:
    """Start a process that runs `fn(*args)`; returns its `Pid`, with `monitor=True` the pair `(Pid, Ref)`.

    `fn` is a `def` (runs in one turn) or an `async def` (may wait). The arguments are copied, as messages
    are. Link, monitor and name are in place before the process can do anything (rule SIG-18). Does not wait.

    Raises `TypeError` when `fn` cannot be called, `NameTakenError` when the name is taken.

        >>> import actorbook as ab
        >>> async def greet(who):
        ...     ab.send(who, f"hello from {ab.self_()}")
        >>> pid = ab.spawn(greet, ab.self_())
        >>> await ab.receive() == f"hello from {pid}"
        True
    """
    if not callable(fn):
        raise TypeError(f"spawn: expected a function, got {fn!r}; pass the function itself, its arguments after it")
    me = current()
    _check_node(me.node, node)
    process = me.node.spawn(FunctionBody(fn, tuple(map(isolate, args))), parent=me, link=link, name=name)
    if not monitor:
        return process.pid
    ref = me.node.make_ref()
    me.node.exits.monitor(me, process.pid, process.pid, ref)
    return process.pid, ref


def _check_node(here: Node, node: str | None) -> None:
    if node is not None and node != here.name:
        raise ValueError(f"node={node!r}: unknown node, expected {here.name!r}; start a cluster to have more")


def self_() -> Pid:
    """The pid of the process that this code is part of; in a cell, of the notebook itself."""
    return current().pid


def resolve(dest: Any, node: Node) -> Process | None:
    """The living local process that `dest` stands for: a pid, a name or a pair (name, node)."""
    if isinstance(dest, Pid):
        return node.local(dest)
    if isinstance(dest, str):
        return node.names.get(dest)
    if isinstance(dest, tuple) and len(dest) == 2 and all(isinstance(part, str) for part in dest):
        return node.names.get(dest[0]) if dest[1] == node.name else None
    raise TypeError(f"expected a Pid, a name or a pair (name, node), got {dest!r}")


def send(dest: Dest, message: Any) -> Any:
    """Send a copy of `message`; returns the message, waits for nothing, may be called from any thread.

    `dest` is a `Pid`, a name, a pair `(name, node)` or an alias. A dead pid, alias or pair swallows it in
    silence; a name that nobody has raises `UnknownNameError` (rule MBX-04). What cannot be copied raises
    `MessageError` here, in the sender. Messages between two processes keep their order (MBX-01).
    """
    node = current_node()
    copy = isolate(message)
    if node.host is not None and not node.host.owns_thread():
        node.host.from_thread(_deliver, node, dest, copy)
    else:
        current()
        _deliver(node, dest, copy)
    return message


def _deliver(node: Node, dest: Any, message: Any) -> None:
    if isinstance(dest, Ref):
        _deliver_alias(node, dest, message)
        return
    process = resolve(dest, node)
    if process is not None:
        process.put(message)
    elif isinstance(dest, str):
        raise UnknownNameError(f"send: nobody has the name {dest!r}; {node.names.hint()}")
    elif isinstance(dest, Pid) and dest.home != node.home:
        node.transport.send(dest.node, Sent(dest, message))
    elif isinstance(dest, tuple) and dest[1] != node.name:
        node.transport.send(dest[1], Sent(dest[0], message))


def _deliver_alias(node: Node, ref: Ref, message: Any) -> None:
    target = node.aliases.get(ref)
    if isinstance(target, Process):
        target.put(message)
    elif isinstance(target, Wait):
        target.settle(message)


def receive(match: Match = None, timeout: float | None = None) -> Wait:
    """Await the next message that matches; others stay in the mailbox, in order (rule MBX-02).

    `match` is a type, a tuple of types or a predicate; None takes any message. `timeout` is in seconds; when
    it is over `TimeoutError` is raised, and zero scans the mailbox once (MBX-03).

        >>> import actorbook as ab
        >>> for word in ("a", 1, "b"):
        ...     _ = ab.send(ab.self_(), word)
        >>> await ab.receive(int), await ab.receive(), await ab.receive()
        (1, 'a', 'b')
    """
    seconds = None if timeout is None else check_seconds(timeout, "receive(timeout=…)")
    return Receive(current(), matcher(match), seconds)


def sleep(seconds: float) -> Wait:
    """Await `seconds` on the node's clock; messages wait meanwhile."""
    return Sleep(current(), check_seconds(seconds, "sleep"))


def flush() -> list[Any]:
    """Take all messages out of the own mailbox and return them, oldest first. Does not wait."""
    me = current()
    messages = list(me.mailbox or ())
    if me.mailbox:
        me.mailbox.clear()
    for wait in me.waits or ():
        wait.scan = 0
    me.handled += len(messages)
    return messages


def link(pid: Pid) -> bool:
    """Link the own process with another, both ways (rules SIG-14 to 16).

    When that one is dead, a process that traps exits gets `EXIT(pid, "noproc")`, any other an error.
    """
    me = current()
    if me.node.exits.link(me, _pid(pid, "link")):
        return True
    if me.trap_exit:
        me.put(EXIT(pid, "noproc"))
        return True
    raise NoProcessError(f"link: {pid!r} is not alive (noproc); trap exits to be told by a message instead")


def unlink(pid: Pid) -> bool:
    """Take the link away; no EXIT from it comes later, one that is queued stays (rule SIG-17)."""
    me = current()
    me.node.exits.unlink(me, _pid(pid, "unlink"))
    return True


def monitor(dest: Pid | str | tuple[str, str]) -> Ref:
    """Be told once, by `DOWN(ref, pid, reason)`, when a process ends; `noproc` when it is dead (MON-03).

    Monitored by name, DOWN carries the pair `(name, node)` (MON-04).
    """
    me = current()
    ref = me.node.make_ref()
    if isinstance(dest, Pid):
        me.node.exits.monitor(me, dest, dest, ref)
        return ref
    resolve(dest, me.node)  # anything but a name or a pair is the caller's error
    name, node = (dest, me.node.name) if isinstance(dest, str) else dest
    if node != me.node.name:
        me.put(DOWN(ref, (name, node), "noconnection"))
    else:
        me.node.exits.monitor(me, name, (name, node), ref)
    return ref


def demonitor(ref: Ref, flush: bool = False, info: bool = False) -> bool:
    """Stop a monitor; with `flush` a DOWN that is queued is dropped (MON-07). True, also for an unknown one.

    With `info`: True if it was removed before it fired, False if it was too late (MON-08).
    """
    if not isinstance(ref, Ref):
        raise TypeError(f"demonitor: expected the Ref that monitor returned, got {ref!r}")
    me = current()
    removed = me.node.exits.demonitor(me, ref)
    if flush and not removed:
        me.take(lambda message: isinstance(message, DOWN) and message.ref is ref)
    return removed if info else True


def alias() -> Ref:
    """A second address of the own process that can be given up: after `unalias`, what is sent to it vanishes.

    Rules MON-12.
    """
    me = current()
    ref = me.node.make_ref()
    me.node.aliases[ref] = me
    if me.aliases is None:
        me.aliases = set()
    me.aliases.add(ref)
    return ref


def unalias(ref: Ref) -> bool:
    """Give an own alias up; False when it is not an active one of this process."""
    me = current()
    if me.aliases is None or ref not in me.aliases:
        return False
    me.aliases.discard(ref)
    me.node.aliases.pop(ref, None)
    return True


def exit(pid: Pid, reason: Any) -> bool:
    """Send an exit signal to a process (rules SIG-04 to 09); always True, also when it is dead.

    `"kill"` ends any process, and its links hear `"killed"`; other reasons end one that does not trap exits;
    one that does gets `EXIT(sender, reason)`. To end oneself, `raise ab.Exit(reason)`.
    """
    me = current()
    me.node.exits.signal(me.pid, _pid(pid, "exit"), isolate(reason), linked=False)
    if me.ended:
        raise Exit(me.reason)
    return True


def _pid(pid: Any, what: str) -> Pid:
    if not isinstance(pid, Pid):
        hint = f"; ab.whereis({pid!r}) gives the pid of a name" if isinstance(pid, str) else ""
        raise TypeError(f"{what}: expected a Pid, got {pid!r}{hint}")
    return pid


def flag(*, trap_exit: bool) -> bool:
    """Turn exit signals into messages `EXIT(pid, reason)`, or back; returns the old value (rule SIG-13)."""
    if not isinstance(trap_exit, bool):
        raise TypeError(f"flag(trap_exit=…): expected True or False, got {trap_exit!r}")
    me = current()
    before, me.trap_exit = me.trap_exit, trap_exit
    return before


def register(pid: Pid, name: str, scope: str = "node") -> bool:
    """Give a process a name (rule MBX-05): free names only, one name a process. Freed when it ends."""
    node = current_node()
    if scope != "node":
        raise ValueError(f"register(scope={scope!r}): expected 'node'; cluster-wide names need a cluster")
    process = node.local(_pid(pid, "register"))
    if process is None:
        raise ValueError(f"register: {pid!r} is not a living process of this node")
    node.names.register(process, name)
    if node.tracer is not None:
        node.tracer.record("registered", pid, name, name)
    return True


def unregister(name: str) -> bool:
    """Free a name; an unknown one is an error (rule MBX-05)."""
    node = current_node()
    process = node.names.unregister(name)
    if node.tracer is not None:
        node.tracer.record("unregistered", process.pid, name, name)
    return True


def whereis(name: str) -> Pid | None:
    """The pid that has the name, None when nobody has."""
    process = current_node().names.get(name)
    return None if process is None else process.pid


def send_after(dest: Dest, message: Any, seconds: float) -> Timer:
    """Send `message` in `seconds`; a name is looked up then, and nobody being there is no error.

    Rule TMR-04.
    """
    node = current_node()
    delay = check_seconds(seconds, "send_after")
    if not isinstance(dest, Ref):
        resolve(dest, node)  # a destination that cannot be is the caller's error, now
    copy = isolate(message)
    timer = node.set_timer(delay, lambda: _deliver_late(node, dest, copy))
    if isinstance(dest, Pid) and dest.home == node.home:
        timer.wanted = lambda: node.local(dest) is not None
    return timer


def _deliver_late(node: Node, dest: Any, message: Any) -> None:
    with suppress(UnknownNameError):  # rule TMR-04: dropped in silence
        _deliver(node, dest, message)


def is_alive(pid: Pid) -> bool:
    """True while the process lives; False right after a signal has ended it (rule SIG-21)."""
    return current_node().local(_pid(pid, "is_alive")) is not None


def process_info(pid: Pid) -> dict[str, Any] | None:
    """What the runtime's tables know about a process, as a dict of plain values; None when it is dead."""
    process = current_node().local(_pid(pid, "process_info"))
    if process is None:
        return None
    what = process.body.describe()
    return {
        "pid": process.pid,
        "name": process.name,
        "kind": what.kind,
        "cls": what.cls,
        "status": process.status(),
        "message_queue_len": process.pending(),
        "messages_handled": process.handled,
        "links": list(process.links or ()),
        "monitors": list((process.monitors or {}).values()),
        "monitored_by": [watch.pid for watch in (process.watchers or {}).values() if hasattr(watch, "pid")],
        "trap_exit": process.trap_exit,
        "parent": process.parent,
    }
