"""When a stream wants another input, and which result is told next: pure decisions (rules TSK-11, TSK-13).

>>> order = Order(most=2, ordered=True)
>>> order.next(), order.take(), order.next(), order.take(), order.next()       # room for two, then none
('want', 0, 'want', 1, None)
>>> order.settle(1, "b"); order.next(), order.take(), order.next()             # b waits for its turn, another starts
('want', 2, None)
>>> order.settle(0, "a"); order.exhausted = True; order.next(), order.next(), order.next()
(('told', 'a'), ('told', 'b'), None)
>>> order.settle(2, "c"); order.next(), order.next()
(('told', 'c'), 'over')
"""

from __future__ import annotations

from collections import deque
from typing import Any, Literal

__all__ = ["Next", "Order"]

Next = tuple[Literal["told"], Any] | Literal["want", "over"] | None


class Order:
    """A row of inputs, of which at most so many are under way or wait to be told.

    In order, results that wait behind one that is still under way do not count: they must not stop the rest.
    """

    __slots__ = ("_due", "_held", "_turn", "_under_way", "exhausted", "most", "ordered", "taken")

    def __init__(self, most: int, ordered: bool) -> None:
        self.most = most
        self.ordered = ordered
        self.exhausted = False
        self.taken = 0
        self._under_way = 0
        self._turn = 0
        self._held: dict[int, Any] = {}
        self._due: deque[Any] = deque()

    def next(self) -> Next:
        """An input, a result that leaves the row, or the end; None while all depends on what is under way."""
        if not self.exhausted and self._under_way + len(self._due) < self.most:
            return "want"
        if self._due:
            return "told", self._due.popleft()
        return None if self._under_way else "over"

    def take(self) -> int:
        """An input comes under way: its position."""
        self._under_way += 1
        self.taken += 1
        return self.taken - 1

    def settle(self, position: int, result: Any) -> None:
        """The input at this position has its result."""
        self._under_way -= 1
        if not self.ordered:
            self._due.append(result)
            return
        self._held[position] = result
        while self._turn in self._held:
            self._due.append(self._held.pop(self._turn))
            self._turn += 1
