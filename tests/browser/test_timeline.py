"""The dock's timeline in a real JupyterLab: back to the crash and forth again, and a runtime that stands still."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.test_widget import open_tree, root

CRASHES = """for n in range(3):
    ab.whereis("bab"[n]).crash()
    await asyncio.sleep(0.5)
"""
MANY = "await ab.Supervisor.start([Counter.child_spec(n, id=n) for n in range(4)], name='others')"


def test_the_past_is_shown_and_marked_and_left_again(lab: Lab) -> None:
    open_tree(lab, CRASHES, MANY)
    lab.run(2)
    lab.run(3)
    line = lab.page.locator("[data-role=scrubber]")
    expect(lab.page.locator("[data-mark=crash]")).to_have_count(3, timeout=5_000)
    expect(lab.tree_item("others")).to_be_visible()
    expect(lab.tree_item("b")).to_have_attribute("data-restarts", "2")

    line.focus()
    for _ in range(2):
        line.press("p")
    asof = lab.page.locator("[data-role=asof]")
    expect(asof).to_contain_text("as of event")
    expect(lab.tree_item("others")).to_have_count(0)
    expect(lab.tree_item("b")).to_have_attribute("data-restarts", "1")
    expect(root(lab)).to_have_attribute("data-past", "")

    for _ in range(20):
        line.press("ArrowRight")
        if lab.page.locator("[data-role=chain] li").count() > 1:
            break
        lab.page.wait_for_timeout(100)
    expect(lab.page.locator("[data-role=chain] li").first).to_contain_text("crashed")
    if folder := os.environ.get("SHOTS"):
        for theme in ("light", "dark"):
            lab.theme(theme)
            lab.page.wait_for_timeout(500)
            lab.screenshot(Path(folder) / f"timeline-{theme}.png", root(lab))

    lab.page.locator("[data-action=back]").click()
    expect(asof).to_be_hidden()
    expect(lab.tree_item("others")).to_be_visible()
    expect(lab.tree_item("b")).to_have_attribute("data-restarts", "2")


def test_dragging_goes_back_and_the_kernel_refuses_to_change_the_past(lab: Lab) -> None:
    open_tree(lab, CRASHES)
    lab.run(2)
    line = lab.page.locator("[data-role=scrubber]")
    expect(lab.page.locator("[data-mark=crash]")).to_have_count(3, timeout=5_000)
    box = line.bounding_box()
    assert box is not None
    lab.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 20)
    lab.page.mouse.down()
    for share in (0.8, 0.6, 0.4, 0.3):
        lab.page.mouse.move(box["x"] + box["width"] * share, box["y"] + 20)
    lab.page.mouse.up()

    expect(lab.page.locator("[data-role=asof]")).to_be_visible()
    expect(lab.tree_item("b")).not_to_have_attribute("data-restarts", "2")
    line.press("Escape")
    expect(lab.page.locator("[data-role=asof]")).to_be_hidden()


def test_pause_step_and_continue(lab: Lab) -> None:
    open_tree(lab, "for n in range(3): ab.send('a', n)", "print(ab.process_info(ab.whereis('a'))['message_queue_len'])")
    lab.page.locator("[data-action=pause]").click()
    expect(lab.page.locator("[data-action=step]")).to_be_visible()
    lab.run(2)
    expect(lab.tree_item("a")).to_have_attribute("data-mailbox", "3")
    lab.page.locator("[data-action=step]").click()
    expect(lab.tree_item("a")).to_have_attribute("data-mailbox", "2")

    lab.page.locator("[data-action=continue]").click()
    expect(lab.tree_item("a")).to_have_attribute("data-mailbox", "0")
    expect(lab.page.locator("[data-action=step]")).to_be_hidden()
    lab.run(3)
    assert lab.text(3).strip() == "0"
