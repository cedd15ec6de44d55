"""What the runner knows of a peer: whether it is here, and how to run one row of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.rows import Row

__all__ = ["Absent", "Compiled", "Ours", "Peer", "PythonPeer"]

ROOT = Path(__file__).resolve().parent.parent
COMPILED = ROOT / "build" / "compiled"


class Absent(Exception):
    """This peer cannot be measured here; the text says why, and what would help."""


@dataclass(frozen=True)
class Peer:
    """`name` is what `--peers` and the JSON call it, `title` what the table does."""

    name: str
    title: str

    def version(self) -> str:
        """What is installed; raises `Absent`."""
        raise NotImplementedError

    def command(self, row: Row, quick: bool) -> Sequence[str]:
        """What to run for one measurement: it prints `{"value": …, "size": …}` or `{"absent": reason}`."""
        raise NotImplementedError


@dataclass(frozen=True)
class PythonPeer(Peer):
    """A peer whose rows are `peers/NAME.py`; `distribution` is what pip calls the library."""

    distribution: str = ""

    def version(self) -> str:
        """The library's version; plain asyncio is as old as Python."""
        if not self.distribution:
            return sys.version.split()[0]
        try:
            return version(self.distribution)
        except PackageNotFoundError:
            raise Absent(f"not installed: `pip install {self.distribution}`, or `make bench`") from None

    def command(self, row: Row, quick: bool) -> Sequence[str]:
        """A fresh interpreter that measures one row and prints it."""
        return [sys.executable, "-m", "benchmarks.child", self.name, row.name, *(["--quick"] if quick else [])]


@dataclass(frozen=True)
class Ours(PythonPeer):
    """actorbook, in one of its ways to run; a work tree is not installed, so it is asked itself."""

    def version(self) -> str:
        """Its own word."""
        from actorbook import __version__

        return __version__


@dataclass(frozen=True)
class Compiled(Ours):
    """The same rows on the compiled core: another package of the same name, put first where Python looks."""

    def version(self) -> str:
        """Its own word, if it was built."""
        if not any(COMPILED.rglob("process.*.so")):
            raise Absent("not built: `python -m scripts.compiled` builds it")
        return super().version()

    def command(self, row: Row, quick: bool) -> Sequence[str]:
        """A fresh interpreter that finds the compiled package before the pure one."""
        words = ["actorbook", row.name, *(["--quick"] if quick else [])]
        places = [str(COMPILED), str(ROOT)]
        code = f"import sys; sys.path[:0] = {places!r}; from benchmarks.child import main; main({words!r})"
        return [sys.executable, "-P", "-c", code]
