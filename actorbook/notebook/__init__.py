"""The notebook: `%actor` magics and the live widget. `%load_ext actorbook` brings it in; nobody imports it."""

from typing import Any

__all__ = ["SupervisionTree"]


def __getattr__(name: str) -> Any:
    if name == "SupervisionTree":
        from .widget import SupervisionTree

        return SupervisionTree
    raise AttributeError(f"module 'actorbook.notebook' has no attribute {name!r}")
