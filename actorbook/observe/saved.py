"""A run in a file: `save` writes what the log keeps, `load` opens it anywhere, without the classes that took part.

    >>> import actorbook as ab
    >>> from tempfile import mkdtemp
    >>> pid = ab.spawn(ab.receive, name="patient")
    >>> path = mkdtemp() + "/run.jsonl"
    >>> ab.observe.save(path)
    2
    >>> run = ab.observe.load(path)
    >>> print(run.at(run.last))
    nb@local  1 root
    └─ patient  receive  <nb.2>  waiting

The file is lines of JSON and nothing else, so opening one that a stranger sent is safe. The first line says what it is
and in which version; each further line is an event, with the rows of the tree that changed since the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import JSONDecodeError, dumps, loads
from pathlib import Path
from typing import Any, cast

from ..core.running import current_node
from .event import Event, Events
from .lookback import Live, chain, check_number, crash_after
from .past import Past
from .rows import Dead, Lens, Row, rows
from .snapshot import Tree

__all__ = ["Saved", "load", "save"]

FORMAT, VERSION = "actorbook run", 1
_EVENT = {"n": int, "at": (int, float), "kind": str, "pid": str, "name": str, "text": str}
_NOT_KEPT = ("handled", "slot")
_FIELDS = tuple(field for field in Row._fields if field not in _NOT_KEPT)


class Text(str):
    """Words that stand for themselves: a pid or a reason of a run that was saved."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


# --- out ----------------------------------------------------------------------------------------------------


def save(path: str | Path, last: int | None = None) -> int:
    """Write the run so far to a file; returns how many events that are: all that are kept, or the `last` so many.

    It is as large as what happened: some hundred bytes an event. It reads tables, messages nobody, and does not wait.
    """
    history = Live(current_node())
    lines = [*_lines(history, last)]
    head = {"format": FORMAT, "version": VERSION, "node": current_node().name, "events": len(lines)}
    text = "\n".join(dumps(line, ensure_ascii=False) for line in [head, *lines])
    Path(path).write_text(text + "\n", encoding="utf-8")
    return len(lines)


def _lines(history: Live, last: int | None) -> list[dict[str, Any]]:
    """An event a line; made from the end, since that is how one gets back."""
    lines: list[dict[str, Any]] = []
    before: tuple[Event, dict[str, dict[str, Any]]] | None = None
    for event, seen in _backward(history):
        if before is not None:
            lines.append(_line(before[0], seen, before[1]))
        before = event, seen
        if last is not None and len(lines) >= last - 1:
            break
    if before is not None and (last is None or last > 0):
        lines.append(_line(before[0], {}, before[1]))
    return lines[::-1]


def _backward(history: Live) -> Iterator[tuple[Event, dict[str, dict[str, Any]]]]:
    """Each event with the rows of its moment, the latest first."""
    recorder, lens = history.recorder, Lens()
    made = Past(recorder)
    node: Any = made.node(recorder.node)
    for change in reversed(recorder.changes):
        made.undo(change)
    for event, changes in reversed(recorder.log):
        made.time = event.at + recorder.node.started
        yield event, {row.key: _plain(row) for row in rows(node, lens)}
        made.undo_event(event)
        for change in reversed(changes):
            made.undo(change)


def _plain(row: Row) -> dict[str, Any]:
    return {field: getattr(row, field) for field in _FIELDS}


