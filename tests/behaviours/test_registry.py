"""Registries beyond the rules that conformance proves: copies, queries, supervision, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.holders import Holder, ask, holder, registry
from tests.running import settle, virtual

R = ab.Registry


@virtual
async def test_keys_and_values_are_copies_on_the_way_in_and_out() -> None:
    await registry(listeners=["ear"])
    ab.register(ab.self_(), "ear")
    key, value = ["k"], {"a": [1]}
    R.register("r", key, value)
    key.append("spoiled")
    value["a"].append("spoiled")
    for read in (
        lambda: R.lookup("r", ["k"])[0][1],
        lambda: R.values("r", ["k"], ab.self_())[0],
        lambda: R.select("r", lambda key, pid, value: True)[0][2],
        lambda: R.match("r", ["k"], lambda value: True)[0][1],
        lambda: ab.flush()[0][4],
    ):
        found = read()
        assert found == {"a": [1]}
        found["a"].append("spoiled")
    R.keys("r", ab.self_())[0].append("spoiled")
    assert R.keys("r", ab.self_()) == [["k"]]


@virtual
async def test_a_function_given_to_the_registry_cannot_spoil_what_is_in_it() -> None:
    await registry()
    R.register("r", "k", [1])

    def spoils(value: list[Any]) -> Any:
        value.append("spoiled")
        return value

    R.match("r", "k", spoils)
    R.dispatch("r", "k", lambda held: spoils(held[0][1]))
    assert R.lookup("r", "k") == [(ab.self_(), [1])]
    new, old = R.update_value("r", "k", spoils)
    assert (new, old) == ([1, "spoiled"], [1])
    new.append("more")
    assert R.lookup("r", "k") == [(ab.self_(), [1, "spoiled"])]


@virtual
async def test_a_shared_value_is_passed_as_it_is() -> None:
    await registry()
    big = [0] * 10
    R.register("r", "k", {"big": ab.share(big)})
    assert R.lookup("r", "k")[0][1]["big"] is big
    R.update_value("r", "k", lambda value: ab.share(big))
    assert R.lookup("r", "k")[0][1] is big


@virtual
async def test_match_select_and_counts_take_predicates() -> None:
    await registry("duplicate")
    me, other = ab.self_(), await holder()
    for value in (1, 2, 3):
        R.register("r", "a", value)
    await ask(other, R.register, "r", "b", 3)
    assert R.match("r", "a", lambda value: value > 1) == [(me, 2), (me, 3)]
    assert R.select("r", lambda key, pid, value: value == 3) == [("a", me, 3), ("b", other, 3)]
    assert (R.count("r"), R.count_match("r", "a", lambda value: value < 3)) == (4, 2)


@virtual
async def test_unregister_match_takes_out_what_passes_and_unlinks_with_the_last() -> None:
    pid = await registry("duplicate")
    one, two = await holder(), await holder()
    for process in (one, two):
        for value in (1, 2):
            await ask(process, R.register, "r", "k", value)
    await ask(one, R.unregister_match, "r", "k", lambda value: value == 1)
    assert R.lookup("r", "k") == [(one, 2), (two, 1), (two, 2)]
    await ask(one, R.unregister_match, "r", "k", lambda value: True)
    assert R.lookup("r", "k") == [(two, 1), (two, 2)]
    info = ab.process_info(one)
    assert info is not None
    assert pid not in info["links"]


@virtual
async def test_a_restarted_child_has_its_via_name_again() -> None:
    via = R.via("rooms", ("floor", 2))
    sup = await ab.Supervisor.start(
        [R.child_spec("unique", name="rooms"), Holder.child_spec(id="room", name=via)], strategy="rest_for_one"
    )
    assert sup is not None
    before = ab.whereis(via)
    assert before is not None
    ab.exit(before, "boom")
    await settle()
    after = ab.whereis(via)
    assert after not in (None, before)
    ab.exit(ab.whereis("rooms"), "kill")  # type: ignore[arg-type]
    await settle()
    assert ab.whereis(via) not in (None, after)


@virtual
async def test_a_start_that_fails_leaves_its_via_name_free() -> None:
    class Fails(ab.GenServer):
        def init(self) -> Any:
            assert R.keys("r", ab.self_()) == ["k"]
            return ab.Stop("bad luck")

    await registry()
    with pytest.raises(ab.StartError, match="bad luck"):
        await Fails.start(name=R.via("r", "k"))
    assert R.count("r") == 0


@virtual
async def test_of_two_starts_under_one_via_name_the_first_wins() -> None:
    class Slow(ab.GenServer):
        async def init(self) -> None:
            await ab.sleep(5)

    async def starts() -> None:
        try:
            await Slow.start(name=R.via("r", "k"))
        except ab.StartError as error:
            raise ab.Exit(error.reason) from None

    await registry()
    refs = [ab.monitor(ab.spawn(starts)) for _ in range(2)]
    downs = {down.ref: down.reason for down in [await ab.receive() for _ in refs]}
    assert sorted(map(str, downs.values())) == sorted(["normal", str(("already_started", R.lookup("r", "k")[0][0]))])


@virtual
async def test_system_requests_do_not_touch_the_table() -> None:
    pid = await registry()
    R.register("r", "k", 1)
    await ab.sys.get_state(pid)
    await ab.sys.replace_state(pid, lambda state: {"mine": 1})
    assert R.lookup("r", "k") == [(ab.self_(), 1)]


@virtual
async def test_stray_messages_do_not_end_a_registry() -> None:
    pid = await registry()
    R.register("r", "k")
    ab.send(pid, "stray")
    ab.GenServer.cast(pid, "stray")
    ab.exit(pid, "shutdown")
    await settle()
    assert R.lookup("r", "k") == [(ab.self_(), None)]


@virtual
async def test_a_registry_without_a_name_goes_by_its_pid() -> None:
    pid = await R.start("unique", listeners=("ear",))
    assert pid is not None
    ab.register(ab.self_(), "ear")
    R.register(pid, "k")
    assert ab.flush() == [("register", pid, "k", ab.self_(), None)]
    assert ab.whereis(R.via(pid, "k")) is ab.self_()


@virtual
async def test_options_that_cannot_be_are_refused_in_the_caller() -> None:
    bad: list[dict[str, Any]] = [
        {"keys": "uniq"},
        {"keys": "unique", "partitions": 0},
        {"keys": "unique", "partitions": True},
        {"keys": "unique", "listeners": "ear"},
        {"keys": "unique", "listeners": [1]},
        {"keys": "unique", "meta": [1]},
    ]
    for options in bad:
        for start in (R.start, R.start_link):
            with pytest.raises(ValueError, match=r"Registry.start: expected"):
                await start(**options, name="r")
    assert ab.whereis("r") is None


@virtual
async def test_what_cannot_be_a_key_a_term_or_a_function_is_refused_and_changes_nothing() -> None:
    class Unhashable:
        __hash__ = None  # type: ignore[assignment]

    await registry()
    with pytest.raises(TypeError, match="key: expected plain data"):
        R.register("r", ("k", Unhashable()))
    with pytest.raises(ab.MessageError):
        R.register("r", "k", (i for i in range(3)))
    with pytest.raises(ValueError, match=r"expected \(registry, key\)"):
        R.whereis_name("r")  # type: ignore[arg-type]
    R.register("r", "k")

    async def waits(held: Any) -> None: ...

    for wrong in ("function", waits):
        with pytest.raises(TypeError, match="dispatch: expected a"):
            R.dispatch("r", "k", wrong)  # type: ignore[arg-type]
    assert R.select("r", lambda *row: True) == [("k", ab.self_(), None)]


@virtual
async def test_a_monitor_of_a_via_name_names_the_pid_and_of_nobody_says_noproc() -> None:
    await ab.Registry.start(name="reg", keys="unique")
    via = ("via", ab.Registry, ("reg", "agent"))
    ref = ab.monitor(via)
    assert await ab.receive(timeout=1) == ab.DOWN(ref, via, "noproc")
    pid = await ab.Agent.start(dict, name=via)
    assert pid is not None
    ref = ab.monitor(via)
    await ab.stop(pid)
    assert await ab.receive(timeout=1) == ab.DOWN(ref, pid, "normal")
