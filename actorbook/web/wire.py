"""One WebSocket, as the process of a socket sees it: a way to the client, and somebody who closes it at the end.

Sending costs no task and no turn of the loop: the server's `send` is driven by hand, as far as it goes without
waiting, which is nearly always to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from types import coroutine
from typing import Any

from ..core.process import Process
from ..core.reasons import is_orderly

__all__ = ["Wire", "close_code"]

_MANY = 64
_CODES = {"disconnected": 1001, "timeout": 1002, "too_big": 1009, "restart": 1012, "closed": 1000}


def close_code(reason: Any) -> int:
    """With which code a socket is closed whose process ended so (rules CH-07 to CH-12).

    >>> close_code(("shutdown", "restart")), close_code("shutdown"), close_code("killed")
    (1012, 1012, 1011)
    """
    if isinstance(reason, tuple) and is_orderly(reason):
        return _CODES.get(str(reason[1]), 1000)
    return 1012 if reason == "shutdown" else 1000 if reason == "normal" else 1011


class Wire:
    """The way to one client by an ASGI server's `send`."""

    __slots__ = ("_room", "_send", "_task", "gone", "heard", "label", "waits")

    def __init__(
        self, send: Callable[[Any], Coroutine[Any, Any, None]], task: Callable[[Any], Any], label: str
    ) -> None:
        self._send = send
        self._task = task
        self._room: Any = None
        self.label = label
        self.gone = False
        self.waits = False
        self.heard = 0.0

    def send(self, data: str | bytes) -> Any:
        """Send a frame: None when it is sent, else a coroutine that is to be awaited."""
        if self.gone:
            return None
        event = {"type": "websocket.send", ("text" if isinstance(data, str) else "bytes"): data}
        sending = self._send(event)
        try:
            waiting = sending.send(None)
        except StopIteration:
            return None
        except OSError:  # the client has gone; who reads from it says so
            self.gone = True
            return None
        return self._finish(sending, waiting)

    async def _finish(self, sending: Any, waiting: Any) -> None:
        """The client takes no more for now: wait until it does."""
        try:
            await _rest(sending, waiting)
        except OSError:
            self.gone = True

    # --- reading ----------------------------------------------------------------------------------------

    def is_full(self, process: Process) -> bool:
        """Too many frames of the client wait: it is not read from until some are handled."""
        return process.pending() > _MANY

    def room(self, future: Any) -> Any:
        """To be awaited by who reads; settled by `look`, or when the process ends."""
        self._room, self.waits = future, True
        return future

    def look(self, process: Process) -> None:
        """A frame was handled."""
        if process.ended or process.pending() <= _MANY // 2:
            self.waits = False
            if not self._room.done():
                self._room.set_result(None)

    # --- the end ----------------------------------------------------------------------------------------

    def down(self, reason: Any) -> None:
        """The process has ended: close."""
        if self.waits and not self._room.done():
            self._room.set_result(None)
        if not self.gone:
            self.gone = True
            self._task(self._close(close_code(reason)))

    async def _close(self, code: int) -> None:
        try:
            await self._send({"type": "websocket.close", "code": code})
        except (OSError, RuntimeError):  # it is closed already
            return


@coroutine
def _rest(sending: Any, waiting: Any) -> Generator[Any, Any, None]:
    """Go on with a coroutine that has begun and waits for something."""
    while True:
        try:
            value = yield waiting
        except BaseException as error:  # noqa: BLE001  thrown into the one that waits
            step, given = sending.throw, error
        else:
            step, given = sending.send, value
        try:
            waiting = step(given)
        except StopIteration:
            return
