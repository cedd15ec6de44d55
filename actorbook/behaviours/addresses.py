"""Via-names that only say who is meant: of a partition, of a worker of a pool. Nobody can take such a name.

The module of a via-name has four functions (see `core.dest`); who adds `whereis_name` gets the other three here.
"""

from __future__ import annotations

from typing import Any

from ..core.context import send
from ..core.ids import Pid

__all__ = ["Addresses"]


class Addresses:
    """The part of a module of via-names that is the same for all whose names are addresses."""

    @classmethod
    def send(cls, term: tuple[Any, Any], message: Any) -> Any:
        """Send to whoever `(name, key)` means, as `ab.send` does for a via-name."""
        return send(("via", cls, term), message)

    @classmethod
    def register_name(cls, term: Any, pid: Pid) -> bool:
        """Nobody can be registered under a key: raises `ValueError`."""
        raise ValueError(f"{cls.__name__}: expected {term!r} as an address, got it as a name for {pid!r}")

    @classmethod
    def unregister_name(cls, term: Any) -> None:
        """Nor can anybody be taken out: raises `ValueError`."""
        raise ValueError(f"{cls.__name__}: expected {term!r} as an address, got it as a name to unregister")
