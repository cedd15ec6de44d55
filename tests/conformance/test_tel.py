"""Telemetry: handlers hear exactly their events, where they happen, and cannot harm who emits them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import reason_of_end, settle, virtual

tel = ab.telemetry
Heard = list[tuple[Any, ...]]


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    yield
    for id in {handler.id for handler in tel.list_handlers()}:
        tel.detach(id)


def hear(event: Any, measurements: Any, metadata: Any, config: Heard) -> None:
    config.append((event, measurements, metadata, ab.self_()))


def fail(event: Any, measurements: Any, metadata: Any, config: Any) -> None:
    raise config


@rule("TEL-01", "A handler id is there once, whatever it is attached to; an unknown one cannot be detached.")
@virtual
async def test_an_id_is_attached_once_and_detached_once() -> None:
    tel.attach("a", ("shop", "paid"), hear)
    for attach in (lambda: tel.attach("a", "other", hear), lambda: tel.attach_many("a", ["new", "shop.paid"], hear)):
        with pytest.raises(ab.TelemetryError, match=r"'a' is attached to shop\.paid") as failed:
            attach()
        assert failed.value.reason == "already_exists"
    assert [(handler.id, handler.event) for handler in tel.list_handlers()] == [("a", ("shop", "paid"))]
    tel.detach("a")
    with pytest.raises(ab.TelemetryError, match="no handler has the id 'a'") as failed:
        tel.detach("a")
    assert failed.value.reason == "not_found"
    assert tel.list_handlers() == []


@rule("TEL-01", "A handler hears the very event that it names: no shorter and no longer one.")
@virtual
async def test_only_the_exact_event_is_heard() -> None:
    heard: Heard = []
    tel.attach("a", "shop.order", hear, ab.share(heard))
    for event in ("shop", "shop.order.paid", ("shop.order",), "order.shop"):
        tel.execute(event, {"n": 1})
    assert heard == []
    tel.execute(("shop", "order"), {"n": 2}, {"who": "me"})
    assert heard == [(("shop", "order"), {"n": 2}, {"who": "me"}, ab.self_())]


@rule("TEL-02", "Handlers run in the process that emits, before it goes on.")
@virtual
async def test_handlers_run_in_the_emitting_process() -> None:
    heard: Heard = []
    tel.attach("a", "ping", hear, ab.share(heard))
    known: list[int] = []

    def emits() -> None:
        tel.execute("ping")
        known.append(len(heard))

    pid = ab.spawn(emits)
    await settle()
    assert heard == [(("ping",), {}, {}, pid)]
    assert known == [1]


@rule(
    "TEL-02",
    "A handler that raises is taken from all its events and a failure event says why; other handlers and the emitter "
    "go on.",
)
@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [(ValueError("no"), "error", ab.Crash(ValueError, "no")), (ab.Exit("left"), "exit", "left")],
)
def test_a_raising_handler_is_detached_and_harms_nobody(error: BaseException, kind: str, reason: Any) -> None:
    @virtual
    async def body() -> None:
        heard: Heard = []
        tel.attach_many("bad", ["one", "two"], fail, ab.share(error))
        tel.attach_many("good", ["one", "two", "telemetry.handler.failure"], hear, ab.share(heard))
        tel.execute("one", {"n": 1})
        tel.execute("two", {"n": 2})
        assert [event for event, *_ in heard] == [("telemetry", "handler", "failure"), ("one",), ("two",)]
        _, times, about, pid = heard[0]
        assert (sorted(times), pid) == (["monotonic_time", "system_time"], ab.self_())
        assert (about["event_name"], about["handler_id"]) == (("one",), "bad")
        assert (about["kind"], about["reason"]) == (kind, reason)
        assert "in fail" in about["stacktrace"]
        assert {handler.id for handler in tel.list_handlers()} == {"good"}

    body()


@rule("TEL-02", "A handler of the failure event that fails itself is detached like any other.")
@virtual
async def test_failing_handlers_of_failures_come_to_an_end() -> None:
    tel.attach("a", "one", fail, ab.share(ValueError("first")))
    tel.attach("b", "telemetry.handler.failure", fail, ab.share(ValueError("second")))
    tel.execute("one")
    assert tel.list_handlers() == []


def spans() -> Heard:
    heard: Heard = []
    tel.attach_many("ear", ["work.start", "work.stop", "work.exception"], hear, ab.share(heard))
    return heard


@rule("TEL-03", "A span emits its start with both times, and its stop with the duration, under one context value.")
@virtual
async def test_a_span_emits_start_and_stop() -> None:
    heard = spans()
    with tel.span("work", {"file": "a"}) as span:
        await ab.sleep(2.5)
        span.measurements["rows"] = 3
        span.metadata["found"] = True
    (start, begun, first, _), (stop, done, last, _) = heard
    assert (start, stop) == (("work", "start"), ("work", "stop"))
    assert done == {"rows": 3, "duration": 2.5, "monotonic_time": begun["monotonic_time"] + 2.5}
    assert begun["system_time"] == begun["monotonic_time"]  # the clock of this test has one time for both
    context = first["telemetry_span_context"]
    assert isinstance(context, ab.Ref)
    assert first == {"file": "a", "telemetry_span_context": context}
    assert last == {"file": "a", "found": True, "telemetry_span_context": context}


@rule("TEL-03", "A span that fails emits an exception with kind, reason and stack trace, and the error goes on.")
@virtual
async def test_a_failing_span_emits_an_exception_and_raises_it_again() -> None:
    heard = spans()

    async def divides() -> None:
        with tel.span(("work",), {"file": "a"}):
            await ab.sleep(1)
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        await divides()

    async def leaves() -> None:
        with tel.span("work"):
            raise ab.Exit("left")

    assert await reason_of_end(ab.spawn(leaves)) == "left"
    (_, _, first, _), (event, times, about, _), _, (_, _, left, _) = heard
    assert (event, times["duration"], sorted(times)) == (("work", "exception"), 1.0, ["duration", "monotonic_time"])
    assert (about["kind"], about["reason"]) == ("error", ab.Crash(ZeroDivisionError, "division by zero"))
    assert "1 / 0" in about["stacktrace"]
    assert (about["file"], about["telemetry_span_context"]) == ("a", first["telemetry_span_context"])
    assert (left["kind"], left["reason"]) == ("exit", "left")


@rule("TEL-03", "Around a function a span gives its result; a context value of one's own is kept, else all differ.")
@virtual
async def test_a_span_around_a_function_and_its_context() -> None:
    heard = spans()
    assert tel.span("work", {}, lambda: 42) == 42
    assert tel.span("work", {}, lambda: 43) == 43
    assert tel.span("work", {"telemetry_span_context": "mine"}, lambda: 44) == 44
    contexts = [about["telemetry_span_context"] for _, _, about, _ in heard]
    assert contexts[0] is contexts[1] is not contexts[2]
    assert contexts[4:] == ["mine", "mine"]
