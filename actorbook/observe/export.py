"""Events as data: a pandas table, an Arrow table, lines of JSON.

>>> import actorbook as ab
>>> pid = ab.spawn(lambda: None, name="brief")
>>> await ab.sleep(0)
>>> print(ab.observe.events(pid=pid).to_json_lines())          # doctest: +ELLIPSIS
{"n": ..., "at": ..., "kind": "started", "pid": "<nb.2>", "name": "brief", "text": "<lambda>", "cause": null}
{"n": ..., "at": ..., "kind": "exited", "pid": "<nb.2>", "name": "brief", "text": "normal", "cause": null}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

__all__ = ["Exported"]


class Exported:
    """Something with rows of plain values under `columns`."""

    columns: ClassVar[tuple[str, ...]]

    def records(self) -> Iterator[tuple[Any, ...]]:
        """The rows."""
        raise NotImplementedError  # pragma: no cover

    def to_pandas(self) -> Any:
        """A pandas DataFrame with a row an event. Raises `ImportError` when pandas is not installed."""
        return _library("pandas", "to_pandas").DataFrame(list(self.records()), columns=list(self.columns))

    def to_arrow(self) -> Any:
        """A pyarrow Table with a row an event. Raises `ImportError` when pyarrow is not installed."""
        columns = list(zip(*self.records(), strict=True)) or [() for _ in self.columns]
        return _library("pyarrow", "to_arrow").table(dict(zip(self.columns, map(list, columns), strict=True)))

    def to_json_lines(self, path: Any = None) -> str:
        """An object a line, as text; with `path` it is written there too."""
        from json import dumps

        text = "\n".join(dumps(dict(zip(self.columns, row, strict=True)), ensure_ascii=False) for row in self.records())
        if path is not None:
            from pathlib import Path

            Path(path).write_text(text + "\n" if text else "", encoding="utf-8")
        return text


def _library(name: str, what: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise ImportError(
            f"{what}: expected {name} to be installed; `pip install {name}`, or use to_json_lines()"
        ) from None
