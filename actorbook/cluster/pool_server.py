"""The pool's own side: a supervisor that knows which worker takes what, who has one, and who is about to go."""

from __future__ import annotations

from itertools import count, islice
from typing import Any, NamedTuple

from ..behaviours import admin, protocol
from ..behaviours.admin import Ask, No
from ..behaviours.child_spec import ChildSpec, check_child
from ..behaviours.children import Child, Failed
from ..behaviours.options import Options, check_options
from ..behaviours.results import NoReply
from ..behaviours.supervisor import Supervisor
from ..core.ids import Pid, Ref
from ..core.isolation import share
from ..core.process import Process
from ..core.relations import demonitor, monitor
from ..core.running import current, current_node
from .balance import Balancer, check_balance, load_of
from .checkout import Checkin
from .lending import Lending

__all__ = ["PoolServer", "whole"]


class _How(NamedTuple):
    """How the work is shared."""

    size: int
    strategy: Any
    bound: float | None
    max_queue: int | None


class _Shrinking(NamedTuple):
    """Somebody waits until these workers have gone."""

    caller: protocol.Caller
    before: int
    leaving: set[int]


class PoolServer(Supervisor):
    """What runs in a pool's process. Callers read its table to pick a worker; all else they ask it for."""

    size: int = 4
    strategy: str = "round_robin"
    bound: float | None = None
    max_queue: int | None = None

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    def _checked(cls, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
        if not args:
            raise TypeError(f"{cls.__name__}.start: expected the class of the workers and its arguments, got nothing")
        others = dict(options)
        how = _How(**{field: others.pop(field, getattr(cls, field)) for field in _How._fields})
        check_balance(how.strategy, how.bound)
        whole(how.size, 1, "size")
        if how.max_queue is not None:
            whole(how.max_queue, 0, "max_queue")
        limits = {field: others.pop(field, getattr(cls, field)) for field in ("max_restarts", "max_seconds")}
        if others:
            expected = ", ".join([*_How._fields, *limits])
            raise TypeError(f"{cls.__name__}.start: expected the options {expected}, got {', '.join(sorted(others))}")
        return share(_lasting(check_child(args if len(args) > 1 else args[0]))), how, check_options(Options(**limits))

    async def init(  # type: ignore[override]
        self, spec: ChildSpec, how: _How, options: Options, given: Any = None
    ) -> Any:
        """Start the workers in order, as any supervisor its children."""
        self._spec = spec
        self._balancer = Balancer(how.strategy, how.bound)
        self._lending = Lending(how.max_queue)
        self._clients: dict[Ref, Ref] = {}
        self._leaving: set[int] = set()
        self._shrinking: list[_Shrinking] = []
        return await super().init([spec._replace(id=id) for id in range(how.size)], options, given)

    def _renew(self, *checked: Any) -> None:
        """New code: workers that come are made of it; as many as there are stay, where they are."""
        self._spec, how, options = checked
        self._balancer = Balancer(how.strategy, how.bound)
        self._lending.most = how.max_queue
        super()._renew([self._spec._replace(id=child.spec.id) for child in self._staying()], options)

    # --- who takes a request ----------------------------------------------------------------------------

    def turn(self, key: Any) -> Pid | None:
        """The worker whose turn it is; None when nobody lives."""
        serving, lent = self.serving(), self._lending.lent
        if not serving:
            return None
        id = self._balancer.pick(
            list(serving),
            key=key,
            load=lambda id: load_of(serving[id]) + (serving[id].pid in lent),
            draw=current_node().chance.random,
        )
        return serving[id].pid

    def serving(self) -> dict[int, Process]:
        """Who lives and takes requests, by id, so that who replaces one gets its keys."""
        table, leaving = current_node().processes, self._leaving
        return {
            child.spec.id: table[child.pid]
            for child in self._table
            if child.pid in table and child.spec.id not in leaving
        }

    def _staying(self) -> list[Child]:
        """The slots that are not about to go, the lowest id first."""
        return sorted((child for child in self._table if child.spec.id not in self._leaving), key=_id)

    # --- more and fewer ---------------------------------------------------------------------------------

    async def handle_call(self, request: Any, caller: protocol.Caller) -> Any:
        """Requests of the functions: those of `Supervisor` that keep the workers as they are, and the pool's own."""
        match request:
            case Ask("resize", size):
                return await self._resize(size, caller)
            case Ask("checkout", token):
                return self._check_out(token, caller)
            case Ask("start_child" | "delete_child" as what):
                return No("pool", f"expected equal workers only, got {what}; their number changes by resize")
        return await super().handle_call(request, caller)

    async def _resize(self, size: int, caller: protocol.Caller) -> Any:
        staying = self._staying()
        before = len(staying)
        if size >= before:
            failed = await self._grow(size - before)
            return before if failed is None else failed
        for child in reversed(staying[size:]):
            self._dismiss(child)
        left = self._leaving.intersection(child.spec.id for child in staying[size:])
        if not left:
            return before
        self._shrinking.append(_Shrinking(caller, before, left))
        return NoReply()

    async def _grow(self, number: int) -> No | None:
        """Start workers with the lowest ids that are free."""
        came: list[Child] = []
        for id in islice((id for id in count() if self._table.get(id) is None), number):
            came.append(Child(self._spec._replace(id=id)))
            self._table.add(came[-1])
            failed = await self._start_one(came[-1])
            if failed is not None:
                for child in reversed(came):
                    self._dismiss(child)
                return admin.did_not_start(id, failed)
        return None

    def _dismiss(self, child: Child) -> None:
        """No new requests from now on: it goes when it has done what it has, and was given back."""
        if child.pid is None:
            self._table.drop(child)
            return
        self._leaving.add(child.spec.id)
        if child.pid not in self._lending.lent:
            _send_off(child.pid)

    def _left(self, child: Child) -> None:
        """It is gone; tell those who waited for the last of several."""
        self._table.drop(child)
        self._leaving.discard(child.spec.id)
        for one in list(self._shrinking):
            one.leaving.discard(child.spec.id)
            if not one.leaving:
                self._shrinking.remove(one)
                protocol.reply(one.caller, one.before)

    # --- lending ----------------------------------------------------------------------------------------

    def _check_out(self, token: Ref, caller: protocol.Caller) -> Any:
        if not self._lending.wait(token, caller, free=len(self._idle())):
            most = self._lending.most
            return No("full", f"checkout: all workers are out, and {most} wait already, the most that may (max_queue)")
        self._clients[token] = monitor(caller.pid, tag=Checkin(token))
        self._serve()
        return NoReply()

    def handle_cast(self, request: Any) -> None:
        """A worker is given back; strays are ignored."""
        if isinstance(request, Checkin):
            self._check_in(request.token)

    def handle_info(self, message: Any) -> Any:
        """The process that has a worker, or waits for one, ended; or what any supervisor hears."""
        match message:
            case (Checkin() as checkin, _, _, _):
                return self._check_in(checkin.token)
        return super().handle_info(message)

    def _check_in(self, token: Ref) -> None:
        ref = self._clients.pop(token, None)
        if ref is None:
            return
        demonitor(ref, flush=True)
        pid = self._lending.end(token)
        child = None if pid is None else self._table.of(pid)
        if pid is not None and child is not None and child.spec.id in self._leaving:
            _send_off(pid)
        self._serve()

    def _serve(self) -> None:
        """Whoever waits gets a worker, while there are any."""
        if self._lending.waiting:
            for caller, pid in self._lending.serve(self._idle()):
                protocol.reply(caller, pid)

    def _idle(self) -> list[Pid]:
        """Those whom nobody has, first who has least to do."""
        free = (process for process in self.serving().values() if process.pid not in self._lending.lent)
        return [process.pid for process in sorted(free, key=load_of)]

    # --- workers come and go ----------------------------------------------------------------------------

    async def _start_one(self, child: Child) -> Failed | None:
        failed = await super()._start_one(child)
        self._serve()
        return failed

    async def _stop_one(self, child: Child, *, forget_temporary: bool) -> None:
        await super()._stop_one(child, forget_temporary=forget_temporary)
        if child.spec.id in self._leaving:
            self._left(child)

    async def _child_ended(self, child: Child, reason: Any) -> Any:
        if child.spec.id not in self._leaving:
            return await super()._child_ended(child, reason)
        self._table.moved_out(child, reason, current().node.clock.now())
        return self._left(child)

    # --- for those who look -----------------------------------------------------------------------------

    def _describe(self) -> str:
        return f"pool {self._balancer.strategy}" if hasattr(self, "_balancer") else "pool"


def _id(child: Child) -> int:
    id: int = child.spec.id
    return id


def whole(number: Any, least: int, what: str) -> int:
    """A whole number, or the asker's error."""
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise ValueError(f"pool: expected {what} to be a whole number, {least} or more, got {number!r}")
    return number


def _lasting(spec: ChildSpec) -> ChildSpec:
    """A pool keeps its size, so whoever ends is replaced."""
    if spec.restart != "permanent":
        raise ValueError(f"pool: expected workers with restart='permanent', got {spec.restart!r}; resize it instead")
    return spec


def _send_off(pid: Pid) -> None:
    """Have it end after all that is in its mailbox: the request to do so is the last there."""
    me = current()
    process = me.node.local(pid)
    if process is not None:
        process.body.wind_up(process, me.pid, me.node.make_ref(), "shutdown")
