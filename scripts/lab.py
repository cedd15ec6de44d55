"""Opens the tour in JupyterLab: `python -m scripts.lab [jupyter lab's arguments]`."""

from __future__ import annotations

import os
import sys

from scripts.project import PYTHON, ROOT, Stop, environment, one_line_errors

TOUR = ROOT / "notebooks" / "00_tour.ipynb"


def main(arguments: list[str]) -> None:
    """Become JupyterLab, so that Ctrl-C reaches it and nothing else."""
    if not TOUR.is_file():
        raise Stop("notebooks/00_tour.ipynb", "no such file", "`git checkout notebooks`")
    root = ["--allow-root"] if os.geteuid() == 0 else []
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), "-m", "jupyterlab", *root, str(TOUR), *arguments], environment())


if __name__ == "__main__":
    with one_line_errors():
        main(sys.argv[1:])
