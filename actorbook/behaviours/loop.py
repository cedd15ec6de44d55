"""The loop that servers and state machines share: start, take turns, run callbacks, obey `sys`, end.

Plain `def` callbacks run right in the turn. A callback that is a coroutine is stepped, and until it is done
the process handles no other message (rule ASY-03). What a message means, and what a result says, is the
business of the subclasses (`server`, `statem.body`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

from ..core.coroutines import steppable
from ..core.dest import is_via, whereis
from ..core.ids import Pid, Ref
from ..core.isolation import isolate
from ..core.messages import EXIT
from ..core.native import mypyc_attr
from ..core.process import Body, ChildView, Description, Process, described
from ..core.reasons import is_orderly, reason_of
from ..core.stepper import Stepper
from . import system
from .attributes import attributes, put
from .code import own_copies
from .debug import Debug, Happening
from .protocol import Caller, System, answer
from .report import crash_report, shaped
from .results import NONE, Fail, Ignore, Stop

__all__ = ["NO_KEYWORDS", "After", "LoopBody", "Started"]

NO_KEYWORDS: Final[dict[str, Any]] = {}  # one for all, so that nobody pays for what is hardly ever there

After = Callable[[Any, BaseException | None], None]


class Started(NamedTuple):
    """What a starting process tells its starter."""

    ok: bool
    value: Any


@mypyc_attr(allow_interpreted_subclasses=True)
class LoopBody(Body):
    """One process with callbacks: the user's object (`server`), and where its loop stands."""

    __slots__ = (
        "_args", "_kwargs", "_last", "_process", "_via", "cls", "debug", "parent", "server", "starter",
    )  # fmt: skip

    def __init__(
        self, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], parent: Pid | None, name: Any = None
    ) -> None:
        self.cls = cls
        self.parent = parent
        self.server: Any = None
        self.starter: Caller | None = None
        self.debug: Debug | None = None
        self._args = args
        self._kwargs = kwargs
        self._via = name if is_via(name) else None
        self._process: Process | None = None
        self._last: Any = NONE

    # --- what subclasses say ----------------------------------------------------------------------------

    def handle_next(self, process: Process) -> bool:
        """Handle what comes next; False when there is nothing."""
        raise NotImplementedError  # pragma: no cover

    def dispatch(self, process: Process, message: Any) -> None:
        """Do what a message from the mailbox asks for."""
        raise NotImplementedError  # pragma: no cover

    def begin(self, result: Any) -> bool:
        """`init` gave this result: go on with it, or False when it means nothing to this kind of process."""
        raise NotImplementedError  # pragma: no cover

    def make(self) -> Any:
        """The user's object."""
        return self.cls()

    def more(self) -> tuple[Any, ...]:
        """What `terminate`, `handle_continue` and the message `"timeout"` come with, beside their own arguments."""
        return ()

    def accepted(self) -> None:
        """The result of `init` makes sense: the starter is told before anything else happens."""
        self._tell_starter(True, self._process.pid if self._process is not None else None)

    # --- turns ------------------------------------------------------------------------------------------

    def run(self, process: Process) -> None:
        """Begin, or handle a bounded number of messages."""
        if self._process is None:
            self._init(process)
        for _ in range(process.node.budget):
            if not self._free(process) or not self.handle_next(process):
                return
        process.node.scheduler.ready(process)

    def _free(self, process: Process) -> bool:
        """True when nothing stands in the way of the next message."""
        return process.stepper is None and not process.ended and not process.halted

    def run_suspended(self, process: Process) -> None:
        """Halted: a callback that had begun goes on when only suspended; then system messages, the parent's exit."""
        if process.stepper is not None:
            if not process.held:
                process.stepper.step()
            return
        if self._process is None or process.mailbox is None:
            return
        found, message = process.mailbox.take(self._obeyed, 0)
        if found:
            process.handled += 1
            self.dispatch(process, message)
            process.node.scheduler.ready(process)

    def _obeyed(self, message: Any) -> bool:
        return isinstance(message, System) or self.from_parent(message)

    def from_parent(self, message: Any) -> bool:
        """True for the exit of the parent, which ends a process that traps exits (rules GEN-24, FSM-26)."""
        return isinstance(message, EXIT) and message.pid is self.parent

    def system(self, process: Process, message: System) -> None:
        """Answer a request of `ab.sys`, or of a parent."""
        system.handle(self, process, message)

    # --- callbacks --------------------------------------------------------------------------------------

    def invoke(self, callback: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], after: After) -> None:
        """Run a callback; `after` gets its result, at once for a `def`, later for an `async def`.

        When the callback ended its own process, nothing comes after it.
        """
        process = self._process
        assert process is not None
        try:
            result = callback(*args, **kwargs) if kwargs else callback(*args)
        except BaseException as error:
            if not process.ended:
                after(None, error)
        else:
            self.returned(process, result, after)

    def returned(self, process: Process, result: Any, after: After) -> None:
        """A callback has returned: that is its result, or a coroutine that is to be stepped."""
        body = steppable(result)
        if body is not None:
            process.stepper = Stepper(process, body, partial(self._finish, after))
            process.stepper.step()
        elif not process.ended:
            after(result, None)

    def _finish(self, after: After, result: Any, error: BaseException | None) -> None:
        """An async callback is done: go on with the mailbox."""
        assert self._process is not None
        if not self._process.ended:
            after(result, error)
            self._process.node.scheduler.ready(self._process)

    def respond(self, caller: Caller, value: Any) -> bool:
        """Send a copy of a reply; one that cannot be copied is this process's error: False."""
        assert self._process is not None
        try:
            copy = isolate(value)
            if self.debug is not None:
                self.note(Happening("out", "reply", copy, caller.pid))
            answer(self._process.node, caller, copy)
        except TypeError as error:  # to another node some values cannot travel
            self.fail(error)
            return False
        return True

    def note(self, happening: Happening) -> None:
        """Tell those who debug this process; callers look first whether there is anyone."""
        if self.debug is not None and self._process is not None:
            self.debug.see(happening, self._process)

    # --- the start --------------------------------------------------------------------------------------

    def _init(self, process: Process) -> None:
        self._process = process
        self.server = self.make()
        if copies := own_copies(self.cls):
            vars(self.server).update(copies)
        args, kwargs, self._args, self._kwargs = self._args, self._kwargs, (), NO_KEYWORDS
        begin = partial(self.invoke, self.server.init, args, kwargs, self._after_init)
        if self._via is None:
            begin()
        else:  # before `init` runs, and perhaps it takes a while: the whole cluster is asked
            _, names, term = self._via
            self.invoke(names.register_name, (term, process.pid), NO_KEYWORDS, partial(self._after_register, begin))

    def _after_register(self, begin: Callable[[], None], given: Any, error: BaseException | None) -> None:
        """When another one was faster to take the name, that one is the answer (GEN-01)."""
        assert self._process is not None
        if error is not None:
            self._refuse(reason_of(error))
        elif given:
            begin()
        else:
            self._decline(("already_started", whereis(self._via, self._process.node)))

    def _after_init(self, result: Any, error: BaseException | None) -> None:
        if error is not None:
            self._refuse(reason_of(error))
        elif isinstance(result, Ignore):
            self._tell_starter(True, None)
            self._refuse("normal")
        elif isinstance(result, Fail):
            self._decline(result.reason)
        elif isinstance(result, Stop):
            self._refuse(result.reason)
        elif not self.begin(result):
            self._refuse(("bad_return_value", result))

    def _tell_starter(self, ok: bool, value: Any) -> None:
        starter, self.starter = self.starter, None
        if starter is not None and self._process is not None:
            answer(self._process.node, starter, Started(ok, value))

    def _decline(self, reason: Any) -> None:
        """The start failed, yet nothing crashed: the starter is told, the process ends normally."""
        self._tell_starter(False, reason)
        self._refuse("normal")

    def _refuse(self, reason: Any) -> None:
        """There will be no start: end, and spare a starter that traps exits the signal, since it is told.

        Rules GEN-04.
        """
        process = self._process
        assert process is not None
        starter = process.node.local(self.parent) if self.parent is not None else None
        if starter is not None and (starter.trap_exit or starter is process.node.shell):
            process.node.exits.unlink(process, starter.pid)
        process.node.end(process, reason)

    # --- the end ----------------------------------------------------------------------------------------

    def fail(self, error: BaseException) -> None:
        """A callback raised."""
        self.terminate(reason_of(error))

    def terminate(self, reason: Any, caller: Caller | None = None, reply: Any = NONE) -> None:
        """Run `terminate`, then reply, then end (GEN-12, GEN-22); its own failure is the reason (GEN-27)."""

        def ended(result: Any, error: BaseException | None) -> None:
            self._end(reason if error is None else reason_of(error), caller, reply)

        self.invoke(self.server.terminate, (reason, *self.more()), {}, ended)

    def _end(self, reason: Any, caller: Caller | None, reply: Any) -> None:
        process = self._process
        assert process is not None
        if caller is not None and reply is not NONE:
            answer(process.node, caller, isolate(reply))
        if not is_orderly(reason):
            process.node.log(process, crash_report(self, reason, self._last))
        process.node.end(process, reason)

    def wind_up(self, process: Process, asker: Pid, ref: Ref, reason: Any) -> None:
        """Ask the loop to terminate, which a signal from anyone but the parent would not do (rule SUP-42)."""
        process.put(System(Caller(asker, ref), "terminate", reason))

    # --- new code ---------------------------------------------------------------------------------------

    def save(self, cls: Any) -> dict[str, Any]:
        """The attributes, to be put back when the `code_change` of `cls` fails: copies where it may touch them."""
        now = attributes(self.server)
        return now if cls._harmless_change() else {name: _copy(value) for name, value in now.items()}

    def restore(self, saved: Any) -> None:
        """The change failed: put back what `save` gave."""
        put(self.server, saved)

    def accept_change(self, result: Any) -> Any:
        """What `code_change` returned: None, or all attributes as a dict; else the reason to refuse it."""
        if isinstance(result, dict):
            self.restore(result)
        return None if result is None or isinstance(result, dict) else ("bad_return_value", result)

    # --- for those who look -----------------------------------------------------------------------------

    def visible_state(self) -> Any:
        """The state as `sys.get_state` shows it: a copy."""
        return system.copy_of_state(self.server)

    def replace_state(self, function: Callable[[Any], Any]) -> Any:
        """Put `function(state)` in place of the state; what it raises leaves everything as it was."""
        return system.replace_attributes(self.server, function)

    def status(self) -> dict[str, Any]:
        """What `format_status` may shape: the state as it is, not a copy."""
        return {"state": attributes(self.server)}

    def state(self) -> Any:
        """The state as the inspector shows it: shaped by `format_status`, still to be copied."""
        return shaped(self.server, self.status())["state"] if self.server is not None else {}

    def busy(self) -> bool:
        """A callback has begun and waits for something."""
        return self._process is None or self._process.stepper is not None

    def program(self) -> Any:
        """The class."""
        return self.cls

    def describe(self) -> Description:
        """The class; supervisors add how they supervise."""
        kind: str = self.cls._kind  # type: ignore[attr-defined]
        return described(kind, self.cls.__name__, self._look("_describe", ""))

    def children(self) -> Iterator[ChildView] | None:
        """A supervisor's children."""
        return self._look("_child_views", None)  # type: ignore[no-any-return]

    def child_count(self) -> int:
        """How many."""
        return int(self._look("_child_count", 0))

    def intensity(self) -> tuple[int, float, tuple[float, ...]] | None:
        """A supervisor's restart limit and recent restarts."""
        return self._look("_intensity", None)  # type: ignore[no-any-return]

    def _look(self, name: str, default: Any) -> Any:
        look = getattr(self.server, name, None) if self.server is not None else None
        return default if look is None else look()


def _copy(value: Any) -> Any:
    """A copy where one can be had."""
    try:
        return isolate(value)
    except TypeError:
        return value
