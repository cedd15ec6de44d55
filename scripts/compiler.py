"""Finds the C compiler that mypyc's output needs; the system's packages bring it where they can."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

from scripts import apt
from scripts.project import Stop

NAMES = ("cc", "gcc", "clang")


def find() -> Path | None:
    """A compiler in PATH, if Python's headers are there too."""
    path = next((path for path in map(shutil.which, NAMES) if path), None)
    headers = Path(sysconfig.get_path("include")) / "Python.h"
    return Path(path) if path and headers.is_file() else None


def require() -> Path:
    """The compiler, or a reason to stop: a core that cannot be compiled cannot be tested."""
    path = find()
    if path:
        return path
    way = "`xcode-select --install`" if sys.platform == "darwin" else "install the packages `gcc` and `python3-dev`"
    raise Stop("a C compiler and Python's headers", f"none of {', '.join(NAMES)} in PATH with Python.h", way)


def ensure() -> None:
    """Install it where we may; otherwise say what to do."""
    if find() is None and apt.is_usable():
        apt.install("gcc", "libc6-dev", "python3-dev")
    require()
