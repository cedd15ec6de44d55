"""What runs on the nodes of a cluster in tests: importable there, as everything that is sent by name."""

from __future__ import annotations

from typing import Any

import actorbook as ab


class Counter(ab.GenServer):
    """Counts; tells who it is; ends as it is told."""

    def init(self, n: Any = 0) -> Any:
        if n == "ignore":
            return ab.Ignore()
        if isinstance(n, str):
            return ab.Stop(n)
        self.n = n
        return None

    @ab.call
    def add(self, k: int) -> int:
        self.n += k
        return int(self.n)

    @ab.cast
    def crash(self) -> None:
        raise RuntimeError("boom")

    def handle_call(self, request: Any, caller: ab.Caller) -> Any:
        match request:
            case "self":
                return ab.self_()
            case "later":
                ab.spawn(answer, caller)
                return ab.NoReply()
            case ("stop", reason):
                return ab.Stop(reason)
            case "silence":
                return ab.NoReply()
            case "lambda":
                return lambda: None
        return request

    def handle_cast(self, request: Any) -> None:
        self.n = request

    def handle_info(self, message: Any) -> None:
        match message:
            case ("to", pid, what):
                ab.send(pid, what)


def answer(caller: ab.Caller) -> None:
    ab.GenServer.reply(caller, "from another process")


async def echo(boss: ab.Pid) -> None:
    """Send back whatever comes."""
    while True:
        ab.send(boss, ("echo", await ab.receive()))


class _Shutdown:
    """Equal to what a process that traps exits hears when its node stops."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ab.EXIT) and other.reason == "shutdown"

    __hash__ = None  # type: ignore[assignment]


SHUTDOWN = _Shutdown()


async def trapping(boss: ab.Pid) -> None:
    """Trap exits and tell `boss` of everything."""
    ab.flag(trap_exit=True)
    ab.send(boss, ab.self_())
    while (message := await ab.receive()) != SHUTDOWN:
        ab.send(boss, ("heard", message))


async def linking(peer: ab.Pid, boss: ab.Pid) -> None:
    """Link oneself with `peer`, say so, live on."""
    ab.link(peer)
    ab.send(boss, "linked")
    await ab.receive(lambda message: message == "end")


async def ending(reason: Any) -> None:
    raise ab.Exit(reason)


async def idle() -> None:
    await ab.receive(lambda message: message == "end")


async def doing(boss: ab.Pid) -> None:
    """Do what comes as `(function, args)` on this node, and tell `boss` what came of it."""
    ab.flag(trap_exit=True)
    ab.send(boss, ab.self_())
    while (message := await ab.receive()) != SHUTDOWN:
        match message:
            case ("do", function, args):
                try:
                    result = function(*args)
                    if hasattr(result, "__await__"):
                        result = await result
                except Exception as error:  # noqa: BLE001  the test judges it
                    result = ("raised", type(error).__name__, str(error))
                ab.send(boss, ("did", result))


class Hand:
    """A process on another node that does there what the test says."""

    def __init__(self, pid: ab.Pid) -> None:
        self.pid = pid

    @classmethod
    async def on(cls, node: str) -> Hand:
        pid = ab.spawn(doing, ab.self_(), node=node)
        assert await ab.receive(lambda message: message is pid, timeout=60) is pid
        return cls(pid)

    async def do(self, function: Any, *args: Any) -> Any:
        ab.send(self.pid, ("do", function, args))
        return (await ab.receive(_is_did, timeout=60))[1]


def _is_did(message: Any) -> bool:
    return isinstance(message, tuple) and len(message) == 2 and message[0] == "did"


async def heard(timeout: float = 5.0) -> Any:
    """The next message, whatever it is."""
    return await ab.receive(timeout=timeout)


async def quiet(seconds: float = 5.0) -> bool:
    """True when nothing comes for so long."""
    await ab.sleep(seconds)
    return ab.flush() == []


async def reason_of(pid: ab.Pid | tuple[str, str]) -> Any:
    ref = ab.monitor(pid)
    return (await ab.receive(lambda message: isinstance(message, ab.DOWN) and message.ref is ref, timeout=60)).reason
