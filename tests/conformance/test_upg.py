"""Hot code upgrade the notebook's way: a class is defined again. Rules UPG-01 to UPG-05."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import settle, virtual

FIRST = """
import actorbook as ab

class Counter(ab.GenServer):
    vsn = 1

    def init(self, n=0):
        self.n = n

    @ab.call
    def add(self, k):
        self.n += k
        return self.n

    @ab.call
    async def slow(self, gate):
        await ab.sleep(5)
        return ("first", self.n)

    @ab.cast
    def crash(self):
        raise RuntimeError("boom")
"""


class Cells:
    """A module made of cells, as a notebook's is."""

    def __init__(self, *sources: str) -> None:
        self.module = ModuleType("cells")
        for source in sources or (FIRST,):
            self.run(source)

    def run(self, source: str) -> None:
        exec(compile(source, "<cell>", "exec"), vars(self.module))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.module, name)


def changed(*edits: tuple[str, str], code_change: str = "") -> str:
    """The first cell, edited."""
    source = FIRST + (f"\n    def code_change(self, old):\n        {code_change}\n" if code_change else "")
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    return source


TIMES_TEN = ("self.n += k", "self.n += 10 * k")


async def start(cls: Any, *args: Any, **options: Any) -> Any:
    pid = await cls.start(*args, **options)
    assert pid is not None
    return pid


@rule(
    "UPG-01", "A live process takes up a new definition: suspended, new code, code_change with the old state, resumed."
)
@virtual
async def test_a_class_defined_again_upgrades_its_live_processes_and_they_keep_their_state() -> None:
    cells = Cells()
    pids = [await start(cells.Counter, n) for n in (1, 2)]
    cells.run(changed(TIMES_TEN, ("vsn = 1", "vsn = 2"), code_change="self.seen = (old.vsn, old.n, dict(old))"))

    assert [await pid.add(1) for pid in pids] == [11, 12]
    state = await ab.sys.get_state(pids[0])
    assert (state.n, state.seen) == (11, (1, 1, {"n": 1}))
    assert [e.kind for e in ab.observe.events() if e.pid is pids[0]][-1] == "upgraded"


@rule("UPG-01", "By hand it is the same in steps: suspend, change_code, resume; code_change gets version and extra.")
@virtual
async def test_change_code_by_hand_takes_any_class_and_an_extra_value() -> None:
    class One(ab.GenServer):
        vsn = "one"

        def init(self) -> None:
            self.n = 1

    class Two(ab.GenServer):
        async def code_change(self, old: Any) -> dict[str, Any]:
            await ab.sleep(1)
            return {"seen": (old.vsn, old.extra, old.n)}

    pid = await start(One)
    await ab.sys.suspend(pid)
    assert await ab.sys.change_code(pid, Two, extra="x") == "ok"
    assert (await ab.sys.get_status(pid))["status"] == "suspended"
    await ab.sys.resume(pid)

    assert await ab.sys.get_state(pid) == {"seen": ("one", "x", 1)}
    assert (await ab.sys.get_status(pid))["module"] == "Two"


@rule("UPG-02", "Messages that arrive while the code changes wait, and the new code handles them.")
@virtual
async def test_messages_that_arrive_meanwhile_are_handled_by_the_new_code() -> None:
    cells = Cells()
    pid = await start(cells.Counter)
    results = ab.share([])

    async def ask(method: str, *args: Any) -> None:
        results.value.append(await getattr(pid, method)(*args, timeout=60))

    ab.spawn(ask, "slow", None)
    await ab.sleep(1)
    cells.run(changed(TIMES_TEN, code_change="self.n = 100"))
    ab.spawn(ask, "add", 1)
    await ab.sleep(20)

    assert results.value == [("first", 0), 110]


@rule("UPG-03", "When code_change raises, or returns junk, the old code and state stay and the process lives on.")
@pytest.mark.parametrize("failing", ["self.n = 'half'; raise ValueError('no')", "self.n = 'half'; return 5"])
def test_a_failing_code_change_keeps_the_old_code_and_state(failing: str, caplog: Any) -> None:
    @virtual
    async def test() -> None:
        cells = Cells()
        pids = [await start(cells.Counter, n) for n in (1, 2)]
        cells.run(changed(TIMES_TEN, code_change=failing))

        assert [await pid.add(1) for pid in pids] == [2, 3]
        assert (await ab.sys.get_status(pids[0]))["status"] == "running"

    test()
    said = [record.message for record in caplog.records]
    assert len(said) == 1
    assert "code_change of Counter failed with " in said[0]
    assert "the old code and state stay" in said[0]
    assert "\n" not in said[0]


@rule("UPG-03", "By hand a failing change is an error for the caller.")
@virtual
async def test_a_failing_change_by_hand_is_told_to_the_caller() -> None:
    class One(ab.GenServer):
        def init(self) -> None:
            self.items = ["a"]

        def handle_call(self, request: Any, caller: Any) -> Any:
            return self.items

    class Two(One):
        def code_change(self, old: Any) -> None:
            self.items.append("b")
            raise ValueError("no")

    pid = await start(One)
    await ab.sys.suspend(pid)
    with pytest.raises(ab.SysError, match="ValueError: no"):
        await ab.sys.change_code(pid, Two)
    await ab.sys.resume(pid)

    assert await ab.GenServer.call(pid, "items") == ["a"]
    assert (await ab.sys.get_status(pid))["module"] == "One"


