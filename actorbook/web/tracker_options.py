"""How a tracker is to be: its periods and sizes, checked in who starts it (rules CH-70 to CH-73)."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..core.timers import check_seconds

__all__ = ["NAMES", "Options", "check_options"]


class Options(NamedTuple):
    """All times are seconds."""

    pubsub: str
    name: str
    pool_size: int
    broadcast_period: float
    max_silent_periods: int
    down_period: float
    permdown_period: float
    clock_sample_periods: int
    max_delta_sizes: tuple[int, ...]
    permdown_on_shutdown: bool


NAMES = Options._fields


def check_options(given: dict[str, Any]) -> Options:
    """The options, `down_period` filled in, or the error that says what was expected."""
    for what in ("pubsub", "name"):
        if not isinstance(given[what], str) or not given[what]:
            raise ValueError(f"tracker: expected {what} to be a name such as 'my_pubsub', got {given[what]!r}")
    for what in ("pool_size", "max_silent_periods", "clock_sample_periods"):
        _check_count(what, given[what])
    for size in given["max_delta_sizes"]:
        _check_count("each of max_delta_sizes", size)
    period = check_seconds(given["broadcast_period"], "broadcast_period")
    if given["down_period"] is None:
        given = {**given, "down_period": period * given["max_silent_periods"] * 2}
    options = Options(**{**given, "max_delta_sizes": tuple(given["max_delta_sizes"])})
    _check_periods(options)
    return options


def _check_count(what: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"tracker: expected {what} to be a whole number above 0, got {value!r}")


def _check_periods(options: Options) -> None:
    if not options.broadcast_period > 0:
        raise ValueError(f"tracker: expected broadcast_period to be above 0, got {options.broadcast_period!r}")
    if not options.down_period >= 2 * options.broadcast_period:
        raise ValueError(
            f"tracker: expected down_period to be at least twice broadcast_period ({options.broadcast_period:g} s), "
            f"got {options.down_period!r}; else one lost message would be the loss of a node"
        )
    if not options.permdown_period > options.down_period:
        raise ValueError(
            f"tracker: expected permdown_period to be above the down_period of {options.down_period:g} s, "
            f"got {options.permdown_period!r}"
        )
