"""The tests of clusters hold whether or not cloudpickle happens to be installed: here it is not."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def no_cloudpickle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
