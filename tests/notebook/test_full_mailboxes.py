"""A mailbox with a limit, wherever it is shown: the widget's rows, the text tree, the SVG, the tables."""

from __future__ import annotations

from typing import Any

import actorbook as ab
from actorbook.core.running import current_node
from actorbook.notebook import commands
from actorbook.notebook.picture import Picture
from actorbook.observe import svg
from actorbook.observe.rows import PAGE, Lens, rows
from tests.running import idle, settle, virtual


class Till(ab.GenServer):
    """Three may stand in the queue."""

    mailbox = ab.Mailbox(3, "drop_oldest")


async def open_shop(messages: int) -> Any:
    """A supervised till that is suspended, and gets so many messages."""
    await ab.Supervisor.start([Till.child_spec(id="till", name="till")], name="shop")
    await ab.sys.suspend("till")
    for n in range(messages):
        ab.send("till", n)
    return current_node().find("till")


def row_of(name: str, messages: list[Any]) -> Any:
    """The row of that name."""
    return next(row for row in messages if row["name"] == name)


@virtual
async def test_a_row_tells_limit_fullness_and_loss() -> None:
    await open_shop(2)
    picture = Picture(current_node())
    before = row_of("till", picture.snapshot()["rows"])
    assert (before["mailbox"], before["limit"], before["full"], before["dropped"]) == (2, 3, False, 0)

    for n in range(5):
        ab.send("till", n)
    delta = picture.delta()

    assert delta is not None
    after = row_of("till", delta["put"])
    assert (after["mailbox"], after["limit"], after["full"], after["dropped"]) == (3, 3, True, 4)
    assert [(event["kind"], event["name"]) for event in delta["events"]] == [("overflow", "till")]
    assert row_of("shop", picture.snapshot()["rows"])["limit"] == 0


@virtual
async def test_losses_alone_are_news() -> None:
    await open_shop(3)
    picture = Picture(current_node())
    picture.snapshot()

    ab.send("till", "more")
    delta = picture.delta()

    assert delta is not None
    assert row_of("till", delta["put"])["dropped"] == 1


@virtual
async def test_the_details_tell_the_policy() -> None:
    process = await open_shop(5)
    picture = Picture(current_node())
    picture.select(row_of("till", picture.snapshot()["rows"])["key"])
    picture.look("tree", "mailbox", "events")

    delta = picture.delta()

    assert delta is not None
    assert delta["details"] is not None
    queue = delta["details"]["queue"]
    assert queue is not None
    assert queue["bounds"] == "at most 3, then drop_oldest; 2 found no room"
    assert dict(commands.info(current_node(), process).rows)["limit"] == queue["bounds"]


@virtual
async def test_who_is_held_says_that_it_waits_for_room() -> None:
    async def sends() -> None:
        for n in range(3):
            ab.send("full", n)
            await ab.sleep(0)

    ab.spawn(idle, name="full", mailbox=ab.Mailbox(1, "wait"))
    ab.spawn(sends, name="sender")
    await settle()

    row = row_of("sender", Picture(current_node()).snapshot()["rows"])

    assert row["status"] == "waiting"
    assert row["sub"].endswith("sends · waits for room")


@virtual
async def test_the_row_that_stands_for_the_rest_counts_the_full_ones() -> None:
    for _ in range(PAGE):
        ab.spawn(idle)
    for _ in range(3):
        ab.send(ab.spawn(idle, mailbox=1), "unread")
    await settle()

    assert rows(current_node(), Lens())[-1].sub == "0 restarting · 3 queued · 3 full"


@virtual
async def test_text_and_svg_mark_the_full_ones() -> None:
    await open_shop(5)

    assert str(ab.observe.tree("till")).endswith("suspended  3 of 3 queued  full  2 dropped")
    assert ">3 full</text>" in svg.draw(rows(current_node(), Lens()))


@virtual
async def test_ps_and_mailbox_tell_limit_and_losses() -> None:
    process = await open_shop(5)
    ab.spawn(idle, name="free")

    limits = {row[1]: row[6] for row in commands.ps(current_node()).rows}
    shown = commands.mailbox(process)

    assert limits["till"] == "3 full, 2 dropped"
    assert limits["free"] == ""
    assert repr(shown).endswith("full: 3 wait; at most 3, then drop_oldest; 2 found no room")
    assert "found no room" in shown._repr_html_()
