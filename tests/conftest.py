"""Tests run two at a time, but for those marked `alone`, which measure time: beside them nothing else runs."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")


@contextmanager
def _locked(name: str, how: int) -> Iterator[IO[str]]:
    """Hold one of the files that all workers of this run know."""
    with (Path(tempfile.gettempdir()) / f"actorbook-{RUN}-{name}.lock").open("w") as file:
        fcntl.flock(file, how)
        yield file


@pytest.hookimpl(wrapper=True, tryfirst=True)  # outermost: waiting is no part of the time that a test may take
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Share the machine with other tests, or have it to oneself."""
    if not RUN:
        return (yield)
    how = fcntl.LOCK_EX if item.get_closest_marker("alone") else fcntl.LOCK_SH
    with _locked("door", how) as door, _locked("room", how):
        fcntl.flock(door, fcntl.LOCK_UN)  # whoever waited for the room kept others from coming in meanwhile
        return (yield)
