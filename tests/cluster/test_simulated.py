"""The simulated cluster does what every cluster does: at once, slowly, with jitter and loss, and after a cut."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.cluster.contract import CASES, Case
from tests.running import virtual

LINES: dict[str, dict[str, Any]] = {
    "instant": {},
    "slow": {"latency": 0.05},
    "bad": {"latency": 0.01, "jitter": 0.05, "loss": 0.1, "seed": 7},
    "narrow": {"latency": 0.001, "bandwidth": 100_000},
    "tcp": {"network": "tcp", "latency": 0.01},
}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
@virtual
async def test_contract(case: Case, line: str) -> None:
    async with ab.Cluster.simulated(["a", "b", "c"], **LINES[line]) as cluster:
        await case(cluster)
        ab.flush()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
@virtual
async def test_contract_after_a_cut_and_a_restart(case: Case) -> None:
    async with ab.Cluster.simulated(["a", "b", "c"], net_tick=0.5) as cluster:
        cluster.partition({"a"}, {"b"}, {"c", "nb@local"})
        await ab.sleep(1)
        cluster.crash("b")
        cluster.heal()
        cluster.restart("b")
        await ab.sleep(1)
        await case(cluster)
        ab.flush()
