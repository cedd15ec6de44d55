"""Who hears of whose end: link, monitor, alias, exit, flag. In a cell they speak for the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .aliases import Mode, activate, check_mode, deactivate, over_with_monitor
from .dest import Via, is_via, resolve, whereis
from .errors import Exit, NoProcessError
from .ids import Pid, Ref
from .isolation import isolate
from .messages import EXIT, down, is_down
from .running import current, current_node

if TYPE_CHECKING:
    from .node import Node
    from .process import Process

__all__ = ["alias", "check_pid", "demonitor", "exit", "flag", "link", "local_pid", "monitor", "unalias", "unlink"]

_WITH_MONITOR = ("explicit_unalias", "demonitor", "reply_demonitor")


def link(pid: Pid) -> bool:
    """Link the own process with another, both ways (rules SIG-14 to 16).

    When that one is dead, a process that traps exits gets `EXIT(pid, "noproc")`, any other an error.
    """
    me = current()
    tracer, known = me.node.tracer, me.links is not None and pid in me.links
    if me.node.exits.link(me, check_pid(pid, "link")):
        if tracer is not None and not known and (other := me.node.local(pid)) is not None:
            tracer.note("linked", me, other)
        return True
    if me.trap_exit:
        me.put(EXIT(pid, "noproc"))
        return True
    raise NoProcessError(f"link: {pid!r} is not alive (noproc); trap exits to be told by a message instead")


def unlink(pid: Pid) -> bool:
    """Take the link away; no EXIT from it comes later, one that is queued stays (rule SIG-17)."""
    me = current()
    me.node.exits.unlink(me, check_pid(pid, "unlink"))
    return True


def monitor(dest: Pid | str | tuple[str, str] | Via, *, tag: Any = None, alias: Mode | None = None) -> Ref:
    """Be told once, by `DOWN(ref, pid, reason)`, when a process ends; `noproc` when it is dead (MON-03).

    Monitored by name, DOWN carries the pair `(name, node)` (MON-04); of a via-name it carries the pid. With a `tag`
    the message is the plain tuple `(tag, ref, pid, reason)` (MON-11). With `alias` the ref is an alias too (MON-14),
    until `unalias` (`"explicit_unalias"`), until the monitor fires or is stopped (`"demonitor"`), or until that or
    the first message to it, which also stops the monitor (`"reply_demonitor"`).

        >>> import actorbook as ab
        >>> ref = ab.monitor(ab.spawn(lambda: None), tag="gone")
        >>> (await ab.receive())[0]
        'gone'
    """
    me = current()
    ref = me.node.make_ref()
    if alias is not None:
        activate(me, ref, check_mode(alias, "monitor(alias=…)", _WITH_MONITOR))
    if is_via(dest):
        return _monitor_via(me, dest, ref, tag)
    if isinstance(dest, Pid):
        me.node.exits.monitor(me, dest, dest, ref, tag)
        return ref
    resolve(dest, me.node)  # anything but a name or a pair is the caller's error
    name, node = (dest, me.node.name) if isinstance(dest, str) else (dest[0], dest[1])
    if node != me.node.name:
        me.node.exits.monitor_elsewhere(me, node, name, (name, node), ref, tag)
    else:
        me.node.exits.monitor(me, name, (name, node), ref, tag)
    return ref


def _monitor_via(me: Process, via: Any, ref: Ref, tag: Any) -> Ref:
    """Whoever is registered now is monitored by pid; nobody is noproc."""
    pid = whereis(via, me.node)
    if pid is not None:
        me.node.exits.monitor(me, pid, pid, ref, tag)
    else:
        me.put(down(ref, via, "noproc", tag))
        over_with_monitor(me, ref)
    return ref


def demonitor(ref: Ref, flush: bool = False, info: bool = False) -> bool:
    """Stop a monitor; with `flush` a DOWN that is queued is dropped (MON-07). True, also for an unknown one.

    With `info`: True if it was removed before it fired, False if it was too late (MON-08).
    """
    if not isinstance(ref, Ref):
        raise TypeError(f"demonitor: expected the Ref that monitor returned, got {ref!r}")
    me = current()
    removed = me.node.exits.demonitor(me, ref)
    over_with_monitor(me, ref)
    if flush and not removed:
        me.take(lambda message: is_down(message, ref))
    return removed if info else True


def alias(mode: Mode = "explicit_unalias") -> Ref:
    """A second address of the own process that can be given up: after `unalias`, what is sent to it vanishes.

    Rules MON-12, MON-13: with the mode `"reply"` only the first message gets through.
    """
    me = current()
    return activate(me, me.node.make_ref(), check_mode(mode, "alias", ("explicit_unalias", "reply")))


def unalias(ref: Ref) -> bool:
    """Give an own alias up; False when it is not an active one of this process."""
    return deactivate(current(), ref)


def exit(pid: Pid, reason: Any) -> bool:
    """Send an exit signal to a process (rules SIG-04 to 09); always True, also when it is dead.

    `"kill"` ends any process, and its links hear `"killed"`; other reasons end one that does not trap exits;
    one that does gets `EXIT(sender, reason)`. To end oneself, `raise ab.Exit(reason)`. From another thread it
    is the notebook's own signal; where there is a watchdog it reaches a callback that keeps the loop.
    """
    node = current_node()
    if node.host is not None and not node.host.owns_thread():
        sender, target, copy = node.shell.pid, check_pid(pid, "exit"), isolate(reason)
        node.urgently(lambda: node.exits.signal(sender, target, copy, linked=False))
        return True
    me = current()
    me.node.exits.signal(me.pid, check_pid(pid, "exit"), isolate(reason), linked=False)
    if me.ended:
        raise Exit(me.reason)
    return True


def check_pid(pid: Any, what: str) -> Pid:
    """A pid, or the caller's error."""
    if not isinstance(pid, Pid):
        hint = f"; ab.whereis({pid!r}) gives the pid of a name" if isinstance(pid, str) else ""
        raise TypeError(f"{what}: expected a Pid, got {pid!r}{hint}")
    return pid


def local_pid(pid: Any, what: str, node: Node) -> Pid:
    """A pid of this node, or the caller's error: what another node knows is to be asked there."""
    if check_pid(pid, what).home.name != node.name:
        raise ValueError(
            f"{what}: expected a process of {node.name!r}, got {pid!r} of {pid.node!r}; monitor it, or ask there"
        )
    return pid  # type: ignore[no-any-return]


def flag(*, trap_exit: bool) -> bool:
    """Turn exit signals into messages `EXIT(pid, reason)`, or back; returns the old value (rule SIG-13)."""
    if not isinstance(trap_exit, bool):
        raise TypeError(f"flag(trap_exit=…): expected True or False, got {trap_exit!r}")
    me = current()
    before, me.trap_exit = me.trap_exit, trap_exit
    return before
