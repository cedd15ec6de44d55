"""Where the output of processes goes: into the event log, and to one place in the notebook where a person finds it.

A print of a process would land in whatever cell happens to run. So `sys.stdout` and `sys.stderr` are wrapped: what the
shell writes passes, what a process writes becomes an event of that process, and appears below the cell that loaded the
extension, each line with its writer's name.
"""

from __future__ import annotations

import sys
from collections import deque
from contextvars import copy_context
from html import escape
from typing import Any

from ..core.host import AsyncioHost
from ..core.node import Node
from ..core.process import Process
from ..core.running import owner, running

__all__ = ["Console", "capture_output", "release_output"]

_LINES = 200
_INTERVAL = 0.2


class _Router:
    """A stream that knows whose text it is given."""

    def __init__(self, stream: Any, node: Node) -> None:
        self._stream = stream
        self._node = node
        self._parts: dict[Any, str] = {}

    def write(self, text: str) -> int:
        """The shell's text passes; a process's is kept until its line ends."""
        process = running.process or owner.get()
        if process is None or process is self._node.shell:
            written: int = self._stream.write(text)
            return written
        self._collect(process, text)
        return len(text)

    def _collect(self, process: Process, text: str) -> None:
        *lines, rest = (self._parts.pop(process.pid, "") + text).split("\n")
        if rest and not process.ended:
            self._parts[process.pid] = rest
        who = process.title()
        tracer = process.node.tracer
        for line in lines:
            if tracer is not None:
                tracer.record("output", process.pid, who, line)

    def writelines(self, lines: Any) -> None:
        """As `write`, line by line."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def capture_output(node: Node) -> None:
    """Wrap both streams."""
    sys.stdout = _Router(sys.stdout, node)
    sys.stderr = _Router(sys.stderr, node)


def release_output() -> None:
    """Put the streams back, unless somebody else has wrapped them meanwhile (then ours passes everything)."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, _Router):
            setattr(sys, name, stream._stream)


class Console:
    """The output of all processes, in one place: below the cell that loaded the extension, the last lines of it."""

    def __init__(self, host: AsyncioHost) -> None:
        self._host = host
        self._context = copy_context()  # of the loading cell: what is shown from here lands there
        self._lines: deque[tuple[str, str]] = deque(maxlen=_LINES)
        self._handle: Any = None
        self._timer: Any = None

    def write(self, who: str, line: str) -> None:
        """Add a line; shown at most five times a second."""
        self._lines.append((who, line))
        if self._timer is None:
            self._timer = self._host.later(_INTERVAL if self._handle else 0, self._show, self._context)

    def _show(self) -> None:
        from IPython.display import display

        self._timer = None
        bundle = {"text/plain": self._text(), "text/html": self._html()}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)

    def _text(self) -> str:
        return "\n".join(f"{who} │ {line}" for who, line in self._lines)

    def _html(self) -> str:
        rows = "".join(f"<b>{escape(who)}</b> │ {escape(line)}\n" for who, line in self._lines)
        return f'<pre style="max-height:14em;overflow:auto;margin:0">{rows}</pre>'

    def close(self) -> None:
        """Show what is left, and no timer stays."""
        if self._timer is not None:
            self._timer.cancel()
            self._context.run(self._show)
