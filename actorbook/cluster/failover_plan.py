"""Which children one node is to start, end or hand over, from what it sees of the cluster: pure.

Every node decides for itself, by the same rules, so nobody has to be the leader. A child belongs to the node that
a hash ring of the members names. It is started there when no member runs it; who runs it elsewhere hands it over.
Both wait with what ends a child until all members see the same ones: while a cut leaves views apart, nobody
passes a child to and fro.

    >>> alone = Sight({}, frozenset("ab"))
    >>> view = View("a", ("a", "b"), frozenset("ab"), {"a": alone, "b": alone})
    >>> plan(view, ["cart 3", "cart 4", "cart 5"], "keep_majority")
    [Start(id='cart 3'), Start(id='cart 5')]

Two nodes that run the same child is what a healed cut leaves behind; then all but one end theirs:

    >>> both = {"a": Sight({"cart 2": 7.0}, frozenset("ab")), "b": Sight({"cart 2": 3.0}, frozenset("ab"))}
    >>> plan(view._replace(sights=both), ["cart 2"], "keep_oldest")
    [End(id='cart 2')]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from .ring import Ring

__all__ = ["Copy", "End", "HandOver", "Sight", "Split", "Start", "View", "goes_on", "plan"]


class Copy(NamedTuple):
    """A child that runs on a node, since the moment at which it was first started, handed over or not."""

    node: str
    since: float


Split = Literal["keep_majority", "keep_oldest"] | Callable[[Any, list[Copy]], str]


class Sight(NamedTuple):
    """What a member says of itself: the children that it runs, each with its `since`, and the members it sees."""

    runs: Mapping[Any, float]
    sees: frozenset[str]


class View(NamedTuple):
    """The cluster as one node sees it: the nodes that may have children, those in reach, and the members' words.

    `waiting`: a node in reach has not said yet what it runs.
    """

    here: str
    nodes: tuple[str, ...]
    reach: frozenset[str]
    sights: Mapping[str, Sight]
    waiting: bool = False

    @property
    def agreed(self) -> bool:
        """True when all members see the same ones."""
        members = frozenset(self.sights)
        return all(sight.sees == members for sight in self.sights.values())

    def copies(self, id: Any) -> list[Copy]:
        """Who runs a child, the oldest first."""
        found = [Copy(node, sight.runs[id]) for node, sight in self.sights.items() if id in sight.runs]
        return sorted(found, key=lambda copy: (copy.since, copy.node))


class Start(NamedTuple):
    """Start a child here."""

    id: Any


class End(NamedTuple):
    """End it here."""

    id: Any


class HandOver(NamedTuple):
    """End it here, and have `to` start it with its state."""

    id: Any
    to: str


Action = Start | End | HandOver


def goes_on(reach: frozenset[str], nodes: Iterable[str], split: Split) -> bool:
    """Whether this side of a cut may run children: of two halves it is the one with the lowest name.

    >>> goes_on(frozenset("ab"), "abcd", "keep_majority"), goes_on(frozenset("cd"), "abcd", "keep_majority")
    (True, False)
    """
    everyone = sorted(nodes)
    if split != "keep_majority" or 2 * len(reach) > len(everyone):
        return True
    return 2 * len(reach) == len(everyone) and everyone[0] in reach


def plan(view: View, ids: Iterable[Any], split: Split) -> list[Action]:
    """What this node has to do now; nothing once all is in order. After each action the view is another."""
    wanted = list(ids)
    mine = view.sights[view.here].runs
    if not goes_on(view.reach, view.nodes, split):
        return [End(id) for id in mine]
    ended: list[Action] = [End(id) for id in mine if id not in wanted]
    return ended + [action for id in wanted if (action := _for(view, id, split)) is not None]


def _for(view: View, id: Any, split: Split) -> Action | None:
    copies = view.copies(id)
    owner = _ring(tuple(sorted(view.sights))).owner(id)
    if not copies:
        return Start(id) if owner == view.here and not view.waiting else None
    if not view.agreed or view.here not in [copy.node for copy in copies]:
        return None
    if len(copies) > 1:
        return None if _keeper(id, copies, split) == view.here else End(id)
    return HandOver(id, owner) if owner != view.here else None


def _keeper(id: Any, copies: list[Copy], split: Split) -> str:
    """Whose copy stays. A function that fails, or names nobody who has one, leaves it to the oldest."""
    if callable(split):
        try:
            chosen = split(id, list(copies))
        except Exception:  # noqa: BLE001  it is the user's
            chosen = None
        if chosen in [copy.node for copy in copies]:
            return str(chosen)
    return copies[0].node


@lru_cache(maxsize=64)
def _ring(members: tuple[str, ...]) -> Ring:
    return Ring(members)
