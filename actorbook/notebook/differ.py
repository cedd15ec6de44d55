"""What changed between two lists of rows: pure, values in, values out."""

from __future__ import annotations

from collections.abc import Iterable

from ..observe.rows import Row as Seen
from .protocol import Drop, Row

__all__ = ["changes", "order_of", "wire_row"]


def wire_row(row: Seen, rate: float = 0.0, since: float = 0.0) -> Row:
    """A row as it travels; its oldest message waits `since` then (ms)."""
    return Row(
        key=row.key, parent=row.parent, pid=row.pid, name=row.name, kind=row.kind, cls=row.cls, sub=row.sub,
        status=row.status, mailbox=row.mailbox, rate=round(rate, 1), restarts=row.restarts, intensity=row.intensity,
        exits=[{"pid": dead.pid, "reason": dead.reason, "at": dead.at} for dead in row.exits],
        children=row.children, open=row.open, since=since, limit=row.limit, full=row.full, dropped=row.dropped,
    )  # fmt: skip


def order_of(rows: Iterable[Row]) -> dict[str, list[str]]:
    """The keys of each parent's children, in order."""
    order: dict[str, list[str]] = {}
    for row in rows:
        order.setdefault(row["parent"], []).append(row["key"])
    return order


def changes(
    before: dict[str, Row], now: dict[str, Row], reasons: dict[str, str]
) -> tuple[list[Row], list[Drop], dict[str, list[str]]]:
    """Rows to put, rows to drop (`reasons` by pid; none for one that was only folded away), and new orders."""
    put = [row for key, row in now.items() if before.get(key) != row]
    drop: list[Drop] = [
        {"key": key, "reason": reasons.get(row["pid"], "")} for key, row in before.items() if key not in now
    ]
    if list(before) == list(now) and all(before[row["key"]]["parent"] == row["parent"] for row in put):
        return put, drop, {}
    old, new = order_of(before.values()), order_of(now.values())
    return put, drop, {parent: keys for parent, keys in new.items() if old.get(parent) != keys}
