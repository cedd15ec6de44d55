"""`import actorbook` loads the standard library only, and takes less than 100 ms over bare Python."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

LIST = "import sys{}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
ROUNDS = 9
LIMIT = 0.100


def python(code: str) -> str:
    """What a new interpreter prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def strangers(module: str) -> set[str]:
    """Top-level modules outside the standard library that an import adds to bare Python (.pth files)."""
    added = set(python(LIST.format(f", {module}")).split()) - set(python(LIST.format("")).split())
    return added - set(sys.stdlib_module_names) - {module}


def seconds(code: str) -> float:
    """Wall time of a whole interpreter: this measures the machine, no actor is involved."""
    began = time.perf_counter()
    python(code)
    return time.perf_counter() - began


def test_importing_actorbook_loads_the_standard_library_only() -> None:
    assert strangers("actorbook") == set()


def test_a_stranger_is_seen() -> None:
    assert "sortedcontainers" in strangers("hypothesis")


def test_importing_actorbook_takes_less_than_100_ms_over_bare_python() -> None:
    python("import actorbook")  # bytecode is written once, where it may be
    pairs = [(seconds("pass"), seconds("import actorbook")) for _ in range(ROUNDS)]
    bare, loaded = (median(column) for column in zip(*pairs, strict=True))

    assert loaded - bare < LIMIT
