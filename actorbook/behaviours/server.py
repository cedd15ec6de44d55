"""What a message means to a `GenServer`, and what a result of its callbacks says (rules GEN-06 to GEN-32)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..core.ids import Pid
from ..core.isolation import ATOMS
from ..core.native import mypyc_attr
from ..core.process import Process
from .debug import Happening
from .loop import LoopBody
from .methods import marked
from .protocol import Call, Caller, Cast, Invoke, System, answer
from .results import NONE, Continue, Hibernate, NoReply, Reply, Stop, Then, Timeout, Value, is_result
from .silence import Rest, Silence

__all__ = ["ServerBody"]


@mypyc_attr(allow_interpreted_subclasses=True)
class ServerBody(LoopBody):
    """The loop of one server."""

    __slots__ = ("_caller", "_continue", "_rest", "_silence")

    def __init__(
        self, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], parent: Pid | None, name: Any = None
    ) -> None:
        super().__init__(cls, args, kwargs, parent, name)
        self._caller: Caller | None = None
        self._continue: Continue | None = None
        self._silence: Silence | None = None
        self._rest: Rest | None = None

    # --- messages ---------------------------------------------------------------------------------------

    def run(self, process: Process) -> None:
        """Begin, or handle a bounded number of messages.

        The loop of the superclass with calls and casts taken out of the mailbox right here, as long as the server
        waits for nothing else: that is nearly always, and each call saved is a tenth of a cast.
        """
        if self._process is None:
            self._init(process)
        for _ in range(process.node.budget):
            if process.stepper is not None or process.ended or process.halted:
                return
            box = process.mailbox
            if box and self._continue is None and self._silence is None and self._rest is None:
                message = box.popleft()
                process.handled += 1
                kind = type(message)
                if kind is Cast:
                    self._cast(process, message.request)
                elif kind is Call:
                    self._call(process, message.caller, message.request)
                else:
                    self.dispatch(process, message)
            elif not self.handle_next(process):
                return
        process.node.scheduler.ready(process)

    def handle_next(self, process: Process) -> bool:
        """Handle what comes next: a continue, then the mailbox, then silence. False when there is nothing."""
        if self._continue is not None:
            value, self._continue = self._continue.value, None
            self.invoke(self.server.handle_continue, (value, *self.more()), {}, self._after_info)
            return True
        if process.mailbox:
            message = process.mailbox.popleft()
            process.handled += 1
            self.dispatch(process, message)
            return True
        process.idle()
        self._last, self._caller = NONE, None  # an idle server keeps no request alive
        if self._silence is not None and self._silence.lasted():
            self._spoken()
            self.invoke(self.server.handle_info, ("timeout", *self.more()), {}, self._after_info)
            return True
        if self.cls.hibernate_after is not None:  # type: ignore[attr-defined]
            self._rest = self._rest or Rest()
            self._rest.idle(process, self.cls.hibernate_after)  # type: ignore[attr-defined]
        return False

    def dispatch(self, process: Process, message: Any) -> None:
        """Do what a message asks for."""
        kind = type(message)
        if kind is System:
            self.system(process, message)
            if self._silence is not None:
                self._silence.start_anew(process)
            return
        if self._silence is not None or self._rest is not None:
            self._spoken()
        if kind is Call:
            self._call(process, message.caller, message.request)
        elif kind is Cast:
            self._cast(process, message.request)
        elif self.from_parent(message):
            self.terminate(message.reason)
        else:
            self._info(message)

    def _spoken(self) -> None:
        """Somebody spoke: neither silence nor rest any more."""
        if self._silence is not None:
            self._silence.broken()
        if self._rest is not None:
            self._rest.broken()
        self._silence = self._rest = None

    def handling(self) -> Any:
        """The message that is being handled."""
        return self._last

    def _call(self, process: Process, caller: Caller, request: Any) -> None:
        """Have a call handled; a plain value that it returns is the answer, and needs no more thought."""
        self._last = request
        self._caller = caller
        if self.debug is not None:
            self.note(Happening("in", "call", request, caller.pid))
        try:
            if type(request) is Invoke:
                result = self._marked(request.method)(*request.args, **request.kwargs)
            else:
                result = self.server.handle_call(request, caller)
        except BaseException as error:
            if not process.ended:
                self.fail(error)
            return
        if type(result) in ATOMS and self.debug is None and not process.ended:
            answer(process.node, caller, result)
        else:
            self.returned(process, result, self._after_call)

    def _cast(self, process: Process, request: Any) -> None:
        """Have a cast handled."""
        self._last = request
        if self.debug is not None:
            self.note(Happening("in", "cast", request, None))
        if type(request) is Invoke:
            self.invoke(self._marked(request.method), request.args, request.kwargs, self._after_method)
            return
        try:
            result = self.server.handle_cast(request)
        except BaseException as error:
            if not process.ended:
                self.fail(error)
            return
        if result is not None:
            self.returned(process, result, self._after_info)

    def _info(self, message: Any) -> None:
        self._last = message
        if self.debug is not None:
            self.note(Happening("in", "info", message, None))
        self.invoke(self.server.handle_info, (message,), {}, self._after_info)

    def _marked(self, name: str) -> Callable[..., Any]:
        """A method that others may call; the class may have changed since they looked."""
        method: Callable[..., Any] | None = getattr(self.server, name, None)
        return method if method is not None and marked(method) else partial(_refuse_method, self.cls, name)

    # --- results ----------------------------------------------------------------------------------------

    def begin(self, result: Any) -> bool:
        """`init` is done."""
        if result is not None and not isinstance(result, Continue | Timeout | Hibernate):
            return False
        self.accepted()
        self._then(result)
        return True

    def _after_call(self, result: Any, error: BaseException | None) -> None:
        """A call was handled; no other message was meanwhile, so its caller is still known."""
        caller = self._caller
        assert caller is not None
        if error is not None:
            self.fail(error)
        elif not isinstance(result, Value):
            self.respond(caller, result)
        elif isinstance(result, Reply):
            if self.respond(caller, result.value):
                self._then(result.then)
        elif isinstance(result, NoReply):
            self._then(result.then)
        elif isinstance(result, Stop):
            self.terminate(result.reason, caller, result.reply)
        elif is_result(result):
            self.terminate(("bad_return_value", result))
        else:
            self.respond(caller, result)

    def _after_info(self, result: Any, error: BaseException | None) -> None:
        if error is not None:
            self.fail(error)
        elif result is None:
            return
        elif isinstance(result, Stop):
            self.terminate(result.reason)
        elif isinstance(result, NoReply):
            self._then(result.then)
        elif isinstance(result, Continue | Timeout | Hibernate):
            self._then(result)
        else:
            self.terminate(("bad_return_value", result))

    def _after_method(self, result: Any, error: BaseException | None) -> None:
        """A method marked as cast: a plain value goes nowhere, as of any function called for its effect."""
        self._after_info(result if isinstance(result, Value) and is_result(result) else None, error)

    def _then(self, then: Then) -> None:
        assert self._process is not None
        if isinstance(then, Continue):
            self._continue = then
        elif isinstance(then, Timeout):
            self._silence = self._silence or Silence()
            self._silence.start(self._process, then.seconds)
        elif isinstance(then, Hibernate) and not self._process.mailbox:
            self._rest = self._rest or Rest()
            self._rest.asleep = True

    def dispose(self, process: Process) -> None:
        """Let a waiting callback go, and the timers."""
        self._spoken()
        super().dispose(process)

    def asleep(self) -> bool:
        """Hibernating: told to, or idle for `hibernate_after` (rule GEN-32)."""
        return self._rest is not None and self._rest.asleep


def _refuse_method(cls: type, name: str, *args: Any, **kwargs: Any) -> None:
    raise AttributeError(f"{cls.__name__}.{name} is not marked as call or cast")
