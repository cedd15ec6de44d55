"""Child specifications: what a supervisor needs to know to start, restart and stop a child.

Rules SUP-02, SUP-04.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple, NoReturn

from ..core.errors import ChildSpecError
from ..core.isolation import isolate

__all__ = ["ChildSpec", "Restart", "Shutdown", "check_child", "check_children"]

Restart = Literal["permanent", "transient", "temporary"]
Shutdown = float | Literal["brutal_kill", "infinity"] | None
_RESTARTS = ("permanent", "transient", "temporary")
_FIELDS = "id, start, restart, shutdown, type, modules, significant"


class ChildSpec(NamedTuple):
    """One child of a supervisor, as a plain value.

    `start` is `(function, args, kwargs)`; the function, awaited or not, returns the pid of a process that is
    linked to its caller, or None to be ignored. `restart`: permanent (always), transient (when it ends
    abnormally), temporary (never). `shutdown`: seconds to wait before the kill, `"brutal_kill"` or
    `"infinity"`; unless told, 5 for a worker and `"infinity"` for a supervisor.
    """

    id: Any
    start: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
    restart: Restart = "permanent"
    shutdown: Shutdown = None
    type: Literal["worker", "supervisor"] = "worker"
    modules: tuple[str, ...] = ()
    significant: bool = False


def check_child(child: Any) -> ChildSpec:
    """The specification of `child`: a `ChildSpec`, a class, a pair (class, args…) or a dict of the fields."""
    spec = _as_spec(child)
    if spec.id is None:
        raise ChildSpecError(
            "missing_id", f"child spec: expected an id, got None in {child!r}; give it a name or an id"
        )
    if not _can_be_key(spec.id):
        _refuse(spec, "invalid_id", "id", "a value that can be the key of a dict", spec.id)
    if spec.restart not in _RESTARTS:
        _refuse(spec, "invalid_restart_type", "restart", "one of " + ", ".join(_RESTARTS), spec.restart)
    if spec.type not in ("worker", "supervisor"):
        _refuse(spec, "invalid_child_type", "type", "worker or supervisor", spec.type)
    if not isinstance(spec.significant, bool):
        _refuse(spec, "invalid_significant", "significant", "True or False", spec.significant)
    return spec._replace(start=_start(spec), shutdown=_shutdown(spec), modules=_modules(spec))


def _can_be_key(id: Any) -> bool:
    try:
        hash(id)
    except TypeError:
        return False
    return True


def _are_names(modules: Any) -> bool:
    return isinstance(modules, tuple | list) and all(isinstance(module, str) for module in modules)


def _as_spec(child: Any) -> ChildSpec:
    if isinstance(child, ChildSpec):
        return child
    if isinstance(child, dict):
        return _from_dict(child)
    cls, args = (child[0], child[1:]) if isinstance(child, tuple) and child else (child, ())
    if isinstance(cls, type) and hasattr(cls, "child_spec"):
        spec: ChildSpec = cls.child_spec(*args)
        return spec
    raise ChildSpecError(
        ("invalid_child_spec", child),
        f"child spec: expected Cls.child_spec(…), a class, a tuple (class, args…) or a dict, got {child!r}",
    )


def _from_dict(fields: dict[Any, Any]) -> ChildSpec:
    for needed in ("id", "start"):
        if needed not in fields:
            raise ChildSpecError(f"missing_{needed}", f"child spec: expected the key {needed!r}, got {fields!r}")
    known = {name: value for name, value in fields.items() if name in ChildSpec._fields}
    return ChildSpec(**known)


def _start(spec: ChildSpec) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
    """`start` with all three parts, args and kwargs copied: each start gets them as they are now."""
    start: Any = spec.start
    if not isinstance(start, tuple) or not 1 <= len(start) <= 3 or not callable(start[0]):
        _refuse(spec, "invalid_mfa", "start", "a tuple (function, args, kwargs)", start)
    function, args, kwargs = (*start, (), {})[:3] if len(start) != 2 else (*start, {})
    if not isinstance(args, tuple | list) or not isinstance(kwargs, dict):
        _refuse(spec, "invalid_mfa", "start", "a tuple (function, args, kwargs)", start)
    return function, isolate(tuple(args), keep_shared=True), isolate(dict(kwargs), keep_shared=True)


def _shutdown(spec: ChildSpec) -> Shutdown:
    value: Any = spec.shutdown
    if value is None:
        return "infinity" if spec.type == "supervisor" else 5.0
    if isinstance(value, str) and value in ("brutal_kill", "infinity"):
        return "infinity" if value == "infinity" else "brutal_kill"
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        _refuse(spec, "invalid_shutdown", "shutdown", "seconds, 'brutal_kill' or 'infinity'", value)
    return float(value)


def _modules(spec: ChildSpec) -> tuple[str, ...]:
    """The names of the child's modules: unless told, the class that starts it, or where its function is defined."""
    given: Any = spec.modules
    if not _are_names(given):
        _refuse(spec, "invalid_modules", "modules", "a tuple of names", given)
    if given:
        return tuple(given)
    function: Any = spec.start[0]
    cls = getattr(function, "__self__", None)
    return (cls.__name__ if isinstance(cls, type) else str(getattr(function, "__module__", function)),)


def _refuse(spec: ChildSpec, reason: str, field: str, expected: str, got: Any) -> NoReturn:
    raise ChildSpecError((reason, got), f"child spec {spec.id!r}: expected {field} to be {expected}, got {got!r}")


def check_children(children: Any) -> list[ChildSpec]:
    """The specifications of a list of children, ids unique (rule SUP-05)."""
    if isinstance(children, str | bytes | dict) or not isinstance(children, Iterable):
        raise ChildSpecError(("bad_return", children), f"children: expected a list of child specs, got {children!r}")
    specs = [check_child(child) for child in children]
    seen: list[Any] = []
    for spec in specs:
        if spec.id in seen:
            raise ChildSpecError(
                ("duplicate_child_name", spec.id),
                f"children: expected unique ids, got {spec.id!r} twice; give each child an id: Cls.child_spec(…, id=…)",
            )
        seen.append(spec.id)
    return specs
