"""No mutation by one process is ever seen by another, whichever way a value went from one to the other."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import actorbook as ab
from tests.running import run, settle

QUICK = settings(max_examples=15, deadline=None)


@dataclass(frozen=True)
class Frozen:
    inner: Any


@dataclass
class Open:
    inner: Any


DATA = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | st.builds(bytearray, st.binary(max_size=3)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        | st.tuples(inner, inner)
        | st.sets(st.integers(), max_size=3)
        | st.builds(Frozen, inner)
        | st.builds(Open, inner)
    ),
    max_leaves=8,
)


def spoil(value: Any) -> None:
    """Change everything in `value` that can be changed."""
    for part in parts(value):
        spoil(part)
    match value:
        case dict():
            value["spoiled"] = True
        case list():
            value.append("spoiled")
        case set():
            value.add("spoiled")
        case bytearray():
            value.extend(b"spoiled")
        case Open():
            value.inner = "spoiled"


def parts(value: Any) -> list[Any]:
    match value:
        case dict():
            return list(value.values())
        case list() | tuple():
            return list(value)
        case Frozen() | Open():
            return [value.inner]
    return []


class Keeper(ab.GenServer):
    """Keeps what it was given, spoils what it gave away or was given, as it is told."""

    kept: Any = None

    def init(self, value: Any = None) -> None:
        self.kept = value

    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        match request:
            case ("keep", value):
                self.kept = value
            case "spoil":
                spoil(self.kept)
            case "stop":
                return ab.Stop(("because", self.kept), reply=self.kept)
        return self.kept

    def handle_cast(self, request: Any) -> None:
        self.kept = request

    handle_info = handle_cast

    @ab.call
    def keep(self, value: Any, *, also: Any = None) -> Any:
        self.kept = (value, also)
        return self.kept


Way = Callable[[Any], Awaitable[list[Any]]]


async def keeper(*args: Any) -> ab.Pid:
    pid = await Keeper.start(*args)
    assert pid is not None
    return pid


async def kept(pid: ab.Pid) -> Any:
    """What a keeper has, seen without touching it: by a copy that nobody else will have."""
    return (await ab.sys.get_state(pid))["kept"]


async def by_message(value: Any) -> list[Any]:
    """Each way gives the value to two parties; it returns what they have: here the sender and a server."""
    pid = await keeper()
    ab.send(pid, value)
    return [value, pid]


async def by_cast(value: Any) -> list[Any]:
    pid = await keeper()
    ab.GenServer.cast(pid, value)
    return [value, pid]


async def by_call(value: Any) -> list[Any]:
    pid = await keeper()
    return [value, await ab.GenServer.call(pid, ("keep", value)), pid]


async def by_method(value: Any) -> list[Any]:
    pid = await keeper()
    return [value, await pid.keep(value, also=value), pid]


async def by_init(value: Any) -> list[Any]:
    return [value, await keeper(value), await keeper(value)]


async def by_child_spec(value: Any) -> list[Any]:
    spec = Keeper.child_spec(value, id="a", name="keeper")
    sup = await ab.Supervisor.start([spec])
    first = ab.whereis("keeper")
    assert first is not None
    await ab.GenServer.call(first, "spoil")
    ab.exit(first, "kill")
    await settle()
    second = ab.whereis("keeper")
    await ab.sys.suspend(sup)
    return [value, second]


async def by_timer(value: Any) -> list[Any]:
    pid = await keeper()
    timer = ab.send_after(pid, value, 1)
    before = copy.deepcopy(value)
    spoil(value)
    await ab.sleep(2)
    assert timer.cancel() is False
    return [before, pid]


async def by_end(value: Any) -> list[Any]:
    """An end is told to links, monitors and callers, each in its own copy."""
    pid = await keeper(value)
    one, two = ab.monitor(pid), ab.monitor(pid)
    log = ab.share([])

    async def linked() -> None:
        ab.flag(trap_exit=True)
        ab.link(pid)
        log.value.append((await ab.receive(ab.EXIT)).reason[1])

    ab.spawn(linked)
    await settle()
    reply = await ab.GenServer.call(pid, "stop")
    await settle()
    heard = [(await ab.receive(ab.DOWN)).reason[1] for _ in (one, two)]
    return [value, reply, *heard, *log.value]


async def by_exit(value: Any) -> list[Any]:
    async def hears() -> Any:
        ab.flag(trap_exit=True)
        ab.send(me, ("heard", (await ab.receive(ab.EXIT)).reason))

    me = ab.self_()
    pid = ab.spawn(hears)
    await settle()
    ab.exit(pid, ("because", value))
    return [value, (await ab.receive(tuple))[1][1]]


async def by_spawn(value: Any) -> list[Any]:
    log = ab.share([])
    for _ in range(2):
        ab.spawn(log.value.append, value)
    await settle()
    return [value, *log.value]


async def by_task(value: Any) -> list[Any]:
    log = ab.share([])

    def work(given: Any) -> Any:
        log.value.append(given)
        return given

    return [value, await ab.Task.await_(ab.Task.async_(work, value)), *log.value]


async def by_agent(value: Any) -> list[Any]:
    agent = await ab.Agent.start(lambda: None)
    await ab.Agent.update(agent, lambda state: value)
    one = await ab.Agent.get(agent, lambda state: state)
    two = await ab.Agent.get(agent, lambda state: state)
    return [one, two]


async def by_registry(value: Any) -> list[Any]:
    await ab.Registry.start("unique", name="registry")
    ab.Registry.register("registry", "key", value)
    found = [ab.Registry.lookup("registry", "key")[0][1] for _ in range(2)]
    ab.Registry.unregister("registry", "key")
    return [value, *found]


async def by_state(value: Any) -> list[Any]:
    pid = await keeper(value)
    return [value, (await ab.sys.get_state(pid))["kept"], pid]


async def by_replaced_state(value: Any) -> list[Any]:
    pid = await keeper()
    new = await ab.sys.replace_state(pid, lambda state: {"kept": value})
    return [value, new["kept"], pid]


WAYS: list[Way] = [
    by_message, by_cast, by_call, by_method, by_init, by_child_spec, by_timer, by_end, by_exit, by_spawn,
    by_task, by_agent, by_registry, by_state, by_replaced_state,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_one_changes_no_other_sees(way: Way) -> None:
    @QUICK
    @given(DATA)
    def law(value: Any) -> None:
        run(lambda: play(way, value))

    law()


async def play(way: Way, value: Any) -> None:
    """Let each party in turn change what it has; those who had no turn yet must have what was given."""
    given_value = copy.deepcopy(value)
    parties = await way(value)
    assert len(parties) >= 2
    for place, party in enumerate(parties):
        if isinstance(party, ab.Pid):
            await ab.GenServer.call(party, "spoil")
        else:
            spoil(party)
        for other in parties[place + 1 :]:
            seen = await kept(other) if isinstance(other, ab.Pid) else other
            assert seen in (given_value, (given_value, given_value))


def test_a_law_of_isolation_can_fail() -> None:
    """The gate bites: a party that is given the very object is found out."""

    async def by_sharing(value: Any) -> list[Any]:
        pid = await keeper()
        ab.send(pid, ab.share(value))
        return [value, pid]

    with pytest.raises(AssertionError):
        run(lambda: play(by_sharing, [1]))


def test_a_list_in_the_class_body_belongs_to_each_process_alone() -> None:
    class Cart(ab.GenServer):
        items: list[str] = []  # noqa: RUF012  the trap that is disarmed here

        @ab.call
        def put(self, item: str) -> list[str]:
            self.items.append(item)
            return self.items

    async def body() -> None:
        one, two = await Cart.start(), await Cart.start()
        assert one is not None
        assert two is not None
        assert (await one.put("a"), await two.put("b"), Cart.items) == (["a"], ["b"], [])

    run(body)
