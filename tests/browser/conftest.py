"""Fixtures of the browser tests: a server for the session, a browser a module, a page and kernel a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts import chromium
from tests.browser.lab import Lab
from tests.browser.server import JupyterServer

SIZE = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """JupyterLab, ready."""
    server = JupyterServer(tmp_path_factory.mktemp("jupyter") / "home")
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium. Not longer than a module: Playwright's sync API holds this thread's event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.require(), args=list(chromium.FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def lab(server: JupyterServer, browser: Browser) -> Iterator[Lab]:
    """A page; `lab.open([...])` gives it a notebook."""
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    lab = Lab(server, context.new_page())
    yield lab
    lab.close()
    context.close()
