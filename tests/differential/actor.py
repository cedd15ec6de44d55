"""A process that does what it is told: the counterpart of erlang/actor.erl, operation by operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import actorbook as ab
from tests.differential.world import Nobody, World


class Boom(Exception):
    """What goes wrong where a scenario wants it."""


class Do(NamedTuple):
    """The order to perform operations."""

    ops: list[Any]


async def actor(world: World, key: int, trap: bool, fate: Any) -> None:
    """The body of an actor."""
    ab.flag(trap_exit=trap)
    world.tell(key, "actor")
    if fate != "lives":
        meet(fate)
        return
    while True:
        for op in (await ab.receive(Do)).ops:
            if op[0] == "end":
                meet(op[1])
                return
            result = await perform(world, op)  # others may have filled the list of another step meanwhile
            world.results.append((key, result))
        world.busy.discard(key)


def meet(fate: Any) -> None:
    """End in one of the ways there are; to return is one of them."""
    if fate == "crash":
        raise Boom
    if fate != "return":
        raise ab.Exit(fate[1])


async def perform(world: World, op: Any) -> Any:
    """The canonical result of an operation; one that fails harms nobody, unless it must succeed."""
    try:
        if op[0] != "must":
            return await attempt(world, op)
        return world.term(await run(world, op[1]))
    except Nobody:
        return "nobody"


async def attempt(world: World, op: Any) -> Any:
    """The result of an operation, or the words for its failure."""
    try:
        return world.term(await run(world, op))
    except ab.NoProcessError:
        return ["error", "noproc"]
    except ab.CallExit as error:
        return ["exit", world.term(error.reason)]
    except (ab.StartError, ab.SupervisorError, ab.ChildSpecError) as error:
        return ["error", world.term(error.reason)]
    except ValueError:
        return ["error", "badarg"]


async def run(world: World, op: Any) -> Any:
    """Perform an operation, whether it waits or not."""
    name, *args = op
    result = OPERATIONS[name](world, *args)
    return await result if hasattr(result, "__await__") else result


# --- processes, links, monitors ---------------------------------------------------------------------------


def spawn(world: World, trap: bool, options: list[str], fate: Any) -> Any:
    key = world.next_key()
    spawned = ab.spawn(actor, ab.share(world), key, trap, fate, link="link" in options, monitor="monitor" in options)
    if isinstance(spawned, ab.Pid):
        world.give(key, spawned)
        return key
    world.give(key, spawned[0])
    return key, world.new_ref(spawned[1])


def demonitor(world: World, number: int, options: list[str]) -> Any:
    return ab.demonitor(world.ref(world.me(), number), flush="flush" in options, info="info" in options)


# --- messages ---------------------------------------------------------------------------------------------


def send(world: World, target: Any, message: Any) -> bool:
    ab.send(target, ("message", world.me(), message))
    return True


def take(world: World, kind: str, what: Any = None) -> Any:
    if kind == "exit":
        pid = world.target(what)
        return _take(world, lambda message: isinstance(message, ab.EXIT) and message.pid is pid)
    if kind == "down":
        ref = world.ref(world.me(), what)
        return _take(world, lambda message: isinstance(message, ab.DOWN) and message.ref is ref)
    return _take(world, lambda message: isinstance(message, tuple) and message[0] == "message")


async def _take(world: World, match: Callable[[Any], bool]) -> Any:
    try:
        return world.message(await ab.receive(match, timeout=0))
    except TimeoutError:
        return "none"


def flush(world: World) -> Any:
    return ["flushed", *map(world.message, ab.flush())]


OPERATIONS: dict[str, Callable[..., Any]] = {
    "spawn": spawn,
    "trap": lambda world, on: ab.flag(trap_exit=on),
    "link": lambda world, key: ab.link(world.target(key)),
    "unlink": lambda world, key: ab.unlink(world.target(key)),
    "monitor": lambda world, target: world.new_ref(ab.monitor(world.target(target))),
    "demonitor": demonitor,
    "exit": lambda world, key, reason: ab.exit(world.target(key), reason),
    "alive": lambda world, key: ab.is_alive(world.target(key)),
    "register": lambda world, name, key: ab.register(world.target(key), name),
    "unregister": lambda world, name: ab.unregister(name),
    "whereis": lambda world, name: ab.whereis(name),
    "send": lambda world, target, message: send(world, world.target(target), message),
    "send_ref": lambda world, key, number, message: send(world, world.ref(key, number), message),
    "alias": lambda world: world.new_ref(ab.alias()),
    "unalias": lambda world, key, number: ab.unalias(world.ref(key, number)),
    "take": take,
    "flush": flush,
}
