"""Looking changes nothing: the rules of mailboxes, signals, monitors, calls and children hold while all is traced."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from importlib import import_module
from inspect import signature
from typing import Any

import pytest

import actorbook as ab
from tests.running import run

MODULES = ("asy", "dyn", "gen_calls", "gen_requests", "mbx", "mon", "mon_options", "sig", "sig_links", "tmr")

Body = Callable[[], Coroutine[Any, Any, None]]


def bodies() -> list[Any]:
    """The proofs of these rules, as they are run inside a node."""
    modules = [import_module(f"tests.conformance.test_{name}") for name in MODULES]
    return [
        pytest.param(proof.__wrapped__, id=name)
        for module in modules
        for name, proof in vars(module).items()
        if name.startswith("test_") and hasattr(proof, "__wrapped__") and not signature(proof).parameters
    ]


@pytest.mark.parametrize("body", bodies())
def test_a_rule_holds_while_all_is_traced(body: Body) -> None:
    async def traced() -> None:
        with ab.observe.trace("*", limit=20_000, rate=10**6) as trace:
            await body()
        assert ab.observe.sequence(trace).text()

    run(traced)
