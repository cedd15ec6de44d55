"""One measurement: `python -m benchmarks.web.child PEER ROW [--quick]` starts that server, and prints one JSON line.

This process is the clients; it moves to another core than the one that the server keeps.
"""

from __future__ import annotations

import json
import resource
import sys

from benchmarks.web.crowd import Crowd
from benchmarks.web.dialects import DIALECTS
from benchmarks.web.plays import PLAYS
from benchmarks.web.rows import WEB_ROWS
from benchmarks.web.service import elsewhere, running

__all__ = ["main", "played"]

ABSENT = {
    ("socketio", "storm"): "a client has no process that could crash alone",
    ("starlette", "storm"): "a client has no process that could crash alone",
}


def main(arguments: list[str]) -> None:
    """Measure, and say it."""
    name, row_name, *rest = arguments
    print(json.dumps(played(name, row_name, quick="--quick" in rest)), flush=True)


def played(name: str, row_name: str, *, quick: bool) -> dict[str, float | str]:
    """One row of one peer, or why there is none."""
    row = next(row for row in WEB_ROWS if row.name == row_name)
    if (name, row.function) in ABSENT:
        return {"absent": ABSENT[name, row.function]}
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    size, _ = row.sizes(quick)
    with running(name) as service:
        elsewhere()
        crowd = Crowd(DIALECTS[name], service.port)
        try:
            value, cpu = PLAYS[row.function](service, crowd, size)
        finally:
            crowd.close()
    return {"value": value, "cpu": cpu, "size": size}


if __name__ == "__main__":
    main(sys.argv[1:])
