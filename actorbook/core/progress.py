"""Progress of what takes long: whoever can show it (a notebook, a terminal) says how, and nobody else pays.

>>> said = []
>>> Progress.show = said.append
>>> steps = Progress("start Counter", 4, now=iter([0.0, 1.0, 2.0]).__next__)
>>> steps.reached(2), steps.reached(4)
(None, None)
>>> said
['start Counter: 2 of 4 (50%), 2/s', 'start Counter: 4 of 4 (100%), 2/s']
>>> Progress.show = None
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

__all__ = ["Progress"]

_PACE = 0.2


class Progress:
    """How far something is, told at most five times a second, and at its end. `now` is a clock, in seconds."""

    show: ClassVar[Callable[[str], None] | None] = None
    """Shows one line in the place of the line before; None: nobody looks."""

    def __init__(self, what: str, total: int, now: Callable[[], float]) -> None:
        self._what = what
        self._total = total
        self._now = now
        self._began = self._told = now()

    def reached(self, done: int) -> None:
        """So many of the total are done."""
        show = Progress.show
        if show is None:
            return
        now = self._now()
        if now - self._told < _PACE and done < self._total:
            return
        self._told = now
        rate = done / max(now - self._began, 1e-9)
        share = done / self._total if self._total else 1
        show(f"{self._what}: {done:,} of {self._total:,} ({share:.0%}), {rate:,.0f}/s")
