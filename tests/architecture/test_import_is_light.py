"""`import actorbook` loads the standard library only, and takes less than 100 ms over bare Python."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from tempfile import TemporaryDirectory

import pytest

pytestmark = pytest.mark.alone

LIST = "import sys{}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
ROUNDS = 9
LIMIT = 0.100


@pytest.fixture(scope="module", autouse=True)
def bytecode() -> Iterator[None]:
    """A place for bytecode, as every installation has one, whatever this machine's settings are."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPYCACHEPREFIX", folder)
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


def python(code: str) -> str:
    """What a new interpreter prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout


def strangers(module: str) -> set[str]:
    """Top-level modules outside the standard library that an import adds to bare Python (.pth files)."""
    added = set(python(LIST.format(f", {module}")).split()) - set(python(LIST.format("")).split())
    return added - set(sys.stdlib_module_names) - {module}


def seconds(code: str) -> float:
    """Time of a whole interpreter on the processor, which a busy machine changes least; no actor is involved."""
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    python(code)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime


def test_importing_actorbook_loads_the_standard_library_only() -> None:
    assert strangers("actorbook") == set()


def test_a_stranger_is_seen() -> None:
    assert "sortedcontainers" in strangers("hypothesis")


def test_importing_actorbook_takes_less_than_100_ms_over_bare_python() -> None:
    python("import actorbook")  # bytecode is written once
    pairs = [(seconds("pass"), seconds("import actorbook")) for _ in range(ROUNDS)]
    bare, loaded = (min(column) for column in zip(*pairs, strict=True))

    assert loaded - bare < LIMIT
