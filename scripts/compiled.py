"""The hot core compiled by mypyc: `python -m scripts.compiled [pytest's arguments]` builds it and runs the tests on it.

The source is the same: the compiled package is a copy below build/, so that the pure one stays as it is. What
is compiled is what stands in the way of every message; classes that users subclass are not. Nor is `core/exits`: what
is compiled has no frames, and by those an interrupt sees that the end of a process must not be cut short.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from scripts.project import PYTHON, ROOT, must, run, say

MODULES = """
    core/aliases core/bodies core/clock core/delivery core/dest core/far core/isolation core/node
    core/process core/running core/scheduler core/stand_ins core/stepper core/timers core/waits
    behaviours/agent_body behaviours/ending behaviours/loop behaviours/protocol behaviours/server behaviours/silence
    behaviours/start behaviours/task_body behaviours/statem/body behaviours/statem/engine behaviours/statem/plan
""".split()
TARGET = ROOT / "build" / "compiled"
TESTS = [
    "-q",
    "tests/core",
    "tests/behaviours",
    "tests/conformance",
    "tests/laws",
    "tests/observe",
    "tests/notebook",
    "tests/cluster",
]


def build(root: Path = ROOT, target: Path = TARGET, python: Path = PYTHON, effort: int = 3) -> None:
    """Copy the package and compile the hot modules of the copy, in place; `effort` is the C compiler's."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(root / "actorbook", target / "actorbook", ignore=shutil.ignore_patterns("__pycache__"))
    must([python, "-c", _BUILD, str(target), str(effort), *MODULES], "mend what mypyc names, then repeat")


def built(root: Path, target: Path, python: Path) -> dict[str, Path]:
    """Build, and say what was made: for each place in a wheel the file."""
    build(root, target, python)
    made = [path.relative_to(target) for pattern in ("*.so", "*.pyd") for path in target.rglob(pattern)]
    return {path.as_posix(): target / path for path in made if path.parts[0] != "build"}


_BUILD = """
import os, sys
os.chdir(sys.argv[1])
from mypyc.build import mypycify
from setuptools import setup
files = [f"actorbook/{module}.py" for module in sys.argv[3:]]
setup(name="actorbook", packages=[], ext_modules=mypycify(files, opt_level=sys.argv[2]),
      script_args=["--quiet", "build_ext", "--inplace"])
"""


_TEST = """
import sys, actorbook, actorbook.core.process as hot, pytest
assert not hot.__file__.endswith(".py"), f"expected the compiled core, got {hot.__file__}"
sys.exit(pytest.main(sys.argv[1:]))
"""


def main(arguments: list[str]) -> int:
    """Build, then test; the exit code of the tests."""
    say("── compile the core with mypyc")
    build(effort=1)  # tests want to know whether it is right; that it is fast is for the benchmarks
    return run([PYTHON, "-P", "-c", _TEST, *(arguments or TESTS)], {"PYTHONPATH": str(TARGET)})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
