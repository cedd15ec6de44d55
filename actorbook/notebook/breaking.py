"""`%actor chaos` and `%%actor chaos`: what a person types, and a summary when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..observe.chaos_run import Chaos, chaos
from .session import Session
from .tables import Text

__all__ = ["begin", "chance_from", "seconds_from", "stop"]

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0}


def seconds_from(text: str, what: str) -> float:
    """`2s`, `10ms`, `1.5` as seconds."""
    word = text.strip().lower()
    number = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = word[len(number) :] or "s"
    try:
        return float(number) * _UNITS[unit]
    except (ValueError, KeyError):
        raise ValueError(f"{what}: expected a time such as 2s, 10ms or 1.5, got {text!r}") from None


def chance_from(text: str) -> float:
    """`5%` and `0.05` are the same."""
    word = text.strip()
    try:
        return float(word[:-1]) / 100 if word.endswith("%") else float(word)
    except ValueError:
        raise ValueError(f"--drop: expected a share such as 5% or 0.05, got {text!r}") from None


def _delay_from(text: str) -> tuple[float, float]:
    least, dots, most = text.partition("..")
    first = seconds_from(least, "--delay")
    return first, seconds_from(most, "--delay") if dots else first


def begin(session: Session, given: Mapping[str, Any]) -> Any:
    """Begin it: until the cell is done, or for a time, or until `%actor chaos --stop`."""
    made = chaos(
        kill_every=None if given["kill_every"] is None else seconds_from(given["kill_every"], "--kill-every"),
        only=given["only"],
        drop=0.0 if given["drop"] is None else chance_from(given["drop"]),
        delay=None if given["delay"] is None else _delay_from(given["delay"]),
        seed=int(given["seed"]) if given["seed"].lstrip("-").isdigit() else given["seed"],
        seconds=None if given["for"] is None else seconds_from(given["for"], "--for"),
    )
    stop(session)
    session.chaos = made
    if given["cell"]:
        _until_the_cell_is_done(session, made)
        return None
    shown = Running(made)
    made.over.append(shown.update)
    made.start()
    return shown


def _until_the_cell_is_done(session: Session, made: Chaos) -> None:
    from IPython.display import display

    events = session.shell.events

    def over(result: Any = None) -> None:
        events.unregister("post_run_cell", over)
        made.stop()
        display({"text/plain": f"chaos: {made!r}"}, raw=True)

    events.register("post_run_cell", over)
    made.start()


def stop(session: Session) -> Text:
    """Enough."""
    made: Chaos | None = session.chaos
    if made is None or not made.running:
        return Text("no chaos runs")
    made.stop()
    return Text(f"chaos: {made!r}")


class Running:
    """Chaos under way: it shows how it stands, and in place what it did when it is over."""

    def __init__(self, made: Chaos) -> None:
        self.chaos = made
        self._display: Any = None

    def __repr__(self) -> str:
        return f"chaos: {self.chaos!r}" + ("; %actor chaos --stop ends it" if self.chaos.running else "")

    def _ipython_display_(self) -> None:
        from IPython.display import display

        self._display = display({"text/plain": repr(self)}, raw=True, display_id=True)

    def update(self) -> None:
        """It is over."""
        if self._display is not None:
            self._display.update({"text/plain": repr(self)}, raw=True)
