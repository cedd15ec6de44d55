"""Every gate, in one run: `python -m scripts.check [pytest's arguments]`.

Nothing is skipped and nothing stops at the first failure: one run tells all. pytest comes last, so that its
count of tests ends the output.
"""

from __future__ import annotations

import sys
import time

from scripts.project import PYTHON, run, say

GATES: dict[str, list[str]] = {
    "ruff check": [str(PYTHON), "-m", "ruff", "check"],
    "ruff format": [str(PYTHON), "-m", "ruff", "format", "--check"],
    "mypy": [str(PYTHON), "-m", "mypy"],
    "biome": ["npm", "run", "--silent", "lint"],
    "tsc": ["npm", "run", "--silent", "check"],
    "JavaScript tests": ["npm", "run", "--silent", "test"],
    "the compiled core": [str(PYTHON), "-m", "scripts.compiled"],
}
PYTEST = [str(PYTHON), "-m", "pytest", "--nbval-lax", "--nbval-current-env", "tests", "notebooks"]


def fails(name: str, command: list[str]) -> bool:
    """Run one gate under a line that names it."""
    say(f"── {name}")
    began = time.monotonic()
    code = run(command)
    say(f"── {name}: {'FAILED' if code else 'ok'} in {time.monotonic() - began:.0f} s\n")
    return bool(code)


def main(arguments: list[str]) -> int:
    """The exit code: 0 only when every gate and every test passed."""
    failed = [name for name, command in GATES.items() if fails(name, command)]
    code = run([*PYTEST, *arguments])
    if failed:
        say(f"\nfailed before the tests: {', '.join(failed)}")
    return code or len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
