"""Completion of `%actor`: commands, names and pids, methods, options, and nothing else in between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher

from ..behaviours.methods import marked, methods_of
from ..behaviours.restart import STRATEGIES
from ..core.served import class_of
from ..observe.top_table import SORTS
from .magics import SUBCOMMANDS
from .nodes import known_nodes
from .targets import find_target, known_targets

__all__ = ["candidates", "complete_actor"]

_TARGETED = ("tree", "info", "state", "mailbox", "send", "call", "cast", "kill", "suspend", "resume")
_OPTIONS = {
    "ps": ("--sort",), "blocking": ("--after",), "events": ("--last",), "kill": ("--reason",),
    "trace": ("--limit", "--rate"),
    "supervise": ("--strategy", "--max-restarts", "--max-seconds"),
    "top": ("--sort", "--filter", "--most"),
    "chaos": ("--kill-every", "--drop", "--delay", "--only", "--seed", "--for", "--stop"),
}  # fmt: skip
_VALUES: dict[str, tuple[str, ...]] = {
    "--sort": ("mailbox", "handled", "name", "pid", "status"), "--reason": ("kill", "shutdown", "normal"),
    "--strategy": STRATEGIES,
}  # fmt: skip


@context_matcher()  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def complete_actor(context: CompletionContext) -> Any:
    """What may follow on a line that begins with `%actor`."""
    line = context.line_with_cursor.rpartition("%actor")
    if line[1] != "%actor" or (
        not context.line_with_cursor.lstrip().startswith(("%actor", "%%actor")) and "=" not in line[0]
    ):
        return {"completions": []}
    before = line[2]
    if not before[:1].isspace():
        return {"completions": []}
    from .extension import current_session

    words = before.split()
    fragment = "" if before[-1:].isspace() else words.pop()
    session = current_session()
    found = candidates(words, session.node, session.shell.user_ns)
    hits = [SimpleCompletion(text=word, type="actor") for word in found if word.startswith(fragment)]
    return {"completions": hits, "matched_fragment": fragment, "suppress": True}


def candidates(words: Sequence[str], node: Any, variables: Any) -> list[str]:
    """The words that may come after `words`."""
    if not words:
        return list(SUBCOMMANDS)
    command = words[0]
    if words[-1] in _VALUES:
        return list(SORTS if command == "top" and words[-1] == "--sort" else _VALUES[words[-1]])
    if command == "trace" or (len(words) == 1 and command in _TARGETED):
        found = _quoted(node)
        return [name for name in found if name not in words[1:]] + [
            option for option in _OPTIONS.get(command, ()) if command == "trace" and option not in words
        ]
    if command == "partition" or (command in ("crash", "restart") and len(words) == 1):
        known = known_nodes(node, command, words[1:])
        return [*known, *_quoted(node)] if command == "restart" else known
    if len(words) == 2 and command in ("call", "cast"):
        return _methods(node, words[1], command, variables)
    return [option for option in _OPTIONS.get(command, ()) if option not in words]


def _quoted(node: Any) -> list[str]:
    """Names and pids, as they are typed."""
    return [f'"{name}"' if " " in name else name for name in known_targets(node)]


def _methods(node: Any, word: str, kind: str, variables: Any) -> list[str]:
    try:
        cls = class_of(find_target(node, word, variables))
    except LookupError:
        return []
    return [name for name, method in methods_of(cls).items() if marked(method) == kind] if cls is not None else []
