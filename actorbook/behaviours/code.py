"""Which definition of a class is the newest: what a code server is to Erlang, for classes defined again.

A cell that is run again, or a module that is reloaded, makes a new class object with the same module and
qualified name; some reloaders write the new code into the old class instead. Classes made inside functions are
not code in this sense: each is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from sys import _getframe
from types import FrameType, FunctionType
from typing import Any
from weakref import WeakValueDictionary

__all__ = ["Definition", "current_start", "define", "own_copies", "rewritten", "successor", "unannounced"]

_newest: WeakValueDictionary[tuple[str, str], type] = WeakValueDictionary()
_quiet: list[bool] = []
_CONTAINERS = {list, dict, set, bytearray}
_KEPT = "_definition"
_OWN = "_own_copies"
_MAKERS = {"__init_subclass__", "__new__"}
_OURS = {__name__, f"{__package__}.upgrade", f"{__package__}.gen"}
_IGNORED = {"__module__", "__dict__", "__weakref__", "__firstlineno__", "__static_attributes__", _KEPT, _OWN}


class _Member:
    """An attribute of a class; of a function also what can be written over in it: code, defaults, marks."""

    __slots__ = ("shape", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        function = getattr(value, "__func__", value)
        self.shape = value
        if isinstance(function, FunctionType):
            self.shape = (
                type(value), function.__code__, function.__defaults__, function.__kwdefaults__, dict(vars(function)),
            )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Member) and bool(self.shape == other.shape)

    __hash__ = None  # type: ignore[assignment]

    def is_function(self) -> bool:
        """Whether it is code."""
        return self.shape is not self.value

    def restored(self) -> Any:
        """The attribute as it was."""
        if not self.is_function():
            return self.value
        kind, code, defaults, keywords, marks = self.shape
        now = getattr(self.value, "__func__", self.value)
        then = FunctionType(code, now.__globals__, now.__name__, defaults, now.__closure__)
        then.__kwdefaults__ = keywords
        then.__dict__.update(marks)
        return then if kind is FunctionType else kind(then)


class Definition:
    """A class as it was at one moment."""

    __slots__ = ("bases", "cls", "members")

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.bases = [vars(base).get(_KEPT, base) for base in cls.__mro__[1:]]
        self.members = {name: _Member(value) for name, value in vars(cls).items() if name not in _IGNORED}

    @property
    def vsn(self) -> Any:
        """The class's `vsn`, if it has one."""
        return self.members["vsn"].value if "vsn" in self.members else None

    def repeats(self, other: Definition) -> bool:
        """True when one is the other once more: a cell was run again, unchanged."""
        return (
            self.members == other.members
            and len(self.bases) == len(other.bases)
            and all(
                a is b or (isinstance(a, Definition) and isinstance(b, Definition) and a.repeats(b))
                for a, b in zip(self.bases, other.bases, strict=True)
            )
        )

    def written_over(self) -> bool:
        """True when methods of the class are others by now, or there are more of them."""
        now = {name: member for name, member in Definition(self.cls).members.items() if not name.startswith("__")}
        return any(member.is_function() and self.members.get(name) != member for name, member in now.items())

    def restored(self) -> type:
        """The class itself, or if it was written over, one that behaves as it did then."""
        if not self.written_over():
            return self.cls
        members = {name: member.restored() for name, member in self.members.items()}
        with unannounced():
            return type(self.cls)(self.cls.__name__, (self.cls,), members)


@contextmanager
def unannounced() -> Iterator[None]:
    """Make a class that is no definition."""
    _quiet.append(True)
    try:
        yield
    finally:
        _quiet.pop()


def define(cls: type) -> type | None:
    """A class was defined: the class that it takes the place of, if there is one."""
    if _quiet or _is_local(cls) or not _at_top_level():
        return None
    before = _newest.get(_key(cls))
    _newest[_key(cls)] = cls
    setattr(cls, _KEPT, Definition(cls))
    return before


def definition(cls: type) -> Definition:
    """A class as it was when it was defined, whatever was written over it since."""
    kept: Definition = vars(cls).get(_KEPT) or Definition(cls)
    return kept


def rewritten() -> list[Definition]:
    """The classes into which new code was written since they were defined, as they were before."""
    found = [vars(cls)[_KEPT] for cls in list(_newest.values()) if vars(cls)[_KEPT].written_over()]
    for before in found:
        setattr(before.cls, _KEPT, Definition(before.cls))
    return found


def newest(cls: type) -> type:
    """The newest definition of a class: itself, unless it was defined again."""
    return cls if _is_local(cls) else _newest.get(_key(cls), cls)


def successor(cls: type, new: type) -> bool:
    """True when `new` is a definition of the same class, or the same one with other code in it."""
    return _key(cls) == _key(new) and not _is_local(cls)


def current_start(function: Callable[..., Any]) -> Callable[..., Any]:
    """A start function as the newest code has it: `Cls.start_link` of the newest `Cls`."""
    owner = getattr(function, "__self__", None)
    if not isinstance(owner, type):
        return function
    renewed: Callable[..., Any] = getattr(newest(owner), function.__name__, function)
    return renewed


def own_copies(cls: type) -> dict[str, Any]:
    """The class's attributes that could be changed (lists, dicts …), copied: no two processes share them."""
    names = vars(cls).get(_OWN)
    if names is None:
        names = tuple(name for name in dir(cls) if _is_mutable(cls, name))
        setattr(cls, _OWN, names)
    return {name: deepcopy(getattr(cls, name)) for name in names} if names else {}


def _is_mutable(cls: type, name: str) -> bool:
    """Not what the package itself declares (the `children` of a supervisor), which is read from the class."""
    return (
        not name.startswith("__")
        and type(getattr(cls, name, None)) in _CONTAINERS
        and not any(base.__module__.startswith("actorbook.") and name in vars(base) for base in cls.__mro__)
    )


def _at_top_level() -> bool:
    """Whether the class statement stands in a cell or a module: a function that calls `type(…)` makes, not defines."""
    frame: FrameType | None = _getframe(1)
    while frame is not None and (frame.f_code.co_name in _MAKERS or frame.f_globals.get("__name__") in _OURS):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_name.startswith(("<module>", "<cell line"))


def _key(cls: type) -> tuple[str, str]:
    return cls.__module__, cls.__qualname__


def _is_local(cls: type) -> bool:
    return "<locals>" in cls.__qualname__
