"""The BEAM itself, on one scheduler: `rows.erl` beside this file is compiled once, then `erl +S 1` runs a row."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.peer import Absent, Peer
from benchmarks.rows import Row

__all__ = ["Beam"]

SOURCE = Path(__file__).with_name("rows.erl")
FLAGS = ("+S", "1", "+P", "2000000", "-noinput", "-kernel", "logger_level", "none")
"""One scheduler, as Python has one; room for a million processes; crash reports are part of nobody's figure."""

RELEASE = 'io:format("OTP ~s, ~p", [erlang:system_info(otp_release), erlang:system_info(emu_flavor)]), halt().'


@dataclass(frozen=True)
class Beam(Peer):
    """Erlang/OTP, as the system's packages have it."""

    def version(self) -> str:
        """Release, and whether its compiler to machine code is in."""
        if not shutil.which("erl") or not shutil.which("erlc"):
            raise Absent("no `erl` and `erlc` in PATH: install Erlang/OTP (Debian: `apt-get install erlang-base`)")
        return _output(["erl", "-noinput", "-eval", RELEASE])

    def command(self, row: Row, quick: bool) -> Sequence[str]:
        """An emulator of its own for each measurement."""
        size, among = row.sizes(quick)
        sizes = [str(n) for n in (size, among, row.quick)]
        return ["erl", *FLAGS, "-pa", _compiled(), "-s", "rows", "main", row.function, *sizes]


@cache
def _compiled() -> str:
    """The folder with the compiled rows; it goes when this interpreter does."""
    folder = tempfile.TemporaryDirectory(prefix="actorbook-beam-")
    _folders.append(folder)
    _output(["erlc", "-o", folder.name, str(SOURCE)])
    return folder.name


_folders: list[tempfile.TemporaryDirectory[str]] = []


def _output(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Absent(f"`{command[0]}` failed: {(done.stdout + done.stderr).strip()[-200:]}")
    return done.stdout.strip()
