"""What the picture's buttons do, as plain functions: one line back, whether it worked or not."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Callable
from typing import Any

from ..behaviours import system
from ..core.node import Node
from ..core.process import Process
from ..core.reasons import describe
from .nodes import heal
from .picture import find_pid

__all__ = ["act", "kill", "reason_from"]


def reason_from(text: str) -> Any:
    """The reason that a person typed: Python data such as `("shutdown", 1)`, any other text as it is."""
    word = text.strip()
    if not word:
        return "kill"
    try:
        return literal_eval(word)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return word


def act(node: Node, name: str, pid: str, reason: str = "") -> tuple[bool, str]:
    """Do what a button says to the process with this pid: `(worked, one line)`."""
    if name == "heal":
        return _heal(node)
    action = _ACTIONS.get(name)
    if action is None:
        return False, f"unknown command {name!r}: expected {', '.join(_ACTIONS)} or heal"
    try:
        process = find_pid(node, pid)
    except LookupError as error:
        return False, str(error)
    if process is None:
        return False, f"{pid or 'this slot'} is not alive any more; choose its successor in the tree"
    return True, action(node, process, reason)


def _heal(node: Node) -> tuple[bool, str]:
    try:
        return True, heal(node)
    except LookupError as error:
        return False, str(error)


def kill(node: Node, process: Process, reason: Any) -> str:
    """Send an exit signal, and say what came of it."""
    who = process.title()
    node = process.node  # a hand is not cut off by the network: it acts where the process is
    if node.tracer is not None:
        node.tracer.record("killed", process.pid, who, f"by hand, with {describe(reason)}")
    node.exits.signal(node.shell.pid, process.pid, reason, linked=False)
    if process.ended:
        return f"{who} {process.pid!r} ended with {describe(process.reason)}"
    if process.trap_exit:
        return f"{who} {process.pid!r} traps exits and got EXIT({describe(reason)}); the reason kill cannot be trapped"
    return f"{who} {process.pid!r} ignores the reason {describe(reason)}; try kill"


def _kill(node: Node, process: Process, reason: str) -> str:
    return kill(node, process, reason_from(reason))


def _suspend(node: Node, process: Process, reason: str) -> str:
    system.suspend(process)
    return f"{process.name or process.pid!r} is suspended; its messages wait"


def _resume(node: Node, process: Process, reason: str) -> str:
    system.resume(process)
    return f"{process.name or process.pid!r} goes on with {process.pending():,} messages"


_ACTIONS: dict[str, Callable[[Node, Process, str], str]] = {"kill": _kill, "suspend": _suspend, "resume": _resume}
