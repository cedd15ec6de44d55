"""The live tree in a real JupyterLab: what a person sees, does, and can rely on."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab

SETUP = """%load_ext actorbook
import actorbook as ab, asyncio, time

class Counter(ab.GenServer):
    def init(self, start=0):
        self.n = start

    @ab.call
    def add(self, k):
        self.n += k
        return self.n

    @ab.cast
    def crash(self):
        raise RuntimeError("boom")

    @ab.cast
    def say(self, text):
        print(text)

    @ab.cast
    def spin(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pass

    def handle_info(self, message):
        pass

shop = await ab.Supervisor.start(
    [Counter.child_spec(10, id="a", name="a"), Counter.child_spec(20, id="b", name="b")],
    strategy="one_for_one", name="shop")
"""
TREE = "%actor tree"
LOOK_AROUND = "import asyncio, threading\nbefore = set(threading.enumerate())"
WHAT_IS_LEFT = """await asyncio.sleep(0.1)
loop = asyncio.get_running_loop()
tasks = [t for t in asyncio.all_tasks() if 'actor' in repr(t)]
timers = [h for h in loop._scheduled if 'actorbook' in repr(h) and not h.cancelled()]
new = set(threading.enumerate()) - before
threads = [t for t in new if 'actorbook' in repr((type(t).__module__, getattr(t, '_target', None)))]
print(tasks, timers, threads)
"""


def open_tree(lab: Lab, *more: str) -> None:
    """A notebook with the shop, its tree, and further cells; the tree is drawn within ten seconds."""
    lab.open([SETUP, TREE, *more])
    lab.run(0)
    lab.run(1)
    expect(lab.tree_item("shop")).to_be_visible(timeout=10_000)


def root(lab: Lab) -> Locator:
    """The widget."""
    return lab.page.locator(".ab-root")


def events(lab: Lab) -> Locator:
    """The list of events, which is the second tab of the dock."""
    root(lab).get_by_role("tab", name="Events", exact=True).click()
    return root(lab).locator("[data-role=events]")


def test_the_tree_appears_with_every_process_and_its_facts(lab: Lab) -> None:
    open_tree(lab)

    for name in ("shop", "a", "b"):
        expect(lab.tree_item(name)).to_have_attribute("data-restarts", "0")
    expect(lab.tree_item("a")).to_have_attribute("data-status", "waiting")
    expect(lab.tree_item("shop")).to_contain_text("one_for_one")
    expect(root(lab)).to_have_attribute("data-blocked", "false")


def test_a_crash_from_a_later_cell_shows_within_a_second_on_the_right_node(lab: Lab) -> None:
    open_tree(lab, "ab.whereis('b').crash()")
    before = lab.tree_item("b").get_attribute("data-pid")

    lab.run(2)

    expect(lab.tree_item("b")).to_have_attribute("data-restarts", "1", timeout=1_000)
    expect(lab.tree_item("a")).to_have_attribute("data-restarts", "0")
    assert lab.tree_item("b").get_attribute("data-pid") != before
    expect(lab.tree_item("shop")).to_contain_text("1 of 3")


def test_a_crash_shows_while_another_cell_is_awaiting(lab: Lab) -> None:
    open_tree(lab, "await asyncio.sleep(0.6)\nab.whereis('b').crash()\nawait asyncio.sleep(6)")

    lab.start(2)

    expect(lab.tree_item("b")).to_have_attribute("data-restarts", "1", timeout=2_500)
    assert lab.is_busy(2)
    lab.wait(2)


def test_a_blocking_cell_is_told_and_recovered_from(lab: Lab) -> None:
    open_tree(lab, "time.sleep(4)", "ab.whereis('a').crash()")

    lab.start(2)
    expect(root(lab)).to_have_attribute("data-blocked", "true", timeout=3_900)
    expect(root(lab).locator("[data-role=notice]")).to_contain_text("block")
    lab.wait(2)

    expect(root(lab)).to_have_attribute("data-blocked", "false", timeout=3_000)
    lab.run(3)
    expect(lab.tree_item("a")).to_have_attribute("data-restarts", "1", timeout=1_000)


def test_a_suspended_actor_shows_its_queued_messages(lab: Lab) -> None:
    open_tree(lab, "%actor suspend a", "for n in range(25): ab.send('a', n)", "%actor resume a")

    lab.run(2)
    lab.run(3)
    expect(lab.tree_item("a")).to_have_attribute("data-mailbox", "25", timeout=2_000)
    expect(lab.tree_item("a")).to_have_attribute("data-status", "suspended")
    lab.run(4)
    expect(lab.tree_item("a")).to_have_attribute("data-mailbox", "0", timeout=2_000)
    expect(lab.tree_item("a")).to_have_attribute("data-status", "waiting")


def test_a_full_mailbox_says_so_and_how_many_found_no_room(lab: Lab) -> None:
    open_tree(
        lab,
        "c = await Counter.start(name='c', mailbox=ab.Mailbox(10, 'drop_oldest'))\n%actor suspend c",
        "for n in range(8): ab.send('c', n)",
        "for n in range(8): ab.send('c', n)",
    )

    lab.run(2)
    lab.run(3)
    expect(lab.tree_item("c")).to_have_attribute("data-mailbox", "8", timeout=2_000)
    expect(lab.tree_item("c")).not_to_have_attribute("data-full", "true")
    lab.run(4)
    expect(lab.tree_item("c")).to_have_attribute("data-full", "true", timeout=2_000)
    expect(lab.tree_item("c").locator(".mailbox")).to_have_text("10 full")
    lab.tree_item("c").click()
    root(lab).locator("[data-tab=mailbox]").click()
    expect(root(lab).locator("[data-role=details]")).to_contain_text("at most 10, then drop_oldest; 6 found no room")
    expect(events(lab).locator("li[data-kind=overflow]")).to_contain_text("no room for 1")


def kill(lab: Lab, name: str, reason: str = "kill") -> None:
    """Select a process and kill it from the panel."""
    lab.tree_item(name).click()
    root(lab).locator("[data-action=kill]").click()
    root(lab).locator("[data-role=kill-reason]").fill(reason)
    root(lab).locator("[data-action=kill-confirm]").click()


def test_kill_from_the_panel_restarts_the_child_under_a_new_pid(lab: Lab) -> None:
    open_tree(lab)
    before = lab.tree_item("a").get_attribute("data-pid")

    kill(lab, "a")

    expect(lab.tree_item("a")).to_have_attribute("data-restarts", "1", timeout=3_000)
    assert lab.tree_item("a").get_attribute("data-pid") != before
    expect(lab.tree_item("a")).to_have_attribute("aria-selected", "true")
    expect(root(lab).locator("[data-role=result]").first).to_contain_text("killed")
    expect(root(lab).locator("[data-role=exits]")).to_contain_text("killed")


def test_a_reason_typed_in_the_panel_is_the_reason_of_the_exit(lab: Lab) -> None:
    open_tree(lab, "print([(e.kind, e.detail) for e in ab.observe.events(kind='exited')][-1])")

    kill(lab, "a", '("shutdown", 1)')
    expect(lab.tree_item("a")).to_have_attribute("data-restarts", "1", timeout=3_000)
    lab.run(2)

    assert "('exited', ('shutdown', 1))" in lab.text(2)


def test_a_page_that_is_loaded_again_brings_the_live_tree_back(lab: Lab) -> None:
    open_tree(lab, "ab.whereis('b').crash()")

    lab.reload()

    expect(lab.tree_item("b")).to_be_visible(timeout=15_000)
    lab.run(2)
    expect(lab.tree_item("b")).to_have_attribute("data-restarts", "1", timeout=2_000)


def test_commands_arrive_on_another_thread_while_a_callback_spins(lab: Lab) -> None:
    open_tree(
        lab,
        "import threading\nseen = []\nw = ab.notebook.SupervisionTree('shop')\n"
        "main = threading.main_thread()\n"
        "w.on_msg(lambda *_: seen.append((time.monotonic(), threading.current_thread() is main)))\nw",
        "began = time.monotonic()\nab.whereis('a').spin(3)\nawait asyncio.sleep(3.5)\n"
        "during = [main for at, main in seen if began + 0.5 < at < began + 2.5]\nprint(len(during) > 0, any(during))",
    )
    lab.run(2)
    assert "Error" not in lab.text(2), lab.text(2)
    lab.output(2).scroll_into_view_if_needed()  # what is out of sight is neither drawn nor sent
    expect(lab.output(2).locator("[role=treeitem]").first).to_be_visible()

    lab.run(3)

    assert lab.text(3).strip().endswith("True False")


def test_search_finds_by_class_and_unknown_words_find_nothing(lab: Lab) -> None:
    open_tree(lab)

    root(lab).locator("[data-role=search]").fill("counter")
    expect(root(lab).locator("[role=treeitem][data-match=hit]")).to_have_count(2)

    root(lab).locator("[data-role=search]").fill("nobody")
    expect(root(lab).locator("[role=treeitem][data-match=hit]")).to_have_count(0)


def test_what_an_actor_prints_is_in_the_event_list_and_below_the_loading_cell(lab: Lab) -> None:
    open_tree(lab, "ab.whereis('a').say('good morning')\nawait asyncio.sleep(0.5)")

    lab.run(2)

    expect(events(lab).locator("li[data-kind=output]")).to_contain_text("good morning")
    expect(lab.output(0)).to_contain_text("good morning")
    assert "good morning" not in lab.text(2)


def test_unloading_leaves_no_task_thread_or_timer_and_the_picture_says_so(lab: Lab) -> None:
    lab.open([LOOK_AROUND, SETUP, TREE, "%unload_ext actorbook", WHAT_IS_LEFT])
    for index in range(3):
        lab.run(index)
    expect(lab.tree_item("a")).to_be_visible()
    lab.run(3)
    expect(root(lab)).to_have_attribute("data-link", "stopped", timeout=3_000)
    lab.run(4)

    assert lab.text(4).strip() == "[] [] []"


def test_ten_thousand_children_open_as_fast_as_few(lab: Lab) -> None:
    lab.open([
        SETUP,
        "big = await ab.Supervisor.start([Counter.child_spec(id=n) for n in range(10_000)], name='big')",
        "%actor tree big",
    ])  # fmt: skip
    lab.run(0)
    lab.run(1)
    began = time.monotonic()
    lab.run(2)
    expect(lab.page.locator("[data-kind=more]")).to_be_visible(timeout=5_000)
    took = time.monotonic() - began

    expect(lab.page.locator("[data-kind=more]")).to_contain_text("9,950 more")
    assert root(lab).locator("[role=treeitem]").count() < 100
    assert took < 5


def test_kill_from_the_panel_ends_a_callback_that_spins_while_it_spins(lab: Lab) -> None:
    open_tree(lab, "ab.whereis('a').spin(60)", "await ab.whereis('a').add(1)")
    before = lab.tree_item("a").get_attribute("data-pid")
    began = time.monotonic()

    lab.run(2)
    expect(lab.tree_item("a")).to_have_attribute("data-status", "blocking", timeout=4_000)
    expect(root(lab).locator("[data-role=notice]")).to_contain_text("a is blocking the loop for")
    expect(root(lab).locator("[data-role=notice]")).to_contain_text("Counter.spin, line")
    kill(lab, "a")

    expect(lab.tree_item("a")).to_have_attribute("data-restarts", "1", timeout=3_000)
    expect(lab.tree_item("a")).to_have_attribute("data-status", "waiting")
    expect(lab.tree_item("b")).to_have_attribute("data-restarts", "0")
    expect(root(lab)).to_have_attribute("data-blocked", "false")
    expect(events(lab).locator("li[data-kind=blocking]")).to_contain_text("Counter.spin")
    assert time.monotonic() - began < 20
    assert lab.tree_item("a").get_attribute("data-pid") != before
    lab.run(3)
    assert lab.text(3) == "11"


def test_an_interrupt_ends_the_callback_that_spins_and_not_the_cell_that_waits_for_another(lab: Lab) -> None:
    open_tree(lab, "ab.whereis('a').spin(60)\nawait asyncio.sleep(2)\nprint(await ab.whereis('b').add(1))")

    lab.start(2)
    expect(lab.tree_item("a")).to_have_attribute("data-status", "blocking", timeout=4_000)
    lab.interrupt()
    lab.wait(2)

    assert lab.text(2).endswith("21\n")
    assert "is blocking the loop" not in lab.text(2)
    assert "blocked the loop for" in lab.text(2)
    expect(lab.tree_item("a")).to_have_attribute("data-restarts", "1")
