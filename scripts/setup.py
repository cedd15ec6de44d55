"""Brings a fresh clone to a state where everything runs: `python -m scripts.setup [lab | bench]`.

Five steps, each stamped (see steps.py). `lab` leaves the browser out: a person brings their own. `bench` makes
do with the Python packages, and adds those that are measured beside ours.
"""

from __future__ import annotations

import sys

from scripts import chromium, compiler, erlang, interpreter
from scripts.project import BUNDLE, PYTHON, ROOT, Stop, must, one_line_errors
from scripts.steps import Step, perform

AGAIN = "check the network, then repeat: finished steps are kept"


def install_packages() -> None:
    """The package itself, editable, with all that notebooks and tests use."""
    must([PYTHON, "-m", "pip", "install", "--quiet", "--editable", ".[notebook,web,dev]"], AGAIN)


def install_node_modules() -> None:
    """Exactly what package-lock.json says."""
    must(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], AGAIN)


def build_bundle() -> None:
    """The widget's JavaScript in one file, where the wheel and the kernel look for it."""
    must(["npm", "run", "--silent", "build"], "mend js/, then repeat")
    if not BUNDLE.is_file():
        raise Stop(f"`npm run build` to write {BUNDLE.relative_to(ROOT)}", "no such file", "see package.json")


def steps() -> list[Step]:
    """In the order in which each needs the one before."""
    package = [ROOT / "pyproject.toml", ROOT / "hatch_build.py", ROOT / "actorbook" / "_version.py"]
    node = [ROOT / "package.json", ROOT / "package-lock.json"]
    widget = [*node, ROOT / "tsconfig.json", ROOT / "js"]
    installed = ROOT / "node_modules" / ".package-lock.json"
    return [
        Step("venv", "virtual environment", interpreter.create, PYTHON),
        Step("packages", "Python packages", install_packages, PYTHON, package),
        Step("node", "JavaScript packages", install_node_modules, installed, node),
        Step("bundle", "the widget's bundle", build_bundle, BUNDLE, widget),
    ]


def for_tests() -> list[Step]:
    """What only tests and pictures need."""
    return [
        Step("chromium", "Chromium", chromium.ensure, chromium.find()),
        Step("compiler", "C compiler", compiler.ensure, compiler.find()),
        Step("erlang", "Erlang/OTP", erlang.ensure, erlang.find()),
    ]


def main(arguments: list[str]) -> None:
    """Do what is missing; say nothing when all is there."""
    with one_line_errors():
        if arguments == ["bench"]:
            perform(steps()[:2])
            must([PYTHON, "-m", "scripts.peers"], AGAIN)
        else:
            perform(steps() if arguments == ["lab"] else [*steps(), *for_tests()])


if __name__ == "__main__":
    main(sys.argv[1:])
