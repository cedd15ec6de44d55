"""Medians and how far they can be trusted: pyperf's choice of numbers, which a busy machine's outliers do not move.

>>> spread([1.0, 1.1, 9.0])
Spread(median=1.1, mad=0.1)
>>> ratio([2.0, 4.0, 6.0], [1.0, 2.0, 2.0])         # round by round: both had the same neighbours
Spread(median=2.0, mad=0.0)
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

__all__ = ["Spread", "ratio", "spread"]


class Spread(NamedTuple):
    """The median, and the median absolute deviation from it."""

    median: float
    mad: float


def spread(values: Sequence[float]) -> Spread:
    """Where the middle of the values is, and how far from it half of them lie at most."""
    middle = median(values)
    return Spread(middle, round(median(abs(value - middle) for value in values), 15))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Spread | None:
    """Ours over theirs, paired by round; None without a round that both have."""
    pairs = [one / other for one, other in zip(ours, theirs, strict=False) if other > 0]
    return spread(pairs) if pairs else None
