"""The attributes of a user's object: what stands in its `__dict__`, and in the slots of its classes if they have any.

>>> class Base:
...     __slots__ = ("x", "y")
>>> class Point(Base):
...     pass
>>> point = Point()
>>> put(point, {"x": 1, "z": 2}); attributes(point)
{'x': 1, 'z': 2}
"""

from __future__ import annotations

from functools import lru_cache
from types import MemberDescriptorType
from typing import Any

__all__ = ["attributes", "put"]


@lru_cache(maxsize=1024)
def _slots(cls: Any) -> tuple[str, ...]:
    """The slots of a class and its bases; those of this package's own classes are no state of the user's."""
    own = [kind for kind in reversed(cls.__mro__) if not kind.__module__.startswith("actorbook.")]
    return tuple(name for kind in own for name, member in vars(kind).items() if type(member) is MemberDescriptorType)


def _slots_of(server: Any) -> tuple[str, ...]:
    cls: Any = type(server)
    return _slots(cls)


def attributes(server: Any) -> dict[str, Any]:
    """All of them, by name; a slot that is not set is none."""
    slots = _slots_of(server)
    return {**{name: getattr(server, name) for name in slots if hasattr(server, name)}, **vars(server)}


def put(server: Any, values: dict[str, Any]) -> None:
    """Give the object these attributes and no others."""
    slots = _slots_of(server)
    for name in slots:
        if name in values:
            object.__setattr__(server, name, values[name])
        elif hasattr(server, name):
            object.__delattr__(server, name)
    vars(server).clear()
    vars(server).update({name: value for name, value in values.items() if name not in slots})
