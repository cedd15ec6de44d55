"""The inspector in a real JupyterLab: what its tabs show of a process, and what a person does to it there."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab

SETUP = """%load_ext actorbook
import actorbook as ab
token = 41

class Till(ab.GenServer):
    redact = {"pin"}

    def init(self, start=0):
        self.n = start
        self.pin = "1234"
        self.lines = {"tea": [2, 3], "milk": [1]}
        self.open = True

    @ab.call
    def add(self, k):
        self.n += k
        return self.n

    @ab.cast
    def crash(self):
        raise RuntimeError("boom")

    def handle_info(self, message):
        self.n = message

shop = await ab.Supervisor.start([Till.child_spec(7, id=n, name=n) for n in "ab"], max_restarts=50, name="shop")
"""


def inspect(lab: Lab, name: str, *cells: str) -> Locator:
    """The inspector of a process of the shop."""
    lab.open([SETUP, "w = %actor tree\nw.height = 620\nw", *cells])
    lab.run(0)
    lab.run(1)
    lab.output(1).scroll_into_view_if_needed()
    lab.tree_item(name).click()
    return lab.page.locator("[data-role=details]")


def tab(details: Locator, name: str) -> None:
    """Choose a tab."""
    details.locator(f"[data-tab={name}]").click()


def test_the_state_unfolds_is_searched_redacted_and_changed(lab: Lab) -> None:
    details = inspect(lab, "a", "ab.whereis('a').add(0)")
    state = details.locator("[data-role=state]")

    expect(state.locator("li", has_text="pin")).to_contain_text("<redacted>")
    expect(details).not_to_contain_text("1234")
    state.locator("li", has_text="lines").locator(".key").click()
    expect(state.locator("li", has=lab.page.locator(".key", has_text="'tea'"))).to_contain_text("[2, 3]")

    details.locator("[data-role=state-search]").fill("milk")
    expect(state.locator("li")).to_have_count(2)
    details.locator("[data-role=state-search]").fill("")

    details.locator("[data-action=put-state]").click()
    details.locator("[data-role=put-state-text]").fill("n = token + 1")
    details.locator("[data-role=put-state-text]").press("Enter")
    expect(state.locator("li", has_text="n").first).to_contain_text("42")

    details.locator("[data-role=put-state-text]").fill("n = 1 / 0")
    details.locator("[data-role=put-state-text]").press("Enter")
    expect(details.locator("[data-role=result][data-ok=false]").first).to_contain_text("ZeroDivisionError")


def test_messages_in_a_mailbox_are_read_moved_and_dropped_by_hand(lab: Lab) -> None:
    details = inspect(lab, "a", "%actor suspend a\nfor n in (10, 20, 30): ab.send('a', n)", "%actor resume a")
    tab(details, "mailbox")
    lab.run(2)
    queue = details.locator("[data-role=queue] [role=row]")

    expect(queue).to_have_count(3)
    expect(queue.locator("time").first).to_contain_text("s")
    expect(details.locator("[data-tab=mailbox] .badge")).to_have_text("3")
    queue.nth(2).locator(".message").focus()
    queue.nth(2).locator(".message").press("Delete")
    expect(queue).to_have_count(2)
    queue.nth(1).hover()
    queue.nth(1).locator("[data-deed=up]").click()
    expect(queue.first).to_contain_text("20")
    queue.first.locator(".message").focus()
    queue.first.locator(".message").press("d")
    expect(queue).to_have_count(3)

    lab.run(3)
    tab(details, "state")
    expect(details.locator("[data-role=state] li").first).to_contain_text("10")


def test_a_message_is_python_of_the_notebook_and_what_fails_is_told(lab: Lab) -> None:
    details = inspect(lab, "b")
    result = details.locator("[data-role=result]")

    details.locator("[data-action=send]").click()
    line = details.locator("[data-role=send-text]")
    line.fill("token * 2")
    line.press("Enter")
    expect(result.last).to_contain_text("sent 82 to b")
    details.locator("[data-mode=call]").click()
    line.fill("add(token)")
    line.press("Enter")
    expect(result.last).to_contain_text("answered add(token) with 123")
    line.fill("nobody")
    line.press("Enter")
    expect(details.locator("[data-role=result][data-ok=false]")).to_contain_text("NameError")


def test_a_restart_by_hand_the_history_and_the_code_are_shown(lab: Lab) -> None:
    details = inspect(lab, "a", "for n in range(5):\n    ab.whereis('a').crash()\n    await ab.sleep(0.05)")
    lab.run(2)
    tab(details, "history")
    history = details.locator("[data-role=history] li")

    expect(history).to_have_count(5)
    history.first.locator("summary").click()
    expect(history.first).to_contain_text("in crash")
    details.locator("[data-action=restart]").click()
    expect(details.locator("[data-role=result]").first).to_contain_text("shop has started 'a' again")

    tab(details, "code")
    expect(details.locator("[data-role=code]")).to_contain_text('redact = {"pin"}')
    expect(details.locator("[data-role=code] [data-token=keyword]").first).to_have_text("class")
    tab(details, "links")
    expect(details.locator(".facts .pid", has_text="shop")).to_be_enabled()
