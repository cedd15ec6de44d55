"""`sequence`: the events of a trace as a space-time diagram; time runs down, an arrow slants when it needs time.

    >>> import actorbook as ab
    >>> async def echo():
    ...     sender, word = await ab.receive()
    ...     ab.send(sender, word)
    >>> pid = ab.spawn(echo, name="echo")
    >>> async with ab.observe.trace("echo") as trace:
    ...     _ = ab.send(pid, (ab.self_(), "hi"))
    ...     word = await ab.receive()
    >>> diagram = ab.observe.sequence(trace)
    >>> print(diagram.mermaid())          # doctest: +ELLIPSIS
    sequenceDiagram
      participant p0 as cell
      participant p1 as echo
      p0-)p1: (‹nb.1›, 'hi')
      p1-)p0: 'hi'
      note over p1: exited normal

What repeats is told once with a count, and of a very long story the middle is left out; so ten thousand messages are a
picture that one can read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import sequence_mermaid, sequence_svg, sequence_text
from .sequence_fold import fold, shorten
from .sequence_layout import Drawing, lay_out
from .sequence_story import Story, tell
from .trace_handle import Trace

__all__ = ["Sequence", "sequence"]

_STEPS = 400


class Sequence:
    """A diagram: a value, which shows itself in notebooks. `story` is what it tells, folded."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def layout(self) -> Drawing:
        """Where everything stands, in pixels."""
        return lay_out(self.story)

    def svg(self, theme: str = "auto") -> str:
        """As SVG. `theme` is `"light"`, `"dark"`, or `"auto"`, which follows the page that it is in."""
        return sequence_svg.draw(self.layout(), theme, repr(self)[1:-1])

    def mermaid(self) -> str:
        """As source of a Mermaid diagram."""
        return sequence_mermaid.write(self.story)

    def text(self) -> str:
        """As lines, for terminals."""
        return sequence_text.write(self.story)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        messages, columns = len(self.story.arrows), len(self.story.lifelines)
        return f"<Sequence of {messages:,} messages between {columns:,} processes>"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        html = f'<div style="overflow:auto;max-height:720px">{self.svg()}</div>'
        return {"text/html": html, "image/svg+xml": self.svg(), "text/plain": self.text()}


def sequence(events: Iterable[Any], most: int = _STEPS) -> Sequence:
    """The diagram of a `Trace`, or of any list of its events (or of `ab.observe.events()`: lives only).

    `most` is how many points in time are drawn after folding; of a longer story the middle is left out and counted.
    """
    note = ""
    if isinstance(events, Trace):
        note = f"the trace stopped itself: {events.tripped}" if events.tripped else ""
    return Sequence(shorten(fold(tell(events, note)), most))
