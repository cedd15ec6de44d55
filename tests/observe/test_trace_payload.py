"""What a trace keeps of a message: little, a copy, and always something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from actorbook.behaviours.protocol import Call, Caller, Cast, Invoke, System
from actorbook.core.ids import Home, Pid, Ref
from actorbook.core.messages import DOWN, EXIT
from actorbook.observe.trace_payload import bounded, line, read

PID = Pid(Home("nb", 1), 7)
CALLER = Caller(PID, Ref(Home("nb", 1), 8))

values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)


class Point(NamedTuple):
    x: int
    y: Any


class Rude:
    def __repr__(self) -> str:
        raise RuntimeError("no")


@dataclass
class Order:
    n: int


def test_messages_are_read_by_what_they_are() -> None:
    assert read(Call(CALLER, "q")) == ("call", "q")
    assert read(Cast("q")) == ("cast", "q")
    assert read(System(CALLER, "get_state", None)) == ("system", "get_state")
    assert read(EXIT(PID, "boom")) == ("exit", "boom")
    assert read(DOWN(CALLER.ref, PID, "boom")) == ("down", "boom")
    assert read(("row", 1)) == ("info", ("row", 1))


def test_a_request_by_method_is_spelled_as_it_was_written() -> None:
    assert line(Invoke("add", (5,), {"twice": True})) == "add(5, twice=True)"
    assert line(Invoke("load", ([1] * 1000,), {})).endswith("… 976 more])")


def test_large_things_are_cut_and_say_so() -> None:
    assert repr(bounded(list(range(100)))).endswith("23, … 76 more]")
    assert repr(bounded({n: n for n in range(30)})).endswith("…: 6 more}")
    assert "… 600 more" in repr(bounded("x" * 1000))
    assert repr(bounded([[[[[1]]]]])) == "[[[[…]]]]"
    assert repr(bounded({frozenset({("a",) * 50})})).startswith("{")


def test_objects_are_their_text() -> None:
    assert line(Order(3)) == "Order(n=3)"
    assert line(Point(1, [2] * 100)).startswith("Point(x=1, y=[2, 2")
    assert line(Rude()) == "<Rude>"
    assert line("a\nb") == "'a\\nb'"


@given(values)
def test_small_plain_data_is_copied_as_it_is_and_any_is_one_short_line(value: Any) -> None:
    copy = bounded(value)
    text = line(value, 60)

    assert len(text) <= 60
    assert "\n" not in text
    assert len(repr(copy)) < 300_000
    if repr(value) == repr(copy) and isinstance(value, list | dict):
        assert copy is not value
