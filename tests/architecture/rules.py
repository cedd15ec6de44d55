"""The rules of layering, as pure functions over a source tree: a path in, violations out.

They read syntax trees and import nothing, so that they see imports inside functions too, and so that a
planted package in a temporary folder is judged by the very same code (a gate must be seen to bite).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

BELOW: dict[str, set[str]] = {
    "core": set(),
    "behaviours": {"core"},
    "observe": {"core"},
    "cluster": {"core", "behaviours"},
    "web": {"core", "behaviours", "cluster"},
    "simulation": {"core", "behaviours", "cluster", "observe"},
    "examples": {"core", "behaviours", "observe", "cluster", "web", "simulation", ""},  # programs, as a user's
    "notebook": {"core", "behaviours", "observe", "cluster", "web", "simulation", ""},
    "": {"core", "behaviours", "observe", "cluster", "web", "simulation"},  # actorbook/*.py, the front door
}
"""Which layers a layer may import, itself apart. Nobody may import `notebook` but by name at run time."""

ONLY_IN: dict[str, tuple[str, ...]] = {
    "asyncio": ("core/host.py", "examples/"),  # examples/: a program starts its loop
    "distributed": ("cluster/engines/dask.py",),
    "IPython": ("notebook/",),
    "traitlets": ("notebook/",),
    "anywidget": ("notebook/",),
    "ipywidgets": ("notebook/",),
    "ipykernel": ("notebook/",),
    "time": ("core/clock.py", "core/host.py", "notebook/"),  # notebook/: the watchdog has a thread of its own
    "random": ("core/clock.py", "core/host.py"),
    "secrets": ("core/clock.py", "core/host.py"),
    "uuid": ("core/clock.py", "core/host.py"),
    # the watchdog looks from a thread of its own, since the loop's may be held up; its signals act in the loop's
    "threading": ("core/running.py", "core/host.py", "core/interrupts.py", "core/watchdog.py"),
    "_thread": ("core/interrupts.py",),
    "signal": ("core/interrupts.py", "examples/"),  # examples/: a program of its own ends when it is told to
}
"""Third parties, clocks and dice: each enters through its own door (path prefixes below the package)."""

DRAWS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "os.urandom", "os.getrandom"}
"""Calls that read a clock or draw a random number though their module may be imported."""

SEAMS = ("core/clock.py", "core/host.py")


@dataclass(frozen=True)
class Import:
    """One imported module, wherever in the file the statement stands."""

    module: str
    line: int
    for_types: bool


def sources(package: Path) -> Iterator[tuple[str, ast.Module]]:
    """Each Python file below the package: its path from there, and its syntax tree."""
    for path in sorted(package.rglob("*.py")):
        yield path.relative_to(package).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def layer_of(where: str) -> str:
    """`core/ids.py` is in `core`; `__init__.py` is in the front door, ""."""
    return where.partition("/")[0] if "/" in where else ""


def imports(tree: ast.Module, where: str, package: str) -> Iterator[Import]:
    """All imports of a file, relative ones made absolute."""
    inside = [package, *Path(where).parent.parts]
    typed = set(_lines_for_types(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = _targets(node, inside)
        else:
            continue
        for name in names:
            yield Import(name, node.lineno, node.lineno in typed)


def layer_violations(package: Path) -> list[str]:
    """Imports that go up or sideways, or through the front door from behind it."""
    found = []
    for where, tree in sources(package):
        layer = layer_of(where)
        for item in imports(tree, where, package.name):
            other = _layer_of_module(item.module, package)
            if other is not None and other != layer and other not in BELOW.get(layer, set()):
                found.append(f"{where}:{item.line} imports {item.module}: {layer or 'the door'} may not")
    return found


def door_violations(package: Path) -> list[str]:
    """Modules imported by files that are not their door. Imports for types alone are free."""
    found = []
    for where, tree in sources(package):
        for item in imports(tree, where, package.name):
            doors = ONLY_IN.get(item.module.partition(".")[0])
            if doors is not None and not item.for_types and not where.startswith(doors):
                found.append(f"{where}:{item.line} imports {item.module}: only {', '.join(doors)} may")
    return found


def chance_violations(package: Path) -> list[str]:
    """Calls that read a clock or draw a number outside the seams."""
    found = []
    for where, tree in sources(package):
        for node in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            call = _dotted(node.func)
            if ".".join(call.split(".")[-2:]) in DRAWS and where not in SEAMS:
                found.append(f"{where}:{node.lineno} calls {call}: time and chance enter by the seams")
    return found


def _targets(node: ast.ImportFrom, inside: list[str]) -> list[str]:
    """`from x import y` may import the module x.y: both names count, the longer one decides its layer."""
    base = inside[: len(inside) - node.level + 1] if node.level else []
    module = ".".join([*base, *filter(None, [node.module])])
    return [f"{module}.{alias.name}" for alias in node.names]


def _layer_of_module(module: str, package: Path) -> str | None:
    """None for a stranger, and for the version, which everybody may read."""
    head, _, rest = module.partition(".")
    if head != package.name or rest.startswith("_version"):
        return None
    first = rest.partition(".")[0]
    return first if (package / first).is_dir() and first else ""


def _lines_for_types(tree: ast.Module) -> Iterable[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and _dotted(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            for inner in node.body:
                yield from range(inner.lineno, (inner.end_lineno or inner.lineno) + 1)


def _dotted(node: ast.AST) -> str:
    """`a.b.c` as text; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = _dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""
