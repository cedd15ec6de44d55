"""Names that never change: `Pid`, `Ref` and the `Home` (node and incarnation) they carry.

A pid is made once per process and compared by identity, so a table keyed by pids costs what a table of
objects costs. Pickling keeps that promise: within one interpreter the same pid comes back as the same object.

    >>> import pickle
    >>> home = Home("nb", 1)
    >>> pid = Pid(home, 47)
    >>> pid, pid.node, pickle.loads(pickle.dumps(pid)) is pid
    (<nb.47>, 'nb', True)
"""

from __future__ import annotations

from typing import Any, ClassVar
from weakref import WeakValueDictionary

__all__ = ["Home", "Pid", "Ref", "home_of"]


class Home:
    """Where an identifier was made: a node's name and incarnation (a node that restarts is a new home).

    `home_of` gives the one object with a name and incarnation, so that "is it mine?" is a test of identity.
    """

    __slots__ = ("__weakref__", "creation", "name")

    def __init__(self, name: str, creation: int) -> None:
        self.name = name
        self.creation = creation

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Home) and (self.name, self.creation) == (other.name, other.creation)

    def __hash__(self) -> int:
        return hash((self.name, self.creation))

    def __repr__(self) -> str:
        return f"{self.name}/{self.creation}"

    def __reduce__(self) -> tuple[Any, ...]:
        return home_of, (self.name, self.creation)


_homes: WeakValueDictionary[tuple[str, int], Home] = WeakValueDictionary()


def home_of(name: str, creation: int) -> Home:
    """The one home with this name and incarnation in this interpreter."""
    known = _homes.get((name, creation))
    return known if known is not None else _homes.setdefault((name, creation), Home(name, creation))


class _Identifier:
    """What `Pid` and `Ref` share: home, number, order, copying as itself, pickling to the same object."""

    __slots__ = ("__weakref__", "home", "number")
    _met: ClassVar[WeakValueDictionary[tuple[type, str, int, int], Any]] = WeakValueDictionary()

    def __init__(self, home: Home, number: int) -> None:
        self.home = home
        self.number = number

    @property
    def node(self) -> str:
        """The name of the node that made it."""
        return self.home.name

    def _key(self) -> tuple[type, str, int, int]:
        return type(self), self.home.name, self.home.creation, self.number

    def __reduce__(self) -> tuple[Any, ...]:
        key = self._key()
        _Identifier._met.setdefault(key, self)
        return _meet, key

    def __copy__(self) -> _Identifier:
        return self

    def __deepcopy__(self, memo: Any) -> _Identifier:
        return self

    def __lt__(self, other: _Identifier) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._key()[1:] < other._key()[1:]


def _meet(kind: type[_Identifier], name: str, creation: int, number: int) -> _Identifier:
    """The one object with this key in this interpreter, made when it is met for the first time."""
    key = (kind, name, creation, number)
    known: _Identifier | None = _Identifier._met.get(key)
    if known is None:
        known = _Identifier._met.setdefault(key, kind(home_of(name, creation), number))
    return known


class Pid(_Identifier):
    """The address of one process: which node, which number. It stays valid, and dead, when the process ends.

    Methods that the process's class marks with `@ab.call` and `@ab.cast` are attributes of its pid:
    `await pid.add(5)`, `pid.reset()`. Order is by node, then by age. Source: Erlang's pid.
    """

    __slots__ = ()
    _api: ClassVar[Any] = None

    def __repr__(self) -> str:
        return f"<{self.home.name.partition('@')[0]}.{self.number}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or Pid._api is None:
            raise AttributeError(f"{self!r} has no attribute {name!r}")
        return Pid._api.method(self, name)

    def __dir__(self) -> list[str]:
        own = [name for name in object.__dir__(self) if not name.startswith("_")]
        return own if Pid._api is None else own + Pid._api.names(self)


class Ref(_Identifier):
    """A value that is unique for ever: it names a monitor, an alias or a request. Erlang's reference."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"#ref<{self.home.name.partition('@')[0]}.{self.number}>"
