"""Laws of hash rings and strategies: few keys move, nobody gets more than the bound, everybody has a turn."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from math import ceil
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from actorbook.cluster.balance import STRATEGIES, Balancer
from actorbook.cluster.ring import Ring

QUICK = settings(max_examples=40, deadline=None)
TARGETS = st.lists(st.integers(0, 40) | st.text("abc", max_size=3), min_size=2, max_size=12, unique=True)
KEYS = [f"key {n}" for n in range(2000)]


def owners(ring: Ring) -> dict[str, Any]:
    return {key: ring.owner(key) for key in KEYS}


@QUICK
@given(TARGETS, st.data())
def test_removing_one_of_n_targets_moves_its_own_keys_only_about_1_in_n(
    targets: list[Any], data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(targets))
    ring = Ring(targets)
    before, after = owners(ring), owners(ring.over([target for target in targets if target != gone]))
    moved = [key for key in KEYS if before[key] != after[key]]

    assert {before[key] for key in moved} <= {gone}
    assert gone not in after.values()
    assert 0.4 / len(targets) <= len(moved) / len(KEYS) <= 1.9 / len(targets)


@QUICK
@given(TARGETS, st.data())
def test_adding_a_target_moves_keys_to_it_only_about_1_in_n(targets: list[Any], data: st.DataObject) -> None:
    new = data.draw(st.sampled_from(targets))
    smaller = Ring(target for target in targets if target != new)
    before, after = owners(smaller), owners(smaller.over(targets))
    moved = [key for key in KEYS if before[key] != after[key]]

    assert {after[key] for key in moved} <= {new}
    assert 0.4 / len(targets) <= len(moved) / len(KEYS) <= 1.9 / len(targets)


@QUICK
@given(TARGETS, TARGETS, st.randoms(use_true_random=False))
def test_a_ring_depends_on_its_targets_only_not_on_how_it_came_about(
    one: list[Any], other: list[Any], luck: Any
) -> None:
    shuffled = list(other)
    luck.shuffle(shuffled)

    assert owners(Ring(one).over(shuffled)) == owners(Ring(other))


@QUICK
@given(TARGETS, st.sampled_from(KEYS))
def test_a_walk_meets_every_target_once_and_begins_with_the_owner(targets: list[Any], key: str) -> None:
    ring = Ring(targets)
    walk = list(ring.walk(key))

    assert walk[0] == ring.owner(key)
    assert sorted(map(repr, walk)) == sorted(map(repr, targets))


@QUICK
@given(
    TARGETS,
    st.floats(1, 3),
    st.lists(st.tuples(st.sampled_from(KEYS[:4]), st.booleans()), max_size=60),
)
def test_no_target_gets_above_its_bound(targets: list[Any], bound: float, steps: list[tuple[str, bool]]) -> None:
    ring, loads, running = Ring(targets), Counter[Any](), list[Any]()
    for key, ends in steps:
        target = ring.free(key, loads.__getitem__, bound)
        loads[target] += 1
        running.append(target)
        assert loads[target] <= ceil(bound * loads.total() / len(targets))
        if ends:
            loads[running.pop(0)] -= 1


@QUICK
@given(TARGETS, st.sampled_from(KEYS))
def test_as_long_as_the_owner_has_room_the_bound_changes_nothing(targets: list[Any], key: str) -> None:
    ring = Ring(targets)

    assert ring.free(key, lambda _: 0, 1.25) == ring.owner(key)


def test_every_interpreter_has_the_same_ring() -> None:
    code = (
        f"from actorbook.cluster.ring import Ring; r = Ring(['a', ('b', 1), 2]); print([r.owner(k) for k in {KEYS!r}])"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)

    ring = Ring(["a", ("b", 1), 2])
    assert ast.literal_eval(told.stdout) == [ring.owner(key) for key in KEYS]


@QUICK
@given(
    st.sampled_from(STRATEGIES),
    st.integers(1, 9),
    st.lists(st.floats(0, 1, exclude_max=True), min_size=40, max_size=40),
    st.lists(st.integers(0, 5), min_size=9, max_size=9),
)
def test_every_strategy_picks_one_of_the_targets(strategy: Any, n: int, draws: list[float], loads: list[int]) -> None:
    balancer, luck, targets = Balancer(strategy), iter(draws), list(range(n))
    for key in range(15):
        assert balancer.pick(targets, key=key, load=loads.__getitem__, draw=lambda: next(luck)) in targets


@QUICK
@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_round_robin_gives_everybody_a_turn_however_many_there_are(sizes: list[int]) -> None:
    balancer = Balancer("round_robin")
    for size in sizes:
        assert balancer.pick(range(size)) in range(size)
    size = sizes[-1]
    assert sorted(balancer.pick(range(size)) for _ in range(size)) == list(range(size))


@QUICK
@given(st.lists(st.integers(0, 5), min_size=1, max_size=9), st.integers(0, 20))
def test_least_mailbox_picks_among_the_least_busy_and_lets_those_take_turns(loads: list[int], before: int) -> None:
    balancer = Balancer("least_mailbox")
    for _ in range(before):
        balancer.pick(range(len(loads)), load=loads.__getitem__)
    least = [place for place, load in enumerate(loads) if load == min(loads)]

    assert sorted(balancer.pick(range(len(loads)), load=loads.__getitem__) for _ in least) == least


@QUICK
@given(st.lists(st.integers(0, 99), min_size=2, max_size=9, unique=True), st.floats(0, 0.999), st.floats(0, 0.999))
def test_of_two_choices_the_busiest_of_all_is_never_picked(loads: list[int], one: float, other: float) -> None:
    draws = iter([one, other])
    picked = Balancer("two_choices").pick(range(len(loads)), load=loads.__getitem__, draw=lambda: next(draws))

    assert loads[picked] < max(loads)


def test_two_choices_spread_work_far_more_evenly_than_one() -> None:
    draws = iter((n * 0.6180339887) % 1 for n in range(1, 10_000))  # evenly spread luck
    luck = iter((n * 0.7548776662 + n * n * 0.5698402910) % 1 for n in range(1, 10_000))
    full = {}
    for strategy, source in (("random", luck), ("two_choices", draws)):
        balancer, loads = Balancer(strategy), Counter[int]()
        for _ in range(1000):
            loads[balancer.pick(range(50), load=loads.__getitem__, draw=lambda source=source: next(source))] += 1
        full[strategy] = max(loads.values())

    assert full["two_choices"] <= 23 < full["random"]
