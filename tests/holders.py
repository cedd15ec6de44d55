"""A process that runs what it is given: for tests of functions that act for whoever calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import actorbook as ab


class Holder(ab.GenServer):
    """Calls the functions it is asked to; what they raise is the reply. Notes other messages in `heard`."""

    def init(self, heard: list[Any] | None = None, trap: bool = False) -> None:
        self.heard = heard
        ab.flag(trap_exit=trap)

    def handle_call(self, request: Callable[..., Any], caller: ab.Caller) -> Any:
        try:
            return request()
        except Exception as error:  # noqa: BLE001  whatever it is, the test wants it
            return ab.share(error)

    def handle_info(self, message: Any) -> None:
        if self.heard is not None:
            self.heard.append(message)


async def holder(heard: list[Any] | None = None, trap: bool = False, **options: Any) -> ab.Pid:
    """Start one; `heard` is a list that the test shares."""
    pid = await Holder.start(ab.share(heard), trap, **options)
    assert pid is not None
    return pid


async def ask(pid: ab.Pid, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Have `pid` call `function(*args)`, and get what it returned or raised."""
    return await ab.GenServer.call(pid, lambda: function(*args, **options))


async def registry(keys: str = "unique", name: str = "r", **options: Any) -> ab.Pid:
    """Start a registry."""
    pid = await ab.Registry.start(keys, name=name, **options)
    assert pid is not None
    return pid
