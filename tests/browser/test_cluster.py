"""A cluster in the widget: its nodes as roots, a cut that is seen and healed, a process of another node."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.lab import Lab

SETUP = """%load_ext actorbook
import actorbook as ab
cluster = await ab.Cluster.simulated(["paris", "oslo"], net_tick=0)
echo = ab.spawn(ab.receive, node="paris", name="echo")
await ab.sleep(0.1)
"""


def test_a_cut_is_seen_on_its_nodes_and_healed_by_a_button(lab: Lab) -> None:
    lab.open([SETUP, "%actor tree", "%actor partition paris | oslo", "%actor crash oslo"])
    lab.run(0)
    lab.run(1)
    paris, oslo = lab.tree_item("paris"), lab.tree_item("oslo")
    heal = lab.page.locator("[data-action=heal]")

    expect(paris).to_have_attribute("data-status", "up")
    expect(heal).to_be_hidden()
    lab.run(2)
    expect(paris).to_have_attribute("data-status", "cut")
    expect(lab.page.locator("[data-stat=cuts]")).to_have_text("cut: oslo – paris")
    heal.click()
    expect(paris).to_have_attribute("data-status", "up")
    expect(heal).to_be_hidden()
    lab.run(3)
    expect(oslo).to_have_attribute("data-status", "down")


def test_a_process_of_another_node_is_suspended_from_its_details(lab: Lab) -> None:
    lab.open([SETUP, "%actor tree"])
    lab.run(0)
    lab.run(1)
    echo = lab.tree_item("echo")

    echo.click()
    lab.page.locator("[data-role=details] [data-action=suspend]").click()
    expect(echo).to_have_attribute("data-status", "suspended")
