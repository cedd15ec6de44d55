"""What is measured of the web layer: one row a question. A row is played against a running server by `plays.py`.

`size` is how many replies, deliveries or connections there are; targets say how large our figure may be over a
peer's at most: half of python-socketio's where messages travel, three times that of a handler without processes.
"""

from __future__ import annotations

from benchmarks.rows import Row

__all__ = ["WEB_ROWS"]

TRAVEL = {"socketio": 0.5, "starlette": 3.0}

WEB_ROWS: tuple[Row, ...] = (
    Row("web_echo", "echo, 20 clients × 16 in flight", "echo", 30_000, 320, "reply", targets=TRAVEL),
    Row("web_fanout", "fan-out, 1 to 200, 4 in flight", "fanout", 100_000, 2_000, "delivery", targets=TRAVEL),
    Row("web_joins", "connect and join", "joins", 1_000, 50, "join"),
    Row("web_memory", "memory, joined and idle", "memory", 1_000, 50, "connection", "B", limit=60_000),
    Row("web_held", "echo, 5,000 clients held", "held", 5_000, 100, "reply"),
    Row("web_storm", "echo lost to 200 crashes a second", "storm", 40_000, 2_000, "core", "%", limit=20),
)
