"""The options of supervisors, checked (rules SUP-01, SUP-03, SUP-51, DYN-01)."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..core.errors import ChildSpecError
from ..core.isolation import isolate
from .child_spec import ChildSpec
from .restart import STRATEGIES, Strategy

__all__ = [
    "AUTO_SHUTDOWNS", "DynamicOptions", "Options", "check_dynamic_options", "check_options", "check_significant",
    "options_of",
]  # fmt: skip

AUTO_SHUTDOWNS = ("never", "any_significant", "all_significant")


class Options(NamedTuple):
    """How to supervise: which siblings a restart concerns, and how many restarts are too many."""

    strategy: Strategy = "one_for_one"
    max_restarts: int = 3
    max_seconds: float = 5
    auto_shutdown: str = "never"


class DynamicOptions(NamedTuple):
    """The same for a dynamic supervisor, whose children have no order: one strategy, and no automatic shutdown."""

    strategy: Strategy = "one_for_one"
    max_restarts: int = 3
    max_seconds: float = 5
    auto_shutdown: str = "never"
    max_children: int | None = None
    extra_arguments: tuple[Any, ...] = ()


def options_of(cls: type, kind: Any, given: dict[str, Any]) -> Any:
    """The options of this kind: what was given, else what the class says."""
    unknown = set(given) - set(kind._fields)
    if unknown:
        expected = ", ".join(kind._fields)
        raise TypeError(f"{cls.__name__}.start: expected the options {expected}, got {', '.join(sorted(unknown))}")
    return kind(**{field: given.get(field, getattr(cls, field)) for field in kind._fields})


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


def check_dynamic_options(options: DynamicOptions) -> DynamicOptions:
    """The same for those of a dynamic supervisor; the extra arguments are copied (rules DYN-01, DYN-07)."""
    check_options(Options(*options[:4]))
    most, extra = tuple[Any, ...](options[4:])
    if options.strategy != "one_for_one":
        _refuse("invalid_strategy", "strategy", "one_for_one, the only one for dynamic children", options.strategy)
    if options.auto_shutdown != "never":
        _refuse("invalid_auto_shutdown", "auto_shutdown", "never for dynamic children", options.auto_shutdown)
    if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 0):
        _refuse("invalid_max_children", "max_children", "a whole number of 0 or more, or None for no limit", most)
    if not isinstance(extra, tuple | list):
        _refuse("invalid_extra_arguments", "extra_arguments", "a tuple of arguments", extra)
    return options._replace(extra_arguments=isolate(tuple(extra), keep_shared=True))


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
