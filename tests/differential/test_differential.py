"""Where OTP itself can be asked, it is asked: random scenarios, played on Erlang and on actorbook, end alike.

`ACTORBOOK_EXAMPLES=5000` plays that many fresh ones of each family; without it, the same few hundred each time.
A failure prints the scenario, shrunk: mend what it shows, and keep it here as an `@example`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from actorbook.behaviours import supervisor
from actorbook.behaviours.server import ServerBody
from actorbook.core import exits
from actorbook.core.delivery import Verdict, receive_exit
from tests.differential import ours, scenarios
from tests.differential.compare import difference
from tests.differential.otp import Otp, term
from tests.differential.scenarios import Scenario
from tests.differential.server import AsyncServer, Server

WANTED = int(os.environ.get("ACTORBOOK_EXAMPLES", "0"))
ALIKE = settings(
    max_examples=WANTED or 200,
    derandomize=not WANTED,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
HEALTHY: Any = (False, [], "none")
PLAIN = ("permanent", 5000, False)
LINKED_TO_KILL: Scenario = [(0, [("trap", True), ("link", 1)]), (1, [("end", ("exit", "kill"))])]
STOP_WITH_REPLY: Scenario = [(0, [("start", False, "x", HEALTHY)]), (1, [("call", "x", ("stop", "boom", 7))])]
IGNORED: Scenario = [(0, [("trap", True)]), (0, [("start", True, "none", (False, ["ignore"], "none"))])]


@pytest.fixture(scope="module")
def otp() -> Iterator[Otp]:
    """Erlang, for all scenarios of this file; that servers crash in them is no news."""
    log = logging.getLogger("actorbook")
    log.disabled = True
    with Otp() as otp:
        yield otp
    log.disabled = False


def found(otp: Otp, scenario: Scenario, *servers: Any) -> str | None:
    """The first difference, whichever of these classes the servers of actorbook are of."""
    theirs = otp.play(scenario)
    differences = (difference(scenario, theirs, ours.play(scenario, server)) for server in servers)
    return next(filter(None, differences), None)


def assert_alike(otp: Otp, scenario: Scenario, *servers: Any) -> None:
    """Raised by hand: pytest would shorten the text of an `assert`."""
    told = found(otp, scenario, *servers)
    if told is not None:
        raise AssertionError(told)


@ALIKE
@given(scenario=scenarios.processes())
@example(scenario=LINKED_TO_KILL)
def test_processes_live_and_die_as_in_otp(otp: Otp, scenario: Scenario) -> None:
    assert_alike(otp, scenario, Server)


@ALIKE
@given(scenario=scenarios.servers())
@example(scenario=IGNORED)
@example(scenario=STOP_WITH_REPLY)
def test_servers_answer_and_end_as_in_otp(otp: Otp, scenario: Scenario) -> None:
    assert_alike(otp, scenario, Server, AsyncServer)


def tree(*children: Any, strategy: str = "one_for_one", intensity: int = 3) -> Scenario:
    """Start a supervisor with these children."""
    return [(0, [("start_tree", ("supervisor", "top", (strategy, intensity, "never"), PLAIN, list(children)))])]


@ALIKE
@given(scenario=scenarios.trees())
@example(
    scenario=tree(
        ("supervisor", "s1", ("one_for_one", 3, "never"), PLAIN, [("worker", "a", (False, ["crash"], "none"), PLAIN)])
    )
)
def test_supervisors_restart_and_stop_as_in_otp(otp: Otp, scenario: Scenario) -> None:
    assert_alike(otp, scenario, Server, AsyncServer)


# --- the comparison sees what it is there to see ----------------------------------------------------------


def kill_also_by_link(reason: Any, *, linked: bool, **rest: bool) -> Verdict:
    """A bug against SIG-05."""
    return receive_exit(reason, linked=linked and reason != "kill", **rest)


def stop_without_a_reply(body: ServerBody, reason: Any, *reply: Any) -> None:
    """A bug against GEN-12."""
    TERMINATE(body, reason)


def restart_only_the_dead(strategy: str, order: Any, dead: Any) -> list[Any]:
    """A bug against SUP-17 and SUP-18."""
    return [dead]


TERMINATE = ServerBody.terminate
CRASH_OF_A_SIBLING: Scenario = [
    *tree(("worker", "a", HEALTHY, PLAIN), ("worker", "b", HEALTHY, PLAIN), strategy="rest_for_one"),
    (1, [("cast", "a", "crash")]),
]
PLANTED = [
    (exits, "receive_exit", kill_also_by_link, LINKED_TO_KILL, "inbox"),
    (ServerBody, "terminate", stop_without_a_reply, STOP_WITH_REPLY, "results"),
    (supervisor, "affected", restart_only_the_dead, CRASH_OF_A_SIBLING, "log"),
]


@pytest.mark.parametrize(("where", "name", "bug", "scenario", "seen"), PLANTED)
def test_a_planted_bug_is_seen(
    where: Any,
    name: str,
    bug: Callable[..., Any],
    scenario: Scenario,
    seen: str,
    otp: Otp,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert found(otp, scenario, Server, AsyncServer) is None

    monkeypatch.setattr(where, name, bug)
    told = found(otp, scenario, Server, AsyncServer)

    assert told is not None
    assert f"differs in step {len(scenario) - 1}" in told
    assert f"\n  {seen}\n" in told


def test_scenarios_are_told_to_erlang_as_terms() -> None:
    assert term([(0, [("exit", 1, "boom"), ("trap", True)])]) == "[{0,[{'exit',1,'boom'},{'trap',true}]}]"
