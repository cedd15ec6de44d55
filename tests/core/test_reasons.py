"""Reasons as values: what a crash keeps of an exception, and what its text says when somebody reads it."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from traceback import format_exception
from typing import Any

import pytest

from actorbook.core.reasons import Crash, crash, describe


class OwnError(ValueError):
    """An error of a user's module."""


def fails(error: BaseException) -> Any:
    local = ["some", "state"]
    raise error if local else ValueError


def chained() -> None:
    try:
        fails(KeyError("inner"))
    except KeyError as inner:
        raise ValueError("outer") from inner


def noted() -> None:
    error = ValueError("with a note")
    error.add_note("look here")
    raise error


CASES: list[Callable[[], Any]] = [
    lambda: fails(ValueError("no")),
    lambda: fails(OwnError("own")),
    lambda: fails(ValueError()),
    lambda: fails(ExceptionGroup("many", [ValueError("one"), KeyError("two")])),
    lambda: int("x") + fails(ValueError("never")),
    lambda: sys.no_such_name,  # type: ignore[attr-defined]
    chained,
    noted,
]


@pytest.mark.parametrize("case", CASES)
def test_the_traceback_says_what_python_says_of_the_exception(case: Callable[[], Any]) -> None:
    try:
        case()
    except BaseException as error:  # noqa: BLE001  any will do
        said, kept = "".join(format_exception(error)), crash(error)
        what = str(error)
    assert kept.traceback == said
    assert kept == Crash(kept.type, what)


def test_a_crash_keeps_no_variable_alive() -> None:
    from gc import collect
    from weakref import ref

    class Big:
        pass

    def uses() -> None:
        big = Big()
        gone.append(ref(big))
        raise ValueError("no")

    gone: list[Any] = []
    try:
        uses()
    except ValueError as error:
        kept = crash(error)
    collect()
    assert gone[0]() is None
    assert "in uses" in kept.traceback


def test_a_crash_travels_as_text() -> None:
    try:
        fails(ValueError("no"))
    except ValueError as error:
        kept = crash(error)
    copy = pickle.loads(pickle.dumps(kept))
    assert (copy, copy.traceback) == (kept, kept.traceback)
    assert describe(copy) == "ValueError: no"
