"""`%%actor supervise NAME`: the values of a cell's expressions become the children of a supervisor.

    %%actor supervise shop --strategy rest_for_one
    Counter.child_spec(10, id="a", name="a")
    Counter.child_spec(20, id="b", name="b")

Run again, the cell stops the supervisor of that name and starts another, as a cell that defines something does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from ..behaviours.child_spec import ChildSpec, check_children
from ..behaviours.stopping import stop
from ..behaviours.supervisor import Supervisor
from ..core.ids import Pid
from ..core.served import server_of
from .handles import CallHandle
from .session import Session

__all__ = ["children_of", "supervise"]


def children_of(source: str, variables: dict[str, Any]) -> list[ChildSpec]:
    """Run a cell; what its expressions are, lists opened up and None left out, checked to be children.

    Raises `ChildSpecError` for what is none, and `ValueError` for code that does not parse or has no expression.
    """
    found = [child for value in _values(source, variables) for child in (value if isinstance(value, list) else [value])]
    if not found:
        raise ValueError("expected a child specification a line, such as Cls.child_spec(…, id=…), got none")
    return check_children(found)


def _values(source: str, variables: dict[str, Any]) -> Iterator[Any]:
    """What each expression of the cell is; its other statements are run."""
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise ValueError(f"line {(error.lineno or 0) + 1} of the cell: {error.msg}") from None
    for statement in statements:
        if isinstance(statement, ast.Expr):
            value = eval(compile(ast.Expression(statement.value), "<cell>", "eval"), variables)  # the user's own cell
            if value is not None:
                yield value
        else:
            exec(compile(ast.Module([statement], []), "<cell>", "exec"), variables)


def supervise(session: Session, name: str, children: Sequence[ChildSpec], options: dict[str, Any]) -> CallHandle:
    """Start a supervisor of that name, in place of one that has it; the handle can be awaited and is its pid then.

    Raises `ValueError` when somebody else has the name.
    """
    holder = session.node.names.get(name)
    if holder is not None and not isinstance(server_of(holder), Supervisor):
        raise ValueError(f"expected a free name or that of a supervisor; {name!r} is {holder.pid!r}; choose another")
    start = _start(holder.pid if holder is not None else None, name, children, options)
    return CallHandle(f"supervisor {name} of {len(children)}", session.task(start))


async def _start(old: Pid | None, name: str, children: Sequence[ChildSpec], options: dict[str, Any]) -> Pid | None:
    if old is not None:
        await stop(old, "shutdown")
    return await Supervisor.start(list(children), name=name, **options)
