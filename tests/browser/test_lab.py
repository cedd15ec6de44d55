"""The harness itself: cells run in a real JupyterLab, and what they show is seen."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab

SHADOW = """
from IPython.display import HTML
HTML('''<div id="host"></div><script>
  const root = document.getElementById("host").attachShadow({mode: "open"});
  root.innerHTML = '<p role="treeitem" data-name="a">in the shadow</p>';
</script>''')
"""


def test_a_cell_runs_and_its_result_is_read(lab: Lab) -> None:
    lab.open(["1 + 1", "print('said')", "1 / 0"])

    assert lab.run(0) == 1
    assert lab.run(1) == 2
    assert lab.run(2) == 3
    assert [lab.text(index) for index in range(3)] == ["2", "said\n", "ZeroDivisionError: division by zero"]
    expect(lab.output(0)).to_contain_text("2")


def test_the_same_cell_can_run_again(lab: Lab) -> None:
    lab.open(["n = globals().get('n', 0) + 1; n"])

    assert [lab.run(0), lab.run(0)] == [1, 2]
    assert lab.text(0) == "2"


def test_a_started_cell_is_busy_until_it_is_waited_for(lab: Lab) -> None:
    lab.open(["import asyncio; await asyncio.sleep(1, 'slept')"])

    lab.start(0)

    expect(lab.prompt(0)).to_have_text("[*]:")
    assert lab.is_busy(0)
    assert lab.wait(0) == 1
    assert lab.text(0) == "'slept'"


def test_an_interrupt_reaches_a_blocking_cell(lab: Lab) -> None:
    lab.open(["print('on', flush=True)\nwhile True: pass"])

    lab.start(0)
    expect(lab.output(0)).to_contain_text("on")
    lab.interrupt()
    lab.wait(0)

    assert "KeyboardInterrupt" in lab.text(0)


def test_the_kernel_is_the_interpreter_that_runs_the_tests(lab: Lab) -> None:
    lab.open(["import sys; print(sys.executable)"])
    lab.run(0)

    assert Path(lab.text(0).strip()).samefile(sys.executable)


def test_the_kernel_lives_on_when_the_page_is_loaded_again(lab: Lab) -> None:
    lab.open(["kept = 41", "kept + 1"])
    lab.run(0)
    lab.reload()
    lab.run(1)

    assert lab.text(1) == "42"


def test_a_part_in_an_open_shadow_root_is_found_by_its_name(lab: Lab) -> None:
    lab.open([SHADOW])
    lab.run(0)

    expect(lab.tree_item("a")).to_have_text("in the shadow")


def test_cells_out_of_sight_stay_in_the_page(lab: Lab) -> None:
    lab.open([f"print('line\\n' * 40, {n})" for n in range(12)])
    for index in range(12):
        lab.run(index)

    expect(lab.output(0)).to_contain_text("line")
    expect(lab.output(11)).to_contain_text("11")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_screenshot_wears_the_theme(lab: Lab, name: str, tmp_path: Path) -> None:
    lab.open(["1"])
    lab.theme("dark" if name == "dark" else "light")
    path = tmp_path / f"{name}.png"
    lab.screenshot(path)

    assert path.read_bytes().startswith(b"\x89PNG")
