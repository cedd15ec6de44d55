"""Groups of nodes as people name them, checked: pure.

>>> list(cut_between([{"a"}, {"b", "c"}], ["a", "b", "c", "d"]))
[(['a'], ['b', 'c']), (['b', 'c'], ['a'])]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..core.node import Node, NoTransport

__all__ = ["cut_between", "named", "names_of"]


def names_of(group: Any) -> list[str]:
    """The names in a group, sorted; one name is a group, too."""
    if isinstance(group, str):
        return [group]
    if not isinstance(group, Iterable):
        raise TypeError(f"partition: expected groups of nodes such as {{'a'}}, got {group!r}")
    return sorted(group, key=str)


def cut_between(groups: Sequence[Any], known: Sequence[str], oneway: bool = False) -> list[tuple[list[str], list[str]]]:
    """The pairs of groups between which nothing is to pass, each from the first to the second."""
    sides = [names_of(group) for group in groups]
    if not sides or not all(sides):
        raise ValueError(
            f"partition: expected groups of nodes such as {{'a'}}, got an empty one; there are: {', '.join(known)}"
        )
    everyone = [name for side in sides for name in side]
    for name in everyone:
        if name not in known:
            raise ValueError(f"partition: expected one of {', '.join(map(repr, known))}, got {name!r}")
        if everyone.count(name) > 1:
            raise ValueError(f"partition: {name!r} is in two groups; expected each node once")
    if len(sides) == 1:
        sides.append([name for name in known if name not in everyone])
    if oneway and len(sides) != 2:
        raise ValueError(f"partition(oneway=True): expected two groups, from and to, got {len(sides)}")
    pairs = [(some, others) for some in sides for others in sides if some is not others]
    return pairs[:1] if oneway else pairs


def named(names: Any, here: Node) -> list[str]:
    """Names for new nodes beside this one, or the caller's error."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"Cluster: expected a list of names such as ['a', 'b'], got {names!r}")
    wanted = list(names)
    if not isinstance(here.transport, NoTransport):
        raise ValueError(f"Cluster: {here.name!r} is in a cluster already; `await cluster.stop()` that one first")  # noqa: TRY004
    for name in wanted:
        if not isinstance(name, str) or not name:
            raise TypeError(f"Cluster: expected names as text, got {name!r}")
        if name == here.name or wanted.count(name) > 1:
            raise ValueError(f"Cluster: the name {name!r} is taken; expected a name of its own for each node")
    if not wanted:
        raise ValueError("Cluster: expected at least one name such as 'a', got none")
    return wanted
