"""Which channel a topic belongs to: exact topics, or prefixes that end in `*`; the first that fits wins (CH-22).

>>> route({"room:lobby": "a", "room:*": "b"}, "room:lobby"), route({"room:*": "b"}, "game:1")
('a', None)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["check_routes", "route"]


def route(routes: Mapping[str, Any], topic: str) -> Any:
    """What `routes` has for the topic, None for nothing."""
    for pattern, channel in routes.items():
        if topic == pattern or (pattern.endswith("*") and topic.startswith(pattern[:-1])):
            return channel
    return None


def check_routes(routes: Any, where: str) -> None:
    """A pattern with a `*` anywhere but at its end would never match: say so where the class is defined."""
    if not isinstance(routes, Mapping):
        raise TypeError(f"{where}.channels: expected a dict of topic patterns and channels, got {routes!r}")
    for pattern in routes:
        if not isinstance(pattern, str) or "*" in pattern[:-1]:
            raise ValueError(f"{where}.channels: expected a topic, or a prefix with a final *, got {pattern!r}")
