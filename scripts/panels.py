"""Takes a picture of each panel of the observatory, from the real page: `python -m scripts.panels [FOLDER]`.

Without a folder they go to docs/images/panels, where the documentation has them. `differs` compares two pictures as an
eye at some distance does: ages, pids and the last pixel of a letter may differ, a panel that has moved may not.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Browser, Locator, sync_playwright

from scripts import chromium
from scripts.project import ROOT, one_line_errors, say
from tests.browser.lab import Lab
from tests.browser.server import JupyterServer

IMAGES = ROOT / "docs" / "images" / "panels"
SIZE: Any = {"width": 1340, "height": 1000}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_PATIENCE, _MOVES = 10, 8.0
SHOW = "tree = %actor tree\ntree.height = 560\ntree"

TALL = SHOW.replace("560", "760")

FLIGHTS = [
    '''%load_ext actorbook
import actorbook as ab

class Carrier(ab.GenServer):
    """The flights of one carrier."""

    redact = {"token"}

    def init(self, code):
        self.carrier, self.rows = code, 51_960
        self.delay = {month: 20 + month * 1.4 for month in range(1, 7)}
        self.last = {"flight": 4412, "origin": "EWR", "dest": "RIC"}
        self.token = "s3cr3t"

    @ab.cast
    def row(self, flight):
        self.rows += 1
        if flight["dep_time"] is None:
            raise TypeError("dep_time is NA")

    @ab.call
    def mean(self, month):
        return self.delay.get(month, 0.0)

class Reader(ab.GenServer):
    def init(self, carriers):
        for name in carriers:
            ab.monitor(ab.whereis(name))
        ab.link(ab.whereis(carriers[0]))

    def handle_info(self, message): ...
''',
    """codes = ["UA", "B6", "EV", "DL", "AA"]
names = [f"carrier {code}" for code in codes]
flights = await ab.Supervisor.start([
    ab.Supervisor.child_spec(
        [Carrier.child_spec(code, id=name, name=name) for code, name in zip(codes, names)],
        max_restarts=50, id="carriers", name="carriers"),
    Reader.child_spec(["carrier UA", "carrier B6"], id="reader", name="reader"),
], name="flights")
""",
    SHOW,
    """await ab.sys.suspend("carrier AA")
for n in range(148):
    ab.whereis("carrier AA").row({"flight": n, "dep_time": 517})
for n in range(2):
    ab.whereis("carrier EV").row({"flight": n, "dep_time": None})
    await ab.sleep(0.2)
""",
]
CLUSTER = [
    """%load_ext actorbook
import actorbook as ab
cluster = await ab.Cluster.simulated(["paris", "oslo", "lima"], net_tick=0)

class Desk(ab.GenServer):
    def init(self): ...
    def handle_info(self, message): ...

desks = {node: await Desk.start(node=node, name=f"desk {node}") for node in ["paris", "oslo"]}
""",
    TALL,
    """cluster.partition({"paris"}, {"oslo"})
cluster.partition({"oslo"}, {"lima"}, oneway=True)
cluster.hold("nb@local", "paris")
for n in range(12):
    ab.send(desks["paris"], n)
""",
]
CROWD = [
    """%load_ext actorbook
import actorbook as ab

class Holder(ab.GenServer):
    def init(self, n):
        self.n = n
