"""Scenarios as plain data, and Hypothesis strategies for three families of them.

A scenario is a list of steps, a step is `(who, operations)`: the actor with that key performs the operations,
one after the other, and then everybody comes to rest. Actors 0 to 4 are there from the beginning. What the
operations mean is said twice: in erlang/actor.erl, and in actor.py, server.py and tree.py. A reference to
somebody who does not exist is no error; the result is then `nobody`.

Within a step only that is generated whose outcome the rules promise whoever runs first: operations that speak
of the caller's own state, or several signals to one receiver, which arrive in order.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

__all__ = ["SUPERVISORS", "Scenario", "Step", "processes", "servers", "trees"]

Step = tuple[int, list[Any]]
Scenario = list[Step]

REASONS: st.SearchStrategy[Any] = st.sampled_from(
    ["boom", "normal", "kill", "shutdown", ("shutdown", "x"), "killed", "noproc"]
)
NAMES = st.sampled_from("xyz")
NUMBERS = st.integers(0, 5)
REFS = st.integers(0, 2)
FLAGS = st.booleans()
ENDS_BY_EXIT = st.tuples(st.just("exit"), REASONS)
FATES: st.SearchStrategy[Any] = st.sampled_from(["return", "crash"]) | ENDS_BY_EXIT | ENDS_BY_EXIT


def op(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One operation."""
    return st.tuples(st.just(name), *arguments)


def some(words: list[str]) -> st.SearchStrategy[list[str]]:
    """Some of the words, in order."""
    return st.sets(st.sampled_from(words)).map(sorted)


