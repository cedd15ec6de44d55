"""Which definition of a class is the newest: what a code server is to Erlang, for classes defined again.

A cell that is run again, or a module that is reloaded, makes a new class object with the same module and
qualified name. Classes made inside functions are not code in this sense: each is its own.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

__all__ = ["current_start", "define", "newest", "own_copies", "same_code", "successor"]

_Key = tuple[str, str]
_newest: WeakValueDictionary[_Key, type] = WeakValueDictionary()
_mutable: WeakKeyDictionary[type, tuple[str, ...]] = WeakKeyDictionary()
_CONTAINERS = {list, dict, set, bytearray}
_IGNORED = {"__module__", "__dict__", "__weakref__", "__firstlineno__", "__static_attributes__"}


def key_of(cls: type) -> _Key:
    """What two definitions of the same class have in common."""
    return cls.__module__, cls.__qualname__


def define(cls: type) -> type | None:
    """A class was defined: the definition that it takes the place of, if there is one."""
    if "<locals>" in cls.__qualname__:
        return None
    before = _newest.get(key_of(cls))
    _newest[key_of(cls)] = cls
    return before


def newest(cls: type) -> type:
    """The newest definition of a class: itself, unless it was defined again."""
    return cls if "<locals>" in cls.__qualname__ else _newest.get(key_of(cls), cls)


def successor(cls: type, new: type) -> bool:
    """True when `new` is a later definition of the class `cls`."""
    return cls is not new and key_of(cls) == key_of(new) and "<locals>" not in cls.__qualname__


def current_start(function: Callable[..., Any]) -> Callable[..., Any]:
    """A start function as the newest code has it: `Cls.start_link` of the newest `Cls`."""
    owner = getattr(function, "__self__", None)
    if not isinstance(owner, type):
        return function
    renewed: Callable[..., Any] = getattr(newest(owner), function.__name__, function)
    return renewed


def same_code(old: type, new: type) -> bool:
    """True when a definition only repeats another: the cell was run again, unchanged."""
    return len(old.__mro__) == len(new.__mro__) and all(
        a is b or _members(a) == _members(b) for a, b in zip(old.__mro__, new.__mro__, strict=True)
    )


def _members(cls: type) -> dict[str, Any]:
    return {name: _comparable(value) for name, value in vars(cls).items() if name not in _IGNORED}


def _comparable(value: Any) -> Any:
    """Functions are compared by their code and defaults, everything else as it is."""
    function = getattr(value, "__func__", value)
    code = getattr(function, "__code__", None)
    if code is None:
        return value
    return type(value), code, function.__defaults__, function.__kwdefaults__, sorted(vars(function).items())


def own_copies(cls: type) -> dict[str, Any]:
    """The class's attributes that could be changed (lists, dicts …), copied: no two processes share them."""
    names = _mutable.get(cls)
    if names is None:
        names = _mutable[cls] = tuple(
            name
            for name in dir(cls)
            if not name.startswith("__") and type(getattr(cls, name, None)) in _CONTAINERS and not _is_option(cls, name)
        )
    return {name: deepcopy(getattr(cls, name)) for name in names} if names else {}


def _is_option(cls: type, name: str) -> bool:
    """What the package itself declares (the `children` of a supervisor) is read from the class."""
    return any(base.__module__.startswith("actorbook.") and name in vars(base) for base in cls.__mro__)
