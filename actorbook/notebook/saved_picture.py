"""The picture of a run that was saved: the same widget, without anybody behind it."""

from __future__ import annotations

from typing import Any

from ..core.node import Node
from ..observe.family import Slot
from ..observe.rows import Row as Seen
from ..observe.saved import Saved
from .differ import changes, wire_row
from .protocol import VERSION, Delta, Event, Row, Snapshot, Stats
from .protocol_details import Details, Generation
from .protocol_timeline import Timeline
from .shown import Panes
from .timeline import milliseconds, timeline, where_to

__all__ = ["SavedPicture"]


class SavedPicture:
    """It answers as `Picture` does; the moment that is looked at is always one of the past."""

    def __init__(self, node: Node, run: Saved) -> None:
        self.node = node
        self.root = run.name
        self.seq = 0
        self.lag = self.cost = 0.0
        self.selected = ""
        self.shown = Panes("tree", "state", "timeline")
        self.moment: int | None = run.last
        self._run = run
        self._closed: set[str] = set()
        self._sent: dict[str, Row] = {}
        self._details: Details | None = None
        self._news = True

    # --- out --------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The whole picture."""
        self._sent, self._details, self._news = self._look(), None, True
        events = [self._event(event) for event in self._run.events()[-60:]]
        return Snapshot(
            version=VERSION, seq=self.seq, now=self._ms(), root=self.root, node=self._run.node,
            rows=list(self._sent.values()), events=events, network=[], stats=self._stats(),
        )  # fmt: skip

    def delta(self) -> Delta | None:
        """What another moment changed."""
        seen = self._look()
        put, drop, order = changes(self._sent, seen, {})
        details = self._details_of(seen.get(self.selected))
        if not (put or drop or order or details):
            return None
        self._sent, self.seq = seen, self.seq + 1
        return Delta(
            type="delta", seq=self.seq, now=self._ms(), put=put, drop=drop, order=order, events=[], network=None,
            stats=self._stats(), details=details,
        )  # fmt: skip

    def timeline(self) -> Timeline | None:
        """The whole run, when the moment is another one."""
        if not self._news:
            return None
        self._news = False
        return timeline(self._run.events(), self.moment, live=False)

    def drawn(self) -> list[Seen]:
        """What a still picture shows."""
        return self._run.rows(self.moment) if self.moment else []

    def run(self) -> Timeline:
        """The line of the run, for a still picture."""
        return timeline(self._run.events(), self.moment, live=False)

    def text(self) -> str:
        """The same in words."""
        return str(self._run.at(self.moment)) if self.moment else "no events"

    def busy(self) -> bool:
        """Nothing happens by itself."""
        return False

    def _look(self) -> dict[str, Row]:
        hidden: set[str] = set()
        seen: dict[str, Row] = {}
        for row in self.drawn():
            if row.parent in hidden or row.parent in self._closed:
                hidden.add(row.key)
            else:
                seen[row.key] = wire_row(row._replace(open=row.open and row.key not in self._closed))
        return seen

    def _stats(self) -> Stats:
        alive = sum(1 for row in self._sent.values() if row["pid"])
        crashes = sum(1 for event in self._run.events() if event.kind == "crashed" and event.n <= (self.moment or 0))
        return Stats(
            processes=alive, rate=0, lag=0.0, crashes=crashes, dropped=0, cost=0.0, cuts=[], paused=False, alive=True
        )

    def _event(self, event: Any) -> Event:
        pid = str(event.pid or "")
        return Event(n=event.n, at=milliseconds(event.at), kind=event.kind, pid=pid, name=event.name, text=event.text)

    def _details_of(self, row: Row | None) -> Details | None:
        if row is None:
            return None
        exits = [Generation(pid=e["pid"], reason=e["reason"], at=e["at"], traceback="") for e in row["exits"]]
        details = Details(
            key=row["key"], pid=row["pid"], name=row["name"], kind=row["kind"], cls=row["cls"], parent=row["parent"],
            status=row["status"], mailbox=max(0, row["mailbox"]), messages=0, started=0.0, methods=[], exits=exits,
            ties=None, state=None, machine=None, queue=None, code=None,
        )  # fmt: skip
        if details == self._details:
            return None
        self._details = details
        return details

    def _ms(self) -> float:
        events = self._run.events()
        return next((milliseconds(event.at) for event in events if event.n == self.moment), 0.0)

    # --- in ---------------------------------------------------------------------------------------------------

    def scrub(self, to: str, value: float) -> None:
        """Look at another moment; live is the end."""
        moment = where_to(self._run.events(), self.moment, to, value)
        self.moment, self._news, self._details = self._run.last if moment is None else moment, True, None

    def open(self, key: str, is_open: bool) -> None:
        """Expand or collapse a branch."""
        if is_open:
            self._closed.discard(key)
        else:
            self._closed.add(key)

    def more(self, key: str) -> None:
        """What was not saved is not there."""

    def slot(self, key: str) -> Slot | None:
        """Nobody lives here."""
        return None

    def select(self, key: str) -> None:
        """Send details of this row from now on."""
        self.selected, self._details = key, None

    def look(self, centre: str, tab: str, dock: str) -> None:
        """These parts of the widget are shown now."""
        self.shown, self._details = Panes(centre, tab, dock), None

    def search(self, text: str) -> tuple[int, list[str]]:
        """Find among the rows that were saved."""
        word = text.strip().lower()
        hits = [row.key for row in self.drawn() if word and word in f"{row.name} {row.cls} {row.pid}".lower()]
        return len(hits), hits
