"""The tree as text: the twin of the picture for terminals, screen readers and saved notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.reasons import describe

if TYPE_CHECKING:
    from .snapshot import Tree

__all__ = ["draw"]


def draw(tree: Tree, most: int = 200) -> str:
    """Lines with branches; at most `most` of them, then one that counts the rest."""
    lines = [_line(tree)]
    _below(tree, "", lines)
    if len(lines) > most:
        lines[most:] = [f"… {len(lines) - most:,} more"]
    return "\n".join(lines)


def _below(tree: Tree, indent: str, lines: list[str]) -> None:
    for child in tree.children:
        last = child is tree.children[-1] and not tree.more
        lines.append(f"{indent}{'└─' if last else '├─'} {_line(child)}")
        _below(child, indent + ("   " if last else "│  "), lines)
    if tree.more:
        lines.append(f"{indent}└─ … {tree.more:,} more")


def _line(tree: Tree) -> str:
    """One process: name, class, pid, and what is worth saying of it."""
    if tree.kind == "cluster":
        return f"{tree.name}  {len(tree.children):,} nodes"
    if tree.kind == "node":
        return _node(tree)
    parts = [tree.name, tree.cls, repr(tree.pid) if tree.pid else "–"]
    parts += [f"on {tree.on}"] if tree.on else []
    if tree.intensity is not None:
        most, seconds, used = tree.intensity
        parts.append(f"{used} of {most} in {seconds:g} s")
    else:
        parts.append(tree.status)
    if tree.mailbox > 0:
        parts.append(f"{tree.mailbox:,} queued" if tree.limit is None else f"{tree.mailbox:,} of {tree.limit:,} queued")
    parts += ["full"] if tree.full else []
    if tree.dropped:
        parts.append(f"{tree.dropped:,} dropped")
    if tree.restarts:
        parts.append(f"↻ {tree.restarts}")
    if tree.exits:
        parts.append(f"✕ {describe(tree.exits[0][1], 60)}")
    return "  ".join(parts)


def _node(tree: Tree) -> str:
    """A node: how many roots it has, or that it is down; and whether it is cut off from another."""
    if tree.status == "down":
        return f"{tree.name}  down"
    count = len(tree.children) + tree.more
    said = f"{tree.name}  {count:,} root{'' if count == 1 else 's'}" if count else f"{tree.name}  no processes yet"
    return f"{said}  cut" if tree.status == "cut" else said
