"""What the inspector shows of a process: its state as values, its mailbox, its ties, its past and its source."""

from __future__ import annotations

from typing import Any

import actorbook as ab
from actorbook.notebook.inspector.code import code_of
from actorbook.notebook.inspector.values import short, value_of
from actorbook.notebook.picture import Picture
from actorbook.notebook.protocol_details import Details
from tests.running import settle, virtual


class Till(ab.GenServer):
    redact = frozenset({"pin"})

    def init(self, start: int = 0) -> None:
        self.n = start
        self.pin = "1234"
        self.lines = [{"tea": 2}, {"milk": 1}]

    @ab.call
    def add(self, k: int) -> int:
        self.n += k
        return self.n

    @ab.cast
    def crash(self) -> None:
        raise RuntimeError("boom")

    def handle_info(self, message: Any) -> None: ...


class Broken:
    def __repr__(self) -> str:
        raise ZeroDivisionError


class Deceitful(dict[str, int]):
    def items(self) -> Any:
        raise ZeroDivisionError

    def __repr__(self) -> str:
        return "deceit"


def node() -> Any:
    from actorbook.core.running import current_node

    return current_node()


async def shown(tab: str, restarts: int = 0) -> tuple[Picture, Details]:
    """The details of a supervised till, on one tab."""
    await ab.Supervisor.start([Till.child_spec(7, id="a", name="a")], name="shop", max_restarts=10)
    for _ in range(restarts):
        ab.whereis("a").crash()  # type: ignore[union-attr]
        await ab.sleep(0.01)
    picture = Picture(node())
    picture.snapshot()
    picture.look("tree", tab, "events")
    picture.select("<nb.2>/'a'")
    return picture, details(picture)


def details(picture: Picture) -> Details:
    delta = picture.delta()
    assert delta is not None
    assert delta["details"] is not None
    return delta["details"]


@virtual
async def test_the_state_is_a_tree_of_values_without_what_the_class_redacts() -> None:
    _, seen = await shown("state")
    assert seen["state"] is not None
    values = {value["name"]: value for value in seen["state"]["values"]}

    assert (values["n"]["text"], values["n"]["kind"]) == ("7", "number")
    assert (values["pin"]["text"], values["pin"]["kind"]) == ("<redacted>", "redacted")
    assert [part["parts"][0]["name"] for part in values["lines"]["parts"]] == ["'tea'", "'milk'"]
    assert "1234" not in repr(seen)


@virtual
async def test_what_a_tab_does_not_show_is_not_worked_out() -> None:
    picture, seen = await shown("links")

    assert (seen["state"], seen["queue"], seen["code"]) == (None, None, None)
    assert seen["ties"] is not None
    assert [tie["name"] for tie in seen["ties"]["links"]] == ["shop"]
    picture.look("tree", "state", "events")
    assert details(picture)["state"] is not None


@virtual
async def test_the_mailbox_tells_payload_sender_and_since_when_each_message_waits() -> None:
    picture, _ = await shown("mailbox")
    await ab.sys.suspend("a")
    picture.delta()
    ab.send("a", ("row", 1))
    ab.GenServer.cast("a", "cleanup")
    picture.delta()
    await ab.sleep(2)
    ab.send("a", "late")

    queue = details(picture)["queue"]
    assert queue is not None
    assert [(item["kind"], item["text"]) for item in queue["items"]] == [
        ("info", "('row', 1)"),
        ("cast", "'cleanup'"),
        ("info", "'late'"),
    ]
    first, _, last = queue["items"]
    assert last["since"] - first["since"] == 2000
    assert last["exact"]


@virtual
async def test_every_generation_is_told_also_those_that_the_supervisor_forgot() -> None:
    picture, seen = await shown("history", restarts=7)

    assert len(seen["exits"]) == 7
    assert len({exit["pid"] for exit in seen["exits"]}) == 7
    assert all("in crash" in exit["traceback"] for exit in seen["exits"])
    assert [exit["at"] for exit in seen["exits"]] == sorted((exit["at"] for exit in seen["exits"]), reverse=True)
    picture.look("tree", "state", "events")
    assert len(details(picture)["exits"]) == 3


@virtual
async def test_the_code_of_a_class_is_its_source() -> None:
    _, seen = await shown("code")
    assert seen["code"] is not None

    assert seen["code"]["name"] == "Till"
    assert seen["code"]["text"].startswith("class Till(ab.GenServer):")
    assert "def handle_info" in seen["code"]["text"]
    assert seen["code"]["file"] == "test_inspector.py"


@virtual
async def test_the_code_of_a_plain_process_is_its_function() -> None:
    async def patient() -> None:
        await ab.receive()

    pid = ab.spawn(patient)
    await settle()

    assert code_of(node().local(pid))["text"].startswith("async def patient()")


def test_no_value_takes_the_picture_with_it() -> None:
    loop: list[Any] = []
    loop.append(loop)
    deep: Any = 1
    for _ in range(20):
        deep = {"x": deep}

    assert short(Broken()) == "<Broken: its repr raised ZeroDivisionError>"
    assert value_of("x", Deceitful(a=1))["text"].endswith("<unfolding it raised ZeroDivisionError>")
    assert "Broken" in value_of("x", {"a": Broken()})["text"]
    assert value_of("x", loop)["parts"][0]["parts"] == []
    assert value_of("x", list(range(1000)))["more"] == 950
    assert len(repr(value_of("x", [[list(range(60)) for _ in range(60)] for _ in range(60)]))) < 100_000
    assert value_of("x", deep)["text"]
