"""Takes pictures of the built widget on the fake kernel, for a person to look at.

    npm run build && python js/preview/shoot.py [FOLDER] [NAME…]

Prints the folder; without one it makes a temporary one. Needs playwright and a Chromium (`CHROMIUM`
names it).
"""
# ruff: noqa: INP001 - a script beside what it shows, not a package

from __future__ import annotations

import functools
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]


class Quiet(SimpleHTTPRequestHandler):
    """Serves the repository without a line for each file."""

    extensions_map: ClassVar[dict[str, str]] = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
    }

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def say(line: str) -> None:
    """A line for the person who started this."""
    sys.stdout.write(f"{line}\n")


def row(page: Page, name: str) -> None:
    """Clicks a process."""
    page.locator(f'[role=treeitem][data-name="{name}"]').click()


def kill_form(page: Page) -> None:
    """Opens the details and the form for the reason."""
    row(page, "carrier EV")
    page.wait_for_timeout(400)
    page.locator("[data-action=kill]").click()
    page.locator(".why summary").first.click()


def wrong_reason(page: Page) -> None:
    """A command that the kernel refuses."""
    kill_form(page)
    page.locator("[data-role=kill-reason]").fill("os.exit[1]")
    page.locator("[data-action=kill-confirm]").click()


def blocked(page: Page) -> None:
    """A loop that is held up, and a command that waits for it."""
    row(page, "carrier AA")
    page.wait_for_timeout(300)
    page.evaluate("kernel.block()")
    page.locator("[data-action=resume]").click()
    page.wait_for_timeout(2800)


def search(page: Page) -> None:
    """Types into the search box."""
    page.keyboard.press("Tab")
    page.locator("[data-role=search]").fill("carrier")
    page.keyboard.press("Enter")


def tab(name: str, then: str | None = None) -> Callable[[Page], None]:
    """Selects a process and one of its tabs, and clicks something on it."""

    def act(page: Page) -> None:
        row(page, "carrier AA" if name == "mailbox" else "carrier EV")
        page.locator(f"[data-tab={name}]").click()
        page.wait_for_timeout(300)
        if then is not None:
            page.locator(then).first.click()

    return act


SHOTS: dict[str, tuple[str, int, int, Callable[[Page], None] | None]] = {
    "light": ("scenario=flights&height=690", 1314, 720, lambda page: row(page, "carrier EV")),
    "dark": ("scenario=flights&height=690&theme=dark", 1314, 720, lambda page: row(page, "carrier EV")),
    "notebook": ("scenario=flights", 1000, 510, None),
    "one": ("scenario=one", 1000, 510, None),
    "shop": ("scenario=shop&theme=dark", 1000, 510, None),
    "storm": ("scenario=storm", 1000, 700, None),
    "many": ("scenario=many", 1200, 510, None),
    "tasks": ("scenario=tasks", 1000, 510, None),
    "kill": ("scenario=flights", 1000, 510, kill_form),
    "kill-dark": ("scenario=flights&theme=dark", 1000, 510, kill_form),
    "state": ("scenario=flights&theme=dark&height=560", 1000, 590, tab("state", ".values .fold:not(:disabled)")),
    "mailbox": ("scenario=flights&height=560", 1000, 590, tab("mailbox", ".message")),
    "links": ("scenario=flights&height=560", 1000, 590, tab("links")),
    "history": ("scenario=flights&theme=dark&height=560", 1000, 590, tab("history", "[data-role=history] summary")),
    "code": ("scenario=flights&height=560", 1000, 590, tab("code")),
    "code-dark": ("scenario=flights&theme=dark&height=560", 1000, 590, tab("code")),
    "send": ("scenario=flights&theme=dark&height=560", 1000, 590, tab("state", "[data-action=send]")),
    "refused": ("scenario=flights", 1000, 510, wrong_reason),
    "blocked": ("scenario=flights", 1000, 510, blocked),
    "blocked-narrow": ("scenario=flights&theme=dark", 624, 510, blocked),
    "narrow": ("scenario=flights", 624, 510, None),
    "narrow-details": ("scenario=suspended", 624, 510, lambda page: row(page, "carrier EV")),
    "search": ("scenario=many", 1000, 510, search),
    "cluster": ("scenario=cluster&theme=dark&height=690", 1200, 720, None),
    "cluster-menu": (
        "scenario=cluster&height=690",
        1200,
        720,
        lambda page: page.locator(".network .link").nth(3).press("Enter"),
    ),
    "huge": ("scenario=huge&height=560", 1200, 590, None),
    "huge-dark": (
        "scenario=huge&theme=dark&height=560",
        1200,
        590,
        lambda page: page.locator("[data-action=fit]").click(),
    ),
    "ties": ("scenario=flights&theme=dark&height=690", 1314, 720, lambda page: row(page, "carrier B6")),
    "stopped": ("scenario=stopped", 1000, 510, None),
}


def shoot(page: Page, name: str, folder: Path, base: str) -> None:
    """One picture."""
    query, width, height, act = SHOTS[name]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{base}/js/preview/?bare&{query}")
    page.locator(".ab-root").wait_for()
    page.wait_for_timeout(3600)
    if act is not None:
        act(page)
        page.wait_for_timeout(700)
    page.screenshot(path=folder / f"{name}.png")


def main(folder: Path, names: list[str]) -> None:
    """All pictures, or those named."""
    handler = functools.partial(Quiet, directory=str(ROOT))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.on("console", lambda message: say(f"  console: {message.text}"))
        page.on("pageerror", lambda error: say(f"  error: {error}"))
        for name in names:
            shoot(page, name, folder, f"http://127.0.0.1:{server.server_port}")
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="actorbook-shots-"))
    target.mkdir(parents=True, exist_ok=True)
    main(target, sys.argv[2:] or list(SHOTS))
    say(str(target))
