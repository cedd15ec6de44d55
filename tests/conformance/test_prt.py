"""Partition supervisors keep the rules PRT-01 to PRT-04."""

from __future__ import annotations

import ast
import asyncio
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.conformance.test_upg import Cells
from tests.running import settle, virtual

PARTITIONED = ab.PartitionSupervisor
via = PARTITIONED.via


class Part(ab.GenServer):
    """Tells with which arguments it was started; `plan` may have it fail."""

    def init(self, *args: Any, plan: Any = None) -> Any:
        self.args = args
        return ab.Stop("bad") if plan is not None and plan["bad"] else None

    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        return self.args

    def handle_cast(self, request: Any) -> Any:
        return ab.Stop(request)


def numbered(args: tuple[Any, ...], partition: int) -> tuple[Any, ...]:
    return *args, partition


async def start(partitions: int | None = 4, **options: Any) -> ab.Pid:
    child = options.pop("child", Part)
    pid = await PARTITIONED.start(child, name="parts", partitions=partitions, **options)
    assert pid is not None
    return pid


async def ask(key: Any) -> Any:
    return await ab.GenServer.call(via("parts", key), "who")


async def ids() -> list[Any]:
    return [child.id for child in await PARTITIONED.which_children("parts")]


def elsewhere(keys: list[Any], seed: int) -> Any:
    """Which of four partitions another interpreter takes for the keys."""
    code = f"from actorbook.behaviours.stable_hash import stable_hash as h; print([h(key) % 4 for key in {keys!r}])"
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)
    return ast.literal_eval(told.stdout)


@rule(
    "PRT-01", "N children with the ids 0 to N - 1, as many as there are processors; a name and a child must be given."
)
@virtual
async def test_there_are_n_children_and_a_name_must_be_given() -> None:
    sup = await start(None)
    cpus = os.cpu_count() or 1
    assert await ids() == list(reversed(range(cpus)))
    assert PARTITIONED.partitions("parts") == cpus
    counts = {"specs": cpus, "active": cpus, "supervisors": 0, "workers": cpus}
    assert await PARTITIONED.count_children("parts") == counts
    tree = ab.observe.tree(sup)
    assert (tree.kind, tree.cls, [child.name for child in tree.children]) == (
        "supervisor", "partitioned", [str(i) for i in range(cpus)],
    )  # fmt: skip
    await ab.stop(sup)

    with pytest.raises(ValueError, match=r"expected a name, .* got None"):
        await PARTITIONED.start(Part)
    with pytest.raises(TypeError, match=r"expected one child spec, got 0 arguments"):
        await PARTITIONED.start(name="parts")
    for number in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match=r"expected partitions to be a whole number, 1 or more, got"):
            await PARTITIONED.start(Part, name="parts", partitions=number)
    with pytest.raises(ValueError, match=r"expected auto_shutdown never, got 'any_significant'"):
        await start(auto_shutdown="any_significant")
    assert ab.whereis("parts") is None


@rule("PRT-02", "A whole number goes to the partition abs(key) modulo N; any other key by a hash that stays the same.")
@virtual
async def test_keys_are_routed_by_number_or_by_a_hash_that_stays_the_same() -> None:
    await start(with_arguments=numbered)
    assert [await ask(key) for key in (0, 1, 5, -5, -2, 4)] == [(0,), (1,), (1,), (1,), (2,), (0,)]

    keys: list[Any] = ["ada", b"ada", ("room", 7), ("room", 7.0), None, 2.5, ("a", "bc"), ("ab", "c"), frozenset("abc")]
    here = [(await ask(key))[0] for key in keys]
    assert here[2] == here[3], "equal keys meet"
    assert [elsewhere(keys, seed) for seed in (1, 2)] == [here, here]

    spread = Counter([(await ask(f"user {i}"))[0] for i in range(400)])
    assert min(spread.values()) > 60
    mine = PARTITIONED.whereis_name(("parts", ab.self_()))
    assert mine == ab.whereis(via("parts", ab.self_()))
    assert mine in [child.pid for child in await PARTITIONED.which_children("parts")]
    with pytest.raises(TypeError, match=r"expected a key of text, numbers, pids or tuples of these, got <object"):
        await ask(object())


@rule("PRT-03", "with_arguments gives each partition arguments of its own, at a restart too.")
@virtual
async def test_each_partition_can_have_arguments_of_its_own() -> None:
    await start(2, child=Part.child_spec("shared"), with_arguments=numbered)
    assert [await ask(key) for key in (0, 1)] == [("shared", 0), ("shared", 1)]
    first = ab.whereis(via("parts", 1))
    ab.GenServer.cast(via("parts", 1), "boom")
    await settle()
    assert ab.whereis(via("parts", 1)) not in (None, first)
    assert [await ask(key) for key in (0, 1)] == [("shared", 0), ("shared", 1)]
    with pytest.raises(TypeError, match=r"with_arguments: expected it to return a tuple of arguments, got 0 for 0"):
        await PARTITIONED.start(Part, name="other", with_arguments=lambda args, partition: partition)


