"""One measurement in a process of its own: `python -m benchmarks.child PEER ROW [--quick]` prints one JSON line.

A peer's module (`benchmarks/peers/NAME.py`) has a function for each row it can answer, named as the row's
`function`: it gets a `Meter` and may be async. `stage(play)` is what all of them need around them (a node, a
pool). `MOST` limits sizes, `ABSENT` says why a row cannot be answered.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import os
import sys
from importlib import import_module
from typing import Any

from benchmarks.meter import Meter
from benchmarks.rows import ROWS, Row

__all__ = ["main", "measured"]


def main(arguments: list[str]) -> None:
    """Measure, say it, and leave at once: a million processes need not be taken apart."""
    name, row_name, *rest = arguments
    peer = import_module(f"benchmarks.peers.{name}")
    row = next(row for row in ROWS if row.name == row_name)
    if not hasattr(peer, row.function):
        _say({"absent": getattr(peer, "ABSENT", {}).get(row.function, "it has nothing like it")})

    async def play() -> None:
        meter = await measured(peer, row, quick="--quick" in rest)
        _say({"value": meter.value, "cpu": meter.cpu, "size": meter.size})

    logging.disable()  # crash reports are part of nobody's figure
    asyncio.run(peer.stage(play))


async def measured(peer: Any, row: Row, *, quick: bool) -> Meter:
    """Run the row twice: small, to warm up, and then in the size that counts."""
    function = getattr(peer, row.function)
    size, among = row.sizes(quick)
    most = getattr(peer, "MOST", {}).get(row.function, size)
    meter = Meter(min(size, most), among)
    for each in (Meter(min(row.quick, most)), meter):
        result = function(each)
        if inspect.isawaitable(result):
            await result
    return meter


def _say(told: dict[str, Any]) -> None:
    print(json.dumps(told), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
