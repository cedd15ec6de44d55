"""Python's threads, made to take turns more often while a node runs.

A thread that wants to run asks the running one for it after the switch interval, five milliseconds by
default. But whenever the loop looks for events, which is after every slice, it lets go of the interpreter for
an instant and takes it back before anybody else is awake; and that starts the others' waiting anew. With slices as
short as the interval a busy node starves them: in a kernel those are the threads by which requests and output
travel. So the first node makes the interval shorter than any slice, and the last one puts back what was there.
A program that has chosen an interval of its own keeps it.
"""

from __future__ import annotations

import sys

__all__ = ["switch_as_before", "switch_often"]

_OFTEN = 0.001
_USUAL = 0.005
_before: list[float] = []


def switch_often() -> None:
    """A node starts."""
    _before.append(sys.getswitchinterval())
    if abs(sys.getswitchinterval() - _USUAL) < 1e-6:
        sys.setswitchinterval(_OFTEN)


def switch_as_before() -> None:
    """A node stops; when it was the last, the interval is the program's again."""
    if not _before:
        return
    first = _before[0]
    _before.pop()
    if not _before and abs(sys.getswitchinterval() - _OFTEN) < 1e-6:
        sys.setswitchinterval(first)
