"""The notebook's runtime: one node on the kernel's loop, its pace, its pictures, and where its output goes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from logging import NullHandler, getLogger
from pathlib import PurePath
from typing import Any

from ..behaviours.upgrade import Upgrade, announce_rewritten
from ..core.host import AsyncioHost
from ..core.node import Node
from ..core.progress import Progress
from ..core.watchdog import Watchdog
from ..observe.recorder import Event, recorder_of
from .alarm import Alarm
from .output import Console, capture_output, release_output
from .pace import Pace
from .progress import show_progress

__all__ = ["Session"]

_TOO_LONG = 1.0


class Session:
    """What `%load_ext actorbook` starts, and `%unload_ext` ends."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.node = Node("nb@local", watchdog=_TOO_LONG)
        self.host = AsyncioHost(self.node)
        self.pace = Pace(self.host, self.node.clock.now)
        self.console = Console(self.host)
        self.alarm = Alarm()
        self.widgets: dict[Any, Any] = {}
        self.chaos: Any = None
        self.tasks: set[Any] = set()
        self.traces: list[Any] = []
        self.top: Any = None
        self._logger = getLogger("actorbook")
        self._quiet = NullHandler()  # reports are events here; the console shows each in one line

    def start(self) -> None:
        """Begin."""
        self.node.start(self.host)
        self.node.watchers.append(self.pace.touch)
        self.watchdog.listeners.append(self.alarm.tell)
        self.watchdog.name_file = self._name_file
        for moment, call in self._around_cells():
            self.shell.events.register(moment, call)
        recorder_of(self.node).wakers.append(self._happened)
        capture_output(self.node)
        Upgrade.tell = print  # below the cell that defines the class
        Progress.show = show_progress
        self._before_cell()
        self._logger.addHandler(self._quiet)
        self._logger.propagate = False

    @property
    def watchdog(self) -> Watchdog:
        """What tells of callbacks that block the loop; its `threshold` may be changed."""
        watchdog = self.node.watchdog
        assert watchdog is not None
        return watchdog

    def _around_cells(self) -> list[tuple[str, Callable[..., None]]]:
        return [("pre_run_cell", self._cell_begins), ("post_run_cell", self._cell_ends)]

    def _cell_begins(self, info: Any = None) -> None:
        self.alarm.here()
        self.watchdog.enter_cell()

    def _cell_ends(self, result: Any = None) -> None:
        self.watchdog.leave_cell()

    def _name_file(self, name: str) -> str:
        """What a person calls the file of a frame: the number of its cell."""
        known = self.shell.compile.format_code_name(name)
        return PurePath(name).name if known is None else " ".join(known).replace("Cell In", "cell ")

    def _before_cell(self, info: Any = None) -> None:
        """Look for classes that a reloader has written over; so be called after any reloader, also a later one."""
        announce_rewritten()
        for moment in ("pre_run_cell", "post_run_cell"):
            self._forget_cells(moment)
            self.shell.events.register(moment, self._before_cell)

    def _forget_cells(self, moment: str) -> None:
        if self._before_cell in self.shell.events.callbacks[moment]:
            self.shell.events.unregister(moment, self._before_cell)

    def _happened(self, event: Event) -> None:
        if event.kind in ("output", "report", "crashed", "gave_up"):
            self.console.write(event.name or repr(event.pid), event.text)
        self.pace.touch()

    def tree(self, root: Any = None) -> Any:
        """The widget on the tree below `root`; asked again, the same one, which then has one more view."""
        from .widget import SupervisionTree

        if root not in self.widgets:
            self.widgets[root] = SupervisionTree(root, session=self)
        return self.widgets[root]

    def task(self, body: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine for a magic, in the shell's name; it ends with the session."""
        task = self.host.task(body)
        self.tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: Any) -> None:
        self.tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen; the handle shows it

    def close(self) -> None:
        """End: no task, no timer, no thread stays; the pictures stay as they were last."""
        release_output()
        Upgrade.tell = Progress.show = None
        for moment in ("pre_run_cell", "post_run_cell"):
            self._forget_cells(moment)
        for moment, call in self._around_cells():
            if call in self.shell.events.callbacks[moment]:
                self.shell.events.unregister(moment, call)
        self._logger.removeHandler(self._quiet)
        self._logger.propagate = True
        for task in self.tasks:
            task.cancel()
        for live in list(self.traces):
            live.finish()
        if self.top is not None:
            self.top.stop()
        self.node.watchers.clear()
        recorder_of(self.node).wakers.clear()
        self.node.close()
        for widget in self.widgets.values():
            widget.retire()
        self.pace.close()
        self.console.close()
