"""What the picture's buttons do, as plain functions: one line back, whether it worked or not."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Callable, Mapping
from typing import Any

from ..behaviours import system
from ..core.node import Node
from ..core.process import Process
from ..core.reasons import describe
from . import halting, letters, nodes
from .network import steer
from .picture import find_pid

__all__ = ["ON_NODE", "ON_PROCESS", "Args", "act", "kill", "reason_from"]

Args = Mapping[str, str]
"""What a command needs beside the pid, by name, as text that a person typed."""


def reason_from(text: str) -> Any:
    """The reason that a person typed: Python data such as `("shutdown", 1)`, any other text as it is."""
    word = text.strip()
    if not word:
        return "kill"
    try:
        return literal_eval(word)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return word


def act(node: Node, name: str, pid: str, args: Args | None = None) -> tuple[bool, str]:
    """Do what a button says to the process with this pid, or to the node: `(worked, one line)`."""
    args = args or {}
    try:
        if name in ON_NODE:
            return True, ON_NODE[name](node, args)
        if name not in ON_PROCESS:
            return False, f"unknown command {name!r}: expected {', '.join([*ON_PROCESS, *ON_NODE])}"
        process = find_pid(node, pid)
        if process is None:
            return False, f"{pid or 'this slot'} is not alive any more; choose its successor in the tree"
        return True, ON_PROCESS[name](node, process, args)
    except (LookupError, TypeError, ValueError) as error:
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


def _kill(node: Node, process: Process, args: Args) -> str:
    return kill(node, process, reason_from(args.get("reason", "")))


def _suspend(node: Node, process: Process, args: Args) -> str:
    system.suspend(process)
    return f"{process.name or process.pid!r} is suspended; its messages wait"


def _resume(node: Node, process: Process, args: Args) -> str:
    system.resume(process)
    return f"{process.name or process.pid!r} goes on with {process.pending():,} messages"


ON_PROCESS: dict[str, Callable[[Node, Process, Args], str]] = {
    "kill": _kill, "suspend": _suspend, "resume": _resume,
    "drop": lambda node, process, args: letters.drop(process, args),
    "duplicate": lambda node, process, args: letters.duplicate(process, args),
    "move": lambda node, process, args: letters.move(process, args),
}  # fmt: skip
"""Commands for one process, by name."""

ON_NODE: dict[str, Callable[[Node, Args], str]] = {
    "heal": lambda node, args: str(nodes.heal(node)),
    "link": steer,
    "crash_node": lambda node, args: str(nodes.crash(node, args.get("node", ""))),
    "start_node": lambda node, args: str(nodes.restart(node, args.get("node", ""))),
    "pause": lambda node, args: halting.pause(),
    "step": lambda node, args: halting.step(args.get("count", "1")),
    "continue": lambda node, args: halting.go_on(),
}
"""Commands that mean no process."""
