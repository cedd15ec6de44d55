"""`%load_ext actorbook` and `%unload_ext actorbook`, each undoing the other, both safe to run again."""

from __future__ import annotations

from typing import Any

from .completion import complete_actor
from .magics import ActorMagics
from .session import Session
from .tracing import trace_cells

__all__ = ["current_session", "load", "unload"]

_session: Session | None = None


def current_session() -> Session:
    """The session that is loaded."""
    if _session is None:
        raise RuntimeError("actorbook is not loaded in this kernel; run %load_ext actorbook")
    return _session


def load(shell: Any) -> None:
    """Start the node on the running loop, register `%actor` and its completion."""
    global _session  # noqa: PLW0603  # one kernel, one session
    if _session is not None:
        return
    try:
        session = Session(shell)
    except RuntimeError:
        raise RuntimeError(
            "%load_ext actorbook: expected a running event loop, as notebook kernels have; "
            "in a script or terminal use `async with ab.Node():`"
        ) from None
    session.start()
    shell.register_magics(ActorMagics(shell, session))
    shell.Completer.custom_matchers.append(complete_actor)
    shell.input_transformers_cleanup.append(trace_cells)
    _session = session


def unload(shell: Any) -> None:
    """End the node and take everything back."""
    global _session
    session, _session = _session, None
    if session is None:
        return
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("actor", None)
    if complete_actor in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.remove(complete_actor)
    if trace_cells in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(trace_cells)
    session.close()
