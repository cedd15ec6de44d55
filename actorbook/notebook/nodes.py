"""What the magics do with a cluster: its nodes as a table, cuts in the network, crashes. They act at once."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from ..cluster.cluster import Cluster
from ..core.node import Node
from .tables import Table, Text

__all__ = ["cluster_of", "crash", "heal", "known_nodes", "nodes", "partition", "restart"]


def cluster_of(node: Node) -> Cluster:
    """The cluster that a node belongs to; `LookupError` when it is alone."""
    if not isinstance(node.neighbours, Cluster):
        raise LookupError(  # noqa: TRY004  nothing is of a wrong type
            f"no cluster runs, {node.name} is alone; expected one: cluster = await ab.Cluster.simulated(['a', 'b'])"
        )
    return node.neighbours


def nodes(node: Node) -> Table:
    """Every node: incarnation, whether it runs, how many processes, how it is seen from here, from whom it is cut."""
    known: dict[str, Node] = {node.name: node}
    names = [node.name]
    if isinstance(node.neighbours, Cluster):
        known, names = node.neighbours.nodes, node.neighbours.names
    cuts = set(node.neighbours.cuts) if node.neighbours is not None else set()
    rows = [_row(node, name, known.get(name), [_cut(cuts, name, other) for other in names]) for name in names]
    note = "" if len(names) > 1 else "alone; more nodes: cluster = await ab.Cluster.simulated(['a', 'b'])"
    return Table(("node", "incarnation", "status", "processes", "from here", "cut from"), rows, note=note)


def _row(here: Node, name: str, node: Node | None, cuts: Sequence[str]) -> tuple[str | int | None, ...]:
    cut = ", ".join(filter(None, cuts))
    if node is None:
        return name, None, "down", None, "", cut
    seen = "here" if node is here else "connected" if name in here.remote.peers else "not connected"
    return name, node.home.creation, "up", len(node.processes), seen, cut


def _cut(cuts: set[tuple[str, str]], name: str, other: str) -> str:
    """What is cut between two nodes: nothing, both ways, or one of them."""
    out, back = (name, other) in cuts, (other, name) in cuts
    if out and back:
        return other
    return f"to {other}" if out else f"from {other}" if back else ""


def partition(node: Node, groups: Sequence[Sequence[str]]) -> Text:
    """Cut the network between groups of names."""
    cluster = cluster_of(node)
    if not all(groups):
        there = ", ".join(cluster.names)
        raise ValueError(f"expected groups of nodes such as a | b c, got an empty one; there are: {there}")
    for name in (name for group in groups for name in group):
        _check(cluster, name)
    cluster.partition(*groups)
    sides = " | ".join(" ".join(group) for group in groups)
    return Text(f"cut: {sides}{' | all others' if len(groups) == 1 else ''}; %actor heal opens it again")


def heal(node: Node) -> Text:
    """Open all ways again."""
    cluster_of(node).heal()
    return Text("the network is whole again; lost connections are made anew")


def crash(node: Node, name: str) -> Text:
    """A node is gone from one moment to the next."""
    cluster = cluster_of(node)
    _check(cluster, name)
    cluster.crash(name)
    return Text(f"{name} is down; %actor restart {name} starts it again, empty")


def restart(node: Node, name: str) -> Text:
    """Start a crashed node again."""
    cluster = cluster_of(node)
    _check(cluster, name)
    cluster.restart(name)
    return Text(f"{name} is up again, as incarnation {cluster.nodes[name].home.creation}")


def _check(cluster: Cluster, name: str) -> None:
    """One of its nodes, or an error that names them."""
    if name in cluster.names:
        return
    there = f"expected one of {', '.join(cluster.names)}"
    if not name:
        raise LookupError(f"a node is missing; {there}")
    near = get_close_matches(name, cluster.names, 1)
    raise LookupError(f"no node {name!r}; " + (f"did you mean {near[0]!r}? " if near else "") + there)


def known_nodes(node: Node, command: str, before: Sequence[str]) -> list[str]:
    """For completion: the nodes that a command can mean, those that were named before left out."""
    if node.neighbours is None:
        return []
    up = node.neighbours.nodes
    down = [name for name in node.neighbours.names if name not in up]
    found = {"crash": [name for name in up if name != node.name], "restart": down}.get(command, node.neighbours.names)
    words = [name for name in found if name not in before]
    return [*words, "|"] if command == "partition" and before and before[-1] != "|" else words
