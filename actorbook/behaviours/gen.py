"""What `GenServer` and `GenStateMachine` have in common: starting, child specs, and requests. OTP's module `gen`."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from ..core.dest import Name
from ..core.ids import Pid
from ..core.isolation import ATOMS, isolate, isolate_all
from ..core.mailbox import Mailbox, limit_of
from . import protocol, requests
from .child_spec import ChildSpec, Restart, Shutdown
from .loop import LoopBody
from .methods import check_names, inherit_marks
from .start import start as _start
from .upgrade import announce

__all__ = ["Behaviour"]


class Behaviour:
    """A class whose processes run callbacks. Subclasses name their loop (`_body`) and how they are drawn (`_kind`)."""

    _kind: ClassVar[str]
    _body: ClassVar[type[LoopBody]]
    _patience: ClassVar[float | None] = 5.0  # seconds that a method of the pid awaits its answer, unless told
    mailbox: ClassVar[Mailbox | int | None] = None
    """How many messages may wait, and what becomes of one more; see `Mailbox`. None: no limit."""
    hibernate_after: ClassVar[float | None] = None
    """Seconds without a message after which the process hibernates (rule GEN-32); None: only when told."""
    redact: ClassVar[AbstractSet[str]] = frozenset()
    """Attributes that no picture, `sys.get_status` or crash report may show, such as `{"password"}`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        inherit_marks(cls)
        check_names(cls)
        announce(cls)

    @classmethod
    def _harmless_change(cls) -> bool:
        """True when `code_change` cannot leave the attributes half changed."""
        return cls.code_change is Behaviour.code_change

    @classmethod
    def _request(cls, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a marked method of the pid sends: a copy."""
        return protocol.Invoke(method, isolate_all(args), isolate(kwargs) if kwargs else kwargs)

    # --- callbacks --------------------------------------------------------------------------------------

    def terminate(self, reason: Any) -> Any:
        """Clean up; runs when the process ends by itself or by its parent, not when it is killed.

        Rules GEN-22, GEN-23.
        """

    def code_change(self, old: Any) -> Any:
        """Adapt the attributes when the class was defined anew (rules UPG-01 to UPG-03).

        It runs in the new code; `self` still has the attributes that the old code left, and `old` a copy of
        them (`old.n`), the old class's `vsn` if it has one, and the `extra` of `sys.change_code`. Change
        `self` and return None, or return all attributes as a dict. When it raises, old code and state stay.
        """

    def format_status(self, status: dict[str, Any]) -> dict[str, Any]:
        """What others may see of `status["state"]` and, in a crash report, `"message"` and `"reason"`.

        Shapes `sys.get_status`, crash reports and the inspector, so secrets can be left out (rule GEN-33).
        Return the dict, changed. When it fails nothing of the state is shown, and the process is not harmed.
        To hide single attributes it is enough to name them: `redact = {"password"}` in the body of the class.
        """
        return status

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def start(
        cls,
        *args: Any,
        name: Name | None = None,
        node: str | None = None,
        timeout: float | None = None,
        mailbox: Mailbox | int | None = None,
        **kwargs: Any,
    ) -> Pid | None:
        """Start a process, unlinked; returns its pid when `init(*args, **kwargs)` has returned (rule GEN-01).

        Returns None when `init` returned `Ignore()`. Raises `StartError` when it failed, when the name is
        taken (`reason` is `("already_started", pid)`), or after `timeout` seconds (the half-started process
        is killed). `mailbox`, a `Mailbox` or its limit, goes before what the class says.
        """
        return await _start(cls, args, kwargs, name=name, node=node, link=False, timeout=timeout, mailbox=mailbox)

    @classmethod
    async def start_link(
        cls,
        *args: Any,
        name: Name | None = None,
        node: str | None = None,
        timeout: float | None = None,
        mailbox: Mailbox | int | None = None,
        **kwargs: Any,
    ) -> Pid | None:
        """As `start`, linked to the calling process, its parent: how supervisors start their children."""
        return await _start(cls, args, kwargs, name=name, node=node, link=True, timeout=timeout, mailbox=mailbox)

    @classmethod
    async def start_many(cls, items: Iterable[Any] | int, *, link: bool = False) -> list[Pid]:
        """Start a process for each item, `init(item)`, or so many of them, `init()`; returns their pids in order.

        Faster than one `start` after the other, for crowds: other processes go on meanwhile, a notebook shows
        how far it is, and interrupting it kills those that have started. So does one that fails to start:
        then `StartError` tells why. One that chose to be ignored is left out.

        >>> import actorbook as ab
        >>> class Sheep(ab.GenServer):
        ...     def init(self, number):
        ...         self.number = number
        >>> flock = await Sheep.start_many(range(1000))
        >>> (await ab.sys.get_state(flock[999])).number
        999
        """
        from .crowd import start_many

        return await start_many(cls, items, link=link)

    @classmethod
    def child_spec(
        cls,
        *args: Any,
        id: Any = None,
        name: Name | None = None,
        restart: Restart = "permanent",
        shutdown: Shutdown = None,
        significant: bool = False,
        mailbox: Mailbox | int | None = None,
        **kwargs: Any,
    ) -> ChildSpec:
        """How a supervisor is to start this class with these arguments; `id` is the name, else the class.

        `mailbox` is that of `start`, at every restart.

        >>> import actorbook as ab
        >>> ab.GenServer.child_spec(id="a").id
        'a'
        """
        given = {"name": name, "mailbox": limit_of(mailbox)}
        return ChildSpec(
            id=id if id is not None else name if name is not None else cls.__name__,
            start=(
                cls.start_link,
                args,
                {**kwargs, **{key: value for key, value in given.items() if value is not None}},
            ),
            restart=restart,
            shutdown=shutdown,
            type="supervisor" if cls._kind == "supervisor" else "worker",
            modules=(cls.__name__,),
            significant=significant,
        )

    # --- talking ----------------------------------------------------------------------------------------

    @staticmethod
    def cast(dest: Any, request: Any) -> None:
        """Send `request` to `dest` as a cast; waits for nothing, and nobody there is no error.

        Rule GEN-16.
        """
        protocol.tell(dest, request if type(request) in ATOMS else isolate(request))

    @staticmethod
    def reply(caller: protocol.Caller, value: Any) -> None:
        """Answer a call that was left open, from any process (rule GEN-11)."""
        protocol.reply(caller, value)

    send_request = staticmethod(requests.send_request)
    check_response = staticmethod(requests.check_response)
    wait_response = staticmethod(requests.wait_response)
    receive_response = staticmethod(requests.receive_response)
    multi_call = staticmethod(requests.multi_call)
    abcast = staticmethod(requests.abcast)
