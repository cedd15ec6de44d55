"""The pictures of the documentation show what the page shows today, as an eye at some distance compares them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from scripts.panels import IMAGES, SCENES, THEMES, differs, pictures
from tests.browser.server import JupyterServer

pytestmark = pytest.mark.alone

TOLERANCE = 36.0
"""Of 255, for the patch that differs most: ages and pids differ each time, and fonts from machine to machine."""


@pytest.mark.timeout(300)
def test_every_panel_looks_as_the_documentation_shows_it(server: JupyterServer, browser: Browser) -> None:
    seen = {name: differs(data, (IMAGES / f"{name}.png").read_bytes()) for name, data in pictures(server, browser)}

    assert set(seen) == {f"{shot.name}-{theme}" for _, shots in SCENES for shot in shots for theme in THEMES}
    assert {name: how for name, how in seen.items() if how > TOLERANCE} == {}


def test_a_picture_of_something_else_is_noticed() -> None:
    one, other = ((IMAGES / f"{name}-light.png").read_bytes() for name in ("tree", "code"))

    assert differs(one, one) == 0
    assert differs(one, other) > TOLERANCE
    assert differs(one, (IMAGES / "tree-dark.png").read_bytes()) > TOLERANCE
