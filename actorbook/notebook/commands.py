"""What each magic does, as plain functions: arguments in, something that shows itself out. They act at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..behaviours import protocol, system
from ..behaviours.methods import marked, methods_of
from ..behaviours.protocol import Invoke
from ..core.context import send as send_message
from ..core.ids import Pid
from ..core.node import Node
from ..core.process import Process, Watch
from ..core.reasons import describe
from ..core.served import class_of
from ..observe.recorder import recorder_of
from . import actions
from .details import state_text
from .handles import CallHandle
from .inspector.queue import bounds_text
from .machine import machine_text
from .session import Session
from .tables import Table, Text
from .wishes import restart as fresh_start

__all__ = [
    "blocking", "call", "cast", "events", "info", "kill", "mailbox", "names", "ps", "restart", "resume", "send",
    "state", "suspend", "tree",
]  # fmt: skip

SORTS = ("pid", "name", "mailbox", "handled", "status")


def tree(session: Session, process: Process | None) -> Any:
    """The live widget, of the whole node or of what is below a process; by its name, so that it outlives a restart."""
    return session.tree(None if process is None else process.name or process.pid)


def ps(node: Node, sort: str = "pid", most: int = 1_000) -> Table:
    """All processes: the largest first when sorted by a number."""
    found = list(node.processes.values())
    keys: dict[str, Any] = {
        "name": lambda p: (p.name or p.label or "~").lower(),
        "mailbox": lambda p: -p.pending(),
        "handled": lambda p: -p.handled,
        "status": _status,
    }
    if sort in keys:
        found.sort(key=keys[sort])
    rows = [
        (repr(p.pid), p.name or p.label, *p.body.describe()[:2], _status(p), p.pending(), _limit(p), p.handled)
        for p in found[:most]
    ]
    return Table(("pid", "name", "kind", "class", "status", "mailbox", "limit", "handled"), rows)


def _status(process: Process) -> str:
    """`blocking` for the one that keeps the loop, which only another thread can see."""
    watchdog = process.node.watchdog
    blocking = watchdog.blocking() if watchdog is not None else None
    return "blocking" if blocking is not None and blocking.pid is process.pid else process.status()


def _limit(process: Process) -> str:
    """What a table says of a mailbox with a limit."""
    bounds, full, dropped = process.crowding()
    if bounds is None:
        return ""
    return f"{bounds.limit:,}" + (" full" if full else "") + (f", {dropped:,} dropped" if dropped else "")


def info(node: Node, process: Process) -> Table:
    """What the runtime's tables know of one process."""
    what = process.body.describe()
    watchers = [repr(w.pid) for w in (process.watchers or {}).values() if isinstance(w, Watch)]
    facts = {
        "pid": process.pid, "name": process.name or "", "id": process.label, "kind": what.kind, "class": what.cls,
        "status": _status(process), "parent": process.parent or "", "mailbox": process.pending(),
        "limit": bounds_text(process), "handled": process.handled, "traps exits": process.trap_exit,
        "links": _list(process.links), "monitors": _list((process.monitors or {}).values()),
        "monitored by": ", ".join(watchers), "alive for": f"{node.clock.now() - process.started:.1f} s",
    }  # fmt: skip
    if process.node.watchdog is not None and (spells := process.node.watchdog.spells(process.pid)):
        facts["blocked the loop"] = "; ".join(map(str, spells[-3:]))
    rows = [(name, str(value)) for name, value in facts.items()]
    return Table(("what", process.name or repr(process.pid)), rows, note=machine_text(process))


def _list(values: Any) -> str:
    return ", ".join(map(repr, list(values or ())[:20]))


def state(process: Process) -> Text:
    """A copy of the state, printed, and of a state machine the graph of its states; the process is not messaged."""
    text = "\n\n".join(part for part in (state_text(process), machine_text(process)) if part)
    if text:
        return Text(text)
    plain = process.body.state() is None
    why = "runs a plain function: its state is its local variables" if plain else "has no public attributes"
    return Text(f"{process.name or process.pid!r} {why}")


