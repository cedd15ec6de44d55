"""Plays scenarios on actorbook, on time that costs nothing: the counterpart of erlang/driver.erl."""

from __future__ import annotations

import asyncio
from typing import Any

import actorbook as ab
from actorbook.core.process import Process
from tests.differential import tree  # noqa: F401 - its operations
from tests.differential.actor import Do, actor
from tests.differential.scenarios import Scenario, Step
from tests.differential.world import NAMES, World
from tests.running import JumpingLoop

STEP = "step"


def play(scenario: Scenario, server: Any) -> list[Any]:
    """What could be seen after each step; `server` is the class of all servers."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(_play(World(server), scenario))


async def _play(world: World, scenario: Scenario) -> list[Any]:
    clock: Any = asyncio.get_running_loop()
    async with ab.Node(clock=clock):
        for _ in range(5):
            key = world.next_key()
            world.give(key, ab.spawn(actor, ab.share(world), key, False, "lives"))
        await _settle()
        outcomes = [await _step(world, step) for step in scenario]
        for _, process in world.living():
            ab.exit(process.pid, "kill")
        return outcomes


async def _settle() -> None:
    """A second on virtual time is over when nothing moves any more."""
    await ab.sleep(1)


async def _step(world: World, step: Step) -> Any:
    """The mark in all mailboxes tells what came in this step from what comes later."""
    key, ops = step
    world.results, world.log = [], []
    if key not in world.busy and any(key == able for able, _ in world.living("actor")):
        world.busy.add(key)
        ab.send(world.keys[key], Do(ops))
    await _settle()
    outcome = await _observe(world)
    for _, process in world.living("actor"):
        ab.send(process.pid, STEP)
    await _settle()
    return outcome


async def _observe(world: World) -> dict[str, Any]:
    """What can be seen from outside when nothing moves, in the form of erlang/driver.erl."""
    ended = world.ended()
    world.busy -= {key for key, _ in ended}
    actors, supervisors = world.living("actor"), world.living("supervisor")
    return {
        "results": list(world.results),
        "log": list(world.log),
        "ended": ended,
        "busy": list(world.busy),
        "links": [(key, world.term(list(process.links or ()))) for key, process in world.living()],
        "watches": [(key, len(process.monitors or ())) for key, process in actors if key not in world.busy],
        "inbox": [(key, _inbox(world, process)) for key, process in actors],
        "names": [(name, world.term(ab.whereis(name))) for name in NAMES],
        "trees": [(key, await _children(world, process)) for key, process in supervisors],
    }


def _inbox(world: World, process: Process) -> list[Any]:
    return [world.message(message) for message in process.mailbox or ()]


async def _children(world: World, process: Process) -> list[Any]:
    return [[child.id, world.term(child.pid)] for child in await ab.Supervisor.which_children(process.pid)]
