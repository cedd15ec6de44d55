"""The network of a cluster in the picture: seen, cut and mended by hand."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab

SETUP = """%load_ext actorbook
import actorbook as ab
cluster = await ab.Cluster.simulated(["paris", "oslo"], net_tick=0, latency=0.4)

class Echo(ab.GenServer):
    def init(self): ...
    def handle_info(self, message): ...

far = await Echo.start(node="oslo", name="echo")
await ab.sleep(0.1)
"""


def open_cluster(lab: Lab, *cells: str) -> None:
    """Three nodes and their picture."""
    lab.open([SETUP, "w = %actor tree\nw.height = 620\nw", *cells])
    lab.run(0)
    lab.run(1)
    lab.output(1).scroll_into_view_if_needed()
    expect(lab.tree_item("oslo")).to_be_visible()


def link(lab: Lab, one: str, other: str) -> Locator:
    """The arc between two nodes."""
    arcs = lab.page.locator(".network .link")
    return arcs.filter(has=lab.page.locator("path")).and_(
        lab.page.locator(f'[aria-label^="{one} – {other}:"], [aria-label^="{other} – {one}:"]')
    )


def test_a_link_is_cut_one_way_and_mended_with_the_keyboard(lab: Lab) -> None:
    open_cluster(lab, "print(cluster.cuts)", "%actor partition paris | oslo")
    arc = link(lab, "paris", "oslo")
    menu = lab.page.locator("[data-role=link-menu]")

    expect(lab.page.locator(".network .link")).to_have_count(3)
    expect(arc).to_have_attribute("data-state", "open")
    arc.focus()
    arc.press("Enter")
    expect(menu).to_be_visible()
    menu.locator("button:focus").press("ArrowDown")
    menu.locator("button:focus").press("Enter")
    expect(arc).to_have_attribute("data-state", "half")
    lab.run(2)
    assert lab.text(2).strip() in ("[('oslo', 'paris')]", "[('paris', 'oslo')]")

    arc.press("Enter")
    menu.locator("[data-do=heal]").click()
    expect(arc).to_have_attribute("data-state", "open")
    lab.run(3)
    expect(arc).to_have_attribute("data-state", "cut", timeout=1_000)
    expect(lab.tree_item("paris")).to_have_attribute("data-status", "cut")


def test_dragging_one_node_onto_another_opens_the_menu_of_their_link(lab: Lab) -> None:
    open_cluster(lab)

    lab.tree_item("paris").drag_to(lab.tree_item("oslo"))
    menu = lab.page.locator("[data-role=link-menu]")
    expect(menu).to_contain_text("oslo")
    menu.locator("[data-do=hold]").click()
    expect(link(lab, "paris", "oslo")).to_have_attribute("data-state", "held")


def test_a_node_is_crashed_and_started_again_from_the_inspector(lab: Lab) -> None:
    open_cluster(lab)

    lab.tree_item("oslo").click()
    details = lab.page.locator("[data-role=details]")
    details.locator("[data-action=crash-node]").click()
    expect(lab.tree_item("oslo")).to_have_attribute("data-status", "down")
    details.locator("[data-action=start-node]").click()
    expect(lab.tree_item("oslo")).to_have_attribute("data-status", "up")
    expect(details.locator("[data-role=result]").last).to_contain_text("oslo is up again")


def test_messages_in_flight_are_seen_on_their_link(lab: Lab) -> None:
    open_cluster(lab, "for n in range(40):\n    ab.send(far, n)\n    await ab.sleep(0.05)")
    arc = link(lab, "nb@local", "oslo")

    expect(arc.locator("circle")).to_have_count(0)
    lab.start(2)
    expect(arc.locator("circle").first).to_be_attached(timeout=2_000)
    assert "in flight" in (arc.get_attribute("aria-label") or "")
    lab.wait(2)
    expect(arc.locator("circle")).to_have_count(0, timeout=3_000)
