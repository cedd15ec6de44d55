"""Supervisors: options, child specs, and how the children start."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import actorbook as ab
from actorbook.behaviours.child_spec import check_child
from tests.conformance.rules import rule
from tests.running import now, passed, settle, virtual
from tests.workers import Worker, end, ids_of, pids, refusal, supervise, worker

Log = list[Any]
EARLY = "Options and specs are checked before there is a process, and raised as `ChildSpecError` with the rule's word."


@rule(
    "SUP-01",
    "Unless told, a supervisor allows 3 restarts in 5 seconds and no auto shutdown.",
    differs="The strategy may be left out and is then one_for_one, by far the most used one, as Erlang has it.",
)
@virtual
async def test_the_defaults_are_elixirs() -> None:
    log: Log = []
    sup = await supervise([worker("a", log), worker("b", log)])
    other = ab.whereis("b")
    for _ in range(3):
        await end("a")
    assert (ab.is_alive(sup), ab.whereis("b")) == (True, other)
    await asyncio.sleep(6)
    await end("a")
    assert ab.is_alive(sup)
    spec = worker("c", log, restart="transient", significant=True)
    assert (await refusal(ab.Supervisor.start_child(sup, spec)))[0] == "bad_combination"
    for _ in range(3):
        await end("a")
    assert not ab.is_alive(sup)


async def start_by_hand() -> None:
    """A start function that belongs to no class."""


@rule(
    "SUP-02", "A spec is permanent, a worker, insignificant, has 5 seconds (a supervisor for ever) and its own module."
)
def test_specs_have_the_defaults_of_the_rule() -> None:
    spec = check_child(Worker.child_spec("a", []))
    assert (spec.restart, spec.type, spec.shutdown, spec.significant) == ("permanent", "worker", 5.0, False)
    assert spec.modules == ("Worker",)
    nested = check_child(ab.Supervisor.child_spec([]))
    assert (nested.type, nested.shutdown, nested.modules) == ("supervisor", "infinity", ("Supervisor",))


@rule("SUP-02", "So is one that is written as a dict; its module is that of its start function.")
def test_a_spec_from_a_dict_has_the_same_defaults() -> None:
    spec = check_child({"id": "a", "start": (Worker.start_link, ("a", []))})
    assert spec == check_child(Worker.child_spec("a", [], id="a"))
    assert check_child({"id": "a", "start": (start_by_hand,)}).modules == (__name__,)
    assert check_child({"id": "a", "start": (start_by_hand,), "type": "supervisor"}).shutdown == "infinity"
    assert check_child({"id": "a", "start": (start_by_hand,), "modules": ["M"]}).modules == ("M",)


@rule(
    "SUP-03",
    "A strategy or auto shutdown that is not known, a negative number of restarts or no period is refused by name.",
    differs=EARLY + " Fractions of seconds are a period too, and an unknown option is an error, as Python's keywords "
    "are: ignored, a misspelt one would go unseen.",
)
@pytest.mark.parametrize(
    ("option", "value", "word"),
    [
        ("strategy", "one_for_none", "invalid_strategy"),
        ("max_restarts", -1, "invalid_intensity"),
        ("max_restarts", 1.5, "invalid_intensity"),
        ("max_restarts", True, "invalid_intensity"),
        ("max_seconds", 0, "invalid_period"),
        ("max_seconds", -1, "invalid_period"),
        ("max_seconds", "5", "invalid_period"),
        ("auto_shutdown", "sometimes", "invalid_auto_shutdown"),
    ],
)
@virtual
async def test_strategies_limits_and_options_are_checked(option: str, value: Any, word: str) -> None:
    log: Log = []
    with pytest.raises(ab.ChildSpecError, match=rf"supervisor: expected {option} to be .*, got ") as failed:
        await ab.Supervisor.start([worker("a", log)], **{option: value})
    assert (failed.value.reason, log) == ((word, value), [])
    with pytest.raises(TypeError, match=r"expected the options strategy, .*, got max_restart$"):
        await ab.Supervisor.start([], max_restart=1)
    await supervise([], max_restarts=0, max_seconds=0.5)


START = (Worker.start_link, ("x", []))


@rule(
    "SUP-04", "A bad child spec is refused by name, at the start and by start_child, and starts nothing.", differs=EARLY
)
@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"start": START}, "missing_id"),
        ({"id": None, "start": START}, "missing_id"),
        ({"id": "x"}, "missing_start"),
        ({"id": "x", "start": "Worker"}, ("invalid_mfa", "Worker")),
        ({"id": "x", "start": (Worker.start_link, 5)}, ("invalid_mfa", (Worker.start_link, 5))),
        ({"id": "x", "start": START, "restart": "always"}, ("invalid_restart_type", "always")),
        ({"id": "x", "start": START, "shutdown": -1}, ("invalid_shutdown", -1)),
        ({"id": "x", "start": START, "shutdown": "soon"}, ("invalid_shutdown", "soon")),
        ({"id": "x", "start": START, "type": "boss"}, ("invalid_child_type", "boss")),
        ({"id": "x", "start": START, "modules": 5}, ("invalid_modules", 5)),
        ({"id": "x", "start": START, "modules": "Worker"}, ("invalid_modules", "Worker")),
        ({"id": ["x"], "start": START}, ("invalid_id", ["x"])),
        (5, ("invalid_child_spec", 5)),
        (int, ("invalid_child_spec", int)),
    ],
)
@virtual
async def test_a_bad_child_spec_is_refused_in_one_clear_line(spec: Any, reason: Any) -> None:
    log: Log = []
    sup = await supervise([worker("a", log)])
    for attempt in (
        lambda: ab.Supervisor.start([worker("b", log), spec], name="never"),
        lambda: ab.Supervisor.start_child(sup, spec),
    ):
        with pytest.raises(ab.ChildSpecError, match=r"child spec.*expected .*got") as failed:
            await attempt()  # type: ignore[no-untyped-call]
        assert failed.value.reason == reason
        assert "\n" not in str(failed.value)
    assert log == ["start a"]
    assert ab.whereis("never") is None
    assert await ids_of(sup) == ["a"]


@rule("SUP-05", "An id that is there twice is refused at the start, and nothing is started.", differs=EARLY)
@virtual
async def test_duplicate_ids_start_nothing() -> None:
    log: Log = []
    with pytest.raises(ab.ChildSpecError, match=r"expected unique ids, got 'a' twice") as failed:
        await supervise([worker("a", log), worker("b", log), worker("a", log)], name="sup")
    assert failed.value.reason == ("duplicate_child_name", "a")
    assert (log, pids("a", "b", "sup")) == ([], [None, None, None])


class Configured(ab.Supervisor):
    """A supervisor whose children are what it is told."""

    @staticmethod
    def children(answer: Any) -> Any:
        return answer


@rule(
    "SUP-06",
    "A supervisor class whose children are no list fails to start; one that answers Ignore starts nothing.",
    differs="`children` stands for init and runs in the caller, before there is a process that would have to end.",
)
@virtual
async def test_children_that_are_no_list_fail_and_ignore_starts_nothing() -> None:
    with pytest.raises(ab.ChildSpecError, match="children: expected a list of child specs, got 5") as failed:
        await Configured.start(5, name="sup")
    assert failed.value.reason == ("bad_return", 5)
    assert await Configured.start(ab.Ignore(), name="sup") is None
    assert await Configured.start_link(ab.Ignore(), name="sup") is None
    assert ab.whereis("sup") is None
    top = await supervise([Configured.child_spec(ab.Ignore(), id="in"), worker("a", [])])
    assert [(c.id, c.pid is None) for c in await ab.Supervisor.which_children(top)] == [("a", False), ("in", True)]


class Slow(Worker):
    async def init(self, id: str, log: Log) -> None:  # type: ignore[override]
        log.append(f"begin {id}")
        await asyncio.sleep(2)
        log.append(f"end {id}")
        self.id, self.log = id, log


@rule("SUP-07", "Children start one by one in list order, each when the one before has started; then start returns.")
@virtual
async def test_children_start_one_by_one_in_order() -> None:
    log: Log = []
    before = now()
    await supervise([Slow.child_spec(id, ab.share(log), id=id) for id in "abc"])
    assert log == [f"{what} {id}" for id in "abc" for what in ("begin", "end")]
    assert passed(before) == 6


@rule(
    "SUP-08", "When a child fails at the start, those before it stop in reverse, no later one starts, and start fails."
)
@virtual
async def test_a_child_that_fails_at_boot_stops_those_before_it() -> None:
    log: Log = []
    with pytest.raises(ab.SupervisorError, match=r"its child 'c' failed with bad") as failed:
        await supervise([worker("a", log), worker("b", log), worker("c", log, ["bad"]), worker("d", log)], name="sup")
    assert failed.value.reason == ("shutdown", ("failed_to_start_child", "c", "bad"))
    assert log == ["start a", "start b", "bad c", "stop b shutdown", "stop a shutdown"]
    assert pids("a", "b", "c", "d", "sup") == [None] * 5


def raises() -> None:
    raise ValueError("no")


def exits() -> None:
    raise ab.Exit("left")


@rule("SUP-09", "A start function that raises, exits or returns junk is a child that failed to start.")
@pytest.mark.parametrize(
    ("start", "reason"),
    [(raises, ab.Crash(ValueError, "no")), (exits, "left"), (lambda: 5, ("bad_return_value", 5))],
)
@virtual
async def test_a_start_function_that_raises_exits_or_returns_junk_is_a_start_error(start: Any, reason: Any) -> None:
    assert await refusal(supervise([{"id": "x", "start": (start,)}])) == (
        "shutdown",
        ("failed_to_start_child", "x", reason),
    )
    sup = await supervise([worker("a", [])])
    assert await refusal(ab.Supervisor.start_child(sup, {"id": "x", "start": (start,)})) == reason
    assert await ids_of(sup) == ["a"]


@rule("SUP-10", "A start function may return (pid, info); start_child and restart_child hand the info back.")
@virtual
async def test_info_of_a_start_is_handed_back() -> None:
    log: Log = []

    async def start() -> Any:
        return await Worker.start_link("a", log), "info"

    sup = await supervise([])
    pid, info = await ab.Supervisor.start_child(sup, {"id": "a", "start": (start,)})
    assert (ab.is_alive(pid), info) == (True, "info")
    await ab.Supervisor.terminate_child(sup, "a")
    again, info = await ab.Supervisor.restart_child(sup, "a")
    assert (ab.is_alive(again), again != pid, info) == (True, True, "info")


@rule(
    "SUP-11", "A child that ignores keeps its spec without a process, a temporary one loses it, and the start goes on."
)
@virtual
async def test_an_ignored_child_keeps_its_spec_unless_temporary() -> None:
    log: Log = []
    sup = await supervise(
        [worker("a", log, ["ignore"]), worker("b", log, ["ignore"], restart="temporary"), worker("c", log)]
    )
    children = await ab.Supervisor.which_children(sup)
    assert [(child.id, child.pid) for child in children] == [("c", ab.whereis("c")), ("a", None)]
    assert log == ["ignore a", "ignore b", "start c"]


@rule("SUP-12", "While a child starts, its supervisor does nothing else: a question waits.")
@virtual
async def test_a_slow_child_init_makes_questions_wait() -> None:
    sup = await supervise([])
    starting = ab.spawn(_starts, sup, Slow.child_spec("a", []))
    await settle()
    before = now()
    assert await ids_of(sup) == ["Slow"]
    assert passed(before) == 2
    assert not ab.is_alive(starting)


async def _starts(sup: ab.Pid, child: Any) -> None:
    await ab.Supervisor.start_child(sup, child)
