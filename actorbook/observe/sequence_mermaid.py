"""A story as Mermaid's `sequenceDiagram`, for documents that draw it themselves."""

from __future__ import annotations

from .sequence_story import Arrow, Loop, Mark, Story

__all__ = ["write"]

_HEADS = {"call": "->>", "cast": "-)", "reply": "-->>", "exit": "--x", "down": "--x", "info": "-)", "system": "->>"}


def write(story: Story) -> str:
    """The diagram's source."""
    lines = ["sequenceDiagram", *_participants(story)]
    points: list[tuple[int, int, str]] = []
    for arrow in story.arrows:
        points += [(arrow.sent, 1, text) for text in _arrow(arrow)]
    points += [(mark.step, 2, _mark(mark)) for mark in story.marks if mark.kind != "started"]
    for loop in story.loops:
        points += _loop(loop)
    if story.gap is not None:
        count = max(1, len(story.lifelines))
        points.append((story.gap, 0, f"note over p0,p{count - 1}: … {story.left_out:,} steps are left out …"))
    lines += [f"  {text}" for _, _, text in sorted(points, key=lambda point: point[:2])]
    return "\n".join(lines)


def _participants(story: Story) -> list[str]:
    """The columns, in boxes when there are several nodes."""
    nodes = list(dict.fromkeys(line.node for line in story.lifelines))
    lines: list[str] = []
    for node in nodes:
        boxed = len(nodes) > 1 and node
        lines += [f"  box {_plain(node)}"] if boxed else []
        lines += [
            f"  participant p{i} as {_plain(line.name)}" for i, line in enumerate(story.lifelines) if line.node == node
        ]
        lines += ["  end"] if boxed else []
    return lines


def _arrow(arrow: Arrow) -> list[str]:
    text = _plain(arrow.text) or arrow.what
    if arrow.target is None:
        return [f"note over p{arrow.source or 0}: {arrow.what} {text} to nobody"]
    target = f"p{arrow.target}"
    if arrow.source is None:
        return [f"note over {target}: {arrow.what} {text}"]
    if arrow.lost or arrow.received is None:
        return [f"p{arrow.source}-x{target}: {text} ({_plain(arrow.lost) or 'not taken yet'})"]
    head = _HEADS.get(arrow.what, "-->>")
    return [f"p{arrow.source}{head}{target}: {f'spawn {text}' if arrow.what.startswith('spawn') else text}"]


def _mark(mark: Mark) -> str:
    return f"note over p{mark.line}: {mark.kind} {_plain(mark.text)[:60]}".rstrip()


def _loop(loop: Loop) -> list[tuple[int, int, str]]:
    return [(loop.first, 0, f"loop {loop.repeats:,} times"), (loop.last, 3, "end")]


def _plain(text: str) -> str:
    """Text without what Mermaid reads as its own."""
    return "".join({";": ",", "#": "no. ", "\n": " ", "<": "‹", ">": "›"}.get(c, c) for c in text)[:80]
