"""One noun, one file, 350 lines at most; functions of about ten lines, 40 at the ninetieth percentile."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[2]
PYTHON = ("actorbook", "scripts", "benchmarks", "tests/architecture", "tests/browser")
LONGEST = 350


def source_files(root: Path, folders: Iterable[str] = PYTHON) -> list[Path]:
    """What people read: Python, and the widget's TypeScript without its tests."""
    python = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    return [*python, *sorted((root / "js" / "src").rglob("*.ts"))]


def too_long(files: Iterable[Path], longest: int = LONGEST) -> list[str]:
    """Files above the limit, with their length."""
    lengths = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in files)
    return [f"{path.name}: {lines} lines" for path, lines in lengths if lines > longest]


def function_lengths(files: Iterable[Path]) -> list[int]:
    """Lines of each function from its `def` on, docstring included."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files if path.suffix == ".py"]
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_source_file_is_above_350_lines() -> None:
    files = source_files(ROOT)

    assert len(files) > 10
    assert too_long(files) == []


def test_functions_are_short() -> None:
    lengths = function_lengths(source_files(ROOT, ["actorbook"]))

    assert median(lengths) <= 12
    assert quantiles(lengths, n=10)[-1] <= 40


def test_a_planted_long_file_and_a_long_function_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("def long():\n" + "    pass\n" * LONGEST)

    assert too_long([path]) == ["long.py: 351 lines"]
    assert function_lengths([path]) == [351]
