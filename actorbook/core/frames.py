"""What a thread is doing, read from its frames: in which line, and whether the runtime has anything half done there.

Frames are only looked at, and what is handed on is text: a frame that is kept keeps its variables alive.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import PurePath
from types import FrameType
from typing import NamedTuple

__all__ = ["Place", "at_liberty", "is_in_cell", "place_of", "waits_for_events"]

_TOOLS = {"IPython", "anywidget", "comm", "ipykernel", "ipywidgets", "jupyter_client", "tornado", "traitlets", "zmq"}
_CARRIERS = "actorbook.core.scheduler"
_BODIES = "actorbook.core.bodies"
_HALF_DONE = ("actorbook.core.exits", "actorbook.core.node", "actorbook.observe.")


class Place(NamedTuple):
    """A line of somebody's code, in words."""

    function: str
    file: str
    line: int
    source: str

    def __str__(self) -> str:
        text = f"{self.function}, line {self.line} of {self.file}" if self.function else "code without a name"
        return f"{text}: {self.source}" if self.source else text


def waits_for_events(frame: FrameType | None) -> bool:
    """True when the thread is an event loop that has nothing to do."""
    return frame is not None and frame.f_code.co_name == "select" and _module(frame) == "selectors"


def is_in_cell(frame: FrameType | None) -> bool:
    """True when what runs is a notebook's cell, or was called by it."""
    return any(here.f_code.co_name == "run_code" and _module(here).startswith("IPython.") for here in _outward(frame))


def at_liberty(frame: FrameType | None) -> bool:
    """True when a process's own code runs, so that it may be ended here: no line of the runtime is half done.

    Code of the standard library belongs to whoever called it: the runtime's own scheduling passes through
    asyncio. A process's code that the runtime calls while it ends a process (a copy of the reason is made) must
    not be cut short either, nor a finaliser, which would swallow the exception.
    """
    own = False
    for here in _outward(frame):
        module = _module(here)
        if module == _CARRIERS or (module == "asyncio.events" and here.f_code.co_name == "_run"):
            return own  # who runs the loop is not meant
        if here.f_code.co_name == "__del__" or module.startswith(_HALF_DONE):
            return False
        if not own and not _belongs_to_caller(module):
            if module.startswith("actorbook.") and (module != _BODIES or here.f_code.co_name == "__init__"):
                return False
            own = True
    return own


def place_of(frame: FrameType | None, name_file: Callable[[str], str] | None = None) -> Place:
    """The innermost line of a person's own code; of a library only when there is no other."""
    theirs = [here for here in _outward(frame) if _is_theirs(_module(here))]
    here = next((here for here in theirs if "site-packages" not in here.f_code.co_filename), None)
    here = here or (theirs[0] if theirs else frame)
    if here is None:
        return Place("", "", 0, "")
    file, line = here.f_code.co_filename, here.f_lineno
    named = name_file(file) if name_file is not None else PurePath(file).name
    return Place(here.f_code.co_qualname, named, line, _source(file, line))


def _source(file: str, line: int) -> str:
    from linecache import getline

    return getline(file, line).strip()[:100]


def _outward(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _belongs_to_caller(module: str) -> bool:
    """Code that is on the way of both sides; a named tuple's constructor has a module of its own."""
    first = module.partition(".")[0]
    return first in sys.stdlib_module_names or first in _TOOLS or module.startswith("namedtuple_")


def _is_theirs(module: str) -> bool:
    return not _belongs_to_caller(module) and not module.startswith("actorbook.")