def mailbox(process: Process, most: int = 100) -> Table:
    """The waiting messages, oldest first."""
    waiting = list(process.mailbox or ())[:most]
    rows = [(i, type(message).__name__, describe(repr(message), 100)) for i, message in enumerate(waiting, 1)]
    bounds = bounds_text(process)
    note = f"{'full: ' if process.crowding().full else ''}{process.pending():,} wait; {bounds}" if bounds else ""
    return Table(("#", "type", "message"), rows, "the mailbox is empty", note)


def send(process: Process, message: Any) -> Text:
    """Send a message."""
    send_message(process.pid, message)
    return Text(f"sent {message!r} to {process.name or process.pid!r}")


def call(session: Session, process: Process, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> CallHandle:
    """Call a marked method; the handle shows the answer when it comes, and can be awaited."""
    bound = _method(process, method, "call")
    return CallHandle(_spelled(process, method, args), session.task(_await(bound(*args, **kwargs))))


async def _await(answer: Any) -> Any:
    return await answer


def cast(process: Process, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Text:
    """Call a marked method and wait for nothing."""
    bound = _method(process, method, None)
    if marked(getattr(class_of(process), method)) == "cast":
        bound(*args, **kwargs)
    else:  # a call may be sent as a cast; its reply goes nowhere
        protocol.cast(process.pid, Invoke(method, tuple(args), kwargs))
    return Text(f"cast {_spelled(process, method, args)}")


def _method(process: Process, name: str, kind: str | None) -> Any:
    cls = class_of(process)
    known = methods_of(cls) if cls is not None else {}
    if name not in known:
        there = ", ".join(known) or "none (it has no methods marked with @ab.call or @ab.cast)"
        raise LookupError(f"{process.name or process.pid!r} has no method {name!r}; there are: {there}")
    if kind is not None and marked(known[name]) != kind:
        raise LookupError(f"{name!r} is marked as a {marked(known[name])}; use %actor {marked(known[name])}")
    return getattr(process.pid, name)


def _spelled(process: Process, method: str, args: Sequence[Any]) -> str:
    return f"{process.name or process.pid!r}.{method}({', '.join(map(repr, args))})"


def kill(node: Node, process: Process, reason: Any = "kill") -> Text:
    """Send an exit signal: `kill` ends any process, other reasons those that do not trap exits."""
    return Text(actions.kill(node, process, reason))


def restart(session: Session, process: Process) -> CallHandle:
    """Have its supervisor start it again; the handle tells what came of it, and can be awaited."""
    return CallHandle(f"restart of {process.title()}", session.task(fresh_start(process)))


def suspend(process: Process) -> Text:
    """Have a process handle nothing until it is resumed; its messages wait."""
    system.suspend(process)
    return Text(f"{process.name or process.pid!r} is suspended; its messages wait until %actor resume")


def resume(process: Process) -> Text:
    """Let a suspended process go on."""
    system.resume(process)
    return Text(f"{process.name or process.pid!r} goes on with {process.pending():,} messages")


def events(node: Node, last: int = 20) -> Table:
    """The latest events of the bounded log."""
    recorder = recorder_of(node)
    rows = [
        (e.n, f"{e.at:.3f}", e.kind, repr(e.pid) if isinstance(e.pid, Pid) else "", e.name, e.text)
        for e in recorder.events(last=last)
    ]
    return Table(("#", "s", "event", "pid", "name", "detail"), rows, "no events yet")


def blocking(session: Session, after: float | None = None) -> Table:
    """What has blocked the loop lately; `after` changes how many seconds are too long."""
    watchdog = session.watchdog
    if after is not None:
        watchdog.limit(after)
    rows = [(repr(spell.pid), spell.title, f"{spell.seconds:.1f}", str(spell.place)) for spell in watchdog.spells()]
    none = f"no callback has blocked the loop for {watchdog.threshold:g} s or longer"
    return Table(("pid", "name", "s", "where"), rows, none)


def names(node: Node) -> Table:
    """All names and who has them."""
    rows = [(name, repr(p.pid), p.body.describe().cls, p.status()) for name, p in sorted(node.names.items())]
    return Table(
        ("name", "pid", "class", "status"), rows, "no names yet; give one with name=… or ab.register(pid, name)"
    )
