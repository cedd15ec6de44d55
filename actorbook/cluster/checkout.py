"""Having a worker of a pool for oneself for a while: the client's side of `ab.Pool.checkout`."""

from __future__ import annotations

from ..behaviours import protocol
from ..behaviours.admin import Ask, No
from ..core.dest import Dest
from ..core.errors import CallExit, PoolFullError
from ..core.ids import Pid, Ref
from ..core.running import current

__all__ = ["Checkin", "Checkout"]


class Checkin:
    """To the pool: the lease with this token is over, or is not wanted any more."""

    __slots__ = ("token",)

    def __init__(self, token: Ref) -> None:
        self.token = token

    def __repr__(self) -> str:
        return f"Checkin({self.token!r})"


class Checkout:
    """A lease to come: `async with` waits for a worker, and gives it back at the end, whatever happens."""

    def __init__(self, pool: Dest, timeout: float | None) -> None:
        self._pool = pool
        self._timeout = timeout
        self._token: Ref | None = None

    async def __aenter__(self) -> Pid:
        if self._token is not None:
            raise RuntimeError("checkout: this one is in use; call ab.Pool.checkout(pool) for each `async with`")
        self._token = token = current().node.make_ref()
        try:
            return await self._ask(token)
        except BaseException:
            self._give_back()  # it may be on its way already
            raise

    async def _ask(self, token: Ref) -> Pid:
        try:
            answer: Pid | No = await protocol.call(self._pool, Ask("checkout", token), self._timeout)
        except CallExit as error:
            if error.reason != "timeout":
                raise
            text = f"checkout: no worker of {self._pool!r} was free within {self._timeout} s"
            raise CallExit("timeout", text) from None
        if isinstance(answer, No):
            raise PoolFullError(answer.text)
        return answer

    async def __aexit__(self, *exc: object) -> None:
        self._give_back()

    def _give_back(self) -> None:
        token, self._token = self._token, None
        if token is not None:
            protocol.tell(self._pool, Checkin(token))
