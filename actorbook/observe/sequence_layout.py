"""Where everything in a sequence diagram stands: pure, a story in, numbers out. Drawing them is others' business.

Time runs down, but not evenly: each step gets room for its label, and a pause gets more the longer it is, so that
microseconds and minutes are in one picture. An arrow that needs time for its way slants.
"""

from __future__ import annotations

from math import log10
from typing import NamedTuple

from .sequence_story import Arrow, Loop, Mark, Story

__all__ = ["Bar", "Box", "Drawing", "Lane", "Line", "Place", "Stop", "Tick", "lay_out"]

LEFT, TOP, HEAD, GROUP = 74, 14, 40, 22
_LETTER, _NARROW, _WIDE, _MOST_LANES = 6.1, 132, 250, 40
_HANDLED = ("call", "cast", "info", "exit", "down")
_SENT, _TAKEN, _MARK, _PAUSE, _GAP = 26, 13, 28, 0.05, 34


class Lane(NamedTuple):
    """A column: x is its middle; `lines` are the stretches of its life, from y to y, solid when alive."""

    x: float
    name: str
    pid: str
    node: str
    lines: tuple[tuple[float, float, bool], ...]


class Line(NamedTuple):
    """A message from (x1, y1) to (x2, y2). `end` is arrived, lost or open (nobody has taken it yet)."""

    x1: float
    y1: float
    x2: float
    y2: float
    what: str
    label: str
    title: str
    end: str
    number: int
    cause: int
    loop: bool = False  # from a process to itself


class Stop(NamedTuple):
    """A mark on a column."""

    x: float
    y: float
    kind: str
    label: str
    title: str


class Bar(NamedTuple):
    """A stretch in which a process handled a message and sent others because of it."""

    x: float
    y1: float
    y2: float


class Tick(NamedTuple):
    """A time on the left."""

    y: float
    label: str


class Box(NamedTuple):
    """A rectangle with a caption: a node's columns, or steps that repeat."""

    x: float
    y: float
    w: float
    h: float
    label: str


class Place(NamedTuple):
    """A line of text over the whole width: what is left out, how it ended."""

    y: float
    label: str


