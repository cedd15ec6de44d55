"""Small results of magics: they show as text in a terminal and as a table in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

__all__ = ["Table", "Text"]


class Text(str):
    """Text that shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Table:
    """Rows under headings, and below them a `note` in lines. `rows` holds the plain values."""

    def __init__(
        self, headings: Sequence[str], rows: Sequence[Sequence[Any]], empty: str = "nothing to show", note: str = ""
    ) -> None:
        self.note = note
        self.headings = tuple(headings)
        self.rows = [tuple(row) for row in rows]
        self._empty = empty

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        if not self.rows:
            return self._empty
        cells = [self.headings, *(tuple(map(_cell, row)) for row in self.rows)]
        widths = [max(len(row[i]) for row in cells) for i in range(len(self.headings))]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells]
        return "\n".join([*lines, "", self.note] if self.note else lines)

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<em>{escape(self._empty)}</em>"
        left = ' style="text-align:left"'
        head = "".join(f"<th{left}>{escape(h)}</th>" for h in self.headings)
        body = "".join(
            "<tr>" + "".join(f"<td{left}>{escape(_cell(c))}</td>" for c in row) + "</tr>" for row in self.rows
        )
        note = f"<pre>{escape(self.note)}</pre>" if self.note else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