def alone(operation: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """A step of one operation."""
    return st.tuples(operation).map(list)


# --- plain processes --------------------------------------------------------------------------------------

TIES = st.one_of(
    op("link", NUMBERS),
    op("link", NUMBERS),
    op("monitor", NUMBERS | NAMES),
    op("trap", st.sampled_from([True, True, False])),
    op("register", NAMES, NUMBERS),
    op("alias"),
)
OWN_STATE = st.one_of(
    TIES,
    op("unlink", NUMBERS),
    op("demonitor", REFS, some(["flush", "info"])),
    op("unregister", NAMES),
    op("whereis", NAMES),
    op("unalias", NUMBERS, REFS),
    op("alive", NUMBERS),
)
SIGNALS = st.one_of(
    op("exit", NUMBERS, REASONS),
    op("send", NUMBERS | NAMES, st.integers(0, 2)),
    op("send_ref", NUMBERS, REFS, st.integers(0, 2)),
)
LASTS = st.one_of(
    SIGNALS,
    op("spawn", FLAGS, some(["link", "monitor"]), st.just("lives") | FATES),
    op("end", FATES),
    op("end", ENDS_BY_EXIT),
    op("must", op("link", NUMBERS)),
    op("take", st.just("message")),
    op("take", st.just("exit"), NUMBERS),
    op("take", st.just("down"), REFS),
    op("flush"),
)


@st.composite
def volleys(draw: st.DrawFn) -> list[Any]:
    """Several signals to one receiver: they arrive in the order in which they were sent."""
    receiver = draw(NUMBERS)
    signal = st.one_of(
        op("exit", st.just(receiver), REASONS),
        op("send", st.just(receiver), st.integers(0, 2)),
        op("monitor", st.just(receiver)),
        op("alive", st.just(receiver)),
    )
    return draw(st.lists(signal, min_size=2, max_size=4))


def promised(ops: list[Any]) -> bool:
    """Whether a dead process has answered a link or a monitor already when the next operation looks is not."""
    names = [name for name, *_ in ops]
    asked = min((names.index(name) for name in ("link", "monitor") if name in names), default=len(names))
    return not {"demonitor", "take", "flush"} & set(names[asked:])


def changes() -> st.SearchStrategy[list[Any]]:
    """Changes of the own state, and one thing that others may notice."""
    ops = st.tuples(st.lists(OWN_STATE, max_size=2), alone(LASTS)).map(lambda parts: parts[0] + parts[1])
    return ops.filter(promised)


def steps(step: st.SearchStrategy[Step], most: int) -> st.SearchStrategy[Scenario]:
    """Up to `most` steps. Lists of Hypothesis are short unless they are told how long to be."""
    return st.integers(0, most).flatmap(lambda least: st.lists(step, min_size=least, max_size=most))


def processes() -> st.SearchStrategy[Scenario]:
    """Links, monitors, exit signals, names, aliases, messages; ties first, so that there is something to tear."""
    ties = steps(st.tuples(NUMBERS, st.lists(TIES, min_size=1, max_size=3)), 8)
    life = steps(st.tuples(NUMBERS, changes() | volleys()), 12)
    return st.tuples(ties, life).map(lambda parts: parts[0] + parts[1])


# --- servers ----------------------------------------------------------------------------------------------

VALUES = st.integers(0, 9)
CLIENTS = st.integers(0, 2)
SERVERS = st.integers(5, 7)  # the numbers after the actors'
SCRIPTS: st.SearchStrategy[Any] = st.deferred(lambda: ACTS | ENDS)
CALLS: st.SearchStrategy[Any] = st.deferred(lambda: ANSWERS | SCRIPTS)
ENDS: st.SearchStrategy[Any] = st.one_of(
    st.just("crash"), st.tuples(st.just("exit"), REASONS), st.tuples(st.just("stop"), REASONS)
)
INSIDE = st.one_of(
    op("trap", FLAGS),
    op("link", CLIENTS | SERVERS),
    op("unlink", CLIENTS | SERVERS),
    op("monitor", CLIENTS | SERVERS),
    op("answer", st.integers(0, 2), VALUES),
    op("call", SERVERS, CALLS),
    op("must", op("call", SERVERS, CALLS)),
)
ACTS: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(["nothing", "timeout"]),
    st.tuples(st.just("continue"), SCRIPTS),
    st.tuples(st.just("do"), INSIDE),
)
ANSWERS: st.SearchStrategy[Any] = st.one_of(
    st.tuples(st.just("reply"), VALUES),
    st.tuples(st.just("reply"), VALUES, st.just("timeout") | st.tuples(st.just("continue"), SCRIPTS)),
    st.tuples(st.just("stop"), REASONS, VALUES),
    st.just("keep"),
)
FIRST_ACTS: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(["ignore", "junk"]), ENDS, st.tuples(st.just("continue"), SCRIPTS)
)
PLANS = st.one_of(st.just([]), st.just([]), st.just([]), alone(FIRST_ACTS))
LAST_WORDS: st.SearchStrategy[Any] = st.sampled_from(["none", "none", "none", "crash"]) | ENDS_BY_EXIT
START = op("start", st.sampled_from([True, True, False]), st.just("none") | NAMES, st.tuples(FLAGS, PLANS, LAST_WORDS))
REQUESTS = st.one_of(
    op("call", SERVERS | NAMES, CALLS),
    op("call", SERVERS, ANSWERS),
    op("call_briefly", SERVERS, CALLS),
    op("must", op("call", SERVERS, CALLS)),
    op("cast", SERVERS | NAMES, SCRIPTS | st.just("junk")),
    op("info", SERVERS, SCRIPTS),
    op("send", SERVERS, VALUES),
    op("answer", st.integers(0, 2), VALUES),
    op("suspend", SERVERS),
    op("resume", SERVERS),
)
INCIDENTS = st.one_of(
    START,
    op("stop", SERVERS | NAMES, REASONS),
    op("exit", CLIENTS | SERVERS, REASONS),
    op("end", FATES),
    op("trap", FLAGS),
    op("link", CLIENTS | SERVERS),
    op("unlink", CLIENTS | SERVERS),
    op("monitor", CLIENTS | SERVERS | NAMES),
    op("flush"),
)


def servers() -> st.SearchStrategy[Scenario]:
    """Servers, their clients and their parents."""
    traps = st.lists(st.tuples(CLIENTS, alone(op("trap", st.just(True)))), max_size=2)
    starts = st.lists(st.tuples(CLIENTS, alone(START)), min_size=1, max_size=3)
    life = steps(st.tuples(CLIENTS, alone(REQUESTS | INCIDENTS)), 14)
    return st.tuples(traps, starts, life).map(lambda parts: [*parts[0], *parts[1], *parts[2]])


# --- supervision trees ------------------------------------------------------------------------------------

