"""Whatever the tasks of a stream do, in whatever order: nothing is lost, and no more is under way than allowed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from actorbook.behaviours.stream_order import Order


@given(st.integers(1, 4), st.booleans(), st.integers(0, 12), st.lists(st.integers(0, 99), max_size=60))
def test_a_stream_tells_each_result_once_in_its_order(most: int, ordered: bool, inputs: int, steps: list[int]) -> None:
    order, under_way = Order(most, ordered), list[int]()
    settled: list[int] = []
    told: list[int] = []
    for step in [*steps, *range(4 * inputs + 4)]:
        match order.next():
            case "want" if order.taken == inputs:
                order.exhausted = True
            case "want":
                under_way.append(order.take())
            case ("told", position):
                told.append(position)
            case "over":
                break
            case None:
                settled.append(under_way.pop(step % len(under_way)))
                order.settle(settled[-1], settled[-1])
        behind = len(settled) - len(told)
        assert len(under_way) <= most
        assert ordered or len(under_way) + behind <= most
    assert order.next() == "over"
    assert told == (list(range(inputs)) if ordered else settled)
