"""A state machine in the details panel: what a person sees of its states while cells send it events."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab

DOOR = """class Door(ab.GenStateMachine):
    def init(self):
        return "locked"

    @ab.cast
    def press(self, key): ...

    @ab.cast
    def shut(self): ...

    def locked(self, event):
        match event:
            case statem.Event("cast", ("press", "7")):
                return statem.NextState("open")

    def open(self, event):
        match event:
            case statem.Event("cast", "shut"):
                return statem.NextState("locked")
"""
SLAM = """            case statem.Event("info", "wind"):
                return statem.NextState("slammed")

    def slammed(self, event):
        pass
"""
SETUP = f"""%load_ext actorbook
import actorbook as ab
from actorbook import statem

{DOOR}
class Count(ab.GenStateMachine):
    def init(self):
        return 0

    def handle_event(self, event, state):
        return statem.NextState(state + 1)

children = [Door.child_spec(name="door"), Count.child_spec(name="count"), ab.Agent.child_spec(dict, name="agent")]
house = await ab.Supervisor.start(children, name="house")
"""


def panel(lab: Lab, select: str) -> Locator:
    """The details panel of a process."""
    lab.tree_item(select).click()
    return lab.page.locator("[data-role=details]")


def open_house(lab: Lab, *cells: str) -> None:
    """A notebook with the house and its tree."""
    lab.open([SETUP, "%actor tree", *cells])
    lab.run(0)
    lab.run(1)


def test_a_cast_from_a_cell_moves_the_light_to_another_state(lab: Lab) -> None:
    open_house(lab, "ab.whereis('door').press('7')", "ab.whereis('door').shut()")
    details = panel(lab, "door")
    picture = details.locator("[data-role=machine]")
    lit = picture.locator("[data-current=true]")

    expect(lit).to_have_attribute("data-state", "locked")
    expect(picture).to_have_attribute("aria-label", "2 states: locked, open; now locked")
    expect(details.locator("[data-role=last]")).to_be_hidden()
    lab.run(2)

    expect(lit).to_have_attribute("data-state", "open", timeout=1_000)
    expect(picture.locator("[data-last=true]")).to_have_attribute("data-to", "open")
    expect(picture.locator(".labels .last")).to_have_text("press ×1")
    expect(details.locator("[data-role=last]")).to_have_text("locked → openon press")
    expect(lab.tree_item("door")).to_contain_text("Door · open")
    lab.run(3)

    expect(lit).to_have_attribute("data-state", "locked", timeout=1_000)
    expect(picture).to_have_attribute(
        "aria-label", "2 states: locked, open; now locked; last from open to locked on shut"
    )


def test_the_words_of_the_picture_can_be_read_and_all_of_it_reached_by_keys(lab: Lab) -> None:
    open_house(lab)
    details = panel(lab, "door")
    twin = details.locator("[data-role=machine-text]")

    expect(details.locator("[data-role=machine]")).to_be_visible()
    expect(twin).to_be_hidden()
    details.locator("[data-role=machine]").focus()
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Enter")

    expect(twin).to_contain_text("● locked")
    expect(twin).to_contain_text("press → open")


def test_a_machine_with_many_states_is_a_list_that_shows_the_present_one(lab: Lab) -> None:
    open_house(lab, "for n in range(60): ab.send('count', n)", "for n in range(60): ab.send('count', n)")
    details = panel(lab, "count")
    lab.run(2)
    present = details.locator("[data-role=machine-text] b")

    expect(present).to_have_text("● 60", timeout=2_000)
    expect(present).to_be_in_viewport()
    expect(details.locator("[data-role=machine]")).to_be_hidden()
    lab.run(3)
    expect(present).to_have_text("● 120", timeout=2_000)
    expect(present).to_be_in_viewport()


def test_what_is_no_machine_has_no_picture_of_states(lab: Lab) -> None:
    open_house(lab)

    expect(panel(lab, "door").locator("[data-role=machine]")).to_be_visible()
    expect(panel(lab, "agent").locator(".machine")).to_be_hidden()
    expect(panel(lab, "door").locator("[data-current=true]")).to_have_attribute("data-state", "locked")


def test_a_state_of_new_code_is_drawn_and_those_who_want_no_motion_get_none(lab: Lab) -> None:
    lab.page.emulate_media(reduced_motion="reduce")
    open_house(lab, DOOR + SLAM, "ab.whereis('door').press('7')\nab.send('door', 'wind')")
    picture = panel(lab, "door").locator("[data-role=machine]")
    expect(picture.locator("[data-state]")).to_have_count(2)

    lab.run(2)
    expect(picture.locator("[data-state=slammed]")).to_be_visible(timeout=2_000)
    lab.run(3)

    expect(picture.locator("[data-current=true]")).to_have_attribute("data-state", "slammed", timeout=1_000)
    moving = "() => document.querySelector('.actorbook-live').shadowRoot.getAnimations().length"
    assert lab.page.evaluate(moving) == 0
