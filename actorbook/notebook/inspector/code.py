"""The source of a process's class or function, for the Code tab, and the lines where it may be waiting."""

from __future__ import annotations

import ast
import linecache
from pathlib import Path
from textwrap import dedent
from types import CodeType, FunctionType
from typing import Any

from ...core.process import Process
from ..protocol_details import Code

__all__ = ["code_of"]

_LINES = 400


def code_of(process: Process) -> Code:
    """What it runs. `text` is empty where no source can be had; `note` then says so."""
    thing = process.body.program()
    name = getattr(thing, "__qualname__", process.body.describe().cls)
    place = _class_place(thing) if isinstance(thing, type) else _function_place(thing)
    if place is None:
        return Code(name=name, file="", line=0, text="", note="its source cannot be had: no file or cell holds it")
    file, line, text = place
    lines = text.splitlines()
    note = f"… {len(lines) - _LINES:,} more lines" if len(lines) > _LINES else ""
    return Code(name=name, file=_file_name(file), line=line, text="\n".join(lines[:_LINES]), note=note)


def _function_place(thing: Any) -> tuple[str, int, str] | None:
    from inspect import getsource, unwrap

    function = unwrap(thing) if callable(thing) else None
    if not isinstance(function, FunctionType):
        return None
    try:
        return function.__code__.co_filename, function.__code__.co_firstlineno, dedent(getsource(function))
    except (OSError, TypeError, SyntaxError):
        return None


def _class_place(cls: type) -> tuple[str, int, str] | None:
    """Where the statement stands that made the class: found by its methods, since a notebook's classes have no file."""
    codes = [code for value in vars(cls).values() if (code := _code(value)) is not None]
    for code in sorted(codes, key=lambda code: code.co_firstlineno):
        lines = linecache.getlines(code.co_filename)
        found = _statement(lines, cls.__name__, code.co_firstlineno)
        if found is not None:
            first, last = found
            return code.co_filename, first, dedent("".join(lines[first - 1 : last]))
    return None


def _code(value: Any) -> CodeType | None:
    from inspect import unwrap

    function = getattr(value, "__func__", value)
    function = unwrap(function) if callable(function) else function
    return function.__code__ if isinstance(function, FunctionType) else None


def _statement(lines: list[str], name: str, line: int) -> tuple[int, int] | None:
    """First and last line of the class of that name around a line."""
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == name and node.lineno <= line <= (node.end_lineno or 0):
            return min([node.lineno, *(d.lineno for d in node.decorator_list)]), node.end_lineno or node.lineno
    return None


def _file_name(file: str) -> str:
    """A cell's file is an address in memory: it is called a cell; of a path the end is enough."""
    return "a cell" if "ipykernel_" in file or file.startswith("<ipython") else Path(file).name
