"""What the source of a machine's class tells of its states and transitions, where the source can be had.

It is read, not run: `NextState("open")` in the method `locked` is a transition from locked to open, and the `case` or
`if` around it names the event. What is computed at run time is not seen here; the journal of a live machine adds it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from textwrap import dedent
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from ..methods import marked
from .values import takes_event

__all__ = ["Learned", "learn"]

_TYPES = {"call", "cast", "info", "internal", "enter", "state_timeout", "timeout"}
_DEEP = 4
_known: WeakKeyDictionary[type, Learned] = WeakKeyDictionary()


class Learned(NamedTuple):
    """The first state, all states, and for each transition (from, to) the events that may cause it."""

    initial: str | None
    states: tuple[str, ...]
    transitions: dict[tuple[str, str], tuple[str, ...]]


class _Where(NamedTuple):
    """What is known at one place of the source: the states that it may be in, and the event it handles."""

    states: tuple[str, ...]
    cause: str = ""
    deep: int = 0


def learn(cls: Any) -> Learned:
    """Read a class, once."""
    if cls not in _known:
        _known[cls] = _Reader(cls).read()
    return _known[cls]


class _Reader:
    """Reads the methods of one class."""

    def __init__(self, cls: Any) -> None:
        self.one_handler: bool = cls._one_handler
        functions = dict(_functions(cls))
        self.trees = {name: tree for name, function in functions.items() if (tree := _tree(function)) is not None}
        self.by_event = [name for name, function in functions.items() if takes_event(function)]
        self.known = list(functions)
        self.found: list[tuple[str, str, str]] = []
        self.targets: list[str] = []

    def read(self) -> Learned:
        starts = self._starts()
        self.targets = [target for tree in self.trees.values() for target in _targets(tree)]
        states = self._states(starts)
        for name in ["handle_event"] if self.one_handler else states:
            if name in self.trees:
                self._visit(self.trees[name], _Where(() if self.one_handler else (name,)))
        if self.one_handler:
            states = _unique([*states, *(state for source, target, _ in self.found for state in (source, target))])
        transitions: dict[tuple[str, str], tuple[str, ...]] = {}
        for source, target, cause in self.found:
            if source != target and target in states:
                causes = transitions.get((source, target), ())
                transitions[source, target] = causes if cause in causes or not cause else (*causes, cause)
        return Learned(starts[0] if starts else None, tuple(states), transitions)

    def _starts(self) -> list[str]:
        """The states that `init` returns."""
        tree = self.trees.get("init")
        returns = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)] if tree is not None else []
        found = [word for value in returns for word in _choices(value)]
        return _unique(word for word in found if self.one_handler or word in self.known)

    def _states(self, starts: list[str]) -> list[str]:
        """States in the order of the source: where `NextState` leads, and methods of an event that no other calls."""
        if self.one_handler:
            return _unique([*starts, *self.targets])
        called = {name for tree in self.trees.values() for name in _called(tree)}
        states = {*starts, *self.targets, *(name for name in self.by_event if name not in called)}
        return [name for name in self.known if name in states]

    def _visit(self, node: ast.AST, where: _Where) -> None:
        """Walk down, knowing more below each `case` and `if`."""
        if isinstance(node, ast.Match):
            for case in node.cases:
                below = _case(node.subject, case.pattern, where)
                self._visit_all([*case.body] if case.guard is None else [case.guard, *case.body], below)
        elif isinstance(node, ast.If):
            self._visit(node.test, where)
            self._visit_all(node.body, _test(node.test, where))
            self._visit_all(node.orelse, where)
        elif isinstance(node, ast.IfExp):
            self._visit_all([node.test, node.orelse], where)
            self._visit(node.body, _test(node.test, where))
        else:
            if isinstance(node, ast.Call):
                self._call(node, where)
            self._visit_all(ast.iter_child_nodes(node), where)

    def _visit_all(self, nodes: Iterable[ast.AST], where: _Where) -> None:
        for node in nodes:
            self._visit(node, where)

    def _call(self, node: ast.Call, where: _Where) -> None:
        """`NextState(…)` is a transition; a method that is no state is read as if it stood here."""
        for target in _choices(node):
            self.found += [(state, target, where.cause) for state in where.states]
        helper = next(_called_by(node), None)
        if helper in self.trees and where.deep < _DEEP and (self.one_handler or helper not in self.targets):
            self._visit(self.trees[helper], where._replace(deep=where.deep + 1))


def _functions(cls: Any) -> Iterator[tuple[str, Any]]:
    """The methods that the class and its bases define below `GenStateMachine`, in the order of the source."""
    own = [kind for kind in reversed(cls.__mro__) if hasattr(kind, "_one_handler") and "_engine" not in vars(kind)]
    names = _unique(name for kind in own for name in vars(kind))
    for name in names:
        function = getattr(cls, name, None)
        if hasattr(function, "__code__") and not marked(function):
            yield name, function


def _tree(function: Callable[..., Any]) -> ast.AST | None:
    """The syntax of a function; None where there is no source, or none that stands alone."""
    from inspect import getsource

    try:
        return ast.parse(dedent(getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError, ValueError, IndexError):
        return None


def _named(node: ast.Call) -> ast.expr | None:
    """What a `NextState(…)` goes to."""
    if not node.args:
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return node.args[0] if name == "NextState" else None


def _choices(node: ast.AST | None) -> list[str]:
    """The states that an expression may name: by a word, by `NextState(…)`, by the two of an `x if … else y`."""
    if isinstance(node, ast.IfExp):
        return [*_choices(node.body), *_choices(node.orelse)]
    if isinstance(node, ast.Call):
        return _choices(_named(node))
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _targets(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _choices(node)


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        yield from _called_by(node)


def _called_by(node: ast.AST) -> Iterator[str]:
    """The method that `self.method(…)` calls."""
    method = node.func if isinstance(node, ast.Call) else None
    if isinstance(method, ast.Attribute) and isinstance(method.value, ast.Name) and method.value.id == "self":
        yield method.attr


def _case(subject: ast.expr, pattern: ast.pattern, where: _Where) -> _Where:
    """What a `case` tells: of `match event` the event, of `match state` the state, of a pair both."""
    subjects = subject.elts if isinstance(subject, ast.Tuple) else [subject]
    patterns = pattern.patterns if isinstance(pattern, ast.MatchSequence) and len(subjects) > 1 else [pattern]
    for part, tested in zip(subjects, patterns, strict=False):
        where = _narrow(part, tested, where)
    return where


def _test(test: ast.expr, where: _Where) -> _Where:
    """What an `if` tells that compares the event or the state with something, and does not say what it is not."""
    if any(isinstance(node, ast.NotEq | ast.NotIn | ast.IsNot | ast.Not | ast.Or) for node in ast.walk(test)):
        return where
    for part in test.values if isinstance(test, ast.BoolOp) else [test]:
        if isinstance(part, ast.Compare):
            where = _narrow(part.left, part.comparators[0], where)
    return where


def _narrow(part: ast.expr, tested: ast.AST, where: _Where) -> _Where:
    """`part`, which is something of the event, or the state, is one of the words in `tested`."""
    words = [n.value for n in ast.walk(tested) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    names = {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}
    if not words:
        return where
    if isinstance(part, ast.Name) and part.id == "state":
        return where._replace(states=tuple(words))
    if "event" not in names:
        return where
    said = [word for word in words if word not in _TYPES]
    return where._replace(cause=said[0] if said else where.cause if where.cause not in ("", *_TYPES) else words[0])


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
