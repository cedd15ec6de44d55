"""One notebook in a real JupyterLab page: open it, run cells, look at what a person would see.

Cells are run through JupyterLab's own commands, and outputs are read from its own model, so that a test
speaks of cells and not of keys and selectors. What is drawn is looked at in the page: Playwright's locators
see through open shadow roots, so the widget's parts are found as if it had none.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Locator, Page

from tests.browser.server import JupyterServer

SECONDS = 30.0
NUMBERS = itertools.count(1)

NOTEBOOK = "window.jupyterapp.shell.currentWidget"
READY = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.content?.widgets?.length > 0 && panel.sessionContext?.session?.kernel?.status === "idle";
}"""
RUN = f"""index => {{
    const runs = (window.actorbookRuns ??= {{}});
    {NOTEBOOK}.content.activeCellIndex = index;
    {NOTEBOOK}.content.mode = "command";
    runs[index] = "running";
    window.jupyterapp.commands.execute("notebook:run-cell").finally(() => {{ runs[index] = "idle"; }});
}}"""
NUMBER = f"index => {NOTEBOOK}.content.widgets[index].model.sharedModel.execution_count"
STATE = f"index => window.actorbookRuns?.[index] ?? {NOTEBOOK}.content.widgets[index].model.executionState"
IDLE = f"index => ({STATE})(index) === 'idle'"
OUTPUTS = f"index => {NOTEBOOK}.content.widgets[index].model.outputs.toJSON()"
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


class Lab:
    """A page with one notebook and its kernel."""

    def __init__(self, server: JupyterServer, page: Page) -> None:
        self.server = server
        self.page = page
        self.name = f"test-{next(NUMBERS)}"

    # ── the notebook

    def open(self, cells: Sequence[str]) -> None:
        """Open a new notebook of code cells and wait until its kernel is idle."""
        self.open_file(notebook_of(cells))

    def open_file(self, content: str) -> None:
        """The same for a notebook's whole JSON text, such as the tour's."""
        (self.server.notebooks / f"{self.name}.ipynb").write_text(content, encoding="utf-8")
        address = f"{self.server.url}/lab/workspaces/{self.name}/tree/{self.name}.ipynb"
        self.page.goto(f"{address}?token={self.server.token}")
        self._wait(READY)

    def reload(self) -> None:
        """Load the page again; the kernel lives on, as it does for a person who presses F5."""
        self.command("docmanager:save")
        self.page.reload()
        self._wait(READY)

    def close(self) -> None:
        """End the kernel: on a small machine twenty idle ones are a load."""
        self.page.evaluate(f"async () => {{ await {NOTEBOOK}?.sessionContext?.shutdown(); }}")

    # ── cells

    def start(self, index: int) -> None:
        """Run a cell and do not wait for it."""
        self.page.evaluate(RUN, index)

    def run(self, index: int, seconds: float = SECONDS) -> int:
        """Run a cell to its end; its prompt number."""
        self.start(index)
        return self.wait(index, seconds)

    def wait(self, index: int, seconds: float = SECONDS) -> int:
        """Wait for a cell that was started; its prompt number."""
        self._wait(IDLE, index, seconds)
        return self.number(index)

    def number(self, index: int) -> int:
        """The number in `[7]:`."""
        return int(self.page.evaluate(NUMBER, index))

    def is_busy(self, index: int) -> bool:
        """Whether the cell shows `[*]:`."""
        return bool(self.page.evaluate(STATE, index) == "running")

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """What the notebook would save: nbformat's outputs."""
        found: list[dict[str, Any]] = self.page.evaluate(OUTPUTS, index)
        return found

    def text(self, index: int) -> str:
        """Printed text, plain results and errors of a cell, in order."""
        return "".join(map(_plain, self.outputs(index)))

    def output(self, index: int) -> Locator:
        """The output area of a cell as it is drawn."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-Cell-outputArea")

    def prompt(self, index: int) -> Locator:
        """`[7]:`, or `[*]:` while it runs, as it is drawn."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-InputPrompt")

    # ── the kernel and the page

    def interrupt(self) -> None:
        """The square button."""
        self.command("notebook:interrupt-kernel")

    def command(self, name: str, arguments: dict[str, object] | None = None) -> None:
        """One of JupyterLab's own commands, to its end."""
        execute = "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args); }"
        self.page.evaluate(execute, [name, arguments or {}])

    def theme(self, name: Literal["light", "dark"]) -> None:
        """Change JupyterLab's theme and wait until the page wears it."""
        self.command("apputils:change-theme", {"theme": THEMES[name]})
        self._wait("light => document.body.dataset.jpThemeLight === light", str(name == "light").lower())

    def screenshot(self, path: Path, of: Locator | None = None) -> None:
        """A picture of the page or of a part of it; animations are brought to their end."""
        path.parent.mkdir(parents=True, exist_ok=True)
        (of or self.page).screenshot(path=path, animations="disabled")

    # ── the widget

    def tree_item(self, name: str) -> Locator:
        """The drawn process of that name."""
        return self.page.locator(f'[role=treeitem][data-name="{name}"]')

    def _wait(self, condition: str, argument: object = None, seconds: float = SECONDS) -> None:
        self.page.wait_for_function(condition, arg=argument, timeout=seconds * 1000)


def notebook_of(cells: Sequence[str]) -> str:
    """A notebook's JSON text with these code cells."""
    code = [
        {"cell_type": "code", "id": f"cell-{n}", "metadata": {}, "source": source, "outputs": []}
        for n, source in enumerate(cells)
    ]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    whole = {"cells": [{**cell, "execution_count": None} for cell in code], "metadata": {"kernelspec": spec}}
    return json.dumps({**whole, "nbformat": 4, "nbformat_minor": 5})


def _plain(output: dict[str, Any]) -> str:
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    found = output.get("text", output.get("data", {}).get("text/plain", ""))
    return "".join(found)
