"""A step of the set-up: done once, done again when what it reads has changed.

A step leaves a stamp (a digest of its inputs) only after it succeeded. So a repeat costs milliseconds, and a
run that failed half-way resumes at the step that failed.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.project import ROOT, VENV, say

STAMPS = VENV / ".stamps"


@dataclass(frozen=True)
class Step:
    """`act` makes `product` (None: not there yet) out of `inputs` (files and folders)."""

    name: str
    title: str
    act: Callable[[], None]
    product: Path | None
    inputs: Sequence[Path] = ()

    def is_done(self) -> bool:
        """Its product is there, made from the inputs as they are now."""
        stamp = STAMPS / self.name
        there = self.product is not None and self.product.exists()
        return there and stamp.is_file() and stamp.read_text() == digest(self.inputs)

    def stamp(self) -> None:
        """Remember that it succeeded."""
        STAMPS.mkdir(parents=True, exist_ok=True)
        (STAMPS / self.name).write_text(digest(self.inputs))


def digest(inputs: Sequence[Path]) -> str:
    """One hash over names and contents; folders are walked in order."""
    seen = hashlib.sha256()
    for path in inputs:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                seen.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return seen.hexdigest()


def perform(steps: Sequence[Step]) -> None:
    """Each step in order, with a line for each that had to be done."""
    for number, step in enumerate(steps, 1):
        if step.is_done():
            continue
        say(f"[{number}/{len(steps)}] {step.title} …")
        began = time.monotonic()
        step.act()
        step.stamp()
        say(f"[{number}/{len(steps)}] {step.title}: done in {time.monotonic() - began:.0f} s")
