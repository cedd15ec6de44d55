"""Python's cycle collector, made patient while a node runs.

By default it looks at the young objects after every 700 allocations. A runtime that makes a million small
long-lived objects pays half of its time for that, and finds nothing: processes hold no cycles once they are
dead. So the first node raises the threshold and the last one puts back what was there; a program that has
chosen a threshold of its own keeps it.
"""

from __future__ import annotations

import gc

__all__ = ["be_patient", "be_yourself"]

_PATIENT = 50_000
_before: list[tuple[int, int, int]] = []


def be_patient() -> None:
    """A node starts."""
    _before.append(gc.get_threshold())
    young, *older = gc.get_threshold()
    if 0 < young < _PATIENT:  # zero means: switched off
        gc.set_threshold(_PATIENT, *older)


def be_yourself() -> None:
    """A node stops; when it was the last, the threshold is the program's again."""
    if not _before:
        return
    first = _before[0]
    _before.pop()
    if not _before and gc.get_threshold()[0] == _PATIENT:
        gc.set_threshold(*first)
