"""The network's decisions, as numbers: no node, no time, no chance is involved."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actorbook.cluster.network import PRESETS, Lane, Luck, Quality, fate, quality

CHANCE = st.floats(0, 1, exclude_max=True)
LUCK = st.builds(Luck, CHANCE, CHANCE, CHANCE, CHANCE)


def test_an_instant_line_delivers_at_once() -> None:
    assert fate(Quality(), Lane(), 5.0, 1000, Luck()) == ((5.0,), Lane(5.0, 5.0))
    assert Quality().instant
    assert Quality(ordered=False).instant
    assert not Quality(latency=0.1).instant


def test_latency_jitter_and_bandwidth_add_up() -> None:
    line = Quality(latency=1.0, jitter=2.0, bandwidth=100)

    assert fate(line, Lane(), 0.0, 50, Luck(delay=0.25)).arrivals == (2.0,)


def test_a_narrow_line_sends_one_after_the_other() -> None:
    line = Quality(bandwidth=100)
    first = fate(line, Lane(), 0.0, 100, Luck())
    second = fate(line, first.lane, 0.5, 100, Luck())

    assert (first.arrivals, second.arrivals) == ((1.0,), (2.0,))


def test_an_ordered_line_sends_again_what_was_lost() -> None:
    line = Quality(latency=0.05, loss=0.1)

    assert fate(line, Lane(), 0.0, 1, Luck(loss=0.5)).arrivals == (0.05,)
    assert fate(line, Lane(), 0.0, 1, Luck(loss=0.09)).arrivals == (0.25,)
    assert fate(line, Lane(), 0.0, 1, Luck(loss=0.005)).arrivals == (0.45,)
    assert fate(Quality(loss=1.0), Lane(), 0.0, 1, Luck(loss=0.5)).arrivals == (2.0,)


def test_an_unordered_line_loses_doubles_and_overtakes() -> None:
    line = Quality(latency=1.0, jitter=1.0, loss=0.1, duplicate=0.1, ordered=False)

    assert fate(line, Lane(), 0.0, 1, Luck(loss=0.05)).arrivals == ()
    assert fate(line, Lane(), 0.0, 1, Luck(twin=0.05, twin_delay=0.5)).arrivals == (1.0, 1.5)
    slow = fate(line, Lane(), 0.0, 1, Luck(delay=0.9))
    assert fate(line, slow.lane, 0.1, 1, Luck()).arrivals < slow.arrivals


@given(
    st.lists(st.tuples(st.floats(0, 10), st.integers(0, 1000), LUCK), max_size=30),
    st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(1, 1e6) | st.just(inf),
)  # fmt: skip
def test_an_ordered_line_delivers_each_once_in_order_and_never_early(
    sent: list[tuple[float, int, Luck]], latency: float, jitter: float, loss: float, bandwidth: float
) -> None:
    line, lane, now, arrivals = Quality(latency, jitter, loss, 0.0, bandwidth), Lane(), 0.0, []
    for pause, size, luck in sent:
        now += pause
        decided = fate(line, lane, now, size, luck)
        lane = decided.lane
        assert len(decided.arrivals) == 1
        assert decided.arrivals[0] >= now + latency
        arrivals += decided.arrivals

    assert all(one <= other for one, other in pairwise(arrivals))


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ({"latency": -1}, "latency: expected zero or more seconds"),
        ({"loss": 1.5}, "loss: expected a chance from 0 to 1, got 1.5"),
        ({"loss": True}, "loss: expected a chance"),
        ({"duplicate": 0.1}, "duplicate=0.1: the network 'otp' delivers once"),
        ({"bandwidth": 0}, "bandwidth: expected bytes a second, got 0"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(numbers: dict[str, float], text: str) -> None:
    asked = {"latency": 0, "jitter": 0, "loss": 0, "duplicate": 0, "bandwidth": None, **numbers}
    with pytest.raises(ValueError, match=text):
        quality(PRESETS["otp"], **asked)
