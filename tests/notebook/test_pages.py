"""The examples of the pages about the run: each page's code runs from top to bottom in a kernel, without an error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.notebook.kernel import a_kernel

PAGES = Path(__file__).parents[2] / "docs" / "how-to"


@pytest.mark.parametrize("page", ["time-travel", "chaos"])
def test_every_example_of_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examples = re.findall(r"```python\n(.*?)```", (PAGES / f"{page}.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) > 3
    monkeypatch.chdir(tmp_path)
    with a_kernel(tmp_path) as kernel:
        kernel.run(f"%cd -q {tmp_path}")
        for example in examples:
            told = kernel.run(example)
            assert "Error" not in told.replace("ValueError: the drawer is stuck", ""), f"{example}\n{told}"
