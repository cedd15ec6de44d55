"""Facts of the machine that belong beside a figure, and none that say whose it is."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["facts", "pin"]


def pin() -> int | None:
    """Stay on one core, and all that is started from here too; None where the system does not offer that."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def facts(core: int | None) -> dict[str, Any]:
    """System, processor, Python; no name, no path."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": _memory(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "optimised": "--enable-optimizations" in (_config("CONFIG_ARGS") or ""),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "core": "one core for all" if core is not None else "not pinned: this system has no sched_setaffinity",
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"model name\s*:\s*(.+)", info.read_text())
        return found[1] if found else platform.machine()
    if sys.platform == "darwin":
        shown = subprocess.run(
            ["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False
        )
        return shown.stdout.strip()
    return platform.processor()


def _memory() -> int | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (ValueError, OSError, AttributeError):
        return None


def _config(name: str) -> str | None:
    import sysconfig

    value = sysconfig.get_config_var(name)
    return None if value is None else str(value)
