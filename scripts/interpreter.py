"""Finds a Python that is new enough and makes the virtual environment with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from scripts import apt
from scripts.project import PYTHON, VENV, Stop

FLOOR = (3, 11)
NAMES = ("python3.13", "python3.12", "python3.11", "python3.14", "python3", "python")
PROBE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


def version_of(python: str | Path) -> tuple[int, ...]:
    """Its version, or () when it does not run or cannot make environments."""
    try:
        done = subprocess.run([str(python), "-c", PROBE], capture_output=True, text=True, check=False)
    except OSError:
        return ()
    return tuple(int(part) for part in done.stdout.strip().split(".")) if done.returncode == 0 else ()


def find() -> str:
    """The Python that runs this script when it is new enough, else the first such in PATH."""
    paths = [sys.executable, *filter(None, map(shutil.which, NAMES))]
    versions = {path: version_of(path) for path in paths}
    for path, version in versions.items():
        if version >= FLOOR:
            return path
    told = {path: ".".join(map(str, version)) or "no venv" for path, version in versions.items()}
    got = ", ".join(f"{path} ({version})" for path, version in told.items())
    way = "install one (Debian: apt-get install python3 python3-venv), or `make PYTHON=path/to/python3.12`"
    raise Stop(f"Python {FLOOR[0]}.{FLOOR[1]} or newer with its venv module", got, way)


def create() -> None:
    """Make `.venv`; one that works is kept, a broken one is made anew."""
    if version_of(PYTHON) >= FLOOR:
        return
    if sys.version_info >= FLOOR and not version_of(sys.executable) and apt.is_usable():
        apt.install(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    python = find()
    if subprocess.call([python, "-m", "venv", "--clear", str(VENV)]):
        way = "make room and rights for it, then repeat"
        raise Stop(f"`{python} -m venv` to make {VENV}", "a failure (see above)", way)