@rule(
    "PRT-04",
    "Resizing stays between none and the first number and tells the old one; with none, a lookup is an error.",
    differs="A partition that was taken away has no spec left, so which_children does not list it, and no group "
    "restart brings it back. Under an unknown name a lookup finds nobody, where Elixir exits with noproc; calls do.",
)
@virtual
async def test_resizing_stays_within_the_first_number_and_none_can_be_left() -> None:
    await start(4, with_arguments=numbered, strategy="one_for_all")
    kept, gone = ab.whereis(via("parts", 1)), ab.whereis(via("parts", 3))
    assert gone is not None
    assert (await PARTITIONED.resize("parts", 2), PARTITIONED.partitions("parts")) == (4, 2)
    assert (await ids(), ab.is_alive(gone)) == ([1, 0], False)
    assert [await ask(key) for key in (1, 2, 3)] == [(1,), (0,), (1,)]
    assert ab.whereis(via("parts", 3)) == kept

    ab.GenServer.cast(via("parts", 0), "boom")
    await settle()
    assert await ids() == [1, 0]

    assert await PARTITIONED.resize("parts", 4) == 2
    assert (await ids(), await ask(3)) == ([3, 2, 1, 0], (3,))
    for number in (-1, 5, 1.5, True):
        with pytest.raises(ValueError, match=r"resize: expected partitions to be a whole number, 0 to 4, got"):
            await PARTITIONED.resize("parts", number)  # type: ignore[arg-type]

    assert await PARTITIONED.resize("parts", 0) == 4
    assert await ids() == []
    for lookup in (PARTITIONED.whereis_name, lambda term: ab.whereis(via(*term))):
        with pytest.raises(ValueError, match=r"partition supervisor 'parts' has no partitions"):
            lookup(("parts", 1))
    assert await PARTITIONED.resize("parts", 1) == 0
    assert await ask(7) == (0,)

    for attempt in (
        lambda: PARTITIONED.resize("prats", 1),
        lambda: PARTITIONED.which_children("prats"),
        lambda: ab.GenServer.call(via("prats", 1), "who"),
    ):
        with pytest.raises(ab.CallExit) as failed:
            await attempt()  # type: ignore[no-untyped-call]
        assert failed.value.reason == "noproc"
    with pytest.raises(ab.CallExit, match=r"no partition supervisor 'prats'; there are: parts"):
        PARTITIONED.partitions("prats")
    assert PARTITIONED.whereis_name(("prats", 1)) is None


@virtual
async def test_a_resize_that_fails_changes_nothing() -> None:
    plan = {"bad": False}
    await start(3, child=Part.child_spec(plan=ab.share(plan)))
    await PARTITIONED.resize("parts", 1)
    plan["bad"] = True
    with pytest.raises(ab.SupervisorError, match=r"child 1 did not start: bad") as failed:
        await PARTITIONED.resize("parts", 3)
    assert failed.value.reason == "bad"
    assert (await ids(), PARTITIONED.partitions("parts")) == ([0], 1)


@virtual
async def test_what_would_make_it_no_set_of_partitions_is_refused() -> None:
    sup = await start(2)
    for attempt in (ab.Supervisor.start_child(sup, Part), ab.Supervisor.delete_child(sup, 0)):
        with pytest.raises(ab.SupervisorError, match=r"their number changes by resize") as failed:
            await attempt
        assert failed.value.reason == "partitioned"
    for attempt in (lambda: PARTITIONED.register_name(1, sup), lambda: PARTITIONED.unregister_name(1)):
        with pytest.raises(ValueError, match=r"expected 1 as an address, got it as a name"):
            attempt()


@virtual
async def test_a_partition_that_restarts_is_nobody_for_a_moment() -> None:
    class Slow(Part):
        async def init(self, plan: Any) -> Any:  # type: ignore[override]
            await asyncio.sleep(plan["seconds"])

    plan = {"seconds": 0}
    await start(1, child=Slow.child_spec(ab.share(plan)))
    old = ab.whereis(via("parts", 0))
    plan["seconds"] = 1
    ab.GenServer.cast(via("parts", 0), "boom")
    await settle()
    assert PARTITIONED.send(("parts", 0), "lost") == "lost"
    assert (ab.whereis(via("parts", 0)), ab.is_alive(old)) == (old, False)  # type: ignore[arg-type]
    with pytest.raises(ab.CallExit, match=r"no process") as failed:
        await ask(0)
    assert failed.value.reason == "noproc"
    await asyncio.sleep(1.5)
    assert ab.whereis(via("parts", 0)) not in (None, old)


@virtual
async def test_dynamic_supervisors_can_be_the_partitions_and_all_is_a_child_of_a_supervisor() -> None:
    spec = PARTITIONED.child_spec(ab.DynamicSupervisor, name="parts", partitions=2)
    assert (spec.id, spec.type) == ("parts", "supervisor")
    await ab.Supervisor.start([spec], name="top")
    child = await ab.DynamicSupervisor.start_child(via("parts", 1), Part)
    below = ab.observe.tree("top").children[0]
    assert [[part.pid for part in parts.children] for parts in below.children] == [[], [child]]
    ab.send(via("parts", "ada"), "a stray message is ignored")
    await settle()
    assert ab.is_alive(child)


@virtual
async def test_defined_again_it_keeps_its_partitions_and_can_still_be_resized() -> None:
    code = "import actorbook as ab\nclass Parts(ab.PartitionSupervisor):\n    max_restarts = 3\n"
    cells = Cells(code)
    await cells.Parts.start(Part, name="parts", partitions=3, with_arguments=numbered)
    await PARTITIONED.resize("parts", 2)
    before = await PARTITIONED.which_children("parts")
    cells.run(code.replace("3", "0"))
    await settle()
    assert await PARTITIONED.which_children("parts") == before
    assert await PARTITIONED.resize("parts", 3) == 2
    assert await ask(2) == (2,)
    sup = ab.whereis("parts")
    ab.GenServer.cast(via("parts", 0), "boom")
    await settle()
    assert not ab.is_alive(sup)  # type: ignore[arg-type]
