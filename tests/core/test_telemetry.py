"""Telemetry beyond its rules: names, copies, code outside a node, and the ends of processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import actorbook as ab
from tests.running import idle, reason_of_end, settle, virtual

tel = ab.telemetry


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    yield
    for id in {handler.id for handler in tel.list_handlers()}:
        tel.detach(id)


def note(event: Any, measurements: Any, metadata: Any, config: list[Any]) -> None:
    config.append((event, measurements, metadata))


def test_it_works_without_a_node_on_the_real_clock() -> None:
    heard: list[Any] = []
    tel.attach_many("a", ["work.start", "work.stop"], note, ab.share(heard))
    assert tel.span("work", {"n": 1}, lambda: "done") == "done"
    tel.span("work", {"n": 2}, lambda: "done")
    (_, begun, first), (_, done, last), (_, _, other), _ = heard
    assert done["duration"] == done["monotonic_time"] - begun["monotonic_time"] >= 0
    assert begun["system_time"] > 1e9
    assert first["telemetry_span_context"] is last["telemetry_span_context"] is not other["telemetry_span_context"]


def test_handlers_are_listed_by_prefix_in_the_order_they_were_attached() -> None:
    for id, event in [("a", "x.y"), ("b", "x"), ("c", "z"), ("d", "x.y")]:
        tel.attach(id, event, note)
    assert [handler.id for handler in tel.list_handlers("x")] == ["a", "d", "b"]
    assert [handler.id for handler in tel.list_handlers(("x", "y"))] == ["a", "d"]
    assert tel.list_handlers("y") == []
    assert tel.list_handlers()[0] == tel.Handler("a", ("x", "y"), note, None)


def test_an_event_that_is_named_twice_is_heard_once() -> None:
    heard: list[Any] = []
    tel.attach_many("a", ["x", ("x",)], note, ab.share(heard))
    tel.execute("x")
    assert len(heard) == 1


@pytest.mark.parametrize("event", ["", (), ("a", 1), "a..b", 5, ["a"], ("",)])
def test_a_name_that_is_none_is_the_callers_error(event: Any) -> None:
    with pytest.raises(ValueError, match="event: expected words such as"):
        tel.attach("a", event, note)
    with pytest.raises(ValueError, match="event: expected words such as"):
        tel.span(event)
    assert tel.list_handlers() == []


def test_a_handler_must_be_a_plain_function() -> None:
    not_a_function: Any = "note"
    with pytest.raises(TypeError, match="attach: expected a function"):
        tel.attach("a", "x", not_a_function)

    async def waits(event: Any, measurements: Any, metadata: Any, config: Any) -> None: ...

    heard: list[Any] = []
    tel.attach("a", "x", waits)
    tel.attach("b", "telemetry.handler.failure", note, ab.share(heard))
    tel.execute("x")
    assert "expected a plain def" in heard[0][2]["reason"].message
    with pytest.raises(TypeError, match="span: expected a plain def"):
        tel.span("x", {}, lambda: waits(1, 2, 3, 4))


def test_each_handler_gets_its_own_dicts_and_a_copy_of_the_config() -> None:
    seen: list[Any] = []

    def spoils(event: Any, measurements: Any, metadata: Any, config: Any) -> None:
        seen.append((dict(measurements), dict(metadata), list(config)))
        measurements["spoiled"] = metadata["spoiled"] = True
        config.append("spoiled")

    config, numbers = ["mine"], {"n": 1}
    tel.attach("a", "x", spoils, config)
    tel.attach("b", "x", spoils, config)
    config.append("later")
    tel.execute("x", numbers, {"m": 2})
    assert seen == [({"n": 1}, {"m": 2}, ["mine"])] * 2
    assert numbers == {"n": 1}


def test_measurements_that_are_no_mapping_are_the_emitters_error() -> None:
    tel.attach("a", "x", note, ab.share([]))
    wrong: Any = 5
    with pytest.raises(TypeError):
        tel.execute("x", wrong)
    assert len(tel.list_handlers()) == 1


def test_handlers_may_attach_and_detach_while_they_are_called() -> None:
    heard: list[Any] = []

    def changes(event: Any, measurements: Any, metadata: Any, config: Any) -> None:
        tel.detach("a")
        tel.detach("b")
        tel.attach("c", "x", note, ab.share(heard))

    tel.attach("a", "x", changes)
    tel.attach("b", "x", note, ab.share(heard))
    tel.execute("x", {"n": 1})
    tel.execute("x", {"n": 2})
    assert [measurements["n"] for _, measurements, _ in heard] == [1, 2]


@virtual
async def test_a_handler_that_ends_the_emitting_process_is_no_failure() -> None:
    def ends(event: Any, measurements: Any, metadata: Any, config: Any) -> None:
        ab.exit(ab.self_(), "kill")

    after: list[Any] = []

    def emits() -> None:
        tel.execute("x")
        after.append("went on")

    tel.attach("a", "x", ends)
    assert await reason_of_end(ab.spawn(emits)) == "killed"
    assert [handler.id for handler in tel.list_handlers()] == ["a"]
    assert after == []


@virtual
async def test_a_process_that_is_killed_inside_a_span_emits_no_end() -> None:
    heard: list[Any] = []
    tel.attach_many("a", ["x.start", "x.stop", "x.exception"], note, ab.share(heard))

    async def works() -> None:
        with tel.span("x"):
            await idle()

    async def ends_itself() -> None:
        with tel.span("x"):
            ab.exit(ab.self_(), "kill")

    pid = ab.spawn(works)
    await settle()
    ab.exit(pid, "kill")
    ab.spawn(ends_itself)
    await settle()
    assert [event[-1] for event, _, _ in heard] == ["start", "start"]
