"""Agents keep the rules AGT-01 and AGT-02."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

import actorbook as ab
from tests.conformance.rules import rule
from tests.running import reason_of_end, settle, virtual

AGENT = ab.Agent


async def start(*args: Any, **options: Any) -> ab.Pid:
    pid = await AGENT.start(*args, **options)
    assert pid is not None
    return pid


def fail(state: Any) -> Any:
    raise ValueError("no")


@rule(
    "AGT-01",
    "get, update, get_and_update and cast run in the agent; a function that raises ends it, and the caller likewise.",
)
@virtual
async def test_functions_run_in_the_agent_and_a_failing_one_ends_it_and_its_caller() -> None:
    agent = await start(lambda n: (ab.self_(), n), 1, name="agent")
    assert await AGENT.get("agent", lambda state: (ab.self_(), *state)) == (agent, agent, 1)
    assert await AGENT.update(agent, lambda state: (ab.self_(), state[1] + 1)) == "ok"
    assert AGENT.cast(agent, lambda state: (ab.self_(), state[1] * 10)) is None  # type: ignore[func-returns-value]
    assert await AGENT.get_and_update(agent, lambda state: (state, "new")) == (agent, 20)
    assert await AGENT.get(agent, str.upper) == "NEW"

    async def caller() -> None:
        await AGENT.get(agent, fail)

    ref = ab.monitor(agent)
    assert await reason_of_end(ab.spawn(caller)) == ab.Crash(ValueError, "no")
    assert (await ab.receive(ab.DOWN)).ref is ref
    for function in (AGENT.get, AGENT.update, AGENT.get_and_update):
        other = await start(int)
        with pytest.raises(ab.CallExit) as failed:
            await function(other, fail)
        assert (failed.value.reason, ab.is_alive(other)) == (ab.Crash(ValueError, "no"), False)
    other = await start(int)
    AGENT.cast(other, fail)
    assert await reason_of_end(other) == ab.Crash(ValueError, "no")
    AGENT.cast(other, fail)


@rule("AGT-02", "get_and_update must return a pair, else the agent ends; a first function that raises fails the start.")
@virtual
async def test_a_result_that_is_no_pair_ends_the_agent_and_a_failing_first_function_starts_none() -> None:
    for junk in ("junk", ("one",), (1, 2, 3), [1, 2], None):
        agent = await start(int)
        ref = ab.monitor(agent)
        with pytest.raises(ab.CallExit) as failed:
            await AGENT.get_and_update(agent, lambda state, junk=junk: junk)  # type: ignore[misc]
        assert failed.value.reason == ("bad_return_value", junk)
        assert await ab.receive(ab.DOWN) == ab.DOWN(ref, agent, ("bad_return_value", junk))
    with pytest.raises(ab.StartError) as not_started:
        await start(fail, 0, name="agent")
    assert (not_started.value.reason, ab.whereis("agent")) == (ab.Crash(ValueError, "no"), None)


@virtual
async def test_functions_may_wait_and_nothing_else_runs_in_the_agent_meanwhile() -> None:
    async def later(state: Any, result: Any) -> Any:
        await asyncio.sleep(1)
        return result

    agent = await start(later, None, 1)
    AGENT.cast(agent, partial(later, result=2))
    began = asyncio.get_running_loop().time()
    assert await AGENT.get(agent, lambda state: state) == 2
    assert asyncio.get_running_loop().time() - began == pytest.approx(1)
    assert await AGENT.get_and_update(agent, partial(later, result=("value", 3))) == "value"
    assert await AGENT.update(agent, partial(later, result=4)) == "ok"
    assert await AGENT.get(agent, partial(later, result="read")) == "read"
    assert await AGENT.get(agent, lambda state: state) == 4
    with pytest.raises(ab.CallExit) as failed:
        await AGENT.get(agent, partial(later, result=5), timeout=0.5)
    assert (failed.value.reason, ab.is_alive(agent)) == ("timeout", True)


@virtual
async def test_what_comes_out_is_a_copy_and_results_of_servers_are_plain_values() -> None:
    given = [1]
    agent = await start(partial(list, given))
    out = await AGENT.get(agent, lambda state: state)
    out.append("changed")
    given.append("changed")
    assert await AGENT.get(agent, lambda state: state) == [1]
    assert await AGENT.get(agent, lambda state: ab.Continue("not me")) == ab.Continue("not me")
    ab.send(agent, "stray")
    await settle()
    assert ab.is_alive(agent)


@virtual
async def test_the_state_is_its_value_to_those_who_look() -> None:
    from actorbook.core.running import current_node
    from actorbook.notebook.details import state_text

    agent = await start(lambda: {1: "one"})
    assert await ab.sys.get_state(agent) == {1: "one"}
    assert await ab.sys.replace_state(agent, lambda state: {**state, 2: "two"}) == {1: "one", 2: "two"}
    assert await AGENT.get(agent, len) == 2
    process = current_node().local(agent)
    assert process is not None
    assert state_text(process) == "state = {1: 'one', 2: 'two'}"
    assert (await ab.sys.get_status(agent))["state"] == {1: "one", 2: "two"}


@virtual
async def test_it_is_a_child_like_any_other_and_starts_anew_with_its_first_state() -> None:
    await ab.Supervisor.start([ab.Agent.child_spec(dict, name="cache"), (ab.Agent, list)])
    first = ab.whereis("cache")
    await AGENT.update("cache", lambda state: {"a": 1})
    AGENT.cast("cache", fail)
    await settle()
    assert ab.whereis("cache") not in (None, first)
    assert await AGENT.get("cache", lambda state: state) == {}


@virtual
async def test_mistakes_of_the_caller_are_told_to_the_caller() -> None:
    agent = await start(int)
    for attempt in (
        lambda: AGENT.start(0),
        AGENT.start,
        lambda: AGENT.start_link(0),
        lambda: AGENT.get(agent, 0),  # type: ignore[arg-type]
        lambda: AGENT.update(agent, 0),  # type: ignore[arg-type]
        lambda: AGENT.get_and_update(agent, None),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError, match=r"Agent\.\w+: expected a function of the state, got "):
            await attempt()  # type: ignore[no-untyped-call]
    with pytest.raises(TypeError, match=r"Agent\.cast: expected a function of the state, got 0"):
        AGENT.cast(agent, 0)  # type: ignore[arg-type]
    assert ab.is_alive(agent)
    with pytest.raises(ab.CallExit, match=r"an agent got 'x': expected Agent\.get, update"):
        await ab.GenServer.call(agent, "x")
