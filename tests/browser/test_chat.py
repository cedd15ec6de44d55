"""The chat's page in a real browser: two people talk, one crashes a channel, one goes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.project import ROOT

COMMAND = [sys.executable, "-m", "actorbook.examples.chat", "--port", "0"]


@pytest.fixture
def url() -> Iterator[str]:
    """Where the chat runs."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(COMMAND, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as chat:
        assert chat.stdout is not None
        yield chat.stdout.readline().split()[-1]
        chat.terminate()
        assert chat.wait(20) == 0


def enter(browser: Browser, url: str, name: str, **options: object) -> Page:
    """A person with a page of their own, who has joined."""
    page = browser.new_context(viewport={"width": 900, "height": 620}, **options).new_page()  # type: ignore[arg-type]
    page.goto(url)
    page.get_by_label("What is your name?").fill(name)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("status")).to_have_text("connected")
    return page


def test_two_people_talk_and_a_crash_harms_nobody(browser: Browser, url: str) -> None:
    ada, bob = enter(browser, url, "Ada"), enter(browser, url, "Bob <b>", color_scheme="dark")
    for page in (ada, bob):
        expect(page.locator("#people li")).to_have_text(["Ada", "Bob <b>"])
    ada.get_by_label("Message", exact=True).fill("hello, is anybody here?")
    ada.keyboard.press("Enter")
    expect(bob.locator("#messages li").last).to_have_text("Adahello, is anybody here?")
    bob.get_by_label("Message", exact=True).fill("yes!")
    bob.get_by_role("button", name="Send").click()
    expect(ada.locator("#messages li").last).to_have_text("Bob <b>yes!")
    ada.get_by_role("button", name="Crash my channel").click()
    expect(ada.get_by_text("The channel failed; joining again")).to_be_visible()
    expect(ada.get_by_role("status")).to_have_text("connected")
    expect(bob.get_by_role("status")).to_have_text("connected")
    if folder := os.environ.get("ACTORBOOK_SHOTS"):
        ada.screenshot(path=f"{folder}/chat-light.png")
        bob.screenshot(path=f"{folder}/chat-dark.png")
    ada.context.close()
    expect(bob.locator("#people li")).to_have_text(["Bob <b>"])
    bob.context.close()
