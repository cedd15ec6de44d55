"""The two plainest bodies: a function that runs once, and the shell, which is code that nobody steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .coroutines import steppable
from .native import mypyc_attr
from .process import Body, Description, Process, described
from .reasons import describe, reason_of
from .stepper import Stepper

__all__ = ["FunctionBody", "ShellBody", "name_of"]


def name_of(function: Callable[..., Any]) -> str:
    """What to call a function, wherever it was defined."""
    name: str = getattr(function, "__qualname__", None) or type(function).__name__
    return name.rpartition("<locals>.")[2]


@mypyc_attr(allow_interpreted_subclasses=True)
class FunctionBody(Body):
    """Runs `function(*args)`: a `def` in one turn, an `async def` step by step. Its return is a normal end.

    Rules SIG-20.
    """

    __slots__ = ("_args", "_function", "_process")

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self._function = function
        self._args = args
        self._process: Process | None = None

    def run(self, process: Process) -> None:
        """Begin; an `async def` goes on as the process's stepper."""
        self._process = process
        try:
            result = self._function(*self._args)
        except BaseException as error:
            self._end(None, error)
            return
        body = steppable(result)
        if body is None:
            self._end(result, None)
        else:
            process.stepper = Stepper(process, body, self._end)
            process.stepper.step()

    def _end(self, result: Any, error: BaseException | None) -> None:
        assert self._process is not None
        self._process.node.end(self._process, "normal" if error is None else reason_of(error))

    def busy(self) -> bool:
        """In the middle of a foreign wait; waiting for messages is no work."""
        stepper = None if self._process is None else self._process.stepper
        return stepper is not None and not stepper.at_rest()

    def program(self) -> Any:
        """The function."""
        return self._function

    def describe(self) -> Description:
        """The function's name."""
        return described("process", name_of(self._function))


class ShellBody(Body):
    """The process of code that is nobody's: cells of a notebook, the body of a script or a test.

    A signal that would end it is shown, and it lives on: a crash must never break the kernel.
    """

    __slots__ = ()

    def survives(self, process: Process, reason: Any) -> bool:
        """Say what happened and go on."""
        process.node.report(process, f"a linked process ended with {describe(reason)}; the shell goes on")
        return True

    def describe(self) -> Description:
        """The shell."""
        return Description("process", "shell")
