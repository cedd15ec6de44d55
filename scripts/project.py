"""What every script shares: where things are, how a command is run, how a failure reads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUNDLE = ROOT / "actorbook" / "notebook" / "static" / "widget.js"


class Stop(Exception):
    """The machine lacks something: says what was expected, what was found, and what to do next."""

    def __init__(self, expected: str, got: str, then: str) -> None:
        super().__init__(f"expected {expected}, got {got}\n  next: {then}")


@contextmanager
def one_line_errors() -> Iterator[None]:
    """End with the reason alone: a traceback of ours helps nobody who lacks a package."""
    try:
        yield
    except Stop as stop:
        sys.exit(f"\n{stop}")


def say(text: str) -> None:
    """One progress line, seen at once even when piped."""
    print(text, flush=True)


def environment() -> dict[str, str]:
    """The venv's programs first, so that `node` and `npm` are the project's."""
    path = os.pathsep.join([str(PYTHON.parent), os.environ.get("PATH", "")])
    return {**os.environ, "VIRTUAL_ENV": str(VENV), "PATH": path}


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> int:
    """Run in the project's folder with the project's programs; the exit code."""
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=ROOT, env={**environment(), **(env or {})}, check=False).returncode


def must(command: Sequence[str | Path], then: str, env: Mapping[str, str] | None = None) -> None:
    """Run, or stop with what to do about it."""
    code = run(command, env)
    if code:
        words = " ".join(str(word) for word in command)
        raise Stop(f"`{words}` to succeed", f"exit code {code} (see above)", then)
