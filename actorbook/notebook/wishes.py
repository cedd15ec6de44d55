"""What a person asks of a process in Python's words: send, cast, call, another state, a fresh start.

The text is evaluated in the notebook's own namespace, as a cell would be. Whatever goes wrong comes back as one line.
"""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from ..behaviours import admin, protocol, sys
from ..behaviours.methods import marked, methods_of
from ..core.context import send
from ..core.errors import SupervisorError
from ..core.node import Node
from ..core.process import ChildView, Process
from ..core.served import class_of, server_of
from ..observe.family import Slot
from ..observe.nodes import find
from .inspector.values import short
from .picture import find_pid

__all__ = ["WISHES", "Wish", "grant", "restart"]


class Wish(NamedTuple):
    """What is asked of whom: the slot in the tree, arguments as they were typed, and the names that they may use."""

    node: Node
    pid: str
    slot: Slot | None
    args: Mapping[str, str]
    variables: dict[str, Any]

    def process(self) -> Process:
        """Whom it is about; `LookupError` when nobody is there."""
        process = find_pid(self.node, self.pid)
        if process is None:
            raise LookupError(f"{self.pid or 'this slot'} is not alive any more; choose its successor in the tree")
        return process

    @property
    def text(self) -> str:
        """What was typed."""
        return self.args.get("text", "").strip()


async def grant(name: str, wish: Wish) -> tuple[bool, str]:
    """Do it, and wait for what comes of it: `(worked, one line)`."""
    try:
        return True, await WISHES[name](wish)
    except Exception as error:  # noqa: BLE001  # what the user typed, or the process, may raise anything
        text = " ".join(str(error).split())
        return False, text if isinstance(error, LookupError | ValueError) else f"{type(error).__name__}: {text}"


def _value(text: str, variables: dict[str, Any]) -> Any:
    """What an expression means in the notebook."""
    if not text:
        raise ValueError("expected a Python expression, got nothing")
    try:
        code = compile(text, "<widget>", "eval")
    except SyntaxError as error:
        raise ValueError(f"expected a Python expression, got {text!r} ({error.msg})") from None
    return eval(code, variables)  # the person's own notebook


async def _send(wish: Wish) -> str:
    message = _value(wish.text, wish.variables)
    process = wish.process()
    send(process.pid, message)
    return f"sent {short(message)} to {process.title()}"


async def _cast(wish: Wish) -> str:
    process = wish.process()
    protocol.cast(process.pid, _request(process, wish))
    return f"cast {wish.text} to {process.title()}"


async def _call(wish: Wish) -> str:
    process = wish.process()
    answer = await protocol.call(process.pid, _request(process, wish), 5.0)
    return f"{process.title()} answered {wish.text} with {short(answer)}"


def _request(process: Process, wish: Wish) -> Any:
    """`add(5)` means the marked method of that name, anything else is the request itself."""
    cls = class_of(process)
    known = methods_of(cls) if cls is not None else {}
    call = _as_call(wish.text)
    if call is None or call.func.id not in known:  # type: ignore[attr-defined]
        return _value(wish.text, wish.variables)
    name: str = call.func.id  # type: ignore[attr-defined]
    args = [_value(ast.unparse(arg), wish.variables) for arg in call.args]
    kwargs = {word.arg: _value(ast.unparse(word.value), wish.variables) for word in call.keywords if word.arg}
    assert marked(known[name])
    return protocol.Invoke(name, tuple(args), kwargs)


def _as_call(text: str) -> ast.Call | None:
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
    return tree if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) else None


async def _put_state(wish: Wish) -> str:
    """`n = 5` sets attributes; an expression is the new state as a whole. `state` is a copy of the present one."""
    process = wish.process()

    if not wish.text:
        raise ValueError("expected an assignment such as n = 5, or the new state, got nothing")
    await sys.replace_state(process.pid, lambda state: _changed(state, wish))
    return f"{process.title()} has the new state"


def _changed(state: Any, wish: Wish) -> Any:
    """The state that the text makes of this one."""
    attributes = state[1] if isinstance(state, tuple) and len(state) == 2 and isinstance(state[1], dict) else state
    names = {**wish.variables, **(attributes if isinstance(attributes, dict) else {}), "state": state}
    try:
        return eval(compile(wish.text, "<widget>", "eval"), names)
    except SyntaxError:
        exec(compile(wish.text, "<widget>", "exec"), names)
    attributes.update({name: names[name] for name in _assigned(wish.text)})
    return state


def _assigned(text: str) -> set[str]:
    """The plain names that the statements assign to: attributes of the state."""
    targets = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name))
    return {node.id for node in targets if isinstance(node.ctx, ast.Store)}


async def _restart(wish: Wish) -> str:
    """Through its supervisor, so that it counts for nobody's limit; one known by its pid only is asked to end."""
    slot = wish.slot
    view = slot.view if slot is not None else None
    if slot is None or view is None:
        raise LookupError("no supervisor would start it again; only children of a supervisor can be restarted")
    supervisor = _supervisor_of(wish, slot)
    return await _fresh(supervisor, view, None if _known_by_id(supervisor) else wish.process())


async def restart(process: Process) -> str:
    """Start a child of a supervisor again, by the supervisor's own hand: that counts for nobody's limit."""
    supervisor = find(process.node, process.parent) if process.parent is not None else None
    views = supervisor.body.children() if supervisor is not None else None
    view = next((view for view in views or () if view.pid is process.pid), None)
    if supervisor is None or view is None:
        raise LookupError(f"expected the child of a supervisor; nobody would start {process.title()} again")
    return await _fresh(supervisor, view, process)


async def _fresh(supervisor: Process, view: ChildView, process: Process | None) -> str:
    """One whom its supervisor knows by an id is started again, any other is killed."""
    if process is not None and not _known_by_id(supervisor):
        process.node.exits.signal(process.node.shell.pid, process.pid, "kill", linked=False)
        return f"{process.title()} was killed; its supervisor starts it again if it is permanent"
    await _start_again(supervisor, view)
    return f"{supervisor.title()} has started {view.id!r} again"


def _supervisor_of(wish: Wish, slot: Slot) -> Process:
    child = slot.process
    parent = child.parent if child is not None else None
    process = find(wish.node, parent) if parent is not None else _by_key(wish)
    if process is None:
        raise LookupError("its supervisor is not alive any more")
    return process


def _by_key(wish: Wish) -> Process | None:
    """The supervisor of an empty slot, as the picture names it."""
    return find_pid(wish.node, wish.args.get("parent", ""))


def _known_by_id(supervisor: Process) -> bool:
    from ..behaviours.supervisor import Supervisor

    return isinstance(server_of(supervisor), Supervisor)


async def _start_again(supervisor: Process, view: ChildView) -> None:
    if view.pid is not None or view.status == "restarting":
        await admin.terminate_child(supervisor.pid, view.id)
    try:
        await admin.restart_child(supervisor.pid, view.id)
    except SupervisorError as error:
        if error.reason != "running":
            raise


WISHES: dict[str, Callable[[Wish], Awaitable[str]]] = {
    "send": _send, "cast": _cast, "call": _call, "put_state": _put_state, "restart": _restart,
}  # fmt: skip
"""Commands that take a while, by name."""
