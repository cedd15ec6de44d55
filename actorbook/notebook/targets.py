"""Which process a person means: a name, a pid as it is printed, a child's id, or a variable that holds one.

A name or an id on another node of the cluster is written with it: `voter@bob`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ..core.ids import Pid
from ..core.node import Node
from ..core.process import Process
from ..observe.nodes import find
from .picture import find_pid

__all__ = ["Unknown", "find_target", "known_targets", "targets_from"]


class Unknown(LookupError):
    """Nobody is meant; the text says what was expected and what there is."""


def find_target(node: Node, word: str, variables: Mapping[str, Any]) -> Process:
    """The living process that `word` stands for, or `Unknown`."""
    word = word.strip("'\"")
    found = node.names.get(word) or find_pid(node, word if word.startswith("<") else f"<{word}>")
    if found is not None:
        return found
    value = variables.get(word)
    if isinstance(value, Pid | str) and (process := find(node, value)) is not None:
        return process
    labelled = _labelled(node, word)
    if len(labelled) == 1:
        return labelled[0]
    far = _far(node, word)
    if far is not None:
        return far
    raise Unknown(_explain(node, word, value, len(labelled)))


def _labelled(node: Node, word: str) -> list[Process]:
    """The children with that id."""
    return [process for process in node.processes.values() if process.label == word]


def _far(node: Node, word: str) -> Process | None:
    """Whom `name@node` means; both parts may hold an `@`."""
    for other in node.neighbours.nodes.values() if node.neighbours is not None else ():
        name = word.removesuffix(f"@{other.name}")
        if name != word:
            labelled = _labelled(other, name)
            found = other.names.get(name) or (labelled[0] if len(labelled) == 1 else None)
            if found is not None:
                return found
    return None


def _explain(node: Node, word: str, value: Any, labelled: int) -> str:
    if isinstance(value, Pid):
        return f"{word} is {value!r}, which is not alive any more; expected a living process"
    if labelled > 1:
        return f"{labelled} processes have the id {word!r}; expected one: use its pid, see %actor ps"
    near = get_close_matches(word, [name for name, _ in node.names.items()], 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    nodes = "" if node.neighbours is None else ", of another node as name@node"
    expected = f"a name{nodes}, a pid such as <nb.4> or a variable that holds one"
    return f"no process {word!r}; expected {expected}; {hint}{node.names.hint()}"


def targets_from(node: Node, words: Sequence[str], variables: Mapping[str, Any]) -> list[Any]:
    """What a trace is to follow: globs and classes as they are, else the process that each word stands for."""
    return [_target(node, word, variables) for word in words]


def _target(node: Node, word: str, variables: Mapping[str, Any]) -> Any:
    value = variables.get(word)
    if isinstance(value, type | Pid):
        return value
    if any(sign in word for sign in "*?["):
        return word
    process = find_target(node, word, variables)
    return process.name or process.pid


def known_targets(node: Node, most: int = 200) -> list[str]:
    """Names first, those of other nodes after the own ones, then pids, for completion."""
    names = [name for name, _ in node.names.items()]
    others = node.neighbours.nodes.values() if node.neighbours is not None else ()
    names += [f"{name}@{other.name}" for other in others if other is not node for name, _ in other.names.items()]
    unnamed = [
        repr(pid) for pid, process in node.processes.items() if process.name is None and process is not node.shell
    ]
    return (names + unnamed)[:most]
