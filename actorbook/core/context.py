"""The functions of a process: spawn, send, receive, sleep, names, timers. In a cell they speak for the shell."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from types import coroutine
from typing import Any

from .bodies import FunctionBody
from .dest import Dest, Name, deliver, deliver_late, resolve
from .dest import whereis as _whereis
from .errors import MailboxFullError
from .far import spawn_at
from .ids import Pid, Ref
from .isolation import ATOMS, isolate, isolate_all
from .mailbox import Mailbox, Match, limit_of, matcher
from .node import Node
from .ports import Scope
from .process import Process
from .relations import local_pid
from .running import current, current_node, get_ident, running
from .timers import Timer, check_seconds
from .waits import NEXT, Receive, Sleep, Wait

__all__ = [
    "flush", "is_alive", "process_info", "receive", "register", "self_", "send", "send_after", "sleep", "spawn",
    "start_timer", "unregister", "whereis",
]  # fmt: skip


def spawn(
    fn: Callable[..., Any],
    *args: Any,
    name: str | None = None,
    link: bool = False,
    monitor: bool = False,
    node: str | None = None,
    mailbox: Mailbox | int | None = None,
) -> Any:
    """Start a process that runs `fn(*args)`; returns its `Pid`, with `monitor=True` the pair `(Pid, Ref)`.

    `fn` is a `def` (runs in one turn) or an `async def` (may wait). The arguments are copied, as messages
    are. Link, monitor and name are in place before the process can do anything (rule SIG-18). `mailbox` says how
    many messages may wait for it, and what becomes of one more, see `Mailbox`. Does not wait.

    With `node` it runs on that node of the cluster, and `fn` is named rather than sent: it has to be importable
    there (or cloudpickle installed). The pid is known at once; that the name is taken there, or that the
    node cannot be reached, is heard by link and monitor (`"noconnection"`).

    Raises `TypeError` when `fn` cannot be called, `NameTakenError` when the name is taken, `ValueError` for a
    node that is none, `MessageError` for a function or argument that cannot travel there.

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
    if node is not None and node != me.node.name:
        return _spawn_at(me, node, fn, args, name, link, monitor, limit_of(mailbox))
    body = FunctionBody(fn, isolate_all(args))
    process = me.node.spawn(body, parent=me, link=link, name=name, mailbox=limit_of(mailbox))
    if not monitor:
        return process.pid
    ref = me.node.make_ref()
    me.node.exits.monitor(me, process.pid, process.pid, ref)
    return process.pid, ref


def _spawn_at(
    me: Process,
    where: str,
    fn: Callable[..., Any],
    args: tuple[Any, ...],
    name: str | None,
    link: bool,
    monitor: bool,
    mailbox: Mailbox | None,
) -> Any:
    ref = me.node.make_ref() if monitor else None
    pid, sent = spawn_at(me, where, FunctionBody, (fn, args), name=name, link=link, ref=ref, mailbox=mailbox)
    if ref is None:
        return pid
    me.node.exits.monitor_elsewhere(me, where, pid, pid, ref, asked=sent)
    return pid, ref


def self_() -> Pid:
    """The pid of the process that this code is part of; in a cell, of the notebook itself."""
    return current().pid


def send(dest: Dest, message: Any) -> Any:
    """Send a copy of `message`; returns the message, waits for nothing, may be called from any thread.

    `dest` is a `Pid`, a name, a via-name, a pair `(name, node)` or an alias. A dead pid, alias or pair
    swallows it in silence; a name that nobody has raises `UnknownNameError` (rule MBX-04). What cannot be copied raises
    `MessageError` here, in the sender. Messages between two processes keep their order (MBX-01).

    A mailbox with a limit (`Mailbox`) that is full raises `MailboxFullError`, drops a message, or takes it and gives
    the sending process no further turn until there is room; `await ab.offer(…)` waits for room instead.
    """
    process = running.process
    if process is not None and type(dest) is Pid and running.thread == get_ident() and not process.ended:
        target = process.node.processes.get(dest)
        if target is not None:  # nearly always; what follows is for the rest
            target.post(message if type(message) in ATOMS else isolate(message))
            return message
    return _send(dest, message)


def _send(dest: Dest, message: Any) -> Any:
    """The same from anywhere and to anyone."""
    node = current_node()
    if node.host is not None and not node.host.owns_thread():
        node.host.from_thread(_deliver_from_thread, node, dest, isolate(message))
        return message
    current()
    if type(dest) is Pid and dest.home is not node.home:
        deliver(node, dest, message)  # it is encoded on its way, which makes a copy
    else:
        deliver(node, dest, isolate(message))
    return message


def _deliver_from_thread(node: Node, dest: Any, message: Any) -> None:
    """The thread has gone on, and cannot be told that there was no room."""
    with suppress(MailboxFullError):
        deliver(node, dest, message)


