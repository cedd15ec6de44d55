"""The loop of an agent: a server's, whose state is one value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.isolation import isolate, reveal
from .server import ServerBody

__all__ = ["AgentBody"]


class AgentBody(ServerBody):
    """To those who look, the state of an agent is its value, not the attributes of an object."""

    __slots__ = ()

    def visible_state(self) -> Any:
        """A copy of the value."""
        return reveal(self.server.state)

    def replace_state(self, function: Callable[[Any], Any]) -> Any:
        """Put `function(value)` in its place."""
        self.server.state = isolate(function(reveal(self.server.state)))
        return self.visible_state()

    def status(self) -> dict[str, Any]:
        """The value as crash reports show it."""
        return {"state": self.server.state}

    def state(self) -> Any:
        """The value under a name, as the inspector shows attributes."""
        return {"state": super().state()} if self.server is not None else {}
