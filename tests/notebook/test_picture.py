"""The kernel's side of the wire: snapshots, deltas, and that one applied to the other is the truth."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import actorbook as ab
from actorbook.notebook.differ import changes, order_of
from actorbook.notebook.picture import Picture
from tests.running import virtual


class Till(ab.GenServer):
    @ab.cast
    def crash(self) -> None:
        raise RuntimeError("boom")


def row(key: str, parent: str = "", **fields: Any) -> Any:
    return {"key": key, "parent": parent, "pid": f"<{key}>", **fields}


keys = st.lists(st.integers(0, 9), unique=True, max_size=8)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@example([0, 1], [1, 0], {})
@given(keys, keys, st.dictionaries(st.integers(0, 9), st.integers(0, 3)))
def test_a_delta_applied_to_the_old_rows_gives_the_new_ones(
    old: list[int], new: list[int], boxes: dict[int, int]
) -> None:
    before = {str(n): row(str(n), mailbox=0) for n in old}
    now = {str(n): row(str(n), mailbox=boxes.get(n, 0)) for n in new}

    put, drop, order = changes(before, now, {})
    rebuilt = {key: value for key, value in before.items() if key not in {gone["key"] for gone in drop}}
    rebuilt.update({r["key"]: r for r in put})

    assert rebuilt == now
    assert {**order_of(before.values()), **order}.get("", []) == [str(n) for n in new] or not new


@virtual
async def test_nothing_new_is_no_delta() -> None:
    await ab.Supervisor.start([Till.child_spec(id="a", name="a")], name="shop")
    picture = Picture(_node())
    picture.snapshot()
    picture.delta()

    assert picture.delta() is None


def _node() -> Any:
    from actorbook.core.running import current_node

    return current_node()


@virtual
async def test_a_crash_puts_the_same_key_under_a_new_pid() -> None:
    await ab.Supervisor.start([Till.child_spec(id="a", name="a")], name="shop")
    picture = Picture(_node())
    before = {r["name"]: r for r in picture.snapshot()["rows"]}
    till = ab.whereis("a")
    assert till is not None
    till.crash()
    await ab.sleep(0.01)

    delta = picture.delta()

    assert delta is not None
    after = {r["name"]: r for r in delta["put"]}["a"]
    assert after["key"] == before["a"]["key"]
    assert after["pid"] != before["a"]["pid"]
    assert after["restarts"] == 1
    assert after["exits"][0]["reason"] == "RuntimeError: boom"
    assert [e["kind"] for e in delta["events"]] == ["crashed", "started", "restarted"]
    assert (delta["seq"], delta["drop"], delta["order"]) == (1, [], {})


@virtual
async def test_a_large_family_is_a_page_and_one_row_for_the_rest() -> None:
    await ab.Supervisor.start([Till.child_spec(id=n) for n in range(130)], name="big")
    picture = Picture(_node())
    rows = picture.snapshot()["rows"]
    more = rows[-1]

    assert (len(rows), more["kind"], more["name"], more["children"]) == (52, "more", "… 80 more", 80)
    picture.more(more["key"])
    delta = picture.delta()
    assert delta is not None
    assert len(delta["put"]) == 51
    assert delta["put"][-1]["name"] == "… 30 more"


@virtual
async def test_a_search_opens_what_hides_the_hit() -> None:
    await ab.Supervisor.start([Till.child_spec(id=n, name=f"till {n}") for n in range(130)], name="big")
    picture = Picture(_node())
    root = picture.snapshot()["rows"][0]["key"]
    picture.open(root, is_open=False)
    picture.delta()

    total, found = picture.search("TILL 12")
    delta = picture.delta()

    assert total == len(found) == 11
    assert delta is not None
    assert set(found) <= {r["key"] for r in delta["put"]}


@virtual
async def test_the_details_of_the_selected_row_tell_why_the_generation_before_ended() -> None:
    await ab.Supervisor.start([Till.child_spec(id="a", name="a")], name="shop")
    picture = Picture(_node())
    picture.snapshot()
    till = ab.whereis("a")
    assert till is not None
    till.crash()
    await ab.sleep(0.01)
    picture.delta()
    picture.select("<nb.2>/'a'")

    delta = picture.delta()

    assert delta is not None
    details = delta["details"]
    assert details is not None
    assert details["ties"] is not None
    assert details["ties"]["links"] == [{"pid": "<nb.2>", "name": "shop"}]
    assert "in crash" in details["exits"][0]["traceback"]
