"""A story as text: columns of lines where they fit, else a line a message."""

from __future__ import annotations

from .sequence_story import Arrow, Mark, Story

__all__ = ["write"]

_MOST_COLUMNS, _MIN, _MAX = 7, 13, 30


def write(story: Story, most: int = 120) -> str:
    """The lines. `most` is how wide the columns may be together."""
    count = len(story.lifelines)
    if not count:
        return story.note or "nothing was sent"
    widest = max((len(_label(arrow)) for arrow in story.arrows), default=0) + 6
    width = max(_MIN, min(_MAX, widest, (most - 10) // count))
    rows = _Columns(story, width) if count <= _MOST_COLUMNS else _List(story)
    return "\n".join(line.rstrip() for line in rows.lines())


def _label(arrow: Arrow) -> str:
    return (
        f"{arrow.what} {arrow.text}" if arrow.what in ("exit", "down", "system", "spawn", "spawn_link") else arrow.text
    )


def _points(story: Story) -> list[tuple[int, int, Arrow | Mark]]:
    """What happens at each step: a send, the taking of what was sent earlier, a mark."""
    found: list[tuple[int, int, Arrow | Mark]] = []
    for arrow in story.arrows:
        found.append((arrow.sent, 0, arrow))
        if arrow.received is not None and arrow.received > arrow.sent + 1:
            found.append((arrow.received, 1, arrow))
    found += [(mark.step, 2, mark) for mark in story.marks]
    return sorted(found, key=lambda point: point[:2])


def _around(story: Story, step: int, texts: list[str]) -> list[str]:
    """Where a loop begins or ends, or the gap is, at a step."""
    above = [f"{'':8}┌ × {loop.repeats:,}" for loop in story.loops if loop.first == step]
    if story.gap == step:
        above.insert(0, f"{'':8}… {story.left_out:,} steps are left out …")
    below = [f"{'':8}└" for loop in story.loops if loop.last in (step, step + 1) and loop.last != loop.first]
    return [*above, *texts, *below[:1]]


class _Columns:
    def __init__(self, story: Story, width: int) -> None:
        self._story = story
        self._width = width

    def lines(self) -> list[str]:
        """Heads, then a line a point."""
        story, width = self._story, self._width
        nodes = len({line.node for line in story.lifelines}) > 1
        names = [f"{line.name}@{line.node.partition('@')[0]}" if nodes else line.name for line in story.lifelines]
        lines = [" " * 9 + "".join(_cut(name, width - 1).center(width) for name in names)]
        seen = -1
        for step, kind, item in _points(story):
            text = self._mark(item) if isinstance(item, Mark) else self._taken(item) if kind else self._sent(item)
            row = f"{story.times[step]:8.3f} {text}"
            lines += _around(story, step, [row]) if step != seen else [row]
            seen = step
        return [*lines, story.note] if story.note else lines

    def _blank(self) -> list[str]:
        middle, whole = self._width // 2, self._width * len(self._story.lifelines)
        return ["│" if i % self._width == middle else " " for i in range(whole)]

    def _at(self, line: int) -> int:
        return line * self._width + self._width // 2

    def _sent(self, arrow: Arrow) -> str:
        """An arrow over the columns between, with its text in the middle."""
        source, target = arrow.source, arrow.target
        if source is None or target is None or source == target:
            return self._alone(arrow)
        here, there = self._at(source), self._at(target)
        low, room = min(here, there) + 1, abs(there - here) - 2
        body = _cut(f" {_label(arrow)} ", room).center(room, "╌" if arrow.what in ("reply", "exit", "down") else "─")
        at_once = arrow.received is not None and arrow.received == arrow.sent + 1
        if at_once or arrow.what.startswith("spawn"):
            tip = "▶" if there > here else "◀"
        else:
            tip = "✕" if arrow.lost else "┄"
        return _put(self._blank(), low, body + tip if there > here else tip + body)

    def _alone(self, arrow: Arrow) -> str:
        """A message to oneself, from nobody, or to nobody."""
        line = arrow.target if arrow.source is None else arrow.source
        sign = "↺" if arrow.source == arrow.target else "→" if arrow.source is None else "⇥"
        return _put(self._blank(), self._at(line or 0) + 1, f"{sign} {_label(arrow)}"[: self._width * 2])

    def _taken(self, arrow: Arrow) -> str:
        row = self._blank()
        if arrow.target is None:
            return "".join(row)
        here = self._at(arrow.target)
        text = f"┄▶ {arrow.text}" if arrow.source is not None and arrow.source < arrow.target else f"◀┄ {arrow.text}"
        if text.startswith("┄"):
            short = _cut(text[3:], self._width - 5)
            return _put(row, here - len(short) - 3, f"{short} ┄▶")
        return _put(row, here + 1, _cut(text, self._width - 2))

    def _mark(self, mark: Mark) -> str:
        sign = {"started": "●", "restarted": "↻", "crashed": "✕", "exited": "■"}[mark.kind]
        text = f"{sign} {mark.kind}" if mark.kind in ("started", "restarted") else f"{sign} {mark.text}"
        return _put(self._blank(), self._at(mark.line), text[: self._width * 2])


class _List:
    def __init__(self, story: Story) -> None:
        self._story = story

    def lines(self) -> list[str]:
        """A line a message, and a line a mark."""
        lines: list[str] = []
        for step, kind, item in _points(self._story):
            text = self._mark(item) if isinstance(item, Mark) else "" if kind else self._arrow(item)
            if text:
                lines += _around(self._story, step, [f"{self._story.times[step]:8.3f}  {text}"])
        return [*lines, self._story.note] if self._story.note else lines

    def _name(self, line: int | None) -> str:
        return "?" if line is None else self._story.lifelines[line].name

    def _arrow(self, arrow: Arrow) -> str:
        end = f"  ✕ {arrow.lost}" if arrow.lost else ""
        return f"{self._name(arrow.source)} → {self._name(arrow.target)}  {arrow.what} {arrow.text}{end}"

    def _mark(self, mark: Mark) -> str:
        return f"{self._name(mark.line)} {mark.kind} {mark.text}"


def _put(row: list[str], at: int, text: str) -> str:
    """Write text over a row."""
    at = max(0, at)
    row[at : at + len(text)] = text
    return "".join(row)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(0, most - 1)] + "…"
