"""A GenServer that does what requests tell it: the counterpart of erlang/server.erl, and the operations on servers.

There are two of it, one with plain and one with `async` callbacks: they take different ways through the loop.
"""

from __future__ import annotations

from typing import Any

import actorbook as ab
from tests.differential.actor import OPERATIONS, Boom, perform
from tests.differential.world import World


class Server(ab.GenServer):
    """Callbacks are plain; only an operation inside a server may have to be awaited."""

    def init(self, key: Any, world: World, server: Any) -> Any:
        """`plan` says how each start goes, the first first; when it is used up, starts go well."""
        trap, plan, self.last = server
        self.own = False  # true when the server chooses its end itself
        self.key, self.world = key, world
        ab.flag(trap_exit=trap)
        world.tell(key, "server")
        count = world.started(key)
        self._log(("init", count))
        return self._start(plan[count]) if count < len(plan) else None

    def _start(self, step: Any) -> Any:
        match step:
            case "ignore":
                return ab.Ignore()
            case "junk":
                return 42
            case "crash":
                raise Boom
            case ("exit", reason):
                raise ab.Exit(reason)
            case ("stop", reason):
                return ab.Stop(reason)
            case ("continue", script):
                return ab.Continue(script)
        return None

    def handle_call(self, script: Any, caller: ab.Caller) -> Any:
        """Callers are answered at once, never, or later."""
        self._log(("call", script))
        match script:
            case ("reply", value, *then):
                return ab.Reply(value, *map(self._act, then))
            case ("stop", reason, value):
                self.own = True
                return ab.Stop(reason, reply=value)
            case ("do", op):
                return perform(self.world, op)
            case "keep":
                self.world.kept.append(caller)
                return ab.NoReply()
        result = self._act(script)
        return result if isinstance(result, ab.Stop) else ab.NoReply(result)

    def handle_cast(self, script: Any) -> Any:
        self._log(("cast", script))
        return self._act(script)

    def handle_info(self, message: Any) -> Any:
        if isinstance(message, tuple) and message[0] == "script":
            self._log(("info", message[1]))
            return self._act(message[1])
        self._log(("info", self.world.message(message)))
        return None

    def handle_continue(self, script: Any) -> Any:
        self._log(("continue", script))
        return self._act(script)

    def _act(self, script: Any) -> Any:
        match script:
            case "timeout":
                return ab.Timeout(0)
            case "junk":
                return 42
            case "crash":
                raise Boom
            case ("exit", reason):
                self.own = True
                raise ab.Exit(reason)
            case ("stop", reason):
                self.own = True
                return ab.Stop(reason)
            case ("continue", then):
                return ab.Continue(then)
            case ("do", op):
                return self._do(op)
        return None

    async def _do(self, op: Any) -> Any:
        self._log(await perform(self.world, op))
        return ab.NoReply()

    def terminate(self, reason: Any) -> Any:
        self._log(("terminate", self.world.term(reason)))
        match self.last:
            case "crash":
                raise Boom
            case ("exit", other):
                raise ab.Exit(other)
            case "hang" if reason == "shutdown" and not self.own:
                return _hang()
        return None

    def _log(self, what: Any) -> None:
        self.world.log.append([self.key, self.world.term(what)])


async def _hang() -> None:
    """Until the supervisor loses its patience."""
    await ab.receive(lambda message: False)


async def _later(result: Any) -> Any:
    """Let others run first; then the result, which may be something to wait for."""
    await ab.sleep(0)
    return await result if hasattr(result, "__await__") else result


class AsyncServer(Server):
    """The same, and each callback waits before it does anything."""

    async def init(self, *args: Any) -> Any:
        return await _later(super().init(*args))

    async def handle_call(self, *args: Any) -> Any:
        return await _later(super().handle_call(*args))

    async def handle_cast(self, *args: Any) -> Any:
        return await _later(super().handle_cast(*args))

    async def handle_info(self, *args: Any) -> Any:
        return await _later(super().handle_info(*args))

    async def handle_continue(self, *args: Any) -> Any:
        return await _later(super().handle_continue(*args))

    async def terminate(self, *args: Any) -> Any:
        return await _later(super().terminate(*args))


async def start(world: World, link: bool, name: str, server: Any) -> Any:
    begin = world.server.start_link if link else world.server.start
    pid = await begin(world.next_key(), ab.share(world), server, name=None if name == "none" else name)
    return "ignore" if pid is None else ("ok", pid)


def info(world: World, target: Any, script: Any) -> bool:
    ab.send(world.target(target), ("script", script))
    return True


def answer(world: World, number: int, value: Any) -> bool:
    ab.GenServer.reply(world.caller(number), value)
    return True


async def stop(world: World, target: Any, reason: Any) -> str:
    await ab.stop(world.target(target), reason)
    return "ok"


def cast(world: World, target: Any, script: Any) -> str:
    ab.GenServer.cast(world.target(target), script)
    return "ok"


OPERATIONS |= {
    "start": start,
    "call": lambda world, target, script: ab.GenServer.call(world.target(target), script, None),
    "call_briefly": lambda world, target, script: ab.GenServer.call(world.target(target), script, 0.05),
    "cast": cast,
    "info": info,
    "answer": answer,
    "stop": stop,
    "suspend": lambda world, target: ab.sys.suspend(world.target(target), None),
    "resume": lambda world, target: ab.sys.resume(world.target(target), None),
}
