"""Finds the Erlang that the differential tests ask; the system's packages bring it where they can."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from scripts import apt
from scripts.project import Stop

PACKAGE = "erlang-base"  # the emulator, kernel, stdlib and the compiler: all that is asked


def find() -> Path | None:
    """The `erl` in PATH."""
    path = shutil.which("erl")
    return Path(path) if path else None


def require() -> Path:
    """Erlang, or a reason to stop: a comparison that cannot run has failed."""
    path = find()
    if path:
        return path
    way = "`brew install erlang`" if sys.platform == "darwin" else f"install the package `{PACKAGE}`, or `erlang`"
    raise Stop("Erlang/OTP 24 or later", "no erl in PATH", way)


def ensure() -> None:
    """Install it where we may; otherwise say what to do."""
    if find() is None and apt.is_usable():
        apt.install(PACKAGE)
    require()
