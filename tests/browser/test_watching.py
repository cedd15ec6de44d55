"""Messages, Sequence and Top in the widget: what a person sees of messages while they go."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab

SHOP = """%load_ext actorbook
import actorbook as ab

class Till(ab.GenServer):
    def init(self):
        self.total = 0

    @ab.call
    def add(self, cents):
        self.total += cents
        return self.total

    @ab.cast
    def crash(self):
        raise ValueError("the drawer is stuck")

class Shop(ab.GenServer):
    @ab.call
    async def buy(self, what, cents):
        return what, await ab.whereis("till").add(cents)

till, shop = Till.child_spec(name="till"), Shop.child_spec(name="shop")
house = await ab.Supervisor.start([till, shop], name="house")
"""
BUY = "await ab.whereis('shop').buy('tea', 5)"
CRASH = "ab.whereis('till').crash()\nawait ab.sleep(0.05)\n" + BUY


def open_shop(lab: Lab, *cells: str) -> None:
    """A notebook with the shop and its tree."""
    lab.open([SHOP, "%actor tree", *cells])
    lab.run(0)
    lab.run(1)


def view(lab: Lab, name: str) -> Locator:
    """A view of the centre."""
    lab.page.locator(f"[data-centre={name}]").click()
    return lab.page.locator(f"#centre-panel-{name}")


def test_the_messages_of_the_selected_process_are_seen_as_they_go(lab: Lab) -> None:
    open_shop(lab, BUY)
    lab.tree_item("shop").click()
    lab.page.locator("[data-tab=messages]").click()
    talks = lab.page.locator("[data-role=messages] li")
    expect(lab.page.locator("[data-role=messages-bar] .said")).to_have_text("0 events so far", timeout=3_000)
    lab.run(2)

    expect(talks).to_have_count(4, timeout=3_000)
    expect(talks.nth(0)).to_contain_text("buy('tea', 5)")
    expect(talks.nth(0)).to_have_attribute("data-way", "in")
    expect(talks.nth(1)).to_contain_text("till")
    expect(talks.nth(1)).to_have_attribute("data-way", "out")
    talks.nth(3).locator("summary").click()
    expect(talks.nth(3).locator("pre")).to_contain_text("because of #")
    talks.nth(3).hover()
    expect(lab.page.locator("[data-role=messages] li.led")).to_have_count(4)


def test_a_trace_that_is_too_much_stops_itself_says_so_and_can_be_begun_anew(lab: Lab) -> None:
    open_shop(lab, "for n in range(300): await ab.whereis('till').add(1)")
    lab.tree_item("till").click()
    lab.page.locator("[data-tab=messages]").click()
    said = lab.page.locator("[data-role=messages-bar] .said")
    expect(said).to_have_text("0 events so far", timeout=3_000)
    lab.run(2)

    expect(said).to_contain_text("stopped itself", timeout=3_000)
    lab.page.locator("[data-role=messages-limit]").fill("7")
    lab.page.locator("[data-action=messages-go]").click()
    expect(said).to_have_text("0 events so far", timeout=3_000)
    lab.run(2)
    expect(said).to_have_text("7 events; stopped itself: limit: 7 events", timeout=3_000)


def test_the_sequence_grows_and_a_crash_is_seen_in_it(lab: Lab) -> None:
    open_shop(lab, BUY, CRASH)
    chart = view(lab, "sequence")
    expect(chart.locator("[data-role=sequence-bar] .said")).to_have_text("0 events so far", timeout=3_000)
    lab.run(2)

    flights = chart.locator("[data-number]")
    expect(flights).to_have_count(4, timeout=3_000)
    expect(chart.locator(".heads .name")).to_have_text(["cell", "shop", "till"])
    lab.run(3)
    expect(chart.locator(".stop[data-kind=crashed]")).to_have_count(1, timeout=3_000)
    expect(chart.locator(".stop[data-kind=restarted]")).to_have_count(1)

    flights.nth(3).locator(".lab").click()
    expect(chart.locator("[data-role=payload]")).to_contain_text("('tea', 5)")
    expect(chart.locator(".led")).to_have_count(4)
    lab.page.keyboard.press("Escape")


def test_the_sequence_can_be_narrowed_and_stopped(lab: Lab) -> None:
    open_shop(lab, BUY)
    chart = view(lab, "sequence")
    targets = chart.locator("[data-role=sequence-targets]")
    targets.fill("till")
    targets.press("Enter")
    said = chart.locator("[data-role=sequence-bar] .said")
    expect(said).to_have_text("0 events so far", timeout=3_000)
    lab.run(2)
    expect(chart.locator(".heads .name")).to_have_text(["shop", "till"], timeout=3_000)
    chart.locator("[data-action=sequence-go]").click()
    expect(said).to_have_text("4 events", timeout=3_000)
    targets.fill("nobody")
    targets.press("Enter")
    expect(lab.page.locator(".results .error")).to_contain_text("no process 'nobody'", timeout=3_000)


def test_top_sorts_filters_and_leads_to_the_process_by_keys(lab: Lab) -> None:
    open_shop(lab, "for n in range(2000): await ab.whereis('till').add(1)")
    top = view(lab, "top")
    rows = top.locator("[data-role=top-rows] [role=row]")
    expect(rows).to_have_count(3, timeout=4_000)
    lab.run(2)
    expect(rows.first).to_have_attribute("data-name", "till", timeout=4_000)

    top.locator("[data-sort=name] button").click()
    expect(top.locator("[data-sort=name]")).to_have_attribute("aria-sort", "ascending", timeout=3_000)
    expect(rows.first).to_have_attribute("data-name", "house")
    top.locator("[data-role=top-filter]").fill("Shop")
    expect(rows).to_have_count(1, timeout=3_000)
    rows.first.locator("[role=gridcell]").first.click()
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("Enter")
    expect(lab.page.locator("[data-role=details] h3")).to_have_text("shop")


def test_the_saved_notebook_shows_diagram_and_table_without_a_kernel(lab: Lab) -> None:
    lab.open([SHOP, f"%%actor trace\n{BUY}", "table = await ab.observe.sample(0.1)\ntable"])
    for cell in range(3):
        lab.run(cell)
    diagram = lab.page.locator("svg.abseq")
    expect(diagram).to_contain_text("buy('tea', 5)", timeout=4_000)
    lab.command("docmanager:save")
    lab.close()
    lab.page.reload()
    expect(lab.page.locator("svg.abseq")).to_contain_text("buy('tea', 5)", timeout=20_000)
    expect(lab.page.locator(".abtop")).to_contain_text("till")
