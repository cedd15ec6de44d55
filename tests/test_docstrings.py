"""Every example in the documentation does what it shows."""

from __future__ import annotations

import asyncio
import doctest
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest

import actorbook
from tests.examples import blocks, docstrings, run_docstring, run_page

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = ["actorbook", *(found.name for found in pkgutil.walk_packages(actorbook.__path__, "actorbook."))]
DOCSTRINGS = [test for name in MODULES for test in docstrings(importlib.import_module(name))]


@pytest.mark.parametrize("test", DOCSTRINGS, ids=lambda test: test.name)
def test_docstring(test: doctest.DocTest) -> None:
    differences = asyncio.run(run_docstring(test))

    assert "\n".join(filter(None, differences)) == ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    asyncio.run(run_page(page.name, page.read_text(encoding="utf-8")))


PLANTED = """
>>> import asyncio
>>> await asyncio.sleep(0, "slept")
'slept'
>>> {}["a"]
Traceback (most recent call last):
KeyError: 'a'
>>> 1 + 1
3
>>> int("x")
0
"""


def test_a_docstring_that_promises_too_much_is_seen() -> None:
    module = ModuleType("planted", PLANTED)

    differences = asyncio.run(run_docstring(docstrings(module)[0]))

    assert differences[:3] == ["", "", ""]
    assert "Expected:\n    3\nGot:\n    2" in differences[3]
    assert "ValueError" in differences[4]


def test_a_page_that_fails_names_the_line_of_its_block() -> None:
    first = "n = await __import__('asyncio').sleep(0, 1)"
    text = f"# Page\n\n```python\n{first}\n```\n```python\nn / 0\n```\n"

    with pytest.raises(AssertionError, match=r"page.md, the block on line 7: ZeroDivisionError"):
        asyncio.run(run_page("page.md", text))


def test_a_page_runs_magics_and_leaves_out_what_says_why() -> None:
    text = "```python\n%pwd\n```\n<!-- not run: needs a cluster -->\n```python\nboom\n```\n```toml\n```\n"
    listed = "- a list\n\n  ```python\n  if 1:\n      pass\n  ```\n"

    assert [block.code for block in blocks(text + listed)] == ["%pwd\n", "if 1:\n    pass\n"]
