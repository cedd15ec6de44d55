"""Registries: who holds a key, who hears of it, and what a death does to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.holders import Holder, ask, holder, registry
from tests.running import reason_of_end, settle, virtual

R = ab.Registry


def links_of(pid: ab.Pid) -> list[ab.Pid]:
    info = ab.process_info(pid)
    assert info is not None
    found: list[ab.Pid] = info["links"]
    return found


@rule("REG-01", "In a unique registry a key has one holder, and asking twice is refused with that holder's pid.")
@virtual
async def test_a_taken_key_is_refused_with_its_holder_also_to_the_holder() -> None:
    pid = await registry()
    one, two = await holder(), await holder()
    assert await ask(one, R.register, "r", "k", 1) is pid
    for asking in (one, two):
        error = await ask(asking, R.register, "r", "k", 2)
        assert isinstance(error, ab.AlreadyRegisteredError)
        assert (error.holder, error.reason) == (one, ("already_registered", one))
    assert R.lookup("r", "k") == [(one, 1)]
    assert R.keys("r", two) == []


@rule("REG-01", "In a duplicate registry each registration counts, a repeated one of the same process too.")
@virtual
async def test_a_duplicate_registry_keeps_every_entry_in_order() -> None:
    await registry("duplicate")
    one, two = await holder(), await holder()
    for pid, value in [(one, "a"), (two, "b"), (one, "a")]:
        await ask(pid, R.register, "r", "k", value)
    assert R.lookup("r", "k") == [(one, "a"), (two, "b"), (one, "a")]
    assert (R.keys("r", one), R.values("r", "k", one), R.count("r")) == (["k", "k"], ["a", "a"], 3)


@rule("REG-02", "The keys of a dead process are free in the moment it ends, even if the registry does nothing.")
@pytest.mark.parametrize("keys", ["unique", "duplicate"])
def test_a_dead_holder_is_gone_before_anybody_hears_of_its_end(keys: str) -> None:
    @virtual
    async def body() -> None:
        pid = await registry(keys)
        one, two = await holder(), await holder()
        await ask(one, R.register, "r", "k")
        await ask(one, R.register, "r", "other")
        await ab.sys.suspend(pid)
        ab.exit(one, "kill")
        assert (R.lookup("r", "k"), R.keys("r", one), R.count("r")) == ([], [], 0)
        assert await ask(two, R.register, "r", "k") is pid
        await ab.sys.resume(pid)
        await settle()
        assert (R.lookup("r", "k"), R.count("r")) == ([(two, None)], 1)

    body()


@rule("REG-02", "Who is told by a monitor that a holder has ended can have its key.")
@virtual
async def test_a_monitor_that_was_there_first_finds_the_key_free() -> None:
    await registry()
    pid = await holder()
    ref = ab.monitor(pid)
    await ask(pid, R.register, "r", "k")
    ab.exit(pid, "boom")
    assert await ab.receive() == ab.DOWN(ref, pid, "boom")
    assert R.register("r", "k")


@rule("REG-03", "Keys are equal in value and type: 1, 1.0 and True are three, inside other data as well.")
@virtual
async def test_keys_match_strictly_at_any_depth() -> None:
    await registry()
    keys = [1, 1.0, True, "1", b"1", (1,), (1.0,), [1], [True], ((1,), "x"), ((1.0,), "x"), {1}, {"a": 1}, {"a": 1.0}]
    for place, key in enumerate([*keys, {1.0}, frozenset({1}), None, ()]):
        R.register("r", key, place)
        assert R.lookup("r", key) == [(ab.self_(), place)]
    R.unregister("r", 1.0)
    assert R.lookup("r", 1.0) == []
    assert [R.values("r", key, ab.self_()) for key in (1, True, (1.0,))] == [[0], [2], [6]]
    with pytest.raises(ab.AlreadyRegisteredError):
        R.register("r", ((1.0,), "x"))


@rule("REG-04", "A start under a via-name registers the process before its init, with the term's value if any.")
@virtual
async def test_a_process_starts_under_a_via_name_with_a_value() -> None:
    class Looks(ab.GenServer):
        def init(self) -> None:
            self.seen = R.keys("r", ab.self_())

        def handle_call(self, request: Any, caller: ab.Caller) -> Any:
            return self.seen

    await registry()
    for key, term in [("a", ("r", "a")), (("b", 1), ("r", ("b", 1), {"size": 3}))]:
        via = ("via", ab.Registry, term)
        pid = await Looks.start(name=via)
        assert ab.whereis(via) is pid
        assert await ab.GenServer.call(via, "seen") == [key]
        assert R.lookup("r", key) == [(pid, term[2] if len(term) == 3 else None)]
    assert R.via("r", "a") == ("via", ab.Registry, ("r", "a"))
    assert R.via("r", "a", 5) == ("via", ab.Registry, ("r", "a", 5))


@rule("REG-04", "A start under a taken via-name fails, and names the holder.")
@virtual
async def test_a_taken_via_name_fails_the_start_with_its_holder() -> None:
    await registry()
    pid = await holder(name=R.via("r", "k"))
    with pytest.raises(ab.StartError) as failed:
        await holder(name=R.via("r", "k", "value"))
    assert failed.value.reason == ("already_started", pid)
    assert R.lookup("r", "k") == [(pid, None)]


@rule("REG-04", "A duplicate registry cannot say whom a name means, so a via-name in one is an error.")
@virtual
async def test_a_via_name_in_a_duplicate_registry_is_an_error() -> None:
    await registry("duplicate")
    acts: list[Callable[[], Any]] = [
        lambda: R.whereis_name(("r", "k")),
        lambda: R.register_name(("r", "k"), ab.self_()),
        lambda: R.send(("r", "k"), "hello"),
        lambda: ab.whereis(R.via("r", "k")),
    ]
    for act in acts:
        with pytest.raises(ValueError, match="expected a registry with unique keys"):
            act()
    with pytest.raises(ValueError, match="expected a registry with unique keys"):
        await holder(name=R.via("r", "k"))
    assert R.count("r") == 0


@rule("REG-04", "The four functions of OTP's via-modules are there, and act for the calling process alone.")
@virtual
async def test_the_functions_of_a_via_module() -> None:
    await registry()
    me, other = ab.self_(), await holder()
    assert R.register_name(("r", "k", 7), me) is True
    assert R.register_name(("r", "k"), me) is False
    assert (R.whereis_name(("r", "k")), R.lookup("r", "k")) == (me, [(me, 7)])
    assert R.send(("r", "k"), "hello") == "hello"
    assert ab.flush() == ["hello"]
    R.unregister_name(("r", "k"))
    assert R.whereis_name(("r", "k")) is None
    with pytest.raises(ValueError, match="register_name: expected the calling process"):
        R.register_name(("r", "k"), other)


@rule(
    "REG-05", "Nobody under a via-name: whereis finds nothing, a call fails with noproc, a cast is lost, a send raises."
)
@virtual
async def test_nobody_under_a_via_name() -> None:
    await registry()
    via = R.via("r", "nobody")
    assert ab.whereis(via) is None
    with pytest.raises(ab.CallExit) as failed:
        await ab.GenServer.call(via, "hello")
    assert failed.value.reason == "noproc"
    ab.GenServer.cast(via, "hello")
    for send in (lambda: ab.send(via, 1), lambda: R.send(("r", "nobody"), 1)):
        with pytest.raises(ab.UnknownNameError, match="nobody is registered as"):
            send()


@rule("REG-06", "The first registration links with the registry, the last one given up unlinks.")
@virtual
async def test_the_link_is_there_as_long_as_there_is_an_entry() -> None:
    pid = await registry("duplicate")
    one = await holder()
    for key in ("a", "a", "b"):
        await ask(one, R.register, "r", key)
    assert (links_of(one), links_of(pid)) == ([pid], [one])
    await ask(one, R.unregister, "r", "a")
    assert links_of(one) == [pid]
    await ask(one, R.unregister, "r", "b")
    assert (links_of(one), links_of(pid)) == ([], [])
    ab.exit(pid, "kill")
    assert ab.is_alive(one)


@rule("REG-06", "A link that was there before the registration stays when the last entry goes.")
@virtual
async def test_a_parents_link_survives_its_own_entries() -> None:
    async def starts() -> ab.Pid | None:
        return await R.start_link("unique", name="r")

    class Parent(Holder):
        async def handle_call(self, request: Any, caller: ab.Caller) -> Any:
            return await request()

    parent = await Parent.start()
    assert parent is not None
    pid = await ab.GenServer.call(parent, starts)

    async def comes_and_goes() -> None:
        R.register("r", "k")
        R.unregister("r", "k")

    await ab.GenServer.call(parent, comes_and_goes)
    assert links_of(parent) == [pid]


@rule(
    "REG-06", "The end of the registry, a normal one too, ends who is registered; one that traps exits is told, once."
)
@pytest.mark.parametrize(("how", "reason"), [("stop", "shutdown"), ("kill", "killed")])
def test_the_end_of_the_registry_ends_the_registered(how: str, reason: str) -> None:
    @virtual
    async def body() -> None:
        pid, heard = await registry(), list[Any]()
        one, traps, former = await holder(), await holder(heard, trap=True), await holder()
        await ask(traps, ab.link, pid)  # it still hears once
        for key, process in enumerate((one, traps, former)):
            await ask(process, R.register, "r", key)
        await ask(former, R.unregister, "r", 2)
        ref = ab.monitor(one)
        if how == "stop":
            await ab.stop(pid)
        else:
            ab.exit(pid, "kill")
        await settle()
        assert await ab.receive() == ab.DOWN(ref, one, reason)
        assert heard == [ab.EXIT(pid, reason)]
        assert ab.is_alive(former)
        again = await registry()
        assert await ask(traps, R.register, "r", 1) is again

    body()


@rule("REG-07", "Unregistering drops all of the caller's entries under that key and nobody else's; none is no error.")
@virtual
async def test_unregister_takes_out_the_callers_entries_of_one_key() -> None:
    await registry("duplicate")
    one, two = await holder(), await holder()
    for pid, key in [(one, "k"), (two, "k"), (one, "k"), (one, "other")]:
        await ask(pid, R.register, "r", key)
    assert await ask(one, R.unregister, "r", "k") is None
    assert await ask(one, R.unregister, "r", "k") is None
    assert await ask(one, R.unregister, "r", "never") is None
    assert (R.lookup("r", "k"), R.keys("r", one)) == ([(two, None)], ["other"])


@rule("REG-07", "In a unique registry another process's key cannot be taken from it.")
@virtual
async def test_unregister_leaves_anothers_key_alone() -> None:
    await registry()
    one, two = await holder(), await holder()
    await ask(one, R.register, "r", "k")
    await ask(two, R.unregister, "r", "k")
    assert R.lookup("r", "k") == [(one, None)]


@rule("REG-08", "The function runs in the caller with all pairs of the key, and not at all when there are none.")
@pytest.mark.parametrize("partitions", [1, 3])
@pytest.mark.parametrize("keys", ["unique", "duplicate"])
def test_dispatch_runs_in_the_caller_and_never_for_nobody(keys: str, partitions: int) -> None:
    @virtual
    async def body() -> None:
        await registry(keys, partitions=partitions)
        pids = [await holder() for _ in range(4 if keys == "duplicate" else 1)]
        for pid in pids:
            await ask(pid, R.register, "r", "k", str(pid))
        calls: list[tuple[ab.Pid, list[tuple[ab.Pid, Any]]]] = []
        R.dispatch("r", "k", lambda held: calls.append((ab.self_(), held)))
        R.dispatch("r", "nobody", lambda held: calls.append((ab.self_(), held)))
        assert {who for who, _ in calls} == {ab.self_()}
        assert sorted(pair for _, held in calls for pair in held) == [(pid, str(pid)) for pid in pids]
        assert len(calls) == (partitions if keys == "duplicate" else 1)

    body()


@rule(
    "REG-08",
    "In parallel the partitions of a duplicate registry are served by processes of their own; without partitions, "
    "or with unique keys, it is the caller.",
    differs="`dispatch` never waits: it returns when these processes have been started, where Elixir awaits them.",
)
@pytest.mark.parametrize(("keys", "partitions", "others"), [("duplicate", 2, 2), ("duplicate", 1, 0), ("unique", 2, 0)])
def test_a_parallel_dispatch_uses_others_only_when_partitioned(keys: str, partitions: int, others: int) -> None:
    @virtual
    async def body() -> None:
        await registry(keys, partitions=partitions)
        for _ in range(5 if keys == "duplicate" else 1):
            await ask(await holder(), R.register, "r", "k")
        me, calls = ab.self_(), list[Any]()
        R.dispatch("r", "k", lambda held: calls.append((ab.self_(), len(held))), parallel=True)
        await settle()
        assert len({who for who, _ in calls} - {me}) == others
        assert sum(size for _, size in calls) == len(R.lookup("r", "k"))

    body()


@rule("REG-08", "What the function raises ends the caller, in parallel through the link.")
@virtual
async def test_a_failing_parallel_dispatch_ends_its_caller() -> None:
    await registry("duplicate", partitions=2)
    R.register("r", "k")

    async def dispatches() -> None:
        R.dispatch("r", "k", lambda held: 1 / 0, parallel=True)
        await ab.receive()

    assert (await reason_of_end(ab.spawn(dispatches))).type is ZeroDivisionError


@rule(
    "REG-09", "A holder replaces its value and gets the new and the old one; a key that it does not hold is an error."
)
@virtual
async def test_update_value_is_for_the_holder_of_a_unique_key() -> None:
    await registry()
    await registry("duplicate", name="d")
    one, two = await holder(), await holder()
    await ask(one, R.register, "r", "k", 1)
    assert await ask(one, R.update_value, "r", "k", lambda value: value + 1) == (2, 1)
    for pid, key in [(two, "k"), (one, "other")]:
        assert isinstance(await ask(pid, R.update_value, "r", key, lambda value: 0), ab.UnknownKeyError)
    assert R.lookup("r", "k") == [(one, 2)]
    with pytest.raises(ValueError, match="expected a registry with unique keys"):
        R.update_value("d", "k", lambda value: value)


@rule("REG-10", "Metadata is put, read, replaced and deleted by key; a missing key is an error.")
@virtual
async def test_metadata_is_kept_with_the_registry() -> None:
    await registry(meta={"first": [1]})
    assert R.meta("r", "first") == [1]
    R.put_meta("r", ("k", 1), {"a": 1})
    R.put_meta("r", ("k", 1), {"a": 2})
    assert R.meta("r", ("k", 1)) == {"a": 2}
    for missing in (("k", 1.0), "none"):
        with pytest.raises(ab.UnknownKeyError, match="nothing was put under"):
            R.meta("r", missing)
    R.delete_meta("r", ("k", 1))
    R.delete_meta("r", ("k", 1))
    with pytest.raises(ab.UnknownKeyError):
        R.meta("r", ("k", 1))


@rule("REG-10", "A registry that is not there is the caller's error in every function, and so is what is no registry.")
@virtual
async def test_an_unknown_registry_is_a_value_error_everywhere() -> None:
    dead = await registry(name="dead")
    await ab.stop(dead)
    await holder(name="server")
    acts: list[Callable[[Any], Any]] = [
        lambda r: R.register(r, "k"),
        lambda r: R.unregister(r, "k"),
        lambda r: R.unregister_match(r, "k", bool),
        lambda r: R.update_value(r, "k", bool),
        lambda r: R.lookup(r, "k"),
        lambda r: R.keys(r, ab.self_()),
        lambda r: R.values(r, "k", ab.self_()),
        lambda r: R.match(r, "k", bool),
        lambda r: R.select(r, lambda *row: True),
        R.count,
        lambda r: R.count_match(r, "k", bool),
        lambda r: R.dispatch(r, "k", bool),
        lambda r: R.meta(r, "k"),
        lambda r: R.put_meta(r, "k", 1),
        lambda r: R.delete_meta(r, "k"),
        lambda r: R.whereis_name((r, "k")),
    ]
    for act in acts:
        for unknown in ("dead", dead, "server", "nobody"):
            with pytest.raises(ab.UnknownNameError, match="expected a running registry"):
                act(unknown)


@rule(
    "REG-11",
    "Listeners hear of each registration and of each key given up by hand, and nothing when a holder dies.",
    differs="A listener that is not there is passed over, and giving up a key that one does not hold is not told; "
    "Elixir raises in the registering process, and tells it.",
)
@virtual
async def test_listeners_hear_what_is_done_by_hand() -> None:
    await registry("duplicate", listeners=["ear", "deaf"])
    ab.register(ab.self_(), "ear")
    one = await holder()
    await ask(one, R.register, "r", "k", {"v": 1})
    await ask(one, R.register, "r", "k", 2)
    await ask(one, R.unregister, "r", "k")
    await ask(one, R.unregister, "r", "k")
    await ask(one, R.register, "r", "last")
    ab.exit(one, "kill")
    await settle()
    assert ab.flush() == [
        ("register", "r", "k", one, {"v": 1}),
        ("register", "r", "k", one, 2),
        ("unregister", "r", "k", one),
        ("register", "r", "last", one, None),
    ]
