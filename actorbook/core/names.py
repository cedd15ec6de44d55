"""Local names: one name a process, one process a name (rule MBX-05)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import NameTakenError, UnknownNameError

if TYPE_CHECKING:
    from .process import Process

__all__ = ["Names"]

_RESERVED = {"", "undefined"}


class Names:
    """The table of names of a node."""

    __slots__ = ("_table",)

    def __init__(self) -> None:
        self._table: dict[str, Process] = {}

    def get(self, name: str) -> Process | None:
        """Who has the name, if anyone."""
        return self._table.get(name)

    def register(self, process: Process, name: Any) -> None:
        """Give a living process a name; nothing changes when that is not possible."""
        if not isinstance(name, str):
            raise TypeError(f"register: expected the name as text, got {name!r}")
        if name in _RESERVED or name.startswith("<"):
            raise ValueError(f"register: {name!r} is reserved; choose another name")
        holder = self._table.get(name)
        if holder is not None:
            raise NameTakenError(
                f"register: the name {name!r} is taken by {holder.pid!r}; choose another, or unregister it"
            )
        if process.ended:
            raise ValueError(f"register: {process.pid!r} is not alive; register it before it ends")
        if process.name is not None:
            raise NameTakenError(
                f"register: {process.pid!r} has the name {process.name!r} already; unregister that first"
            )
        self._table[name] = process
        process.name = name

    def unregister(self, name: str) -> Process:
        """Free a name."""
        process = self._table.pop(name, None)
        if process is None:
            raise UnknownNameError(f"unregister: nobody has the name {name!r}; {self.hint()}")
        process.name = None
        return process

    def drop(self, process: Process) -> None:
        """A process ended: its name is free at once, its record keeps the word for those who look back."""
        if process.name is not None and self._table.get(process.name) is process:
            del self._table[process.name]

    def items(self) -> list[tuple[str, Process]]:
        """All names with their processes, in order of registration."""
        return list(self._table.items())

    def hint(self) -> str:
        """The names there are, for an error's last words."""
        if not self._table:
            return "there are no names yet"
        names = ", ".join(sorted(self._table)[:8])
        return f"there are: {names}" + (" …" if len(self._table) > 8 else "")
