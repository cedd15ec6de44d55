"""A graph in text, and in Mermaid's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["mermaid", "text"]

_RESERVED = {"state", "note", "class", "classDef", "direction", "end", "as", "default", "click", "style"}
_LAST = "◀ last"


def text(graph: Graph) -> str:
    """Each state with where it leads."""
    lines = [graph.name]
    for state in graph.states:
        lines.append(f"  {'●' if state == graph.current else '○'} {state}")
        leading = [transition for transition in graph.transitions if transition.source == state]
        for transition in leading:
            branch = "└─" if transition is leading[-1] else "├─"
            label = f"{transition.label} " if transition.label else ""
            mark = f"  {_LAST}" if graph.is_last(transition) else ""
            lines.append(f"    {branch} {label}→ {transition.target}{mark}")
    return "\n".join(lines)


def mermaid(graph: Graph) -> str:
    """A `stateDiagram-v2`; states whose names Mermaid could not read get a number."""
    ids = {state: _id(state, number) for number, state in enumerate(graph.states)}
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f'    state "{_clean(state)}" as {id}' for state, id in ids.items()]
    if graph.initial in ids:
        lines.append(f"    [*] --> {ids[graph.initial]}")
    for transition in graph.transitions:
        label = " ".join(part for part in (transition.label, _LAST if graph.is_last(transition) else "") if part)
        suffix = f": {_clean(label)}" if label else ""
        lines.append(f"    {ids[transition.source]} --> {ids[transition.target]}{suffix}")
    if graph.current in ids:
        lines.append("    classDef current fill:#23804d,stroke:#1b633c,color:#ffffff,font-weight:bold")
        lines.append(f"    class {ids[graph.current]} current")
    return "\n".join(lines)


def _id(state: str, number: int) -> str:
    return state if state.isascii() and state.isidentifier() and state not in _RESERVED else f"s{number}"


def _clean(words: str) -> str:
    """Words without what Mermaid takes for its own."""
    return "".join(f"#{ord(letter)};" if letter in '":;#{}<>' else letter for letter in " ".join(words.split()))
