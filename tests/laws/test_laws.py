"""Laws that hold for every sequence of operations, judged by the smallest models there are."""

from __future__ import annotations

from math import floor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import actorbook as ab
from actorbook.behaviours.restart import Window
from actorbook.core.mailbox import Queue, matcher
from tests.running import idle, run, settle

QUICK = settings(max_examples=25, deadline=None)
KINDS = st.sampled_from([int, str, (int, str), None])


@given(st.lists(st.integers(0, 3) | st.sampled_from("ab") | KINDS.map(lambda kind: ("take", kind))))
def test_a_mailbox_takes_the_first_match_and_keeps_the_rest_in_order(steps: list[Any]) -> None:
    box, model = Queue(), list[Any]()
    for step in steps:
        if not isinstance(step, tuple):
            box.put(step)
            model.append(step)
            continue
        kind = step[1] or object
        first = next((place for place, item in enumerate(model) if isinstance(item, kind)), None)
        expected = (False, None) if first is None else (True, model.pop(first))
        assert box.take(matcher(step[1]), 0) == expected
        assert list(box) == model


@QUICK
@given(st.lists(st.tuples(st.sampled_from(["link", "unlink", "exit"]), st.integers(0, 3), st.integers(0, 3))))
def test_links_are_symmetric_and_give_one_exit_each(steps: list[tuple[str, int, int]]) -> None:
    run(lambda: _play_links(steps))


async def _obeys(log: list[Any]) -> None:
    ab.flag(trap_exit=True)
    while True:
        match await ab.receive():
            case ab.EXIT(pid, reason):
                log.append((pid, reason))
            case ("link", pid):
                ab.link(pid)
            case ("unlink", pid):
                ab.unlink(pid)


async def _play_links(steps: list[tuple[str, int, int]]) -> None:
    logs: list[list[Any]] = [[] for _ in range(4)]
    pids = [ab.spawn(_obeys, ab.share(log)) for log in logs]
    alive, links, expected = set(range(4)), set[frozenset[int]](), [list[Any]() for _ in range(4)]
    await settle()
    for what, one, other in steps:
        pair = frozenset((one, other))
        if what == "exit":
            ab.exit(pids[one], "kill")
            for peer in (next(iter(link - {one})) for link in links if one in link):
                expected[peer].append((pids[one], "killed"))
            links, alive = {link for link in links if one not in link}, alive - {one}
        elif one in alive:
            ab.send(pids[one], (what, pids[other]))
            if what == "unlink":
                links.discard(pair)
            elif other not in alive:
                expected[one].append((pids[other], "noproc"))
            elif one != other:
                links.add(pair)
        await settle()
    assert [sorted(log, key=repr) for log in logs] == [sorted(log, key=repr) for log in expected]
    for n in alive:
        info = ab.process_info(pids[n])
        assert info is not None
        assert set(info["links"]) == {pids[next(iter(link - {n}))] for link in links if n in link}


@given(st.integers(0, 4), st.integers(1, 6), st.lists(st.floats(0, 9, allow_nan=False, width=16), max_size=20))
def test_a_restart_window_counts_whole_seconds_as_the_rule_says(limit: int, seconds: int, gaps: list[float]) -> None:
    window, times, now = Window(limit, seconds), list[float](), 0.0
    for gap in gaps:
        now += gap
        times.append(now)
        recent = [time for time in times if floor(now) - floor(time) <= seconds]
        assert window.add(now) is (len(recent) <= limit)
        assert window.times == tuple(recent)


@QUICK
@given(
    st.lists(st.tuples(st.sampled_from(["register", "unregister", "exit"]), st.integers(0, 2), st.sampled_from("xyz")))
)
def test_names_are_one_to_one_and_free_with_the_end(steps: list[tuple[str, int, str]]) -> None:
    run(lambda: _play_names(steps))


async def _play_names(steps: list[tuple[str, int, str]]) -> None:
    pids = [ab.spawn(idle) for _ in range(3)]
    alive, names = set(range(3)), dict[str, int]()
    for what, n, name in steps:
        if what == "exit":
            ab.exit(pids[n], "kill")
            alive.discard(n)
            names = {name: holder for name, holder in names.items() if holder != n}
        else:
            possible = (
                n in alive and name not in names and n not in names.values() if what == "register" else name in names
            )
            assert _tries(what, pids[n], name) is possible
            if possible and what == "register":
                names[name] = n
            elif possible:
                del names[name]
        assert [ab.whereis(name) for name in "xyz"] == [pids[names[name]] if name in names else None for name in "xyz"]


def _tries(what: str, pid: ab.Pid, name: str) -> bool:
    try:
        return ab.register(pid, name) if what == "register" else ab.unregister(name)
    except ValueError:
        return False
