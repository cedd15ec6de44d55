"""Cuts, crashes, returns and heals of a simulated cluster, at random from a seed: what storms of all kinds share."""

from __future__ import annotations

from random import Random

import actorbook as ab

__all__ = ["Weather"]


class Weather:
    """One run; `log` tells what happened, for the one who has to understand a failure."""

    survivors = 0
    """How many nodes beside the notebook's own stay alive at least."""

    def __init__(self, cluster: ab.Cluster, seed: int) -> None:
        self.cluster = cluster
        self.random = Random(seed)
        self.log: list[str] = []

    def cut(self) -> None:
        """Two groups no longer hear each other, or one of them the other; some nodes may be in neither."""
        names = self.cluster.names[:]
        self.random.shuffle(names)
        at, oneway = self.random.randint(1, len(names) - 1), self.random.random() < 0.3
        groups = names[:at], names[at : self.random.randint(at + 1, len(names))]
        self.log.append(f"cut {groups} {oneway}")
        self.cluster.partition(*groups, oneway=oneway)

    def heal(self) -> None:
        """All hear each other."""
        self.log.append("heal")
        self.cluster.heal()

    def crash(self) -> None:
        """A node is gone."""
        alive = list(self.cluster.nodes)[1:]
        if len(alive) > self.survivors:
            node = self.random.choice([name for name in alive if name not in self.spared()])
            self.log.append(f"crash {node}")
            self.cluster.crash(node)

    def spared(self) -> list[str]:
        """Nodes that must not crash now: none, unless a storm says so."""
        return []

    def restart(self) -> None:
        """One that is gone comes back."""
        for node in [name for name in self.cluster.names if name not in self.cluster.nodes][:1]:
            self.log.append(f"restart {node}")
            self.cluster.restart(node)
            self.settle(node)

    def settle(self, node: str) -> None:
        """What a fresh node begins with: nothing, unless a storm says so."""

    async def calm(self) -> None:
        """The storm is over: all ways are open and all nodes are back, for long enough that things settle."""
        self.cluster.heal()
        for node in self.cluster.names:
            if node not in self.cluster.nodes:
                self.cluster.restart(node)
        await ab.sleep(20)