""",
    """shards = [
    ab.Supervisor.child_spec([Holder.child_spec(n, id=n) for n in range(1000)], id=k, name=f"shard {k}")
    for k in range(10)
]
site = await ab.Supervisor.start(shards, name="site")
""",
    SHOW,
]


class Shot(NamedTuple):
    """A picture: its name, and how the page gets there."""

    name: str
    pose: Callable[[Locator], None]


def choose(process: str, tab: str, then: str = "") -> Callable[[Locator], None]:
    """Select a process, one of its tabs, and click something there."""

    def pose(root: Locator) -> None:
        root.locator(".budget", has_text="in 5 s").first.wait_for(state="hidden")  # their trace is gone
        root.locator(f'[role=treeitem][data-name="{process}"]').click()
        root.locator(f"[data-tab={tab}]").click()
        if then:
            root.page.wait_for_timeout(300)
            root.locator(then).first.click()

    return pose


def nothing(root: Locator) -> None:
    """As it is."""


def fit(root: Locator) -> None:
    """All of it."""
    root.locator("[data-action=fit]").click()


SCENES: list[tuple[list[str], list[Shot]]] = [
    (
        FLIGHTS,
        [
            Shot("tree", nothing),
            Shot("state", choose("carrier EV", "state", ".values .fold:not(:disabled)")),
            Shot("mailbox", choose("carrier AA", "mailbox", ".message")),
            Shot("links", choose("reader", "links")),
            Shot("history", choose("carrier EV", "history", "[data-role=history] summary")),
            Shot("code", choose("carrier EV", "code")),
            Shot("send", choose("carrier UA", "state", "[data-action=send]")),
        ],
    ),
    (CLUSTER, [Shot("cluster", fit)]),
    (CROWD, [Shot("crowd", nothing)]),
]


def pictures(server: JupyterServer, browser: Browser) -> Iterator[tuple[str, bytes]]:
    """Each panel in each theme, as `name-theme` and the bytes of a PNG."""
    for cells, shots in SCENES:
        context = browser.new_context(viewport=SIZE, device_scale_factor=1.5, reduced_motion="reduce")
        lab = Lab(server, context.new_page())
        yield from _scene(lab, cells, shots)
        lab.close()
        context.close()


def _scene(lab: Lab, cells: list[str], shots: list[Shot]) -> Iterator[tuple[str, bytes]]:
    lab.open(cells)
    lab.command("application:toggle-left-area")
    for index in range(len(cells)):
        lab.run(index, seconds=60)
        errors = [output for output in lab.outputs(index) if output["output_type"] == "error"]
        if errors:
            sys.exit(f"expected cell {index} to run, got {lab.text(index)}\n{cells[index]}")
    shown = next(index for index, cell in enumerate(cells) if cell in (SHOW, TALL))
    lab.output(shown).scroll_into_view_if_needed()
    root = lab.output(shown).locator(".ab-root")
    root.locator("[role=treeitem]").first.wait_for()
    root.get_by_role("tab", name="Events", exact=True).click()  # a timeline never looks the same twice
    for shot in shots:
        shot.pose(root)
        for theme in THEMES:
            lab.theme(theme)
            lab.page.wait_for_timeout(700)
            yield f"{shot.name}-{theme}", _at_rest(root)


def _at_rest(root: Locator) -> bytes:
    """A picture of it once nothing moves any more: what scrolls, or comes late, would be elsewhere each time."""
    seen = root.screenshot(animations="disabled")
    for _ in range(_PATIENCE):
        root.page.wait_for_timeout(300)
        before, seen = seen, root.screenshot(animations="disabled")
        if differs(before, seen) < _MOVES:
            break
    return seen


def small(data: bytes) -> bytes:
    """The same picture with its 256 most frequent colours: a third of the bytes, and no surface changes its tone."""
    from PIL import Image

    whole = Image.open(io.BytesIO(data)).convert("RGB")
    frequent = sorted(whole.getcolors(1 << 24) or [], reverse=True)[:256]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in frequent for part in colour])  # type: ignore[attr-defined]
    out = io.BytesIO()
    whole.quantize(palette=palette, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def differs(one: bytes, other: bytes) -> float:
    """How much two pictures differ, from 0 to 255: the largest difference of any of their patches, blurred."""
    from PIL import Image, ImageChops

    seen = [Image.open(io.BytesIO(data)).convert("RGB").resize((48, 24), Image.Resampling.BOX) for data in (one, other)]
    parts = ImageChops.difference(*seen).getextrema()
    return float(max(high for _, high in parts))  # type: ignore[misc]


def main(folder: Path) -> None:
    """Start what is needed, and end it whatever happens."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        server = JupyterServer(Path(home) / "home")
        try:
            server.wait_until_ready()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium.require(), args=list(chromium.FLAGS))
                for name, data in pictures(server, browser):
                    (folder / f"{name}.png").write_bytes(small(data))
                    say(name)
        finally:
            server.stop()


if __name__ == "__main__":
    with one_line_errors():
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