@virtual
async def test_a_cell_that_is_run_again_unchanged_runs_no_code_change() -> None:
    source = changed(code_change="self.n += 1000")
    cells = Cells(source)
    pid = await start(cells.Counter, 1)
    old = cells.Counter
    cells.run(source)

    assert cells.Counter is not old
    assert await pid.add(1) == 2
    cells.run(source.replace("self.n += k", "self.n += 2 * k"))
    assert await pid.add(1) == 1004


@virtual
async def test_supervisors_start_the_new_code_from_then_on() -> None:
    cells = Cells()
    sup = await ab.Supervisor.start([cells.Counter.child_spec(5, id="c", name="c")])
    cells.run(changed(TIMES_TEN))
    before = ab.whereis("c")
    assert before is not None
    before.crash()
    await settle()
    pid = ab.whereis("c")
    assert pid not in (None, before)
    assert await pid.add(1) == 15  # type: ignore[union-attr]

    await ab.Supervisor.terminate_child(sup, "c")
    assert await (await ab.Supervisor.restart_child(sup, "c")).add(1) == 15


@rule(
    "UPG-05",
    "Old and new code may run side by side.",
    differs="Any number of definitions may run: a process keeps its class alive, so nothing is purged or killed.",
)
@virtual
async def test_processes_of_several_definitions_run_side_by_side() -> None:
    cells = Cells()
    pids = []
    for factor in (1, 2, 3):
        edit = ("self.n += k", f"self.n += {factor} * k")
        cells.run(changed(edit, code_change="raise ValueError('I stay as I am')"))
        pids.append(await start(cells.Counter))

    assert [await pid.add(1) for pid in pids] == [1, 2, 3]


@virtual
async def test_a_suspended_process_takes_up_new_code_and_stays_suspended() -> None:
    cells = Cells()
    pid = await start(cells.Counter, 1)
    await ab.sys.suspend(pid)
    cells.run(changed(TIMES_TEN))
    await settle()

    assert (await ab.sys.get_status(pid))["status"] == "suspended"
    await ab.sys.resume(pid)
    assert await pid.add(1) == 11


@virtual
async def test_a_class_that_lost_its_method_fails_the_caller_of_it_alone() -> None:
    cells = Cells()
    pid = await start(cells.Counter, 1)
    cells.run(changed(("def add(self, k)", "def plus(self, k)")))
    await settle()

    assert await pid.plus(1) == 2
    with pytest.raises(AttributeError, match="no method 'add'"):
        await pid.add(1)


@virtual
async def test_classes_made_in_functions_are_not_taken_for_one_another() -> None:
    def make(factor: int) -> Any:
        class Times(ab.GenServer):
            def handle_call(self, request: Any, caller: Any) -> Any:
                return factor * request

        return Times

    two = await start(make(2))
    make(3)
    await settle()

    assert await ab.GenServer.call(two, 5) == 10


@virtual
async def test_classes_made_by_a_factory_are_not_taken_for_one_another() -> None:
    def make(factor: int) -> Any:
        return type("Made", (ab.GenServer,), {"handle_call": lambda self, request, caller: factor * request})

    two = await start(make(2))
    make(3)
    await settle()

    assert await ab.GenServer.call(two, 5) == 10


@virtual
async def test_an_exit_raised_in_code_change_is_a_failed_change_too() -> None:
    cells = Cells()
    pid = await start(cells.Counter)
    cells.run(changed(TIMES_TEN, code_change="raise ab.Exit('enough')"))

    assert await pid.add(1) == 1


SHOP = """
import actorbook as ab

class Worker(ab.GenServer):
    def init(self, word):
        self.word = word

    @ab.call
    def say(self):
        return self.word

    @ab.cast
    def crash(self):
        raise RuntimeError("boom")

class Shop(ab.Supervisor):
    strategy = "one_for_one"
    max_restarts = 3

    def children(self=None):
        return [Worker.child_spec("first", id=id, name=id) for id in "abc"]
"""


@rule(
    "UPG-04",
    "A supervisor defined again takes up flags and specs: known ids keep their pids, new ids wait, others stay.",
)
@virtual
async def test_a_supervisor_defined_again_takes_up_flags_and_specs() -> None:
    cells = Cells(SHOP)
    sup = await cells.Shop.start(name="shop")
    before = {id: ab.whereis(id) for id in "abc"}
    cells.run(
        SHOP.replace('"abc"', '"dcb"').replace('"first"', '"second"').replace("max_restarts = 3", "max_restarts = 1")
    )
    await settle()

    children = await ab.Supervisor.which_children(sup)
    assert [(child.id, child.pid) for child in reversed(children)] == [
        ("d", None), ("c", before["c"]), ("b", before["b"]), ("a", before["a"]),
    ]  # fmt: skip
    assert await before["b"].say() == "first"  # type: ignore[union-attr]
    before["b"].crash()  # type: ignore[union-attr]
    await settle()
    assert await ab.whereis("b").say() == "second"  # type: ignore[union-attr]
    await ab.Supervisor.restart_child(sup, "d")
    assert await ab.whereis("d").say() == "second"  # type: ignore[union-attr]
    ab.whereis("b").crash()  # type: ignore[union-attr]
    await settle()
    assert not ab.is_alive(sup)


@rule("UPG-04", "A new definition that is no good changes nothing.")
@virtual
async def test_a_supervisor_defined_again_badly_stays_as_it_is() -> None:
    cells = Cells(SHOP)
    sup = await cells.Shop.start()
    before = await ab.Supervisor.which_children(sup)
    cells.run(SHOP.replace('"one_for_one"', '"one_for_none"').replace('"abc"', '"xyz"'))
    await settle()

    assert await ab.Supervisor.which_children(sup) == before