class Drawing(NamedTuple):
    """All of it, in pixels."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    lines: tuple[Line, ...]
    stops: tuple[Stop, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    nodes: tuple[Box, ...]
    loops: tuple[Box, ...]
    notes: tuple[Place, ...]
    top: float


def lay_out(story: Story) -> Drawing:
    """Place a story. More than forty columns are too many to tell apart: the last stands for all others."""
    story = _merge(story)
    groups = len({line.node for line in story.lifelines}) > 1
    top = TOP + HEAD + (GROUP if groups else 0) + 12
    xs = _columns(story)
    ys, bottom, gap_y = _rows(story, top)
    width = (xs[-1] if xs else LEFT) + 96
    notes = [Place(gap_y, f"… {story.left_out:,} steps are left out …")] if gap_y is not None else []
    if story.note:
        notes.append(Place(bottom + 14, story.note))
        bottom += 22
    marks = tuple(_stop(mark, xs, ys) for mark in story.marks)
    return Drawing(
        round(width, 1), round(bottom + 18, 1),
        tuple(
            Lane(xs[i], line.name, line.pid, line.node, _life(i, story, ys, top, bottom))
            for i, line in enumerate(story.lifelines)
        ),
        tuple(_line(arrow, xs, ys) for arrow in story.arrows), marks, _bars(story, xs, ys), _ticks(story, ys),
        _nodes(story, xs) if groups else (), tuple(_loop(loop, ys, width) for loop in story.loops), tuple(notes), top,
    )  # fmt: skip


def _merge(story: Story) -> Story:
    """At most so many columns."""
    extra = len(story.lifelines) - _MOST_LANES
    if extra <= 0:
        return story
    last = _MOST_LANES - 1
    many = story.lifelines[last]._replace(name=f"{extra + 1:,} others", pid="", node="")

    def merged(line: int | None) -> int | None:
        return None if line is None else min(line, last)

    return story._replace(
        lifelines=(*story.lifelines[:last], many),
        arrows=tuple(a._replace(source=merged(a.source), target=merged(a.target)) for a in story.arrows),
        marks=tuple(m for m in story.marks if m.line < last),
    )


def _columns(story: Story) -> list[float]:
    """The middles: neighbours that talk have room for what they say."""
    room = [float(_NARROW)] * max(0, len(story.lifelines) - 1)
    for arrow in story.arrows:
        if arrow.source is None or arrow.target is None:
            continue
        low, high = sorted((arrow.source, arrow.target))
        if high - low == 1:
            room[low] = max(room[low], min(_WIDE, len(_label(arrow)) * _LETTER + 34))
        elif high == low and low < len(room):
            room[low] = max(room[low], min(_WIDE, len(_label(arrow)) * _LETTER + 60))
    for mark in story.marks:
        if mark.line < len(room):
            room[mark.line] = max(room[mark.line], min(_WIDE, len(_cut(mark.text, 34)) * 5.6 + 40))
    xs = [float(LEFT + 58)] if story.lifelines else []
    for gap in room:
        xs.append(round(xs[-1] + gap, 1))
    return xs


def _rows(story: Story, top: float) -> tuple[list[float], float, float | None]:
    """How far down each step is, where it ends, and where the gap is."""
    sends = {arrow.sent for arrow in story.arrows}
    marks = {mark.step for mark in story.marks}
    ends = {loop.last for loop in story.loops}
    starts = {loop.first for loop in story.loops}
    ys: list[float] = []
    y, gap_y = top, None
    for step, at in enumerate(story.times):
        y += _SENT if step in sends else _MARK if step in marks else _TAKEN
        if step > 0 and (pause := at - story.times[step - 1]) > _PAUSE and step != story.gap:
            y += min(44.0, 8 + 12 * log10(pause / _PAUSE))
        y += 14 if step in starts else 0
        if step == story.gap:
            gap_y = y + 2
            y += _GAP
        ys.append(round(y, 1))
        y += 10 if step in ends else 0
    return ys, y + 26, gap_y


def _label(arrow: Arrow) -> str:
    """What stands on an arrow."""
    if arrow.what in ("exit", "down", "system"):
        return _cut(f"{arrow.what.upper() if arrow.what != 'system' else 'system'} {arrow.text}", 36)
    return _cut(f"spawn {arrow.text}" if arrow.what.startswith("spawn") else arrow.text, 36)


def _line(arrow: Arrow, xs: list[float], ys: list[float]) -> Line:
    y1 = ys[arrow.sent]
    y2 = y1 + 8 if arrow.received is None else max(ys[arrow.received], y1)
    end = "arrived" if arrow.received is not None else "lost" if arrow.lost else "open"
    x2 = xs[arrow.target] if arrow.target is not None else LEFT + 8
    x1 = xs[arrow.source] if arrow.source is not None else x2 - 62
    if arrow.target is None:
        x2 = x1 + 62
    loop = arrow.source is not None and arrow.source == arrow.target
    if end != "arrived" and not loop:
        x2, y2 = x1 + (x2 - x1) * 0.72, y1 + 10
    if loop:
        y2 = max(y2, y1 + 12)
    return Line(
        x1,
        y1,
        round(x2, 1),
        round(y2, 1),
        arrow.what,
        _label(arrow),
        _title(arrow),
        end,
        arrow.number,
        arrow.cause,
        loop,
    )


def _title(arrow: Arrow) -> str:
    """What a pointer resting on an arrow is told."""
    took = ""
    if arrow.received_at is not None and arrow.what[:5] != "spawn":
        took = f", taken after {_seconds(arrow.received_at - arrow.sent_at)}"
    lines = [f"#{arrow.number} {arrow.what} at {arrow.sent_at:.4f} s{took}"]
    if arrow.cause:
        lines.append(f"because of #{arrow.cause}")
    if arrow.lost:
        lines.append(f"lost: {arrow.lost}")
    lines.append(arrow.payload or arrow.text)
    return "\n".join(lines)


def _stop(mark: Mark, xs: list[float], ys: list[float]) -> Stop:
    text = mark.text if mark.kind != "restarted" else "restarted"
    label = "" if mark.kind == "started" else _cut(text, 34)
    return Stop(xs[mark.line], ys[mark.step], mark.kind, label, f"{mark.kind} at {mark.at:.4f} s\n{mark.text}")


def _life(lane: int, story: Story, ys: list[float], top: float, bottom: float) -> tuple[tuple[float, float, bool], ...]:
    """When the process of a column lived: solid; before its start and after its end: faint."""
    alive = not any(m.kind == "started" for m in story.marks if m.line == lane and m is _first(story, lane))
    y, found = top, []
    for mark in story.marks:
        if mark.line != lane:
            continue
        lives = mark.kind in ("started", "restarted")
        if ys[mark.step] > y:
            found.append((y, ys[mark.step], alive))
        y, alive = ys[mark.step], lives
    found.append((y, bottom, alive))
    return tuple(found)


def _first(story: Story, lane: int) -> Mark | None:
    return next((mark for mark in story.marks if mark.line == lane), None)


def _bars(story: Story, xs: list[float], ys: list[float]) -> tuple[Bar, ...]:
    """From the taking of a message to the last that was sent because of it, or to the end of the process."""
    last: dict[tuple[int, int], int] = {}
    for arrow in story.arrows:
        if arrow.cause and arrow.source is not None:
            key = arrow.source, arrow.cause
            last[key] = max(last.get(key, 0), arrow.sent)
    ends = [(mark.line, mark.step) for mark in story.marks if mark.kind in ("crashed", "exited")]
    bars = []
    for arrow in story.arrows:
        if arrow.received is None or arrow.target is None or arrow.what not in _HANDLED:
            continue
        y1, end = ys[arrow.received], last.get((arrow.target, arrow.number), 0)
        dead = min((step for line, step in ends if line == arrow.target and step >= arrow.received), default=end)
        bars.append(Bar(xs[arrow.target], y1, max(ys[min(end, dead)], y1 + 7)))
    return tuple(bars)


def _ticks(story: Story, ys: list[float]) -> tuple[Tick, ...]:
    """A time where something is sent or ends: the first as it is, the others from there on."""
    ticks: list[Tick] = []
    for step in sorted({arrow.sent for arrow in story.arrows} | {mark.step for mark in story.marks}):
        label = f"+{_seconds(story.times[step] - story.times[0])}" if ticks else f"{story.times[step]:,.3f} s"
        if not ticks or (label != ticks[-1].label and ys[step] - ticks[-1].y >= 20):
            ticks.append(Tick(ys[step], label))
    return tuple(ticks)


def _nodes(story: Story, xs: list[float]) -> tuple[Box, ...]:
    boxes = []
    for node in dict.fromkeys(line.node for line in story.lifelines):
        mine = [xs[i] for i, line in enumerate(story.lifelines) if line.node == node]
        boxes.append(Box(mine[0] - 58, TOP - 6, mine[-1] - mine[0] + 116, HEAD + GROUP + 8, node))
    return tuple(box for box in boxes if box.label)


def _loop(loop: Loop, ys: list[float], width: float) -> Box:
    y = ys[loop.first] - 22
    return Box(LEFT - 2, y, width - LEFT - 8, ys[loop.last] + 10 - y, f"× {loop.repeats:,}")


def _seconds(seconds: float) -> str:
    """A duration as people say it."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
