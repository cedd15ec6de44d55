"""Supervisors, beyond the rules: the ways to write one down."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.running import virtual


class Worker(ab.GenServer):
    """A child like any other."""


def specs(count: int) -> list[ab.ChildSpec]:
    return [Worker.child_spec(id=id) for id in range(count)]


class ListForm(ab.Supervisor):
    children = specs(2)


class PropertyForm(ab.Supervisor):
    count = 2

    @property
    def children(self) -> Any:
        return specs(self.count)


class MethodForm(ab.Supervisor):
    def children(self, count: int = 2) -> Any:
        return self.workers(count)

    def workers(self, count: int) -> list[ab.ChildSpec]:
        return specs(count)


class ClassMethodForm(ab.Supervisor):
    @classmethod
    def children(cls, count: int = 2) -> Any:
        return specs(count)


class StaticMethodForm(ab.Supervisor):
    @staticmethod
    def children(count: int = 2) -> Any:
        return specs(count)


async def ids(sup: Any) -> list[Any]:
    return [child.id for child in reversed(await ab.Supervisor.which_children(sup))]


@pytest.mark.parametrize("form", [ListForm, PropertyForm, MethodForm, ClassMethodForm, StaticMethodForm])
@virtual
async def test_children_of_a_class_may_be_a_list_a_property_or_any_method(form: type[ab.Supervisor]) -> None:
    assert await ids(await form.start()) == [0, 1]
    top = await ab.Supervisor.start([form.child_spec(name="inner")])
    assert await ids("inner") == [0, 1]
    await ab.stop(top)


@pytest.mark.parametrize("form", [MethodForm, ClassMethodForm, StaticMethodForm])
@virtual
async def test_a_method_of_children_gets_the_arguments_of_start(form: type[ab.Supervisor]) -> None:
    assert await ids(await form.start(3)) == [0, 1, 2]


@virtual
async def test_children_and_options_are_given_by_place_or_by_name() -> None:
    for sup in (
        await ab.Supervisor.start(specs(1), "one_for_all", 7),
        await ab.Supervisor.start(children=specs(1), strategy="one_for_all", max_restarts=7),
    ):
        options = (await ab.sys.get_state(sup))["_options_now"]
        assert (options.strategy, options.max_restarts, options.max_seconds) == ("one_for_all", 7, 5)
        assert await ids(sup) == [0]


@virtual
async def test_children_missing_or_an_option_given_twice_start_nothing() -> None:
    for args, options in (
        ((), {}),
        (([],), {"children": []}),
        (([], "one_for_all"), {"strategy": "one_for_all"}),
        (([], "one_for_all", 3, 5, "never", 1), {}),
    ):
        with pytest.raises(TypeError, match="expected one list of child specs, and each option once"):
            await ab.Supervisor.start(*args, name="sup", **options)  # type: ignore[arg-type]
    assert ab.whereis("sup") is None
