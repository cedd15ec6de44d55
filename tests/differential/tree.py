"""Supervisors as scenarios describe them: the counterpart of erlang/tree.erl, and the operations on supervisors."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Any

import actorbook as ab
from tests.differential.actor import OPERATIONS
from tests.differential.world import World

_numbers = count()


class Tree(ab.Supervisor):
    """A supervisor that tells the world who it is."""

    key: str
    world: World

    async def init(self, *args: Any) -> Any:
        self.world.tell(self.key, "supervisor")
        return await super().init(*args)


async def start_link(world: World, tree: Any) -> Any:
    """Start a described supervisor and all that is below it."""
    _, id, (strategy, intensity, auto_shutdown), _, children = tree
    name = f"Tree{next(_numbers)}"  # under one name it would be the same class, defined again, for all that run
    cls: Any = type(name, (Tree,), {"key": id, "world": world})
    return await cls.start_link(
        [spec(world, child) for child in children],
        strategy=strategy,
        max_restarts=intensity,
        max_seconds=3600,
        auto_shutdown=auto_shutdown,
    )


def spec(world: World, child: Any) -> ab.ChildSpec:
    """The child specification of a described worker or supervisor."""
    kind, id, server, (restart, shutdown, significant), *_ = child
    start: Any = partial(start_link, world), (child,)
    if kind == "worker":
        start = world.server.start_link, (id, ab.share(world), server)
    seconds = shutdown / 1000 if isinstance(shutdown, int) else shutdown
    return ab.ChildSpec(id, start, restart, seconds, kind, significant=significant)


async def start_tree(world: World, tree: Any) -> Any:
    return "ok", await start_link(world, tree)


async def start_child(world: World, target: Any, child: Any) -> Any:
    return "ok", await ab.Supervisor.start_child(world.target(target), spec(world, child))


async def restart_child(world: World, target: Any, id: Any) -> Any:
    return "ok", await ab.Supervisor.restart_child(world.target(target), id)


async def which_children(world: World, target: Any) -> Any:
    children = await ab.Supervisor.which_children(world.target(target))
    return [(child.id, child.pid, child.type) for child in children]


async def count_children(world: World, target: Any) -> Any:
    counts = await ab.Supervisor.count_children(world.target(target))
    return [counts[what] for what in ("specs", "active", "supervisors", "workers")]


OPERATIONS |= {
    "start_tree": start_tree,
    "start_child": start_child,
    "terminate_child": lambda world, target, id: ab.Supervisor.terminate_child(world.target(target), id),
    "restart_child": restart_child,
    "delete_child": lambda world, target, id: ab.Supervisor.delete_child(world.target(target), id),
    "which_children": which_children,
    "count_children": count_children,
}
