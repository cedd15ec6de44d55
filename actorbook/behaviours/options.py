"""The options of a supervisor, checked (rules SUP-01, SUP-03, SUP-51)."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..core.errors import ChildSpecError
from .child_spec import ChildSpec
from .restart import STRATEGIES, Strategy

__all__ = ["AUTO_SHUTDOWNS", "Options", "check_options", "check_significant"]

AUTO_SHUTDOWNS = ("never", "any_significant", "all_significant")


class Options(NamedTuple):
    """How to supervise: which siblings a restart concerns, and how many restarts are too many."""

    strategy: Strategy = "one_for_one"
    max_restarts: int = 3
    max_seconds: float = 5
    auto_shutdown: str = "never"


def check_options(options: Options) -> Options:
    """The options, or an error that names the one that cannot be used."""
    strategy, limit, seconds, auto = tuple[Any, ...](options)
    if strategy not in STRATEGIES:
        _refuse("invalid_strategy", "strategy", f"one of {', '.join(STRATEGIES)}", strategy)
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
        _refuse("invalid_intensity", "max_restarts", "a whole number of 0 or more", limit)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        _refuse("invalid_period", "max_seconds", "a number of seconds above 0", seconds)
    if auto not in AUTO_SHUTDOWNS:
        _refuse("invalid_auto_shutdown", "auto_shutdown", f"one of {', '.join(AUTO_SHUTDOWNS)}", auto)
    return options


def check_significant(options: Options, spec: ChildSpec) -> ChildSpec:
    """A significant child makes sense only where its end can shut the supervisor down (rule SUP-51)."""
    if spec.significant and (options.auto_shutdown == "never" or spec.restart == "permanent"):
        raise ChildSpecError(
            ("bad_combination", spec.id),
            f"child spec {spec.id!r}: expected significant children to be transient or temporary, under an "
            f"auto_shutdown other than never; got restart={spec.restart!r}, "
            f"auto_shutdown={options.auto_shutdown!r}",
        )
    return spec


def _refuse(word: str, field: str, expected: str, got: Any) -> None:
    raise ChildSpecError((word, got), f"supervisor: expected {field} to be {expected}, got {got!r}")
