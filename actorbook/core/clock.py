"""The real clock and the real dice: the only file of the runtime that reads time or draws numbers."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, time

__all__ = ["Dice", "RealClock", "secret"]


class RealClock:
    """Monotonic seconds for the runtime, wall-clock seconds for people."""

    __slots__ = ()

    now = staticmethod(monotonic)  # seconds that never go back; asked after every turn, so without a call of ours
    wall = staticmethod(time)  # seconds since 1970


class Dice:
    """Luck: with a `seed` always the same, without one never."""

    __slots__ = ("_draw", "seed")

    def __init__(self, seed: int | str | None = None) -> None:
        self.seed = seed
        self._draw: Callable[[], float] | None = None

    def random(self) -> float:
        """The next number from 0 up to 1. The generator is made for the first: most programs need none."""
        if self._draw is None:
            from random import Random

            self._draw = Random(self.seed).random
        return self._draw()


def secret() -> str:
    """A fresh secret that nobody can guess, for signing what lives no longer than this program."""
    from secrets import token_urlsafe

    return token_urlsafe(32)
