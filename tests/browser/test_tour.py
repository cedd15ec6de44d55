"""The tour, in a real JupyterLab: its cells run top to bottom while a person turns the speed and kills servers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab

TOUR = Path(__file__).parents[2] / "notebooks" / "00_tour.ipynb"


@pytest.mark.timeout(400)
def test_the_tour_runs_top_to_bottom_and_survives_kills_from_the_panel(lab: Lab) -> None:
    cells = json.loads(TOUR.read_text(encoding="utf-8"))["cells"]
    lab.open_file(TOUR.read_text(encoding="utf-8"))
    code = [index for index, cell in enumerate(cells) if cell["cell_type"] == "code"]
    longest = next(index for index in code if 'speed("max")' in "".join(cells[index]["source"]))
    for index in code:
        lab.start(index)
        if index == longest:
            kill_from_the_panel(lab)
        lab.wait(index, seconds=300)
        assert not [o for o in lab.outputs(index) if o["output_type"] == "error"], lab.text(index)

    assert lab.page.locator("[role=treeitem]").count() > 5


def kill_from_the_panel(lab: Lab) -> None:
    """Kill the reader by hand while the year is replayed at full speed; a carrier's pid lives too briefly then."""
    root = lab.page.locator(".ab-root").last
    root.scroll_into_view_if_needed()
    root.locator('[role=treeitem][data-name="reader"]').click()
    root.locator("[data-action=kill]").click()
    root.locator("[data-role=kill-reason]").fill("kill")
    root.locator("[data-action=kill-confirm]").click()
    expect(root.locator("[data-role=result]").first).to_contain_text("killed", timeout=10_000)
