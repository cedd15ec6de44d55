"""Installs what `make bench` measures beside us, one by one: what cannot be had here is left out, and said.

Run by the venv's Python, `python -m scripts.peers`; the measurements report what is absent.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version

from scripts.project import PYTHON, ROOT, run, say


def requirements() -> list[str]:
    """The extra `bench` of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed: list[str] = project["project"]["optional-dependencies"]["bench"]
    return listed


def is_installed(requirement: str) -> bool:
    """In whatever version: a newer one is a reader's own choice."""
    try:
        version(re.split(r"[<>=!~; ]", requirement)[0])
    except PackageNotFoundError:
        return False
    return True


def main() -> None:
    """Install what is missing."""
    for requirement in requirements():
        if not is_installed(requirement):
            say(f"installing {requirement} …")
            if run([PYTHON, "-m", "pip", "install", "--quiet", requirement]):
                say(f"{requirement} cannot be installed here: it will be reported as absent")


if __name__ == "__main__":
    main()
