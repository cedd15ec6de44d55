"""`@ab.call` and `@ab.cast`: methods of a class that become methods of its processes' pids.

A call is awaited and returns what the method returns; a cast returns at once and nothing. The pid knows them
by the class of the living process, so completion and signatures work. On a `GenStateMachine` a marked method only
declares an event, and the states handle it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import lru_cache
from math import inf
from typing import Any, TypeVar

from ..core.errors import CallExit
from ..core.ids import Pid
from ..core.running import current_node
from . import protocol
from .results import NONE

__all__ = ["call", "cast", "check_names", "inherit_marks", "marked", "methods_of", "signature_of"]

_F = TypeVar("_F", bound=Callable[..., Any])
_MARK = "__actorbook__"


def call(method: _F) -> _F:
    """Mark a method as a call: `await pid.method(…)` runs it in the server and returns its result.

    It may return `Reply`, `NoReply`, `Stop` as `handle_call` does; anything else is the reply. Raises
    `CallExit`. `await pid.method(…, timeout=60)` waits that many seconds for the answer instead of five, unless the
    method has a `timeout` of its own: then that one is meant.
    """
    setattr(method, _MARK, "call")
    return method


def cast(method: _F) -> _F:
    """Mark a method as a cast: `pid.method(…)` sends the request and goes on; a dead server is no error."""
    setattr(method, _MARK, "cast")
    return method


def marked(function: Any) -> str | None:
    """`"call"`, `"cast"` or None."""
    return getattr(function, _MARK, None)


def inherit_marks(cls: type) -> None:
    """A method that takes the place of a marked one is marked as that was, as a subclass would expect."""
    for name, function in vars(cls).items():
        kind = next((mark for base in cls.__mro__[1:] if (mark := marked(vars(base).get(name)))), None)
        if kind is not None and callable(function) and marked(function) is None:
            setattr(function, _MARK, kind)


def methods_of(cls: type) -> dict[str, Any]:
    """The marked methods of a class, by name."""
    return {
        name: function for name in dir(cls) if not name.startswith("_") and marked(function := getattr(cls, name, None))
    }


def check_names(cls: type) -> None:
    """A marked method with the name of something that every pid has could never be called: say so now."""
    for name, function in vars(cls).items():
        if marked(function) and hasattr(Pid, name):
            raise TypeError(f"{cls.__name__}: expected another name for the method {name!r}, which pids have already")


class _NoAnswer:
    """What a method of a dead pid returns: as a cast it is nothing, awaited it is `noproc`."""

    def __init__(self, pid: Pid, name: str) -> None:
        self._text = f"call failed: {pid!r}.{name}(…): the process is not alive"

    def __await__(self) -> Generator[Any, Any, Any]:
        yield from ()
        raise CallExit("noproc", self._text)

    def __repr__(self) -> str:
        return f"<{self._text}>"


class _PidMethods:
    """How a pid finds its methods."""

    def _class(self, pid: Pid) -> type | None:
        node = current_node()
        process = node.local(pid)
        if process is None:
            return None if pid.home is node.home else node.transport.class_of(pid)
        return getattr(process.body, "cls", None)

    def names(self, pid: Pid) -> list[str]:
        """The methods for completion."""
        try:
            cls = self._class(pid)
        except RuntimeError:
            return []
        return [] if cls is None else list(methods_of(cls))

    def method(self, pid: Pid, name: str) -> Callable[..., Any]:
        """The method as a function of the pid."""
        cls = self._class(pid)
        if cls is None and current_node().local(pid) is None:
            return lambda *args, **kwargs: _NoAnswer(pid, name)
        function = None if cls is None else getattr(cls, name, None)
        kind = marked(function)
        if kind is None:
            raise AttributeError(self._unknown(pid, cls, name))
        return (_Ask if kind == "call" else _Tell)(pid, name, function, cls)

    def _unknown(self, pid: Pid, cls: type | None, name: str) -> str:
        if cls is None:
            return f"{pid!r} has no method {name!r}: it runs a plain function; send it a message"
        known = ", ".join(sorted(methods_of(cls))) or "none"
        hint = "mark it with @ab.call or @ab.cast" if hasattr(cls, name) else f"there are: {known}"
        return f"{pid!r} ({cls.__name__}) has no method {name!r} marked as call or cast; {hint}"


class _Method:
    """A marked method of a pid, with the method's own name, text and signature for those who ask."""

    __slots__ = ("__name__", "_cls", "_function", "_pid")

    def __init__(self, pid: Pid, name: str, function: Any, cls: Any) -> None:
        self._pid = pid
        self._function = function
        self._cls = cls
        self.__name__ = name

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        doc: str | None = self._function.__doc__
        return doc

    @property
    def __signature__(self) -> Any:
        return signature_of(self._function)

    def _request(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        least, most = _positional(self._function)
        if kwargs or not least <= len(args) <= most:
            _check_arguments(self._pid, self.__name__, self._function, args, kwargs)
        return self._cls._request(self.__name__, args, kwargs)

    def __repr__(self) -> str:
        return f"<{self._pid!r}.{self.__name__}{self.__signature__}>"


async def _answer(pid: Pid, request: Any, timeout: float | None) -> Any:
    """A coroutine, as tasks want one, that asks when it is awaited."""
    return await protocol.ask(pid, request, timeout)


class _Ask(_Method):
    __doc__ = vars(_Method)["__doc__"]  # a call: awaits the answer for up to `timeout` seconds

    __slots__ = ()

    def __call__(self, *args: Any, timeout: float | None = NONE, **kwargs: Any) -> Any:
        if timeout is not NONE and "timeout" in signature_of(self._function).parameters:
            kwargs["timeout"], timeout = timeout, NONE  # the method's own comes first, as the signature says
        seconds = self._cls._patience if timeout is NONE else timeout
        return _answer(self._pid, self._request(args, kwargs), seconds)


class _Tell(_Method):
    __doc__ = vars(_Method)["__doc__"]  # a cast: sends and goes on

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        protocol.tell(self._pid, self._request(args, kwargs))


@lru_cache(maxsize=1024)
def signature_of(function: Any) -> Any:
    """A method's signature without `self`."""
    from inspect import signature

    whole = signature(function)
    return whole.replace(parameters=list(whole.parameters.values())[1:])


def _check_arguments(pid: Pid, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Arguments that do not fit are the caller's mistake, so the caller is told and no server crashes."""
    try:
        signature_of(function).bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{pid!r}.{name}{signature_of(function)}: {error}") from None


@lru_cache(maxsize=1024)
def _positional(function: Any) -> tuple[int, float]:
    """How many positional arguments surely fit, `self` left out: at least and at most."""
    parameters = list(signature_of(function).parameters.values())
    if any(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in parameters):
        return 1, 0
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    most = inf if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(places)
    return sum(p.default is p.empty for p in places), most


Pid._api = _PidMethods()
