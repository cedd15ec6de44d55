"""Dynamic supervisors in the tree, as classes and as children; their table of slots against a plain model."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import actorbook as ab
from actorbook.behaviours.child_spec import ChildSpec
from actorbook.behaviours.children import Child
from actorbook.behaviours.dynamic_children import DynamicChildren, last_pid
from actorbook.core.ids import Home, Pid
from tests.running import idle, settle, virtual


class Visit(ab.GenServer):
    def init(self, plan: Any = None) -> Any:
        if plan is not None and plan["slow"]:
            return self.fail()
        return None

    async def fail(self) -> Any:
        await asyncio.sleep(1)
        return ab.Stop("bad")

    @ab.cast
    def crash(self) -> None:
        raise RuntimeError("boom")


async def visit(sup: Any, *args: Any, **options: Any) -> ab.Pid:
    pid: ab.Pid = await ab.DynamicSupervisor.start_child(sup, Visit.child_spec(*args, **options))
    return pid


def lines(of: str = "visits") -> list[str]:
    return str(ab.observe.tree(of)).splitlines()


@virtual
async def test_the_tree_shows_every_child_in_its_place_also_after_a_restart() -> None:
    await ab.DynamicSupervisor.start(name="visits")
    ada, bob = await visit("visits", name="ada"), await visit("visits", restart="temporary")
    await visit("visits")
    assert [line.rpartition("  <")[0] for line in lines()][1:] == [
        "├─ ada  Visit",
        "├─ Visit  Visit",
        "└─ Visit  Visit",
    ]

    ada.crash()
    bob.crash()
    await settle()
    assert lines()[0].startswith("visits  dynamic  <nb.2>  1 of 3")
    assert [line.partition("  ")[0] for line in lines()[1:]] == ["├─ ada", "└─ Visit"]
    assert "↻ 1  ✕ RuntimeError: boom" in lines()[1]
    [event] = [event for event in ab.observe.events() if event.kind == "restarted"]
    assert (event.name, event.pid) == ("ada", ab.whereis("ada"))


@virtual
async def test_a_slot_that_restarts_goes_by_its_class_and_keeps_its_key() -> None:
    from actorbook.core.running import current_node
    from actorbook.observe.rows import Lens, rows

    def keys() -> list[str]:
        return [row.key for row in rows(current_node(), Lens())]

    await ab.DynamicSupervisor.start(name="visits", max_restarts=1000)
    plan = {"slow": False}
    child = await visit("visits", ab.share(plan))
    await visit("visits")
    before = keys()
    plan["slow"] = True
    child.crash()
    await asyncio.sleep(1.5)
    assert lines()[1] == "├─ Visit  Visit  –  restarting  ✕ RuntimeError: boom"
    assert keys() == before
    plan["slow"] = False
    await asyncio.sleep(2)
    assert (keys(), ab.observe.tree("visits").children[0].restarts) == (before, 1)


@virtual
async def test_a_class_has_its_options_as_attributes_and_can_be_a_child() -> None:
    class Visits(ab.DynamicSupervisor):
        max_children = 1
        max_restarts = 0

    [spec] = [Visits.child_spec(name="visits")]
    assert (spec.id, spec.type, spec.modules) == ("visits", "supervisor", ("Visits",))
    await ab.Supervisor.start([spec], name="top")
    first = ab.whereis("visits")
    child = await visit("visits")
    child.crash()
    await settle()
    assert ab.whereis("visits") not in (None, first)
    assert await ab.DynamicSupervisor.which_children("visits") == []


@virtual
async def test_the_end_of_a_crowd_takes_no_time_and_leaves_nobody() -> None:
    sup = await ab.DynamicSupervisor.start()
    assert sup is not None
    for _ in range(1000):
        await ab.DynamicSupervisor.start_child(sup, {"id": 1, "start": (lambda: ab.spawn(idle, link=True),)})
    began = asyncio.get_running_loop().time()
    await ab.stop(sup)
    assert asyncio.get_running_loop().time() == began
    assert ab.observe.tree().children == ()


@given(st.lists(st.tuples(st.sampled_from(["start", "end", "restart", "drop"]), st.integers(0, 9)), max_size=60))
def test_the_table_is_a_list_of_slots_whoever_moves(steps: list[tuple[str, int]]) -> None:
    home, table = Home("nb", 1), DynamicChildren(lambda *change: None)
    model: list[list[Any]] = []  # a slot: who began there, who lives or lived there last, does that one live
    gone: list[Pid] = []
    for number, (what, at) in enumerate(steps):
        pid = Pid(home, number)
        slot = model[at % len(model)] if model else [None, None, False]
        child = table.get(slot[1])
        if what == "start":
            table.add(Child(ChildSpec(None, (print, (), {}))), pid)
            model.append([pid, pid, True])
        elif child is not None and what == "drop":
            table.drop(child)
            model.remove(slot)
            gone.append(slot[1])
        elif child is not None and what == "end" and slot[2]:
            child.left("boom", 0.0)
            slot[2] = False
        elif child is not None and what == "restart" and not slot[2]:
            table.moved_in(child, pid)
            gone.append(slot[1])
            slot[1:] = [pid, True]

        assert [view.id for view in table.views()] == [began for began, _, _ in model]
        assert [view.pid for view in table.views()] == [last if alive else None for _, last, alive in model]
        assert [last_pid(child) for child in reversed(table)] == [last for _, last, _ in reversed(model)]
        assert [table.get(last) for _, last, _ in model] == list(table)
        assert [table.of(last) is not None for _, last, _ in model] == [alive for _, _, alive in model]
        assert [table.get(pid) for pid in gone] == [None] * len(gone)
        assert len(table) == len(model)
