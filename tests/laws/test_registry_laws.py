"""Laws of registries: whatever happens in which order, a registry says what a list of entries says."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

import actorbook as ab
from actorbook.behaviours.registry_table import exact
from tests.holders import ask, holder, registry
from tests.running import run

R = ab.Registry
KEYS = [1, 1.0, True, "a", (1,), (1.0,), [True]]
PARTITIONS = 2
STEP = st.tuples(
    st.sampled_from(["register", "register", "register", "unregister", "match", "update", "exit", "suspend", "resume"]),
    st.integers(0, 2),
    st.sampled_from(KEYS),
    st.integers(0, 2),
)
DATA = st.recursive(
    st.booleans() | st.integers(0, 1) | st.sampled_from([0.0, 1.0, "1"]) | st.none(),
    lambda inner: st.tuples(inner) | st.tuples(inner, inner) | st.lists(inner, max_size=2),
    max_leaves=4,
)


class Row(NamedTuple):
    """One entry of the model; keys are told apart by how they are written."""

    key: str
    pid: ab.Pid
    value: int


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["unique", "duplicate"]), st.lists(STEP, max_size=25))
def test_a_registry_is_a_list_of_entries_of_the_living(keys: str, steps: list[tuple[str, int, Any, int]]) -> None:
    run(lambda: _play(keys, steps))


async def _play(keys: str, steps: list[tuple[str, int, Any, int]]) -> None:
    pid = await registry(keys, partitions=PARTITIONS)
    pids = [await holder() for _ in range(3)]
    model: list[Row] = []
    for what, n, key, value in steps:
        if what == "exit":
            ab.exit(pids[n], "kill")
            model = [row for row in model if row.pid is not pids[n]]
            _agree(pid, model, pids)
            pids[n] = await holder()
        elif what in ("suspend", "resume"):
            await getattr(ab.sys, what)(pid)
        else:
            result = await ask(pids[n], *_OPERATIONS[what](key, value))
            model = _expected(keys, model, what, Row(repr(key), pids[n], value), result)
        _agree(pid, model, pids)


_OPERATIONS: dict[str, Any] = {
    "register": lambda key, value: (R.register, "r", key, value),
    "unregister": lambda key, value: (R.unregister, "r", key),
    "match": lambda key, value: (R.unregister_match, "r", key, lambda other: other == value),
    "update": lambda key, value: (R.update_value, "r", key, lambda other: other + value),
}


def _expected(keys: str, model: list[Row], what: str, row: Row, result: Any) -> list[Row]:
    """The model after one operation of one process, whose result must fit."""
    mine = [other for other in model if other.pid is row.pid and other.key == row.key]
    holders = [other.pid for other in model if other.key == row.key]
    if what == "register":
        refused = keys == "unique" and bool(holders)
        assert getattr(result, "holder", None) is (holders[0] if refused else None)
        return model if refused else [*model, row]
    if what == "update":
        if keys == "duplicate" or not mine:
            assert isinstance(result, ValueError if keys == "duplicate" else ab.UnknownKeyError)
            return model
        assert result == (mine[0].value + row.value, mine[0].value)
        return [other._replace(value=result[0]) if other is mine[0] else other for other in model]
    assert result is None
    gone = [other for other in mine if what == "unregister" or other.value == row.value]
    return [other for other in model if not any(other is one for one in gone)]


def _agree(pid: ab.Pid, model: list[Row], pids: list[ab.Pid]) -> None:
    """Every way of asking gives what the model has."""
    assert R.count("r") == len(model)
    for key in KEYS:
        pairs = [(row.pid, row.value) for row in model if row.key == repr(key)]
        dealt: list[Any] = []
        R.dispatch("r", key, dealt.extend)
        assert R.lookup("r", key) == pairs
        assert sorted(dealt) == sorted(pairs)
    for one in filter(ab.is_alive, pids):
        info = ab.process_info(one)
        assert info is not None
        assert sorted(map(repr, R.keys("r", one))) == sorted(row.key for row in model if row.pid is one)
        assert (pid in info["links"]) is any(row.pid is one for row in model)


@given(DATA, DATA)
def test_two_keys_are_one_when_they_are_written_alike(one: Any, other: Any) -> None:
    assert (exact(one) == exact(other)) is (repr(one) == repr(other))
