"""`%actor pause`, `step` and `continue`, and the widget's buttons of these names."""

from __future__ import annotations

from ..core.pause import Step, continue_, paused
from ..core.pause import pause as stand_still
from ..core.pause import step as take_steps
from .tables import Text

__all__ = ["HALTING", "go_on", "pause", "step"]

HALTING = ("pause", "step", "continue")


def pause() -> Text:
    """Have everything stand still."""
    stand_still()
    return Text("paused: nothing runs and time stands still; %actor step for one message, %actor continue to go on")


def step(count: str = "1") -> Text:
    """Handle so many messages, and say which."""
    if not count.strip().isdigit() or not 1 <= int(count) <= 100_000:
        raise ValueError(f"step: expected how many messages, 1 to 100000, got {count!r}")
    if not paused():
        raise ValueError("step: the runtime is not paused; %actor pause first")
    steps = take_steps(int(count))
    if not steps:
        return Text("nobody has anything to do, and no timer is set")
    more = [f"… and {len(steps) - 20:,} more"] if len(steps) > 20 else []
    return Text("\n".join([*map(_line, steps[:20]), *more]))


def _line(taken: Step) -> str:
    return f"{taken.name} {taken.pid!r}: {taken.what}" if taken.pid is not None else f"{taken.name}: {taken.what}"


def go_on() -> Text:
    """Go on."""
    if not paused():
        return Text("the runtime is not paused")
    continue_()
    return Text("goes on")
