"""Cuts, crashes, restarts, killed shards and registries at random, while processes come and go; then calm.

Afterwards every node sees who is there, each of them once, and every listener that lived through it has heard of them
in a way that adds up. Each seed is one storm; the environment variable ACTORBOOK_STORMS says how many are tried.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

import actorbook as ab
from actorbook.core.bodies import FunctionBody
from actorbook.web import Broadcast, PubSub
from tests.cluster.weather import Weather
from tests.running import virtual
from tests.web.listeners import PUBSUB
from tests.web.present import HERE, TOPIC, Present, begin, keys_of, place

NODES = ["a", "b", "c"]
STORMS = int(os.environ.get("ACTORBOOK_STORMS", "24"))
KEYS = ["ada", "bob", "eve"]


async def following(seen: dict[str, dict[str, str]], wrong: list[str]) -> None:
    """Keep a list of who is there by the diffs alone, as a client does: refs by key."""
    PubSub.subscribe(PUBSUB, TOPIC)
    for key, found in (await Present.list(TOPIC)).items():
        seen[key] = {meta["phx_ref"]: "listed" for meta in found["metas"]}
    while True:
        diff = (await ab.receive(Broadcast)).payload
        for key, left in diff["leaves"].items():
            known = seen.get(key, {})
            wrong += [
                f"{key} left, and was not there" for meta in left["metas"] if not known.pop(meta["phx_ref"], None)
            ]
        for key, joined in diff["joins"].items():
            refs = [meta["phx_ref"] for meta in joined["metas"]]
            wrong += [f"{key} joined twice" for ref in refs if ref in seen.get(key, {})]
            seen.setdefault(key, {}).update(dict.fromkeys(refs, "heard"))


async def coming_and_going(seed: float) -> None:
    """Be present, change, leave, and end in some way, in an order of its own."""
    number, me = int(seed * 1000), ab.self_()
    try:
        await Present.track(me, TOPIC, KEYS[number % 3], {"n": number})
        for n in range(number % 4):
            await ab.sleep(number % 7)
            await Present.update(me, TOPIC, KEYS[number % 3], {"n": n})
        if number % 5 == 0:
            await Present.untrack(me, TOPIC, KEYS[number % 3])
    except (ab.CallExit, ab.NoPresenceError):
        raise ab.Exit("the tracker is gone") from None
    await ab.receive(lambda message: message == "end")


class Storm(Weather):
    """Presences and their servers under it. The notebook's own node is spared, so that its listener can be asked."""

    def settle(self, node: str) -> None:
        """A node that returned starts what it had."""
        self.cluster.nodes[node].spawn(FunctionBody(begin, (node,)), parent=None)

    def come(self) -> None:
        node = self.random.choice(list(self.cluster.nodes))
        self.log.append(f"come {node}")
        self.cluster.nodes[node].spawn(FunctionBody(coming_and_going, (self.random.random(),)), parent=None)

    def go(self) -> None:
        node = self.cluster.nodes[self.random.choice(list(self.cluster.nodes))]
        tracked = [p for p in node.processes.values() if p.body.describe().cls == "coming_and_going"]
        if tracked:
            reason = self.random.choice(["normal", "killed", "boom", "shutdown"])
            self.log.append(f"go {node.name} {reason}")
            node.end(self.random.choice(tracked), reason)

    def kill(self) -> None:
        """A shard, or what it stands on."""
        others = list(self.cluster.nodes)[1:]
        if others:
            node = self.cluster.nodes[self.random.choice(others)]
            name = self.random.choice(["Present.0", "pubsub", "pubsub.adapter.0", "pubsub.adapter.pg"])
            process = node.names.get(name)
            if process is not None:
                self.log.append(f"kill {name} on {node.name}")
                node.end(process, "killed")

    async def blow(self) -> None:
        steps = [self.come] * 6 + [self.go] * 3 + [self.kill, self.crash, self.restart, self.cut, self.heal]
        for _ in range(60):
            self.random.choice(steps)()
            await ab.sleep(self.random.choice([0, 0.1, 1, 5, 20]))
        self.heal()
        while len(self.cluster.nodes) < len(self.cluster.names):
            self.restart()


def there(cluster: ab.Cluster) -> list[str]:
    """Who is present, by what each shard itself tracks."""
    found: list[str] = []
    for node in cluster.nodes.values():
        shard: Any = node.names.get("Present.0")
        state = shard.body.server.state
        found += [entry.key for entry in state.of(shard.pid).values() if node.local(entry.pid) is not None]
    return sorted(found)


@pytest.mark.parametrize("seed", range(STORMS))
def test_after_a_storm_all_nodes_agree_who_is_there(seed: int) -> None:
    @virtual
    async def storm() -> None:
        async with ab.Cluster.simulated(NODES, seed=seed, latency=0.02, jitter=0.05) as cluster:
            weather = Storm(cluster, seed)
            for node in (HERE, *NODES):
                await begin(node)
            seen: dict[str, dict[str, str]] = {}
            wrong: list[str] = []
            follower = ab.spawn(following, ab.share(seen), ab.share(wrong))
            await weather.blow()
            await ab.sleep(60)

            story = "\n".join([f"seed {seed}", *weather.log])
            expected = there(cluster)
            for name, node in cluster.nodes.items():
                assert keys_of(node) == expected, f"{name}: {story}"
            assert wrong == [], story
            heard = sorted(key for key, refs in seen.items() for _ in refs)
            assert (ab.is_alive(follower), heard) == (True, expected), story

    storm()


@virtual
async def test_over_a_lossy_network_that_reorders_all_nodes_agree_in_the_end() -> None:
    async with ab.Cluster.simulated(
        NODES, network="udp", loss=0.3, duplicate=0.2, latency=0.1, jitter=2.0, seed=7
    ) as cluster:
        for node in (HERE, *NODES):  # each by itself: over this network an answer from elsewhere may never come
            cluster.nodes[node].spawn(FunctionBody(begin, (node,)), parent=None)
        await ab.sleep(5)
        for n in range(30):
            place(cluster, (HERE, *NODES)[n % 4], f"key {n}")
            await ab.sleep(1)
        for node in cluster.nodes.values():
            for process in [p for p in node.processes.values() if p.body.describe().cls == "staying"][::2]:
                node.end(process, "killed")
        await ab.sleep(200)

        expected = there(cluster)
        assert len(expected) == 14
        assert [keys_of(node) for node in cluster.nodes.values()] == [expected] * 4
