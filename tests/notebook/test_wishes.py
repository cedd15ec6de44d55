"""What a person does to a process from the picture: in Python's words, and by hand in its mailbox."""

from __future__ import annotations

from typing import Any

import actorbook as ab
from actorbook.notebook.actions import act
from actorbook.notebook.picture import Picture
from actorbook.notebook.wishes import Wish, grant
from tests.running import virtual


class Till(ab.GenServer):
    def init(self, start: int = 0) -> None:
        self.n = start
        self.got: list[Any] = []

    @ab.call
    def add(self, k: int) -> int:
        self.n += k
        return self.n

    def handle_info(self, message: Any) -> None:
        self.got.append(message)

    def handle_call(self, request: Any, caller: Any) -> Any:
        if request == "fail":
            raise RuntimeError("boom")
        return ("you asked", request)


class Desk:
    """A shop with one till, and a picture of it."""

    def __init__(self) -> None:
        from actorbook.core.running import current_node

        self.node = current_node()
        self.picture = Picture(self.node)
        self.rows()

    def rows(self) -> dict[str, Any]:
        return {row["name"]: row for row in self.picture.snapshot()["rows"]}

    async def wish(self, name: str, text: str = "", **args: str) -> tuple[bool, str]:
        row = self.rows()["a"]
        slot = self.picture.slot(row["key"])
        return await grant(name, Wish(self.node, row["pid"], slot, {"text": text, **args}, {"k": 5, "n": 99}))

    def act(self, name: str, **args: str) -> tuple[bool, str]:
        return act(self.node, name, self.rows()["a"]["pid"], args)

    def queue(self) -> list[Any]:
        return list(self.node.find("a").mailbox or ())

    def mark(self, place: int) -> dict[str, str]:
        return {"at": str(place), "mark": str(id(self.queue()[place]))}


async def open_shop() -> Desk:
    await ab.Supervisor.start([Till.child_spec(7, id="a", name="a")], name="shop")
    return Desk()


@virtual
async def test_a_message_is_an_expression_in_the_notebooks_namespace() -> None:
    desk = await open_shop()

    assert await desk.wish("send", "('row', k)") == (True, "sent ('row', 5) to a")
    assert (await ab.sys.get_state("a")).got == [("row", 5)]
    assert await desk.wish("send", "1 +") == (False, "expected a Python expression, got '1 +' (invalid syntax)")
    assert await desk.wish("send", "1 / 0") == (False, "ZeroDivisionError: division by zero")
    assert (await desk.wish("send", ""))[1] == "expected a Python expression, got nothing"


@virtual
async def test_a_call_is_a_marked_method_or_a_request_and_its_failure_is_told() -> None:
    desk = await open_shop()

    assert await desk.wish("call", "add(k)") == (True, "a answered add(k) with 12")
    assert (await desk.wish("call", "'hello'"))[1] == "a answered 'hello' with ('you asked', 'hello')"
    worked, said = await desk.wish("call", "'fail'")
    assert (worked, "boom" in said) == (False, True)


@virtual
async def test_the_state_is_changed_by_assignments_or_as_a_whole() -> None:
    desk = await open_shop()

    assert (await desk.wish("put_state", "n = 99"))[0]
    assert (await ab.sys.get_state("a")).n == 99
    assert (await desk.wish("put_state", "n += k"))[0]
    assert (await ab.sys.get_state("a")).n == 104
    assert (await desk.wish("put_state", "{'n': 1, 'got': []}"))[0]
    assert (await ab.sys.get_state("a")).n == 1
    worked, said = await desk.wish("put_state", "n = 1 / 0")
    assert (worked, "ZeroDivisionError" in said) == (False, True)
    assert (await ab.sys.get_state("a")).n == 1


@virtual
async def test_a_restart_by_hand_counts_for_no_limit_and_fills_an_empty_slot() -> None:
    desk = await open_shop()
    before = desk.rows()["a"]["pid"]

    worked, said = await desk.wish("restart")
    after = desk.rows()
    assert (worked, said) == (True, "shop has started 'a' again")
    assert after["a"]["pid"] != before
    assert after["shop"]["intensity"][2] == ()

    await ab.Supervisor.terminate_child("shop", "a")
    assert desk.rows()["a"]["pid"] == ""
    assert (await desk.wish("restart", parent=after["shop"]["pid"]))[0]
    assert desk.rows()["a"]["pid"] != ""


@virtual
async def test_messages_are_dropped_doubled_and_moved_by_hand() -> None:
    desk = await open_shop()
    await ab.sys.suspend("a")
    for word in ("one", "two", "three"):
        ab.send("a", word)

    assert desk.act("move", **desk.mark(2), to="0") == (True, "message 3 of a is number 1 now")
    assert desk.act("drop", **desk.mark(1)) == (True, "message 2 of a is dropped")
    assert desk.act("duplicate", **desk.mark(0)) == (True, "message 1 of a is there twice")
    assert desk.queue() == ["three", "three", "two"]
    await ab.sys.resume("a")
    assert (await ab.sys.get_state("a")).got == ["three", "three", "two"]
    worked, said = desk.act("drop", at="0", mark="1")
    assert (worked, "not in the mailbox of a any more" in said) == (False, True)


@virtual
async def test_a_moved_message_is_seen_by_whoever_waits_for_it() -> None:
    got: list[Any] = []

    async def picky() -> None:
        got.append(await ab.receive(int))
        got.append(await ab.receive())

    pid = ab.spawn(picky, name="a")
    await ab.sleep(0)
    ab.send(pid, "x")
    ab.send(pid, "y")
    await ab.sleep(0)
    desk = Desk()
    assert desk.act("move", **desk.mark(1), to="0")[0]
    ab.send(pid, 1)
    await ab.sleep(0)

    assert got == [1, "y"]


@virtual
async def test_a_link_is_cut_one_way_held_and_mended_by_hand() -> None:
    async with ab.Cluster.simulated(["x", "y"], net_tick=0) as cluster:
        from actorbook.core.running import current_node

        def do(what: str) -> tuple[bool, str]:
            return act(current_node(), "link", "", {"a": "x", "b": "y", "do": what})

        assert do("cut there") == (True, "nothing that x sends gets to y")
        assert cluster.cuts == [("x", "y")]
        assert do("cut")[0]
        assert sorted(cluster.cuts) == [("x", "y"), ("y", "x")]
        assert do("heal")[0]
        assert cluster.cuts == []
        assert do("hold")[0]
        assert {way.status for way in cluster.ways if {way.source, way.goal} == {"x", "y"}} == {"held"}
        assert do("heal")[0]
        assert {way.status for way in cluster.ways} == {"open"}
        assert not do("bend")[0]
