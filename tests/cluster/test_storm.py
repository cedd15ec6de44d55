"""Cuts, crashes, restarts and heals at random, while nodes talk, give names, join groups and lock; then calm.

Afterwards every node knows the same, and nothing was heard twice or out of order. Each seed is one storm; the
environment variable ACTORBOOK_STORMS says how many are tried.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

import actorbook as ab
from actorbook.core.bodies import FunctionBody
from tests.cluster.weather import Weather
from tests.running import virtual

NODES = ["a", "b", "c", "d"]
NAMES = ["red", "green", "blue"]
STORMS = int(os.environ.get("ACTORBOOK_STORMS", "24"))

complaints: list[str] = []


async def chatter(nodes: list[str]) -> None:
    """Say numbers to all the others, and see that theirs come once and in order."""
    heard: dict[ab.Pid, int] = {}
    said = 0
    while True:
        said += 1
        for node in nodes:
            ab.send(("chatter", node), (ab.self_(), said))
        try:
            while True:
                pid, number = await ab.receive(timeout=0.2)
                if number <= heard.get(pid, 0):
                    complaints.append(f"{ab.self_()} heard {number} of {pid} after {heard[pid]}")
                heard[pid] = number
        except TimeoutError:
            pass


async def named(name: str) -> None:
    """Want a name, and live on without it."""
    try:
        await ab.names.register_name(name, ab.self_())
    except (ab.CallExit, ValueError):
        return
    await ab.receive()


async def locker(resource: str) -> None:
    """Want a lock, and hold it until the end."""
    if await ab.names.set_lock((resource, ab.self_()), retries=3):
        await ab.receive()


async def member(group: str, times: int) -> None:
    for _ in range(times):
        await ab.pg.join(group, ab.self_())
    await ab.receive()


class Storm(Weather):
    """Names, groups and chatter under it."""

    def __init__(self, cluster: ab.Cluster, seed: int) -> None:
        super().__init__(cluster, seed)
        self.processes: list[Any] = []

    def on(self, node: str, function: Callable[..., Any], *args: Any, name: str | None = None) -> None:
        """Run something on a node, whoever can reach it."""
        self.processes.append(self.cluster.nodes[node].spawn(FunctionBody(function, args), parent=None, name=name))

    def begin(self) -> None:
        for node in self.cluster.nodes:
            self.settle(node)

    def settle(self, node: str) -> None:
        self.on(node, chatter, [other for other in self.cluster.names if other != node], name="chatter")
        for group in NAMES[: self.random.randint(0, 3)]:
            self.on(node, member, group, self.random.randint(1, 2))

    def step(self) -> None:
        what = self.random.choice(
            [self.cut, self.cut, self.heal, self.crash, self.restart, *[self.name] * 4, self.lock, self.kill]
        )
        what()

    def name(self) -> None:
        node, name = self.random.choice(list(self.cluster.nodes)), self.random.choice(NAMES)
        self.log.append(f"name {node} {name}")
        self.on(node, named, name)

    def lock(self) -> None:
        node, resource = self.random.choice(list(self.cluster.nodes)), self.random.choice(NAMES)
        self.log.append(f"lock {node} {resource}")
        self.on(node, locker, resource)

    def kill(self) -> None:
        living = [process for process in self.processes if not process.ended and process.name is None]
        if living:
            process = self.random.choice(living)
            self.log.append(f"kill {process.pid}")
            process.node.end(process, "killed")


def book(node: ab.Node, server: str) -> Any:
    process: Any = node.names.get(server)
    return process.body.server.book


def check_names(cluster: ab.Cluster) -> None:
    """Each name is claimed once, by a living process, and known as that on every node."""
    books = {name: book(node, "global_names") for name, node in cluster.nodes.items()}
    claims = {name: held.own for name, held in books.items()}
    everything = [(name, claim.pid) for own in claims.values() for name, claim in own.items()]
    assert len({name for name, _ in everything}) == len(everything), everything
    for name, pid in everything:
        assert cluster.nodes[pid.node].local(pid) is not None, f"{name}: {pid} is dead"
    for where, held in books.items():
        assert {node: own for node, own in held.claims.items() if own} == {
            node: own for node, own in claims.items() if own
        }, where
        assert (held.names(), dict(everything)) == (
            sorted(dict(everything)),
            {n: held.holder(n).pid for n in held.names()},
        )
    for server in (cluster.nodes[name].names.get("global_names") for name in cluster.nodes):
        state: Any = server
        assert (state.body.server.pending, state.body.server.granted, state.body.server.spreading) == ({}, {}, {})


def check_groups(cluster: ab.Cluster) -> None:
    """Each node knows all members, as often as they joined, and no others."""
    books = {name: book(node, "pg") for name, node in cluster.nodes.items()}
    everyone = [(group, pid) for held in books.values() for group, pids in held.local.items() for pid in pids]
    for group, pid in everyone:
        assert cluster.nodes[pid.node].local(pid) is not None, f"{group}: {pid} is dead"
    for where, held in books.items():
        known = [(group, pid) for group in held.groups() for pid in held.members(group)]
        assert sorted(known) == sorted(everyone), where


def check_locks(cluster: ab.Cluster) -> None:
    """Nobody dead has one, and a node watches those who have, and no others."""
    for where, node in cluster.nodes.items():
        server: Any = node.names.get("global_names")
        holders = {pid for held in server.body.server.locks.held.values() for pid in held.pids}
        assert holders == set(server.body.server.holders), where
        for pid in holders:
            assert cluster.nodes[pid.node].local(pid) is not None, f"{where}: {pid} is dead"


@pytest.mark.parametrize("seed", range(STORMS))
@virtual
async def test_after_a_storm_all_agree_and_nothing_was_heard_twice(seed: int) -> None:
    complaints.clear()
    line: dict[str, Any] = {"latency": 0.01, "jitter": 0.05, "loss": 0.05} if seed % 2 else {"latency": 0.0}
    tick = (0.0, 0.5, 2.0)[seed % 3]
    async with ab.Cluster.simulated(NODES, net_tick=tick, seed=seed, **line) as cluster:
        storm = Storm(cluster, seed)
        storm.begin()
        for _ in range(40):
            storm.step()
            await ab.sleep(storm.random.choice([0.0, 0.01, 0.3, 1.0]))
        await storm.calm()
        try:
            assert complaints == []
            check_names(cluster)
            check_groups(cluster)
            check_locks(cluster)
        except AssertionError as error:
            story = "\n".join(storm.log)
            raise AssertionError(f"seed {seed}: {error}\n{story}") from error
