"""Laws of the presence CRDT: whatever is joined in whichever order and how often, those who know the same agree.

The model is a log: every event of every replica with its dot. What a state shows is what its context says of that
log: entries whose dot it knows, and of which it knows no removal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from actorbook.web.presence_clouds import Context
from actorbook.web.presence_deltas import Generations
from actorbook.web.presence_state import Dot, Entry, State
from actorbook.web.tracker_replicas import Replicas

REPLICAS = "abc"
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from(REPLICAS), st.integers(0, 2)),
        st.tuples(st.just("replace"), st.sampled_from(REPLICAS), st.integers(0, 5)),
        st.tuples(st.just("remove"), st.sampled_from(REPLICAS), st.integers(0, 5)),
        st.tuples(st.just("join"), st.sampled_from(REPLICAS), st.sampled_from(REPLICAS)),
    ),
    max_size=20,
)


@dataclass
class History:
    """What three replicas did: their states at the end, and all deltas, in order."""

    states: dict[str, State] = field(default_factory=lambda: {replica: State() for replica in REPLICAS})
    deltas: list[State] = field(default_factory=list)


def happened(events: list[Any]) -> History:
    history = History()
    for what, replica, of in events:
        state = history.states[replica]
        dots = [dot for other in REPLICAS for dot in state.of(other)]
        chosen = [dots[of % len(dots)]] if dots and what in ("replace", "remove") else []
        if what == "join":
            state.join(history.states[of])
            continue
        entry = Entry("room", f"key {of}", f"pid of {replica}", {"n": len(history.deltas)})
        delta = state.removing(replica, chosen) if what == "remove" else state.adding(replica, entry, chosen)
        state.join(delta)
        history.deltas.append(delta)
    return history


def joined(*states: State) -> State:
    whole = State()
    for state in states:
        whole.join(state)
    return whole


def some_states(events: list[Any]) -> list[State]:
    history = happened(events)
    return [*history.states.values(), *history.deltas]


@st.composite
def three(draw: Any) -> list[State]:
    """Three states of one history: of replicas, of single deltas, or joined from some of these."""
    known = some_states(draw(EVENTS))
    parts = st.lists(st.sampled_from(known), min_size=1, max_size=3)
    return [joined(*draw(parts)) for _ in range(3)]


@given(three())
def test_joining_is_commutative(states: list[State]) -> None:
    one, two, _ = states

    assert joined(one, two) == joined(two, one)


@given(three())
def test_joining_is_associative(states: list[State]) -> None:
    one, two, three = states

    assert joined(joined(one, two), three) == joined(one, joined(two, three))


@given(three())
def test_joining_again_changes_nothing(states: list[State]) -> None:
    one, two, _ = states
    both = joined(one, two)
    again = both.copy()

    for known in (one, two, both):
        assert again.join(known.copy()) == ({}, {})
    assert again == both


@given(EVENTS, st.randoms(use_true_random=False))
def test_all_deltas_in_any_order_are_the_full_state(events: list[Any], random: Any) -> None:
    history = happened(events)
    deltas = [*history.deltas, *history.deltas]
    random.shuffle(deltas)

    assert joined(*deltas) == joined(*history.states.values())


@given(EVENTS)
def test_the_parts_of_all_replicas_are_the_full_state(events: list[Any]) -> None:
    for state in happened(events).states.values():
        assert joined(*(state.part(replica) for replica in REPLICAS)) == state


@given(EVENTS)
def test_nothing_is_left_behind_by_what_was_removed(events: list[Any]) -> None:
    whole = joined(*happened(events).states.values())
    for replica in REPLICAS:
        whole.join(whole.removing(replica, whole.of(replica)))

    assert list(whole) == []
    assert all(not whole.context.cloud(replica) for replica in REPLICAS)
    assert whole._entries == {}


def test_an_entry_added_while_another_is_removed_stays() -> None:
    a, b = State(), State()
    a.join(a.adding("a", Entry("room", "ada", 1, {"n": 1})))
    b.join(a)
    removal = b.removing("b", b.of("a"))
    again = a.adding("a", Entry("room", "ada", 1, {"n": 2}))
    for state in (a, b):
        for delta in (again, removal):
            state.join(delta)

    assert a == b
    assert [entry.meta for entry in a] == [{"n": 2}]


# ── against a model


class CausalModel(RuleBasedStateMachine):
    """Three replicas that hear deltas late, twice, in any order or never; beside them the log of all events."""

    def __init__(self) -> None:
        super().__init__()
        self.states = {replica: State() for replica in REPLICAS}
        self.log: dict[Dot, tuple[Entry | None, set[Dot]]] = {}
        self.known: dict[str, set[Dot]] = {replica: set() for replica in REPLICAS}
        self.deltas: list[tuple[State, set[Dot]]] = []

    def _event(self, replica: str, entry: Entry | None, removed: set[Dot]) -> None:
        state, dots = self.states[replica], set(removed)
        number = state.context.clock(replica)
        delta = state.adding(replica, entry, list(removed)) if entry else state.removing(replica, removed)
        state.join(delta)
        for event in [(None, removed)] * bool(removed) + [(entry, set())] * bool(entry):
            number += 1
            dots.add((replica, number))
            self.log[replica, number] = event
        self.known[replica] |= dots
        self.deltas.append((delta, dots))

    @rule(replica=st.sampled_from(REPLICAS), key=st.integers(0, 2))
    def add(self, replica: str, key: int) -> None:
        self._event(replica, Entry("room", key, replica, {"n": len(self.log)}), set())

    @rule(replica=st.sampled_from(REPLICAS), at=st.integers(0, 9), update=st.booleans())
    def remove(self, replica: str, at: int, update: bool) -> None:
        shown = sorted(self.shown(replica))
        if shown:
            entry = Entry("room", "new", replica, {"n": len(self.log)}) if update else None
            self._event(replica, entry, {shown[at % len(shown)]})

    @rule(replica=st.sampled_from(REPLICAS), at=st.integers(0, 99))
    def hear(self, replica: str, at: int) -> None:
        if self.deltas:
            delta, dots = self.deltas[at % len(self.deltas)]
            before = self.shown(replica)
            change = self.states[replica].join(delta)
            self.known[replica] |= dots
            assert set(change.joined) == self.shown(replica).keys() - before.keys()
            assert set(change.left) == before.keys() - self.shown(replica).keys()

    @rule(replica=st.sampled_from(REPLICAS), other=st.sampled_from(REPLICAS))
    def transfer(self, replica: str, other: str) -> None:
        self.states[replica].join(self.states[other])
        self.known[replica] |= self.known[other]

    def shown(self, replica: str) -> dict[Dot, Entry]:
        """By the log: known, with an entry, and with no known event that removed it."""
        known = self.known[replica]
        gone = {dot for other in known for dot in self.log[other][1]}
        found = {dot: self.log[dot][0] for dot in known - gone}
        return {dot: entry for dot, entry in found.items() if entry is not None}

    @invariant()
    def a_state_shows_what_the_log_says(self) -> None:
        for replica, state in self.states.items():
            held = {dot: entry for other in REPLICAS for dot, entry in state.of(other).items()}
            known = {(r, n) for r in REPLICAS for n in range(1, 1 + len(self.log)) if state.context.has(r, n)}
            assert known == self.known[replica]
            assert held == self.shown(replica)


TestCausalModel = CausalModel.TestCase
TestCausalModel.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_who_missed_a_replacement_and_hears_of_its_end_still_lacks_it() -> None:
    a, b = State(), State()
    first = a.adding("a", Entry("room", "ada", 1, {"n": 1}))
    a.join(first)
    a.join(a.adding("a", Entry("room", "ada", 1, {"n": 2}), [("a", 1)]))  # b misses this
    ((dot, _),) = a.of("a").items()
    last = a.removing("a", [dot])
    a.join(last)
    b.join(first)
    b.join(last)

    assert b.context.clock("a") < a.context.clock("a"), "so it will ask"
    assert [entry.meta["n"] for entry in b] == [1]
    b.join(a)
    assert b == a
    assert list(b) == []


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 30))),
    st.lists(st.tuples(st.just("a"), st.integers(1, 30))),
)
def test_a_context_knows_the_dots_that_it_was_told(some: list[Dot], others: list[Dot]) -> None:
    one, two = Context(), Context()
    for context, dots in ((one, some), (two, others)):
        for dot in dots:
            context.add(*dot)
    one.join(two)

    known = {*some, *others}
    assert {(replica, n) for replica in "ab" for n in range(40) if n and one.has(replica, n)} == known
    assert one.size() == len(known)
    for replica in "ab":
        clock = one.clock(replica)
        assert all((replica, n) in known for n in range(1, clock + 1))
        assert all(n > clock + 1 for n in one.cloud(replica))


# ── what is sent to whom


@given(EVENTS, st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_who_knows_a_clock_and_gets_what_follows_knows_it_all(events: list[Any], flushes: list[int]) -> None:
    me, state, delta, generations = "a", State(), State(), Generations((2, 4, 8))
    versions = {0: State()}
    for at, (what, _, of) in enumerate(events):
        held = list(state.of(me))
        removed = [held[int(of if isinstance(of, int) else 0) % len(held)]] if held and what != "add" else []
        change = state.removing(me, removed) if what == "remove" else state.adding(me, Entry("t", at, 1, {}), removed)
        state.join(change)
        delta.join(change)
        if at in flushes or at == len(events) - 1:
            generations.push(delta, state.context.clock(me))
            delta = State()
        versions[state.context.clock(me)] = state.copy()
    for clock, version in versions.items():
        missing = generations.since(clock) or state.part(me)
        assert joined(version, missing) == state


def test_a_late_word_of_a_former_incarnation_is_no_return() -> None:
    replicas = Replicas(30, 100)
    replicas.heard("n", 2, now=0, clock=5)

    assert replicas.heard("n", 1, now=1, clock=9) == []
    assert (replicas.knows("n", 2), replicas.clocks()) == (True, {"n": (2, 5)})


@given(st.lists(st.tuples(st.sampled_from(["heard", "anew", "wait", "leaves"]), st.integers(0, 60)), max_size=30))
def test_replicas_are_up_while_they_are_heard(steps: list[tuple[str, int]]) -> None:
    replicas, now, incarnation, heard = Replicas(30, 100), 0.0, 1, None
    up: set[int] = set()
    there: set[int] = set()
    for what, seconds in steps:
        now += seconds
        verdicts = replicas.silent(now)
        if what == "anew":
            incarnation += 1
        if what in ("heard", "anew"):
            verdicts, heard = [*verdicts, *replicas.heard("n", incarnation, now, 0)], now
        if what == "leaves":
            verdicts, heard = [*verdicts, *replicas.leaves("n", incarnation)], None
        for verdict, replica in verdicts:
            assert (verdict == "down") == (replica in up), "down is told of those that are up, once"
            if verdict == "permdown":
                there.remove(replica)
            (up.add if verdict == "up" else up.discard)(replica)
            there |= up
        assert up == ({incarnation} if heard is not None and now - heard <= 30 else set())
        assert there == ({incarnation} if heard is not None and now - heard <= 100 else set()) or what == "leaves"
