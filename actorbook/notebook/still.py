"""The still twin of a live picture: an SVG in an output of its own, for notebooks that are read without a kernel.

It holds the tree, and the diagram or the table of `top` when that is the view shown. A page with the live widget hides
it. It is brought up to date every few seconds while something happens, so a notebook shows what there was when it was
saved, not when the cell ran.
"""

from __future__ import annotations

from typing import Any

from ..observe import svg
from . import timeline_svg
from .looks import Looks
from .picture import Picture
from .saved_picture import SavedPicture

__all__ = ["Still"]

_SECONDS = 5.0
_HOSTS = ("jp-OutputArea", "cell_container", "output_container")  # JupyterLab and Notebook 7, VS Code
_HIDE = ",".join(f".{host}:has(.actorbook-live) .actorbook-still" for host in _HOSTS)


class Still:
    """One output that is updated in place, slowly."""

    def __init__(self, picture: Picture | SavedPicture, looks: Looks) -> None:
        self._picture = picture
        self._looks = looks
        self._handle: Any = None
        self._drawn = 0.0

    def show(self) -> None:
        """A new output; the one before stays as it is."""
        from IPython.display import display

        self._handle = display(self._bundle(), raw=True, display_id=True)

    def refresh(self) -> None:
        """Draw anew, if the last time is long ago."""
        if self._handle is not None and self._picture.node.clock.now() - self._drawn >= _SECONDS:
            self._handle.update(self._bundle(), raw=True)

    def _bundle(self) -> dict[str, str]:
        node = self._picture.node
        self._drawn = node.clock.now()
        title = f"supervision tree of {self._picture.root or node.name}"
        drawn = svg.draw(self._picture.drawn(), title) + timeline_svg.draw(self._picture.run()) + self._looks.still()
        html = f'<div class="actorbook-still"><style>{_HIDE}{{display:none}}</style>{drawn}</div>'
        return {"text/html": html, "text/plain": title}
