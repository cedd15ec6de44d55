"""The kernel's side of one picture: what it shows now, what was sent of it, and what the page may ask for.

It knows no comm and no timer: `delta()` gives the next message to send, or None when there is nothing to say.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from ..core.ids import Pid
from ..core.node import Node
from ..core.process import Process
from ..core.reasons import describe
from ..observe.family import Slot, path_to
from ..observe.lookback import Live
from ..observe.lookback import find as find_then
from ..observe.nodes import all_nodes, cuts_as_text, epoch, find
from ..observe.recorder import Event as Happened
from ..observe.recorder import Recorder, recorder_of
from ..observe.rows import PAGE, Lens, rows
from ..observe.rows import Row as Seen
from ..observe.snapshot import tree
from .details import Inspection
from .differ import changes, wire_row
from .inspector.arrivals import Arrivals
from .network import Network
from .protocol import VERSION, Delta, Event, Row, Snapshot, Stats
from .protocol_details import Details
from .protocol_timeline import Timeline
from .shown import Panes
from .timeline import timeline, where_to

__all__ = ["Picture"]

_EVENTS = 60
_HITS = 100
_SHARE = 8  # of the time that details take: a large state is looked at less often
_LATEST = 0.3
_TELL_EVERY = 0.4
_TEXT_ROWS = 200


class Picture:
    """One tree as one widget shows it, `root` a name or pid, None for the whole node, or in a cluster for all nodes."""

    def __init__(self, node: Node, root: Any = None) -> None:
        self.node = node
        self.root = root
        self.lens = Lens()
        self.seq = 0
        self.lag = self.cost = 0.0
        self.selected = ""
        self.shown = Panes("tree", "state", "timeline")
        self._recorder: Recorder = recorder_of(node)
        self._arrivals = Arrivals()
        self._inspection = Inspection(node, self._recorder, self._arrivals)
        self._sent: dict[str, Row] = {}
        self._handled: dict[str, int] = {}
        self._details: Details | None = None
        self._details_due = 0.0
        self._slots: dict[str, Slot | None] = {}
        self._network = Network(node)
        self._last_event = 0
        self._last_time = node.clock.now()
        self._last_total = 0
        self._stats: Stats | None = None
        self.moment: int | None = None
        """The event that is looked at; None: now."""
        self._told: tuple[int, int | None, bool] | None = (0, None, False)
        self._tell_at = 0.0

    # --- out --------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The whole picture; deltas go on from here."""
        self._sent = self._look(0.0)
        self._details = None
        events = self._recorder.since(0, _EVENTS)
        self._last_event = self._recorder.count
        return Snapshot(
            version=VERSION, seq=self.seq, now=self._ms(), root=str(self.root or ""), node=self.node.name,
            rows=list(self._sent.values()), events=[self._event(e) for e in events], network=self._network.all(),
            stats=self._count(0.0),
        )  # fmt: skip

    def delta(self) -> Delta | None:
        """What changed since the last message; None when nothing did."""
        now = self.node.clock.now()
        seconds, self._last_time = max(now - self._last_time, 1e-3), now
        seen = self._look(seconds)
        happened = self._recorder.since(self._last_event, _EVENTS)
        reasons = {repr(e.pid): describe(e.detail) for e in happened if e.kind in ("exited", "crashed")}
        put, drop, order = changes(self._sent, seen, reasons)
        stats, details = self._count(seconds), self._details_of(seen.get(self.selected))
        network = self._network.news(seconds)
        quiet = not (put or drop or order or happened or details or network is not None) and _same(stats, self._stats)
        self._stats = stats
        if quiet:
            return None
        self._sent, self._last_event, self.seq = seen, self._recorder.count, self.seq + 1
        return Delta(
            type="delta", seq=self.seq, now=self._ms(), put=put, drop=drop, order=order,
            events=[self._event(e) for e in happened], network=network, stats=stats, details=details,
        )  # fmt: skip

    def blocked(self, pid: Pid | None) -> None:
        """The page was told from elsewhere that this process blocks the loop: the next delta says what it does now."""
        for key, row in list(self._sent.items()):
            if row["pid"] == repr(pid):
                shown = self._sent[key] = row.copy()
                shown["status"] = "blocking"

    def busy(self) -> bool:
        """Some number on the picture will have to go back to zero, or details were kept back."""
        if self.selected and self.node.clock.now() < self._details_due:
            return True
        if self.shown.dock == "timeline" and self._told is not None and self._told[0] != self._recorder.count:
            return True
        return self._stats is not None and (
            self._stats["rate"] > 0 or any(row["rate"] for row in self._sent.values()) or self._network.busy()
        )

    def root_process(self) -> Process | None:
        """Who stands at the root now; None for the whole node, and when the named one is not there."""
        return None if self.root is None else find(self.node, self.root)

    def drawn(self) -> list[Seen]:
        """What a still picture shows."""
        return rows(self.node, Lens(), self.root_process())

    def run(self) -> Timeline:
        """The line of the run, for a still picture."""
        return timeline(self._recorder.events(), None)

    def text(self) -> str:
        """The same in words."""
        root = self.root_process()
        return str(tree(root.pid if root else None, most=_TEXT_ROWS))

    def _look(self, seconds: float) -> dict[str, Row]:
        node, root = self._where()
        if root is None and self.root is not None:
            return {}
        handled: dict[str, int] = {}
        self._slots = {}
        seen: dict[str, Row] = {}
        for row in rows(node, self.lens, root):
            who = row.pid or row.key  # a node has no pid, and begins at zero again when it is restarted
            fresh = max(0, row.handled - self._handled.get(who, row.handled))
            handled[who] = row.handled
            self._slots[row.key] = row.slot
            seen[row.key] = wire_row(row, fresh / seconds if seconds else 0.0, self._oldest(row))
        self._handled = handled
        if self.moment is not None:
            return seen
        self._arrivals.keep(slot.process.pid for slot in self._slots.values() if slot is not None and slot.process)
        return seen

    def _oldest(self, row: Seen) -> float:
        """When the message came that has waited longest in a mailbox, ms; 0 when none waits."""
        process = row.slot.process if row.slot is not None else None
        if process is None or self.moment is not None:
            return 0.0
        self._arrivals.look(process, self.node.clock.now() - epoch(self.node))
        return round(self._arrivals.since(process)[0] * 1000) if process.mailbox else 0.0

    def _count(self, seconds: float) -> Stats:
        nodes = all_nodes(self.node)
        total = sum(node.scheduler.handled for node in nodes)
        rate = max(0, total - self._last_total) / seconds if seconds else 0.0
        self._last_total = total
        lag, self.lag = self.lag, 0.0
        return Stats(
            processes=sum(len(node.processes) for node in nodes), rate=round(rate), lag=round(lag, 3),
            crashes=self._recorder.crashes, dropped=self._recorder.dropped, cost=round(self.cost, 4),
            cuts=cuts_as_text(self.node.neighbours), paused=self.node.paused, alive=self.node.host is not None,
        )  # fmt: skip

    def _event(self, event: Happened) -> Event:
        pid = repr(event.pid) if event.pid is not None else ""
        return Event(
            n=event.n, at=round(event.at * 1000, 1), kind=event.kind, pid=pid, name=event.name, text=event.text
        )

    def _details_of(self, row: Row | None) -> Details | None:
        """The details of the selected row, if they are new and it is time for them."""
        now = self.node.clock.now()
        if row is None or now < self._details_due:
            return None
        slot = self._slots[row["key"]]
        if self.moment is None:
            details = self._inspection.details(row, slot, self.shown.tab)
        else:
            details = self._inspection.then(row, slot, self.shown.tab)
        took = self.node.clock.now() - now
        self._details_due = now + min(_SHARE * took, _LATEST)
        if details == self._details:
            return None
        self._details = details
        return details

    def _ms(self) -> float:
        return round((self.node.clock.now() - self.node.started) * 1000, 1)

    # --- the past ---------------------------------------------------------------------------------------------

    def _where(self) -> tuple[Any, Any]:
        """The node that is drawn, and who is the root: of now, or what looks like them of the moment."""
        if self.moment is None:
            return self.node, self.root_process()
        history = Live(self.node)
        self.moment = max(self.moment, history.first)  # older ones are forgotten meanwhile
        node = history.node_at(self.moment)
        return node, None if self.root is None else find_then(node.past, node, self.root)

    def scrub(self, to: str, value: float) -> None:
        """Look at another moment, see `where_to`."""
        self.moment = where_to(self._recorder.events(), self.moment, to, value)
        self._details, self._details_due, self._told = None, 0.0, None

    def timeline(self) -> Timeline | None:
        """The run so far, when it is shown and news: a few times a second at most."""
        shown, now = self.shown.dock == "timeline", monotonic()  # the node's own clock may stand still
        told = self._recorder.count if shown else 0, self.moment, shown
        if told == self._told:
            return None
        if self._told is not None and self._told[1:] == told[1:] and now < self._tell_at:
            return None
        self._told, self._tell_at = told, now + _TELL_EVERY
        return timeline(self._recorder.events(), self.moment)

    # --- in ---------------------------------------------------------------------------------------------------

    def open(self, key: str, is_open: bool) -> None:
        """Expand or collapse a branch."""
        self.lens.open[key] = is_open

    def more(self, key: str) -> None:
        """Show another page of the siblings that a `more` row stands for."""
        parent = key.removesuffix("/…")
        self.lens.shown[parent] = self.lens.page(parent) + PAGE

    def slot(self, key: str) -> Slot | None:
        """Where a row comes from; None for one that is not shown, or stands for no slot."""
        return self._slots.get(key)

    def select(self, key: str) -> None:
        """Send details of this row from now on."""
        self.selected, self._details, self._details_due = key, None, 0.0

    def look(self, centre: str, tab: str, dock: str) -> None:
        """These parts of the widget are shown now: what only others need is not worked out."""
        self.shown, self._details, self._details_due = Panes(centre, tab, dock), None, 0.0

    def search(self, text: str) -> tuple[int, list[str]]:
        """Find by name, class or pid, and open what hides the hits: how many there are, and the keys of the first."""
        self.lens.revealed.clear()
        word = text.strip().lower()
        if not word:
            return 0, []
        hits = [
            process
            for node in all_nodes(self.node)
            for process in node.processes.values()
            if process is not node.shell and _says(process, word)
        ]
        keys = []
        for process in hits[:_HITS]:
            path = path_to(process.node, process.pid)
            for key in path[:-1]:
                self.lens.open[key] = True
            self.lens.revealed.update(path)
            keys.append(path[-1])
        return len(hits), keys


def _same(stats: Stats, before: Stats | None) -> bool:
    """But for what the picture itself costs: else it would have something to say for ever."""
    return before is not None and stats | {"cost": 0.0} == before | {"cost": 0.0}


def _says(process: Process, word: str) -> bool:
    names = (process.name or "", process.label, process.body.describe().cls, repr(process.pid))
    return any(word in name.lower() for name in names)


def find_pid(node: Node, text: str) -> Process | None:
    """The living process whose pid is written `<nb.47>`, on this node or one beside it.

    Raises `LookupError` when two nodes have names that are written alike in a pid, and both have such a process.
    """
    number = text.strip("<>").rpartition(".")[2]
    if not number.isdigit() or not text.startswith("<"):
        return None
    pids = (pid for one in all_nodes(node) for pid in one.processes)
    meant = [pid for pid in pids if pid.number == int(number) and repr(pid) == text]
    if len(meant) > 1:
        there = " and ".join(pid.node for pid in meant)
        raise LookupError(f"{text} may be of {there}; expected one process: use its name or a variable with its pid")
    return find(node, meant[0]) if meant else None