@coroutine
def receive(match: Match = None, timeout: float | None = None) -> Generator[Any, Any, Any]:
    """Await the next message that matches; others stay in the mailbox, in order (rule MBX-02).

    `match` is a type (`int | str` is one too), a tuple of types or a predicate; None takes any message. `timeout` is
    in seconds; when it is over `TimeoutError` is raised, and zero scans the mailbox once (MBX-03).

        >>> import actorbook as ab
        >>> for word in ("a", 1, "b"):
        ...     _ = ab.send(ab.self_(), word)
        >>> await ab.receive(int), await ab.receive(), await ab.receive()
        (1, 'a', 'b')
    """
    stepper = running.stepper
    if match is None and timeout is None and stepper is not None:  # any message: nothing has to be remembered
        message = stepper.next()
        return (yield NEXT) if message is NEXT else message
    seconds = None if timeout is None else check_seconds(timeout, "receive(timeout=…)")
    return (yield from Receive(current(), matcher(match), seconds).__await__())


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


def register(pid: Pid, name: str, scope: str = "node") -> Any:
    """Give a process a name (rule MBX-05): free names only, one name a process. Freed when it ends.

    With `scope="cluster"` the name is known on all nodes, and the call is to be awaited: see `ab.names`.
    """
    node = current_node()
    if scope != "node":
        return _scope(node, scope, "register").register(pid, name)
    process = node.local(local_pid(pid, "register", node))
    if process is None:
        raise ValueError(f"register: {pid!r} is not a living process of this node")
    node.names.register(process, name)
    if node.tracer is not None:
        node.tracer.record("registered", pid, name, name)
    return True


def unregister(name: str, scope: str = "node") -> Any:
    """Free a name; an unknown one is an error (rule MBX-05). With `scope="cluster"` it is to be awaited."""
    node = current_node()
    if scope != "node":
        return _scope(node, scope, "unregister").unregister(name)
    process = node.names.unregister(name)
    if node.tracer is not None:
        node.tracer.record("unregistered", process.pid, name, name)
    return True


def whereis(name: Name, scope: str = "node") -> Pid | None:
    """The pid that has the name (or via-name), None when nobody has; with `scope="cluster"` on any node."""
    node = current_node()
    if scope == "node":
        return _whereis(name, node)
    if not isinstance(name, str):
        raise TypeError(f"whereis(scope={scope!r}): expected the name as text, got {name!r}")
    return _scope(node, scope, "whereis").whereis(name)


def _scope(node: Node, scope: str, what: str) -> Scope:
    found = node.scopes.get(scope)
    if found is None:
        hint = "; cluster-wide names need a cluster" if scope == "cluster" else ""
        raise ValueError(
            f"{what}(scope={scope!r}): expected one of {', '.join(map(repr, ['node', *node.scopes]))}{hint}"
        )
    return found


def send_after(dest: Dest, message: Any, seconds: float) -> Timer:
    """Send `message` in `seconds`; a name is looked up then, and nobody being there is no error.

    Rules TMR-01, TMR-04.
    """
    copy = isolate(message)
    return _set_timer(dest, seconds, "send_after", lambda timer: copy)


def start_timer(dest: Dest, message: Any, seconds: float) -> Timer:
    """Send `("timeout", timer, message)` in `seconds`, so that a timer that was given up can be told by it.

    Rule TMR-01.
    """
    copy = isolate(message)
    return _set_timer(dest, seconds, "start_timer", lambda timer: ("timeout", timer, copy))


def _set_timer(dest: Dest, seconds: float, what: str, message: Callable[[Timer], Any]) -> Timer:
    node = current_node()
    delay = check_seconds(seconds, what)
    if not isinstance(dest, Ref):
        resolve(dest, node)  # a destination that cannot be is the caller's error, now
    timer: Timer = node.set_timer(delay, lambda: deliver_late(node, dest, message(timer)))
    if isinstance(dest, Pid) and dest.home is node.home:
        timer.wanted = lambda: node.local(dest) is not None
    return timer


def is_alive(pid: Pid) -> bool:
    """True while the process lives; False right after a signal has ended it (rule SIG-21).

    As in Erlang only for processes of this node, else `ValueError`: of others one hears by `monitor`.
    """
    node = current_node()
    return node.local(local_pid(pid, "is_alive", node)) is not None


def process_info(pid: Pid) -> dict[str, Any] | None:
    """What the runtime's tables know about a process of this node, as a dict of plain values; None when it is dead."""
    node = current_node()
    process = node.local(local_pid(pid, "process_info", node))
    if process is None:
        return None
    what, crowding = process.body.describe(), process.crowding()
    return {
        "pid": process.pid,
        "name": process.name,
        "kind": what.kind,
        "cls": what.cls,
        "status": process.status(),
        "hibernating": process.body.asleep(),
        "message_queue_len": process.pending(),
        "mailbox": crowding.bounds,
        "messages_dropped": crowding.dropped,
        "messages_handled": process.handled,
        "links": list(process.links or ()),
        "monitors": list((process.monitors or {}).values()),
        "monitored_by": [watch.pid for watch in (process.watchers or {}).values() if hasattr(watch, "pid")],
        "trap_exit": process.trap_exit,
        "parent": process.parent,
    }
