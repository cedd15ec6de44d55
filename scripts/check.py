"""Every gate, in one run: `python -m scripts.check [pytest's arguments]`.

Nothing is skipped and nothing stops at the first failure: one run tells all. The compiled core is built and tested
beside the gates that only read, and speaks when those have spoken. pytest comes last, for it measures time too, and so
that its count of tests ends the output; its tests run two at a time, but for those that want to be alone.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor

from scripts.project import PYTHON, ROOT, environment, run, say

GATES: dict[str, list[str]] = {
    "ruff check": [str(PYTHON), "-m", "ruff", "check"],
    "ruff format": [str(PYTHON), "-m", "ruff", "format", "--check"],
    "mypy": [str(PYTHON), "-m", "mypy"],
    "biome": ["npm", "run", "--silent", "lint"],
    "tsc": ["npm", "run", "--silent", "check"],
    "JavaScript tests": ["npm", "run", "--silent", "test"],
}
COMPILED = [str(PYTHON), "-m", "scripts.compiled"]
TWO_AT_A_TIME = ["-n", "2", "--dist", "loadfile"]
NOTEBOOKS = ["--nbval-lax", "--nbval-current-env", "notebooks"]
PYTEST = [str(PYTHON), "-m", "pytest", *TWO_AT_A_TIME, "tests", *NOTEBOOKS]


def fails(name: str, command: list[str]) -> bool:
    """Run one gate under a line that names it."""
    say(f"── {name}")
    began = time.monotonic()
    code = run(command)
    say(f"── {name}: {'FAILED' if code else 'ok'} in {time.monotonic() - began:.0f} s\n")
    return bool(code)


def aside(command: list[str]) -> tuple[int, str, float]:
    """Run one gate and keep what it says: the exit code, the output, the seconds."""
    began = time.monotonic()
    ran = subprocess.run(
        command, cwd=ROOT, env=environment(), check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return ran.returncode, ran.stdout, time.monotonic() - began


def fails_aside(name: str, running: Future[tuple[int, str, float]]) -> bool:
    """Wait for a gate that ran beside the others, and tell what it said."""
    if not running.done():
        say(f"── {name}: waiting for it")
    code, output, seconds = running.result()
    say(f"── {name}\n{output}── {name}: {'FAILED' if code else 'ok'} in {seconds:.0f} s\n")
    return bool(code)


def main(arguments: list[str]) -> int:
    """The exit code: 0 only when every gate and every test passed."""
    with ThreadPoolExecutor(1) as beside:
        compiled = beside.submit(aside, COMPILED)
        failed = [name for name, command in GATES.items() if fails(name, command)]
        failed += ["the compiled core"] if fails_aside("the compiled core", compiled) else []
    code = run([*PYTEST, *arguments])
    if failed:
        say(f"\nfailed before the tests: {', '.join(failed)}")
    return code or len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
