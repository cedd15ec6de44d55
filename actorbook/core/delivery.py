"""What an exit signal does to its receiver: one pure decision table (rules SIG-01 to SIG-08).

>>> receive_exit("boom", trap=False, linked=True, own=False)
('die', 'boom')
>>> receive_exit("kill", trap=True, linked=False, own=False)
('die', 'killed')
>>> receive_exit("kill", trap=True, linked=True, own=False)      # a peer that ended itself so: SIG-05
('deliver', 'kill')
"""

from __future__ import annotations

from typing import Any, Literal

from .reasons import is_normal

__all__ = ["Verdict", "receive_exit"]

Verdict = tuple[Literal["ignore", "die", "deliver"], Any]


def receive_exit(reason: Any, *, trap: bool, linked: bool, own: bool) -> Verdict:
    """What happens: `linked` when a link carried the signal, else `exit` did; `own` when sent to oneself."""
    if not linked and isinstance(reason, str) and reason == "kill":
        return "die", "killed"
    if trap:
        return "deliver", reason
    if is_normal(reason) and not own:
        return "ignore", reason
    return "die", reason
