"""One server in a process of its own: started, watched from outside, and ended."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.peer import ROOT

__all__ = ["Service", "Timing", "elsewhere", "running"]


class Timing:
    """Seconds of the wall, and of the server's processor, for one operation."""

    wall = 0.0
    cpu = 0.0


class Service:
    """A server that runs."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.port = port
        self._place = Path("/proc") / str(process.pid)

    def cpu(self) -> float:
        """Seconds that it has really run."""
        fields = (self._place / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self) -> int:
        """Bytes of it that are in memory now."""
        found = re.search(r"VmRSS:\s*(\d+) kB", (self._place / "status").read_text())
        assert found is not None
        return int(found[1]) * 1024

    @contextmanager
    def time(self, operations: int) -> Iterator[Timing]:
        """Time what is inside."""
        timing, began, cpu_began = Timing(), perf_counter(), self.cpu()
        yield timing
        timing.wall = (perf_counter() - began) / operations
        timing.cpu = (self.cpu() - cpu_began) / operations


@contextmanager
def running(name: str) -> Iterator[Service]:
    """A fresh server of that peer, and its end."""
    command = [sys.executable, "-m", f"benchmarks.web.servers.{name}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline().strip()
            if not told.isdigit():
                raise RuntimeError(f"expected the server {name!r} to tell its port, got {told!r}")
            yield Service(process, int(told))
        finally:
            process.kill()


def elsewhere() -> None:
    """Leave the server's core to the server, where there is another one."""
    if hasattr(os, "sched_setaffinity"):
        others = set(range(os.cpu_count() or 1)) - os.sched_getaffinity(0)
        if others:
            os.sched_setaffinity(0, others)