SUPERVISORS = ("top", "s1", "s2", "s3")
WORKERS = ("a", "b", "c", "d", "e", "f")
STRATEGIES = st.sampled_from(["one_for_one", "one_for_all", "rest_for_one"])
AUTO_SHUTDOWNS = st.sampled_from(["never", "never", "any_significant", "all_significant"])
FAILED_STARTS = st.sampled_from(["crash", "ignore", "ignore"]) | st.tuples(st.sampled_from(["exit", "stop"]), REASONS)
LATER_STARTS = st.lists(st.just("ok") | FAILED_STARTS, max_size=4)
STARTS = st.tuples(st.sampled_from([["ok"]] * 7 + [[]]), LATER_STARTS).map(lambda parts: parts[0] + parts[1])


@st.composite
def commons(draw: st.DrawFn, shutdowns: list[Any], auto_shutdown: str) -> Any:
    """What all child specifications have; significant only where that may be."""
    restart = draw(st.sampled_from(["permanent", "transient", "temporary"]))
    significant = auto_shutdown != "never" and restart != "permanent" and draw(FLAGS)
    return restart, draw(st.sampled_from(shutdowns)), significant


@st.composite
def workers(draw: st.DrawFn, id: str, auto_shutdown: str) -> Any:
    """A worker. One that hangs when it is told to shut down is below a supervisor without patience."""
    trap, last = draw(FLAGS), draw(LAST_WORDS | st.just("hang"))
    shutdowns = [1, "brutal_kill"] if last == "hang" and trap else [5000, "infinity", "brutal_kill"]
    return "worker", id, (trap, draw(STARTS), last), draw(commons(shutdowns, auto_shutdown))


@st.composite
def supervisors(draw: st.DrawFn, ids: list[str], auto_shutdown: str = "never") -> Any:
    """A supervisor and what is below it. It takes the first of `ids`, its children take the next ones."""
    id, own = ids.pop(0), draw(AUTO_SHUTDOWNS)
    children = []
    while draw(st.integers(0, 3)) and ids:
        nested = ids[0] in SUPERVISORS
        children.append(draw(supervisors(ids, own) if nested else workers(ids.pop(0), own)))
    options = draw(STRATEGIES), draw(st.integers(0, 3)), own
    return "supervisor", id, options, draw(commons([5000, "infinity", "brutal_kill"], auto_shutdown)), children


def pairs(tree: Any) -> list[tuple[str, str]]:
    """Who is below whom."""
    below = [(tree[1], child[1]) for child in tree[4]]
    return below + [pair for child in tree[4] if child[0] == "supervisor" for pair in pairs(child)]


@st.composite
def trees(draw: st.DrawFn) -> Scenario:
    """A tree, its parent (actor 0) and one who administers it and lets things go wrong (actor 1)."""
    tree = draw(supervisors(["top", *draw(st.permutations([*SUPERVISORS[1:], *WORKERS]))]))
    known = pairs(tree)
    hands = st.sampled_from([child for _, child in known if child in WORKERS] or ["a"])
    ids = st.sampled_from([child for _, child in known] + ["a"])
    parent = st.sampled_from(sorted({parent for parent, _ in known} | {"top"}))
    pair = st.sampled_from(known) if known else st.tuples(parent, ids)
    new = st.sampled_from(WORKERS).flatmap(lambda id: workers(id, "never")) | st.permutations(WORKERS).flatmap(
        lambda ids: supervisors(["s3", *ids[:3]])
    )
    blows = op("cast", hands, ENDS) | op("exit", ids, REASONS)
    administration = st.one_of(
        st.tuples(st.sampled_from(["terminate_child", "restart_child", "delete_child"]), pair).map(
            lambda it: (it[0], *it[1])
        ),
        op("start_child", parent, new),
        op("which_children", parent),
        op("count_children", parent),
        op("stop", ids, st.sampled_from(["normal", "boom", ("shutdown", "x")])),
    )
    by_parent = op("exit", st.just("top"), REASONS) | op("end", FATES)
    step = st.one_of(
        *[st.tuples(st.just(1), alone(blows)), st.tuples(st.just(1), alone(administration))] * 6,
        st.tuples(st.just(0), alone(by_parent)),
    )
    return [(0, [("trap", draw(FLAGS))]), (0, [("start_tree", tree)]), *draw(steps(step, 12))]
