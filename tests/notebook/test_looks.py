"""The kernel's side of Messages, Sequence and Top: what is sent, when, and that nothing runs while nobody looks."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from actorbook.core.running import current_node
from actorbook.core.scheduler import FirstComeFirstServed
from actorbook.notebook.looks import Looks
from tests.observe.test_trace import Till
from tests.running import settle, virtual


def looks() -> Looks:
    return Looks(current_node(), {"Till": Till})


def of(news: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(one for one in news if one["type"] == kind)


def process(name: str) -> Any:
    return current_node().names.get(name)


@virtual
async def test_the_selected_process_is_traced_while_its_messages_are_shown() -> None:
    till = await Till.start(name="till")
    seen = looks()
    seen.look("tree", "state", process("till"))
    assert current_node().tap is None

    seen.look("tree", "messages", process("till"))
    await till.add(5)
    told = of(seen.news(), "messages")

    assert (told["pid"], told["said"], told["running"]) == (repr(till), "4 events so far", True)
    assert [(t["way"], t["other"], t["what"], t["text"], t["state"]) for t in told["talks"]] == [
        ("in", "cell", "call", "add(5)", "taken"), ("out", "cell", "reply", "5", "taken"),
    ]  # fmt: skip
    seen.look("tree", "state", process("till"))
    assert current_node().tap is None


@virtual
async def test_news_are_told_a_few_times_a_second_and_only_when_there_are_any() -> None:
    till = await Till.start(name="till")
    seen = looks()
    seen.look("tree", "messages", process("till"))
    assert len(seen.news()) == 1
    assert seen.news() == []
    await till.add(1)
    assert seen.news() == []
    assert seen.busy()
    await ab.sleep(0.3)
    assert len(seen.news()) == 1
    assert not seen.busy()
    seen.close()


@virtual
async def test_the_successor_of_the_selected_process_is_followed() -> None:
    await ab.Supervisor.start([Till.child_spec(name="till")], name="shop")
    seen = looks()
    seen.look("tree", "messages", process("till"))
    ab.whereis("till").crash()
    await ab.sleep(0.1)
    seen.look("tree", "messages", process("till"))
    await ab.whereis("till").add(1)
    await ab.sleep(0.3)

    texts = [talk["text"] for talk in of(seen.news(), "messages")["talks"]]
    assert "crash()" in texts
    assert "add(1)" in texts
    seen.close()


@virtual
async def test_a_trace_that_tripped_can_be_begun_anew() -> None:
    till = await Till.start(name="till")
    seen = looks()
    with pytest.raises(ValueError, match="expected a process whose messages are shown"):
        seen.messages.again(5, 5)
    seen.look("tree", "messages", process("till"))
    seen.messages.again(2, 500)
    await till.add(1)
    assert of(seen.news(), "messages")["said"] == "2 events; stopped itself: limit: 2 events"
    seen.messages.again(9, 500)
    await till.add(1)
    await ab.sleep(0.3)
    assert of(seen.news(), "messages")["running"]
    seen.close()


@virtual
async def test_the_sequence_is_of_all_until_it_is_narrowed_and_shows_its_end() -> None:
    till, other = await Till.start(name="till"), await Till.start(name="other")
    seen = looks()
    seen.look("sequence", "state", None)
    for n in range(100):
        await (till, other)[n * n % 3 % 2].add(n)
    told = of(seen.news(), "sequence")
    assert (told["targets"], told["said"], told["running"]) == ("*", "400 events so far", True)
    assert [lane["name"] for lane in told["lanes"]] == ["cell", "till", "other"]
    assert told["first"] + 160 >= told["steps"]

    seen.sequence.window(0)
    await ab.sleep(0.3)
    assert of(seen.news(), "sequence")["first"] == 0
    seen.sequence.start("Till othe*", 50, 500.0)
    await other.add(1)
    await ab.sleep(0.3)
    told = of(seen.news(), "sequence")
    assert told["targets"] == "Till othe*"
    assert [flight["what"] for flight in told["flights"]] == ["call", "reply"]
    seen.close()
    assert current_node().tap is None


@virtual
async def test_the_sequence_runs_on_out_of_sight_and_is_silent() -> None:
    till = await Till.start(name="till")
    seen = looks()
    seen.look("sequence", "state", None)
    seen.news()
    seen.look("tree", "state", None)
    await till.add(5)
    await ab.sleep(0.3)
    assert seen.news() == []
    seen.look("sequence", "state", None)
    assert of(seen.news(), "sequence")["said"] == "4 events so far"
    seen.close()


@virtual
async def test_top_is_measured_while_it_is_shown() -> None:
    await Till.start(name="till")
    node, seen = current_node(), looks()
    seen.look("top", "state", None)
    assert type(node.scheduler._chooser) is not FirstComeFirstServed
    first = of(seen.news(), "top")
    assert [rank["name"] for rank in first["ranks"]] == ["till"]
    assert seen.news() == []
    assert seen.busy()
    seen.top.sort("name", "nobody")
    assert of(seen.news(), "top")["ranks"] == []
    with pytest.raises(ValueError, match=r"expected to sort by one of time, .*, got 'size'"):
        seen.top.sort("size", "")
    seen.look("tree", "state", None)
    await settle()

    assert type(node.scheduler._chooser) is FirstComeFirstServed


@virtual
async def test_the_view_that_is_shown_is_there_without_a_kernel_too() -> None:
    till = await Till.start(name="till")
    seen = looks()
    assert seen.still() == ""
    seen.look("sequence", "state", None)
    await till.add(5)
    seen.news()
    assert "add(5)" in seen.still()
    seen.look("top", "state", None)
    seen.news()
    assert "<table>" in seen.still()
    seen.close()
    assert seen.still() == ""