def _line(event: Event, before: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """An event and what is different."""
    line: dict[str, Any] = {
        "n": event.n, "at": round(event.at, 6), "kind": event.kind, "pid": repr(event.pid) if event.pid else "",
        "name": event.name, "text": event.text, "cause": event.cause,
        "put": [row for key, row in now.items() if before.get(key) != row],
        "drop": [key for key in before if key not in now],
    }  # fmt: skip
    if [key for key in before if key in now] != [key for key in now if key in before] or list(now)[: len(before)] != [
        key for key in before if key in now
    ]:
        line["order"] = list(now)
    return line


# --- in -----------------------------------------------------------------------------------------------------


def load(path: str | Path) -> Saved:
    """Open a run that was saved: `.at(n)`, `.events()`, `.why(n)`, `.next_crash(n)`, as of the live one.

    What was a pid or a reason is text. Raises `FileNotFoundError`, and `ValueError` for what is no such file, with the
    line that is wrong.
    """
    name = Path(path).name
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise ValueError(f"load: {name}: expected lines of JSON, got something that is no text") from None
    head = _read(name, 1, lines[0] if lines else "")
    if head.get("format") != FORMAT:
        raise ValueError(f"load: {name}: expected a run that %actor save wrote, got something else")
    if head.get("version") != VERSION:
        raise ValueError(f"load: {name}: expected version {VERSION}, got {head.get('version')!r}")
    entries = [_checked(name, number, _read(name, number, line)) for number, line in enumerate(lines[1:], 2) if line]
    if len(entries) != head.get("events"):
        raise ValueError(f"load: {name}: expected {head.get('events')} events, got {len(entries)}; is it cut off?")
    return Saved(name, str(head.get("node", "")), entries)


def _read(name: str, number: int, line: str) -> dict[str, Any]:
    try:
        found = loads(line)
    except (JSONDecodeError, RecursionError):
        raise ValueError(f"load: {name}, line {number}: expected JSON, got {line[:40]!r}") from None
    if not isinstance(found, dict):
        raise ValueError(f"load: {name}, line {number}: expected an object, got {line[:40]!r}")  # noqa: TRY004
    return found


def _checked(name: str, number: int, entry: dict[str, Any]) -> dict[str, Any]:
    wrong = [field for field, kind in _EVENT.items() if not isinstance(entry.get(field), cast("Any", kind))]
    wrong += [] if isinstance(entry.get("cause"), int | None) else ["cause"]
    wrong += [field for field in ("put", "drop") if not isinstance(entry.get(field), list)]
    wrong += [] if wrong or all(_is_row(row) for row in entry["put"]) else ["put"]
    if wrong:
        raise ValueError(f"load: {name}, line {number}: expected an event, but {wrong[0]!r} is missing or wrong")
    return entry


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and set(_FIELDS) <= row.keys() and isinstance(row["key"], str)


class Saved:
    """A run that was saved. It is a `History`, as the live one is."""

    def __init__(self, name: str, node: str, entries: list[dict[str, Any]]) -> None:
        self.name = name
        self.node = node
        self._entries = entries
        self._events = Events(
            Event(e["n"], e["at"], e["kind"], cast("Any", Text(e["pid"]) if e["pid"] else None), e["name"],
                  Text(e["text"]) if e["text"] else None, e["cause"])
            for e in entries
        )  # fmt: skip

    @property
    def first(self) -> int:
        """The number of the oldest event."""
        return self._events[0].n if self._events else 1

    @property
    def last(self) -> int:
        """The number of the newest event."""
        return self._events[-1].n if self._events else 0

    def events(self) -> Events:
        """The events, oldest first."""
        return Events(self._events)

    def rows(self, n: int | None = None) -> list[Row]:
        """The rows of the picture as of event `n`."""
        number = check_number(self, n, "rows")
        seen: dict[str, Row] = {}
        for entry in self._entries:
            if entry["n"] > number:
                break
            for key in entry["drop"]:
                seen.pop(key, None)
            for row in entry["put"]:
                seen[row["key"]] = _row(row)
            if "order" in entry:
                seen = {key: seen[key] for key in entry["order"] if key in seen}
        return list(seen.values())

    def at(self, n: int | None = None, pid: Any = None, most: int | None = None) -> Tree:
        """The tree as it was when event `n` had happened; below `pid` (a pid as it is written, or a name)."""
        seen = self.rows(n)[:most]
        below: dict[str, list[Row]] = {}
        for row in seen:
            below.setdefault(row.parent, []).append(row)
        if pid is not None:
            found = next((row for row in seen if str(pid) in (row.name, row.pid)), None)
            if found is None:
                raise ValueError(f"at: no process {pid!r} at event {n}")
            return _tree(found, below)
        tops = tuple(_tree(row, below) for row in below.get("", ()))
        kind, cls = ("cluster", "Cluster") if any(top.kind == "node" for top in tops) else ("node", "Node")
        name = "cluster" if kind == "cluster" else self.node
        return Tree(name, None, kind, cls, "running", 0, 0, None, (), tops)

    def why(self, event: Event | int) -> Events:
        """What led to an event, the origin first and itself last."""
        return chain(self._events, check_number(self, event.n if isinstance(event, Event) else event, "why"))

    def next_crash(self, n: int = 0) -> Event | None:
        """The first crash after event `n`."""
        return crash_after(self._events, n)

    def __repr__(self) -> str:
        return f"<Saved run {self.name}: events {self.first:,} to {self.last:,} of {self.node}>"


def _row(row: dict[str, Any]) -> Row:
    fields = {field: row[field] for field in _FIELDS}
    fields["exits"] = tuple(Dead(*dead) for dead in row["exits"])
    return Row(handled=0, **fields)


def _tree(row: Row, below: dict[str, list[Row]]) -> Tree:
    intensity = None if row.intensity is None else (row.intensity[0], row.intensity[1], len(row.intensity[2]))
    more = sum(child.children for child in below.get(row.key, ()) if child.kind == "more")
    return Tree(
        name=row.name, pid=cast("Any", Text(row.pid) if row.pid else None), kind=row.kind,
        cls=row.sub.split(" · ")[0] if row.kind == "supervisor" else row.cls, status=row.status, mailbox=row.mailbox,
        restarts=row.restarts, intensity=intensity, more=more, limit=row.limit or None, full=row.full,
        exits=cast("Any", tuple((Text(dead.pid), Text(dead.reason), dead.at / 1000) for dead in row.exits)),
        children=tuple(_tree(child, below) for child in below.get(row.key, ()) if child.kind != "more"),
        dropped=row.dropped,
    )  # fmt: skip
