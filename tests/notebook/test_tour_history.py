"""The tour, cell by cell in a kernel: the tree of every event, put together afterwards, is the one that there was."""

from __future__ import annotations

import json
from itertools import takewhile
from pathlib import Path

from tests.notebook.kernel import a_kernel

ROOT = Path(__file__).parents[2]
LISTEN = """
from actorbook.observe import recorder_of as _recorder_of
from actorbook.core.running import current_node as _current_node
_seen = {}
_recorder_of(_current_node()).listeners.append(lambda event: _seen.__setitem__(event.n, ab.observe.tree()))
"""
COMPARE = """
_recorder_of(_current_node()).listeners.clear()
_first = _recorder_of(_current_node()).dropped
_kept = {n: tree for n, tree in _seen.items() if n > _first}
_wrong = [n for n, tree in _kept.items() if ab.observe.at(n) != tree]
print("compared", len(_kept), "wrong", _wrong)
"""


def test_every_event_of_the_tour_can_be_had_back(tmp_path: Path) -> None:
    cells = json.loads((ROOT / "notebooks/00_tour.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    with a_kernel(tmp_path) as kernel:
        kernel.run(f"%cd -q {ROOT / 'notebooks'}")
        kernel.run(code[0], seconds=60)
        kernel.run(f"import actorbook as ab\n{LISTEN}")
        for cell in takewhile(lambda cell: 'speed("max")' not in cell, code[1:]):  # the year itself takes minutes
            kernel.run(cell, seconds=90)
        told = kernel.run(COMPARE, "wrong", seconds=60)

    assert "wrong []" in told, told
    assert int(told.split()[1]) > 20
