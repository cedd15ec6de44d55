"""Which of several targets a request goes to: the strategies, as pure as they can be.

Loads and luck come in as functions, and only those that a strategy needs are asked. `Balancer` keeps what
there is to remember: whose turn it is, and the ring.

    >>> balancer = Balancer("round_robin")
    >>> [balancer.pick("abc") for _ in range(4)]
    ['a', 'b', 'c', 'a']
    >>> Balancer("least_mailbox").pick("abc", load={"a": 2, "b": 0, "c": 1}.__getitem__)
    'b'

- `round_robin`: each in turn. For requests that cost about the same.
- `random`: anyone; needs no memory, so many who know nothing of each other may use it.
- `least_mailbox`: whoever has least to do; looks at all of them. For requests of very different cost.
- `two_choices`: the less busy of two that are drawn; nearly as even, at the cost of two looks, and a crowd of
  clients does not run to the same one. Source: Mitzenmacher, "The Power of Two Choices".
- `hash`: always the same one for a key, as long as it is there; with a `bound` never one that has too much to do,
  see `ring`. For targets that remember something about a key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar, get_args

from ..core.process import Process
from .ring import Ring

__all__ = ["STRATEGIES", "Balancer", "Strategy", "check_balance", "load_of"]

Strategy = Literal["round_robin", "random", "least_mailbox", "two_choices", "hash"]
STRATEGIES: tuple[str, ...] = get_args(Strategy)

T = TypeVar("T")
Load = Callable[[Any], float]
Draw = Callable[[], float]


class Balancer:
    """One strategy and where it stands. The same questions in the same order have the same answers."""

    __slots__ = ("_ring", "_turn", "bound", "strategy")

    def __init__(self, strategy: Strategy = "round_robin", bound: float | None = None) -> None:
        check_balance(strategy, bound)
        self.strategy = strategy
        self.bound = bound
        self._turn = 0
        self._ring = Ring()

    def pick(self, targets: Sequence[T], *, key: Any = None, load: Load = lambda _: 0, draw: Draw = lambda: 0.0) -> T:
        """One of `targets`, of which there must be some. `draw` gives numbers from 0 up to 1, `load` what is to do."""
        match self.strategy:
            case "round_robin":
                return self._next(targets)
            case "random":
                return _drawn(targets, draw)
            case "least_mailbox":
                return self._least(targets, load)
            case "two_choices":
                return _less_of_two(targets, load, draw)
        return self._owner(targets, key, load)

    def _next(self, targets: Sequence[T]) -> T:
        place = self._turn % len(targets)
        self._turn = place + 1
        return targets[place]

    def _least(self, targets: Sequence[T], load: Load) -> T:
        """Those that are equally busy have their turns."""
        start = self._turn % len(targets)
        least: int = min((*range(start, len(targets)), *range(start)), key=lambda place: load(targets[place]))
        self._turn = least + 1
        return targets[least]

    def _owner(self, targets: Sequence[T], key: Any, load: Load) -> T:
        if key is None:
            raise ValueError("strategy 'hash': expected a key, got None; it says which requests belong together")
        self._ring = ring = self._ring.over(targets)
        found: T = ring.owner(key) if self.bound is None else ring.free(key, load, self.bound)
        return found


def _drawn(targets: Sequence[T], draw: Draw) -> T:
    return targets[int(draw() * len(targets))]


def _less_of_two(targets: Sequence[T], load: Load, draw: Draw) -> T:
    """Two different ones, where there are two."""
    if len(targets) == 1:
        return targets[0]
    first = int(draw() * len(targets))
    second = int(draw() * (len(targets) - 1))
    second += second >= first
    return targets[min(first, second, key=lambda place: load(targets[place]))]


def check_balance(strategy: Any, bound: Any) -> None:
    """`ValueError` for what is no strategy, or a bound that leaves no room."""
    if strategy not in STRATEGIES:
        raise ValueError(f"strategy: expected one of {', '.join(STRATEGIES)}, got {strategy!r}")
    if bound is None:
        return
    if strategy != "hash":
        raise ValueError(f"bound={bound!r}: expected None, got it for {strategy!r}; only 'hash' can be bounded")
    if isinstance(bound, bool) or not isinstance(bound, int | float) or not bound >= 1:
        raise ValueError(f"bound: expected 1 or more times the average load, got {bound!r}; 1.25 is usual")


def load_of(process: Process) -> int:
    """What a process of this node has to do: the messages that wait, and the one that it is at."""
    return process.pending() + process.body.busy()
