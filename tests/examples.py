"""Runs what the documentation shows: docstring examples that may await, and the code blocks of a page.

Docstrings are `>>>` examples as doctest knows them, with `await` at the top level; each docstring runs under
a node of its own. A page's ```python blocks run top to bottom in one IPython shell on a running loop, as they
would in a kernel, magics included; `<!-- not run: reason -->` on the line before a block leaves it out.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import doctest
import inspect
import io
import re
import sys
import textwrap
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import actorbook

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SKIP = r"(?P<skip>^ *<!-- not run: [^\n]*\S[^\n]*-->\s*\n)?"
BLOCK = re.compile(SKIP + r"^(?P<indent> *)```python\n(?P<code>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL)
CHECKER = doctest.OutputChecker()


@dataclass(frozen=True)
class Block:
    """One piece of code on a page."""

    code: str
    line: int


# ── docstrings


def docstrings(module: ModuleType) -> list[doctest.DocTest]:
    """The module's docstrings that hold examples, each with names of its own."""
    found = doctest.DocTestFinder().find(module, globs={**vars(module), "ab": actorbook})
    return [test for test in found if test.examples]


async def run_docstring(test: doctest.DocTest) -> list[str]:
    """What differs from what the docstring shows."""
    names: dict[str, Any] = dict(test.globs)
    async with actorbook.Node():
        return [await _difference(test, example, names) for example in test.examples]


async def _difference(test: doctest.DocTest, example: doctest.Example, names: dict[str, Any]) -> str:
    """Empty when the example did what it shows."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        error = await _perform(example, names)
    got = error or shown.getvalue()
    want = example.exc_msg if error and example.exc_msg is not None else example.want
    flags = OPTIONS | sum(flag for flag, on in example.options.items() if on)
    if (not error or example.exc_msg is not None) and CHECKER.check_output(want, got, flags):
        return ""
    line = (test.lineno or 0) + example.lineno + 1
    return f"{test.name}, line {line}:\n{example.source}{CHECKER.output_difference(example, got, flags)}"


async def _perform(example: doctest.Example, names: dict[str, Any]) -> str:
    """Run it as a prompt would; its exception as doctest would write it."""
    code = compile(example.source, "<docstring>", "single", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    hook, sys.displayhook = sys.displayhook, sys.__displayhook__
    try:
        result = eval(code, names)
        if inspect.isawaitable(result):
            await result
    except Exception as error:  # noqa: BLE001  whatever it is, the docstring may have promised it
        return traceback.format_exception_only(error)[-1]
    finally:
        sys.displayhook = hook
    return ""


# ── pages


def blocks(text: str) -> list[Block]:
    """The blocks to run, with the line each begins on."""
    found = (match for match in BLOCK.finditer(text) if not match["skip"])
    return [Block(textwrap.dedent(match["code"]), text.count("\n", 0, match.start("code")) + 1) for match in found]


async def run_page(name: str, text: str) -> None:
    """Run a page's blocks as the cells of one notebook; the first failure is raised, with its line."""
    with _shell() as shell:
        for block in blocks(text):
            result = await shell.run_cell_async(block.code, transformed_cell=shell.transform_cell(block.code))
            error = result.error_before_exec or result.error_in_exec
            if error is not None:
                raise AssertionError(f"{name}, the block on line {block.line}: {error!r}") from error
            await asyncio.sleep(0)


@contextlib.contextmanager
def _shell() -> Iterator[Any]:
    """An IPython of its own, which leaves nothing behind."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config({"HistoryManager": {"enabled": False}})
    shell: Any = InteractiveShell.instance(config=config)
    try:
        yield shell
    finally:
        if "actorbook" in shell.extension_manager.loaded:
            shell.extension_manager.unload_extension("actorbook")
        shell.reset(new_session=False)
        InteractiveShell.clear_instance()
