"""A registry as the module of via-names: `("via", Registry, (registry, key))`, OTP's four functions.

The term may carry a value as its third part. Unique registries only (rules REG-04, REG-05).
"""

from __future__ import annotations

from typing import Any

from ..core.context import send as _send
from ..core.errors import AlreadyRegisteredError, UnknownNameError
from ..core.ids import Pid
from ..core.running import current
from .registry_access import book_of, register, unregister

__all__ = ["register_name", "send", "unregister_name", "whereis_name"]


def _parts(term: Any, what: str) -> tuple[Any, Any, Any]:
    """Registry, key and value of a term; a duplicate registry cannot say whom a name means."""
    if not isinstance(term, tuple) or not 2 <= len(term) <= 3:
        raise ValueError(f"{what}: expected (registry, key) or (registry, key, value), got {term!r}")
    if not book_of(term[0], what).unique:
        raise ValueError(f"{what}: expected a registry with unique keys, got the duplicate one {term[0]!r}")
    return term[0], term[1], term[2] if len(term) == 3 else None


def whereis_name(term: tuple[Any, ...]) -> Pid | None:
    """Who has the key; None when nobody has."""
    registry, key, _ = _parts(term, "whereis_name")
    for entry in book_of(registry, "whereis_name").table.find(key):
        return entry.pid
    return None


def register_name(term: tuple[Any, ...], pid: Pid) -> bool:
    """Register `pid`, which must be the caller; False when the key is taken."""
    registry, key, value = _parts(term, "register_name")
    if pid is not current().pid:
        raise ValueError(f"register_name: expected the calling process, {current().pid!r}, got {pid!r}")
    try:
        register(registry, key, value)
    except AlreadyRegisteredError:
        return False
    return True


def unregister_name(term: tuple[Any, ...]) -> None:
    """Take out the caller's entry."""
    registry, key, _ = _parts(term, "unregister_name")
    unregister(registry, key)


def send(term: tuple[Any, ...], message: Any) -> Any:
    """Send to who has the key; returns the message. Nobody there raises `UnknownNameError`."""
    pid = whereis_name(term)
    if pid is None:
        raise UnknownNameError(f"send: nobody is registered as {term[1]!r} in {term[0]!r}")
    return _send(pid, message)
