"""Aliases: second addresses of a process that can be given up, alone or together with a monitor.

Rules MON-12 to MON-14. The table is the node's, so that a message to an alias finds its way like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from .messages import DOWN

if TYPE_CHECKING:
    from .ids import Ref
    from .process import Process

__all__ = ["Alias", "Mode", "activate", "check_mode", "deactivate", "over_with_monitor"]

Mode = Literal["explicit_unalias", "reply", "demonitor", "reply_demonitor"]


class Alias:
    """One active alias of `process`. `mode` says what ends it besides `unalias`."""

    __slots__ = ("mode", "process", "ref")

    def __init__(self, process: Process, ref: Ref, mode: Mode) -> None:
        self.process = process
        self.ref = ref
        self.mode = mode

    def arrive(self, message: Any) -> None:
        """A message was sent to it."""
        self.process.post(message)
        self._heard()

    def answered(self, value: Any) -> None:
        """The answer to a request came, to be fetched from the mailbox: no limit holds it back."""
        self.process.put((self.ref, value))
        self._heard()

    def refused(self, target: Process) -> None:
        """There will be no answer: the mailbox of `target` is full."""
        self.process.put(DOWN(self.ref, target.pid, "mailbox_full"))
        self._heard()

    def _heard(self) -> None:
        """In the reply modes the first message is the last."""
        if self.mode in ("reply", "reply_demonitor"):
            deactivate(self.process, self.ref)
        if self.mode == "reply_demonitor":
            self.process.node.exits.demonitor(self.process, self.ref)


def check_mode(mode: Any, what: str, modes: tuple[str, ...] = get_args(Mode)) -> Mode:
    """A mode that exists, or the caller's error (rule MON-09)."""
    if mode not in modes:
        raise ValueError(f"{what}: expected one of {', '.join(modes)}, got {mode!r}")
    known: Mode = mode
    return known


def activate(process: Process, ref: Ref, mode: Mode) -> Ref:
    """Make `ref` an address of `process`."""
    process.node.aliases[ref] = Alias(process, ref, mode)
    if process.aliases is None:
        process.aliases = set()
    process.aliases.add(ref)
    return ref


def deactivate(process: Process, ref: Ref) -> bool:
    """Messages to `ref` vanish from now on; False when it is no active alias of this process."""
    if process.aliases is None or ref not in process.aliases:
        return False
    process.aliases.discard(ref)
    process.node.aliases.pop(ref, None)
    return True


def over_with_monitor(process: Process, ref: Ref) -> None:
    """The monitor `ref` fired or was stopped: an alias that was to end with it does."""
    if process.aliases and ref in process.aliases:
        alias = process.node.aliases[ref]
        if isinstance(alias, Alias) and alias.mode in ("demonitor", "reply_demonitor"):
            deactivate(process, ref)
