"""Which parts of a widget are shown."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Panes"]


class Panes(NamedTuple):
    """Which view of the centre, tab of the inspector and panel of the dock are shown."""

    centre: str
    tab: str
    dock: str
