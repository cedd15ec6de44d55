"""Formats all sources and mends what linters can mend: `python -m scripts.format`."""

from __future__ import annotations

import sys

from scripts.project import PYTHON, run

COMMANDS = (
    [str(PYTHON), "-m", "ruff", "check", "--fix"],
    [str(PYTHON), "-m", "ruff", "format"],
    ["npm", "run", "--silent", "format"],
)

if __name__ == "__main__":
    sys.exit(max(map(run, COMMANDS)))
