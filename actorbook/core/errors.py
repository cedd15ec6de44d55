"""Every error of the package: flat, each saying who is at fault and what to do next.

An error's text says what was expected, what was given, and the next step. `Exit` alone is a `BaseException`:
it is not a failure but the way for a process to end itself, and `except Exception` must not stop it.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "AlreadyRegisteredError",
    "AlreadyTrackedError",
    "CallExit",
    "ChildSpecError",
    "Exit",
    "InternalError",
    "MailboxFullError",
    "MessageError",
    "NameTakenError",
    "NoNodeError",
    "NoPresenceError",
    "NoProcessError",
    "PausedError",
    "PoolFullError",
    "StartError",
    "SupervisorError",
    "SysError",
    "TelemetryError",
    "TokenError",
    "UnknownKeyError",
    "UnknownNameError",
]


class Exit(BaseException):
    """Raise it in a process to end that process with `reason` (rule SIG-20, Erlang's `exit/1`).

    `finally` blocks run as for any exception. A linked process hears the reason as it is.
    """

    def __init__(self, reason: Any = "normal") -> None:
        super().__init__(reason)
        self.reason = reason


class CallExit(RuntimeError):
    """A call got no answer: `reason` is `"noproc"`, `"timeout"`, `"calling_self"` or the server's own.

    Or `"mailbox_full"`, where the server's has a limit (see `Mailbox`). Not caught, it ends the calling process
    with that reason (rules GEN-06 to GEN-09).
    """

    def __init__(self, reason: Any, text: str = "") -> None:
        super().__init__(text or f"call failed: {reason!r}")
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.reason, str(self))


class StartError(RuntimeError):
    """A process did not start: `reason` is what its `init` failed with, or `("already_started", pid)`.

    Rules GEN-01 to 05.
    """

    def __init__(self, reason: Any, text: str = "") -> None:
        super().__init__(text or f"start failed: {reason!r}")
        self.reason = reason


class SupervisorError(RuntimeError):
    """A supervisor refused, or did not start: `reason` as in the rules SUP-03 to SUP-49."""

    def __init__(self, reason: Any, text: str = "") -> None:
        super().__init__(text or f"supervisor: {reason!r}")
        self.reason = reason


class ChildSpecError(ValueError):
    """A child spec that no supervisor can use: the text names the field, `reason` is the word of SUP-04."""

    def __init__(self, reason: Any, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class SysError(RuntimeError):
    """A system request was refused or its function raised: nothing has changed in the process.

    Rules SYS-01, SYS-09.
    """

    def __init__(self, reason: Any, text: str = "") -> None:
        super().__init__(text or f"system request failed: {reason!r}")
        self.reason = reason


class MessageError(TypeError):
    """A message that cannot be copied, raised in the sender: send data, or wrap the object in `ab.share`."""


class MailboxFullError(RuntimeError):
    """A message found no room in a mailbox whose policy is `"fail"`, raised in the sender; `pid` is whose it is.

    Send less, have the messages answered, or wait for room with `await ab.offer(…)`. See `Mailbox`.
    """

    def __init__(self, text: str, pid: Any = None) -> None:
        super().__init__(text)
        self.pid = pid


class NameTakenError(ValueError):
    """A name that is taken, or a process that has one already (rule MBX-05)."""


class AlreadyRegisteredError(ValueError):
    """A key of a unique registry is taken, perhaps by the caller itself: `holder` is the pid that has it.

    Rule REG-01.
    """

    def __init__(self, holder: Any, text: str = "") -> None:
        super().__init__(text or f"register: the key is taken by {holder!r}")
        self.holder = holder
        self.reason = ("already_registered", holder)


class AlreadyTrackedError(ValueError):
    """This process is present under this key of this topic already: update it instead (rule CH-61)."""


class NoPresenceError(LookupError):
    """This process is not present under this key of this topic: track it first (rule CH-62)."""


class PoolFullError(RuntimeError):
    """All workers of a pool are out, and as many wait for one as may (`max_queue`): try later, or do without."""


class UnknownKeyError(LookupError):
    """Nothing is there under this key: no entry of the caller to update, or no metadata.

    Rules REG-09, REG-10.
    """


class TelemetryError(ValueError):
    """A handler id is taken or unknown: `reason` is `"already_exists"` or `"not_found"` (rule TEL-01)."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(text or f"telemetry: {reason}")
        self.reason = reason


class TokenError(ValueError):
    """A token that is no good: `reason` is `"invalid"`, `"expired"` or `"missing"`. Ask its bearer for another one."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(text or f"token: {reason}")
        self.reason = reason


class UnknownNameError(ValueError):
    """No process has this name (rule MBX-04): check `%actor names`, or use `whereis`, which answers None."""


class NoProcessError(ProcessLookupError):
    """A link to a process that is dead. Not caught, it ends the linking process with `"noproc"` (rule SIG-16)."""

    reason = "noproc"


class NoNodeError(RuntimeError):
    """There is no node here: run inside `async with ab.Node():`, or `%load_ext actorbook` in a notebook."""


class PausedError(RuntimeError):
    """A cell would wait while the runtime is paused: `ab.continue_()` first, or `ab.step()` until it is there."""


class InternalError(RuntimeError):
    """A bug in actorbook itself, never in your code: please report it with the text."""
