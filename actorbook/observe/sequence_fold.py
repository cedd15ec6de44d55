"""A long story made short: what repeats is told once with a count; of what is still too long the middle is left out.

Pure. Folding looks at blocks of one to six messages: a call and its answer, a thousand times over, are one call, one
answer and "× 1,000".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .sequence_story import Arrow, Loop, Mark, Story

__all__ = ["fold", "shorten", "window"]

_LONGEST, _LEAST = 6, 3


class Run(NamedTuple):
    """Messages `first` to `first + length` stand for `times` as many."""

    first: int
    length: int
    times: int


def runs(kinds: Sequence[Any]) -> list[Run]:
    """The sequence as blocks, each repeated `count` times (1 when it is not)."""
    found: list[Run] = []
    here = 0
    while here < len(kinds):
        best = Run(here, 1, 1)
        for length in range(1, _LONGEST + 1):
            count = _repeats(kinds, here, length)
            if count >= _LEAST and count * length > best.times * best.length:
                best = Run(here, length, count)
        found.append(best)
        here += best.length * best.times
    return found


def _repeats(kinds: Sequence[Any], here: int, length: int) -> int:
    block, count = kinds[here : here + length], 1
    while len(block) == length and kinds[here + count * length : here + (count + 1) * length] == block:
        count += 1
    return count


def fold(story: Story) -> Story:
    """The story with repetitions told once. A mark between two messages ends a repetition."""
    items = sorted(_items(story), key=_step)
    kinds = [_kind(item) for item in items]
    kept: list[Arrow | Mark] = []
    spans: list[tuple[int, int, int]] = []
    for first, length, count in runs(kinds):
        block = items[first : first + length]
        if count > 1:
            spans.append((len(kept), len(kept) + length, count))
        kept += block
    if not spans:
        return story
    short = _only(story, kept)
    told = _by_number(short)
    loops = tuple(_loop(kept[start:end], told, count) for start, end, count in spans)
    return short._replace(loops=loops)


def _loop(block: Sequence[Arrow | Mark], told: dict[int, Arrow], count: int) -> Loop:
    arrows = [told[item.number] for item in block if isinstance(item, Arrow) and item.number in told]
    steps = [step for arrow in arrows for step in (arrow.sent, arrow.received) if step is not None]
    return Loop(min(steps), max(steps), count)


def _by_number(story: Story) -> dict[int, Arrow]:
    return {arrow.number: arrow for arrow in story.arrows}


def _items(story: Story) -> list[Arrow | Mark]:
    return [*story.arrows, *story.marks]


def _step(item: Arrow | Mark) -> tuple[int, int]:
    return (item.sent, 0) if isinstance(item, Arrow) else (item.step, 1)


def _kind(item: Arrow | Mark) -> Any:
    """What makes two messages the same: from, to, sort and first word; whether it arrived. Marks are all different."""
    if isinstance(item, Mark) or item.what.startswith("spawn"):
        return id(item)
    return item.source, item.target, item.what, _head(item), item.received is None, item.lost


def _head(arrow: Arrow) -> str:
    """The first word of a payload: the method of a request, the tag of a tuple; of an answer nothing."""
    return "" if arrow.what == "reply" else arrow.text.lstrip("(").partition("(")[0].partition(",")[0][:40]


def window(story: Story, first: int, count: int) -> Story:
    """The part of the story from step `first` on, `count` steps long: arrows that cross its edges are left out."""
    last = first + count
    items = [item for item in _items(story) if first <= _step(item)[0] < last]
    return _only(story, items)._replace(left_out=len(story.times) - count) if count < len(story.times) else story


def shorten(story: Story, most: int) -> Story:
    """The story in at most `most` steps: its beginning and its end, with a gap between."""
    steps = len(story.times)
    if steps <= most:
        return story
    head, tail = most * 3 // 5, steps - (most - most * 3 // 5)
    items = [item for item in _items(story) if _step(item)[0] < head or _step(item)[0] >= tail]
    short = _only(story, items)
    before = len([step for step in _steps(items) if step < head])
    return short._replace(gap=before, left_out=steps - len(short.times))


def _steps(items: Sequence[Arrow | Mark]) -> list[int]:
    """The steps that some arrows and marks use."""
    used = {
        step for item in items for step in ((item.sent, item.received) if isinstance(item, Arrow) else (item.step,))
    }
    return sorted(step for step in used if step is not None)


def _only(story: Story, items: Sequence[Arrow | Mark]) -> Story:
    """The story of these arrows and marks alone, its steps numbered anew."""
    steps = _steps(items)
    place = {old: new for new, old in enumerate(steps)}
    arrows, marks = [], []
    for item in items:
        if isinstance(item, Mark):
            marks.append(item._replace(step=place[item.step]))
        else:
            received = None if item.received is None else place[item.received]
            arrows.append(item._replace(sent=place[item.sent], received=received))
    loops = tuple(
        Loop(place[loop.first], place[loop.last], loop.repeats)
        for loop in story.loops
        if loop.first in place and loop.last in place
    )
    times = tuple(story.times[step] for step in steps)
    return story._replace(arrows=tuple(arrows), marks=tuple(marks), loops=loops, times=times)
