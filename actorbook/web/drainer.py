"""The last child of an endpoint, so the first to stop: it tells the sockets to go, batch after batch (rule CH-12)."""

from __future__ import annotations

from typing import Any

from ..behaviours.gen_server import GenServer
from ..behaviours.supervising import server_of
from ..core.context import sleep
from ..core.ids import Pid
from ..core.relations import flag
from ..core.running import current_node
from .reporting import draining
from .socket_body import Drain

__all__ = ["Drainer"]

_GLANCE = 0.02


class Drainer(GenServer):
    """Waits for the end of the endpoint."""

    def init(self, endpoint: Any, sockets: str, batch_size: int, interval: float) -> None:
        """Know whom to tell."""
        flag(trap_exit=True)
        self.endpoint, self.sockets = endpoint, sockets
        self.batch_size, self.interval = batch_size, interval

    async def terminate(self, reason: Any) -> None:
        """Tell all sockets, so many at a time; the supervisor's patience with this process is the limit."""
        pids = self._pids()
        batches = [pids[at : at + self.batch_size] for at in range(0, len(pids), self.batch_size)]
        for number, batch in enumerate(batches):
            draining(self.endpoint, len(batch), number, len(batches))
            for pid in batch:
                process = current_node().local(pid)
                if process is not None:
                    process.put(Drain())
            if number + 1 < len(batches):
                await sleep(self.interval)
        while self._pids():
            await sleep(_GLANCE)

    def _pids(self) -> list[Pid]:
        from ..behaviours.dynamic_supervisor import DynamicSupervisor

        server = server_of(self.sockets, DynamicSupervisor)
        return [pid for pid, _ in server._table.living()] if server is not None else []
