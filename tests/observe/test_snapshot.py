"""The tree as a value and as text; it is read from the runtime's tables and no process is messaged."""

from __future__ import annotations

import pytest

import actorbook as ab
from actorbook.observe import svg
from actorbook.observe.family import path_to
from actorbook.observe.rows import Lens, rows
from tests.running import virtual


class Till(ab.GenServer):
    @ab.cast
    def crash(self) -> None:
        raise RuntimeError("boom")


async def open_shop(tills: int = 2) -> ab.Pid:
    shop = await ab.Supervisor.start([Till.child_spec(id=n, name=f"till {n}") for n in range(tills)], name="shop")
    assert shop is not None
    return shop


@virtual
async def test_a_tree_tells_kinds_restarts_reasons_and_the_intensity_left() -> None:
    await open_shop()
    till = ab.whereis("till 1")
    assert till is not None
    till.crash()
    await ab.sleep(0.01)
    shop = ab.observe.tree("shop")
    found = shop.find("till 1")

    assert found is not None
    assert (shop.kind, shop.intensity) == ("supervisor", (3, 5, 1))
    assert (found.restarts, found.pid, found.exits[0][0]) == (1, ab.whereis("till 1"), till)
    assert str(ab.observe.tree()).splitlines() == [
        "nb@local  1 root",
        "└─ shop  one_for_one  <nb.2>  1 of 3 in 5 s",
        "   ├─ till 0  Till  <nb.4>  waiting",
        "   └─ till 1  Till  <nb.8>  waiting  ↻ 1  ✕ RuntimeError: boom",
    ]


@virtual
async def test_a_tree_does_not_change_and_looking_sends_nothing() -> None:
    await open_shop()
    before = ab.observe.tree()
    ab.send("till 0", "unread")
    again = ab.observe.tree()

    assert before.find("till 0") != again.find("till 0")
    assert again.find("till 0").mailbox == 1  # type: ignore[union-attr]
    assert ab.process_info(ab.whereis("shop"))["messages_handled"] == 0  # type: ignore[arg-type,index]


@virtual
async def test_an_unknown_root_is_named_with_the_names_there_are() -> None:
    await open_shop()

    with pytest.raises(ValueError, match=r"no living process 'shpo'; there are: shop, till 0, till 1"):
        ab.observe.tree("shpo")


@virtual
async def test_linked_processes_hang_below_who_started_them_and_move_up_when_that_one_is_gone() -> None:
    async def child() -> None:
        ab.flag(trap_exit=True)
        await ab.receive(int)

    async def parent() -> None:
        ab.spawn(child, link=True, name="child")
        await ab.receive()

    pid = ab.spawn(parent, name="parent")
    await ab.sleep(0.01)
    assert [c.name for c in ab.observe.tree("parent").children] == ["child"]

    ab.exit(pid, "kill")

    assert [c.name for c in ab.observe.tree().children] == ["child"]


@virtual
async def test_rows_stay_few_however_many_processes_there_are() -> None:
    await open_shop(5_000)
    from actorbook.core.running import current_node

    node = current_node()
    seen = rows(node, Lens())
    last = ab.whereis("till 4999")
    assert last is not None

    assert len(seen) == 52
    assert seen[-1].name == "… 4,950 more"
    assert path_to(node, last) == ["<nb.2>", "<nb.2>/4999"]


@virtual
async def test_the_static_picture_is_an_svg_with_every_name_escaped() -> None:
    await ab.Supervisor.start([Till.child_spec(id="<&>")], name="shop")
    from actorbook.core.running import current_node

    picture = svg.draw(rows(current_node(), Lens()))

    assert picture.startswith("<svg")
    assert "&lt;&amp;&gt;" in picture
    assert "<script" not in picture
