"""What a row's function gets: how much to do, and what it puts around the part that counts.

The same for every peer in Python: all garbage is collected before the clock starts or the memory is read; while
the clock runs the collector stays on, with CPython's own thresholds, since that is how people run it.
"""

from __future__ import annotations

import gc
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time

__all__ = ["Meter", "resident"]

_STATUS = Path("/proc/self/status")


class Meter:
    """One measurement of `size` operations among `among` other processes.

    `value` is seconds or bytes for one operation, `cpu` the seconds that this process really ran in that time:
    where it is less, somebody else had the core.
    """

    def __init__(self, size: int, among: int = 0) -> None:
        self.size = size
        self.among = among
        self.value = 0.0
        self.cpu = 0.0

    @contextmanager
    def time(self, operations: int) -> Iterator[None]:
        """Time what is inside."""
        gc.collect()
        began, cpu_began = perf_counter(), process_time()
        yield
        self.value = (perf_counter() - began) / operations
        self.cpu = (process_time() - cpu_began) / operations

    @contextmanager
    def memory(self, processes: int) -> Iterator[None]:
        """By how much the resident memory of this whole interpreter has grown."""
        gc.collect()
        before = resident()
        yield
        gc.collect()
        self.value = (resident() - before) / processes


def resident() -> int:
    """Bytes of this interpreter that are in memory now."""
    if _STATUS.exists():
        found = re.search(r"VmRSS:\s*(\d+) kB", _STATUS.read_text())
        assert found is not None
        return int(found[1]) * 1024
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True)
    return int(shown.stdout) * 1024
