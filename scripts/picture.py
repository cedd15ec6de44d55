"""Takes README's pictures of the real widget in the real page: `python -m scripts.picture [notebook]`.

Without a notebook it runs the few cells below; with one it runs that notebook's code cells. The last tree is
pictured, once in each theme.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Locator, sync_playwright

from scripts import chromium
from scripts.project import ROOT, one_line_errors, say
from tests.browser.lab import Lab
from tests.browser.server import JupyterServer

IMAGES = ROOT / "docs" / "images"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZE: Any = {"width": 1280, "height": 1000}

CELLS = [
    """%load_ext actorbook
import actorbook as ab

class Counter(ab.GenServer):
    def init(self, start=0):
        self.n = start

    @ab.call
    def add(self, k):
        self.n += k
        return self.n

    @ab.cast
    def crash(self):
        raise RuntimeError("boom")
""",
    """shop = await ab.Supervisor.start(
    [Counter.child_spec(10, id="a", name="a"), Counter.child_spec(20, id="b", name="b")],
    strategy="one_for_one", name="shop")
""",
    "%actor tree",
    "await ab.whereis('a').add(5)",
    "ab.whereis('b').crash()",
]


HEIGHT = 700


def framed(cells: list[str]) -> list[str]:
    """The cells, and one more that shows their last tree again, high enough for a picture."""
    roots = re.findall(r"^%actor tree(.*)$", "\n".join(cells), re.MULTILINE)
    return [*cells, f"tree = %actor tree {roots[-1] if roots else ''}\ntree.height = {HEIGHT}\ntree"]


def code_cells(notebook: Path) -> list[str]:
    """The sources of a notebook's code cells."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run_all(lab: Lab, cells: list[str]) -> None:
    """Run every cell; a picture of an error is no picture."""
    lab.open(cells)
    for index in range(len(cells)):
        lab.run(index, seconds=300)
        errors = [output for output in lab.outputs(index) if output["output_type"] == "error"]
        if errors:
            sys.exit(f"expected cell {index} to run, got {lab.text(index)}\n{cells[index]}")


def widget(lab: Lab) -> Locator:
    """The output area that holds the last tree, once something is drawn in it."""
    lab.page.locator("[role=treeitem]").first.wait_for()
    area = lab.page.locator(".jp-OutputArea-output", has=lab.page.locator("[role=tree]")).last
    area.scroll_into_view_if_needed()
    carrier = area.locator('[role=treeitem][data-name^="carrier E"]').last
    if carrier.count():
        carrier.click()  # a tree of some size is pictured with one process selected
    return area


def take(server: JupyterServer, browser: Browser, cells: list[str]) -> None:
    """Both pictures, twice as fine as the page."""
    context = browser.new_context(viewport=SIZE, device_scale_factor=2)
    lab = Lab(server, context.new_page())
    run_all(lab, framed(cells))
    lab.command("application:toggle-left-area")
    for theme in THEMES:
        lab.theme(theme)
        path = IMAGES / f"observatory-{theme}.png"
        lab.screenshot(path, widget(lab))
        say(f"{path.relative_to(ROOT)}")
    lab.close()
    context.close()


def main(arguments: list[str]) -> None:
    """Start what is needed, and end it whatever happens."""
    cells = code_cells(Path(arguments[0])) if arguments else CELLS
    with tempfile.TemporaryDirectory() as folder:
        server = JupyterServer(Path(folder) / "home")
        try:
            server.wait_until_ready()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium.require(), args=list(chromium.FLAGS))
                take(server, browser, cells)
        finally:
            server.stop()


if __name__ == "__main__":
    with one_line_errors():
        main(sys.argv[1:])
