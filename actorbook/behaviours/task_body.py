"""What a task's process runs: one function, whose value goes to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.bodies import FunctionBody, name_of
from ..core.ids import Ref
from ..core.isolation import isolate
from ..core.process import Description, Process, described
from ..core.reasons import is_orderly, reason_of
from .protocol import Caller, answer
from .report import end_report

__all__ = ["TaskBody", "spawn_task"]


class TaskBody(FunctionBody):
    """Runs the function, sends `(ref, value)` to the alias `ref` if there is one, and ends normally (TSK-01).

    `ref` is an alias of the owner that lasts as long as the owner watches: one that gave up hears nothing.
    """

    __slots__ = ("ref",)

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        super().__init__(function, args)
        self.ref: Ref | None = None

    def _end(self, result: Any, error: BaseException | None) -> None:
        process = self._process
        assert process is not None
        reason = reason_of(error) if error is not None else self._tell(process, result)
        if not is_orderly(reason):
            process.node.log(process, end_report(reason))
        process.node.end(process, reason)

    def _tell(self, process: Process, result: Any) -> Any:
        """Send a copy of the result; returns the reason to end with: one that cannot be copied is a failure."""
        if self.ref is None:
            return "normal"
        try:
            answer(process.node, Caller(process.pid, self.ref), isolate(result))
        except TypeError as error:
            return reason_of(error)
        return "normal"

    def describe(self) -> Description:
        """The function's name."""
        return described("task", name_of(self._function), "task")


def spawn_task(
    parent: Process, fn: Callable[..., Any], args: tuple[Any, ...], *, link: bool
) -> tuple[Process, TaskBody]:
    """Make the process of a task; it does nothing before the caller's turn is over."""
    body = TaskBody(check_function(fn), tuple(map(isolate, args)))
    return parent.node.spawn(body, parent=parent, link=link), body


def check_function(fn: Any) -> Callable[..., Any]:
    """Something to run, or the caller's error."""
    if not callable(fn):
        raise TypeError(f"Task: expected a function, got {fn!r}; pass the function itself, its arguments after it")
    function: Callable[..., Any] = fn
    return function
