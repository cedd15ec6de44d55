"""Imports go down only, and every clock, die and third party has one door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.rules import chance_violations, door_violations, layer_violations

PACKAGE = Path(__file__).parents[2] / "actorbook"

Rule = Callable[[Path], list[str]]

PLANTED: list[tuple[Rule, str, str]] = [
    (layer_violations, "core/a.py", "from fake.behaviours import b"),
    (layer_violations, "core/a.py", "def late():\n    from ..observe import recorder"),
    (layer_violations, "core/a.py", "import fake"),
    (layer_violations, "observe/a.py", "from fake import behaviours"),
    (layer_violations, "behaviours/a.py", "import fake.cluster.node"),
    (layer_violations, "web/a.py", "from fake.simulation import world"),
    (layer_violations, "cluster/a.py", "from fake.observe import recorder"),
    (layer_violations, "simulation/a.py", "from fake.notebook import session"),
    (layer_violations, "__init__.py", "from . import notebook"),
    (layer_violations, "__init__.py", "def __getattr__(name):\n    import fake.notebook"),
    (door_violations, "core/a.py", "import asyncio"),
    (door_violations, "core/a.py", "def late():\n    from asyncio import sleep"),
    (door_violations, "core/a.py", "from asyncio.events import get_running_loop"),
    (door_violations, "notebook/a.py", "import asyncio"),
    (door_violations, "observe/a.py", "from IPython.display import display"),
    (door_violations, "__init__.py", "import traitlets"),
    (door_violations, "web/a.py", "import anywidget, ipywidgets"),
    (door_violations, "cluster/a.py", "from distributed import Client"),
    (door_violations, "cluster/engines/other.py", "import distributed"),
    (door_violations, "core/scheduler.py", "import time"),
    (door_violations, "core/ids.py", "from uuid import uuid4"),
    (door_violations, "simulation/a.py", "from random import Random"),
    (door_violations, "notebook/a.py", "import secrets"),
    (chance_violations, "core/a.py", "import datetime\ndatetime.datetime.now()"),
    (chance_violations, "core/a.py", "from datetime import date\ndate.today()"),
    (chance_violations, "core/a.py", "import os\nos.urandom(4)"),
]

FREE: list[tuple[Rule, str, str]] = [
    (layer_violations, "behaviours/a.py", "from ..core import b\nfrom . import c"),
    (layer_violations, "__init__.py", "from .core.ids import Pid\nfrom . import observe"),
    (layer_violations, "__init__.py", "import importlib\nimportlib.import_module('fake.notebook')"),
    (layer_violations, "notebook/a.py", "import fake\nfrom fake import observe, Pid"),
    (layer_violations, "core/a.py", "from fake._version import __version__"),
    (door_violations, "core/host.py", "import asyncio, time"),
    (door_violations, "core/a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import asyncio"),
    (door_violations, "notebook/a.py", "import time, IPython, anywidget"),
    (door_violations, "cluster/engines/dask.py", "import distributed"),
    (chance_violations, "core/a.py", "from datetime import datetime\ndatetime.fromisoformat('2013-01-01')"),
]


@pytest.fixture
def plant(tmp_path: Path) -> Callable[[str, str], Path]:
    """A package of all layers with one file written by the test."""

    def write(where: str, code: str) -> Path:
        package = tmp_path / "fake"
        for layer in ("core", "behaviours", "observe", "cluster/engines", "web", "simulation", "notebook"):
            (package / layer).mkdir(parents=True)
        (package / where).write_text(code)
        return package

    return write


def test_imports_go_down_only() -> None:
    assert layer_violations(PACKAGE) == []


def test_asyncio_third_parties_clocks_and_dice_have_one_door_each() -> None:
    assert door_violations(PACKAGE) == []


def test_nothing_outside_the_seams_reads_a_clock_or_draws_a_number() -> None:
    assert chance_violations(PACKAGE) == []


@pytest.mark.parametrize(("rule", "where", "code"), PLANTED)
def test_a_planted_violation_is_caught(rule: Rule, where: str, code: str, plant: Callable[[str, str], Path]) -> None:
    assert len(rule(plant(where, code))) >= 1


@pytest.mark.parametrize(("rule", "where", "code"), FREE)
def test_what_is_allowed_passes(rule: Rule, where: str, code: str, plant: Callable[[str, str], Path]) -> None:
    assert rule(plant(where, code)) == []
