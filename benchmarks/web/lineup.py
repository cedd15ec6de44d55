"""Whose servers are measured side by side, and with what underneath, which is the same for all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from benchmarks.peer import Ours, PythonPeer
from benchmarks.rows import Row

__all__ = ["WEB_PEERS", "underneath"]


def _command(peer: str, row: Row, quick: bool) -> Sequence[str]:
    return [sys.executable, "-m", "benchmarks.web.child", peer, row.name, *(["--quick"] if quick else [])]


@dataclass(frozen=True)
class _Server(PythonPeer):
    """A peer that is `servers/NAME.py`."""

    def command(self, row: Row, quick: bool) -> Sequence[str]:
        """Clients, which start the server."""
        return _command(self.name, row, quick)


@dataclass(frozen=True)
class _OurServer(Ours):
    """The same of ours."""

    def command(self, row: Row, quick: bool) -> Sequence[str]:
        """Clients, which start the server."""
        return _command(self.name, row, quick)


WEB_PEERS: tuple[PythonPeer, ...] = (
    _OurServer("actorbook", "actorbook"),
    _Server("socketio", "python-socketio", "python-socketio"),
    _Server("starlette", "bare Starlette", "starlette"),
)


def underneath() -> str:
    """What serves them all, with versions."""
    found = []
    for name in ("uvicorn", "websockets", "uvloop"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return ", ".join(found)
