"""Finds the Chromium that browser tests and pictures use; the system's packages bring it where they can."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from scripts import apt
from scripts.project import Stop

VARIABLE = "ACTORBOOK_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> Path | None:
    """The one that was named, else the first in PATH, else macOS's."""
    named = os.environ.get(VARIABLE)
    if named:
        return _named(named)
    for path in map(shutil.which, NAMES):
        if path:
            return Path(path)
    return next((path for path in map(Path("/Applications").joinpath, APPLICATIONS) if path.exists()), None)


def require() -> Path:
    """The browser, or a reason to stop: a browser test that cannot run has failed."""
    path = find()
    if path:
        return path
    way = "`brew install --cask chromium`" if sys.platform == "darwin" else "install the package `chromium`"
    got = f"none of {', '.join(NAMES)} in PATH"
    raise Stop("Chromium or Google Chrome", got, f"{way}, or set {VARIABLE} to a browser's path")


def ensure() -> None:
    """Install it where we may; otherwise say what to do."""
    if find() is None and apt.is_usable():
        apt.install("chromium", "fonts-dejavu-core", "fonts-liberation")
    require()


def _named(named: str) -> Path:
    if not os.access(named, os.X_OK):
        raise Stop(f"{VARIABLE} to name a program", repr(named), f"correct it, or unset {VARIABLE}")
    return Path(named)
