"""Writes `docs/reference/otp.md` from the marks of the conformance tests: `python -m scripts.otp`.

Each rule's words, where we differ and why, and the tests that prove it stand beside those tests
(`tests/conformance/`), so the page cannot say more than they do. A test compares the two.
"""

from __future__ import annotations

from scripts.project import ROOT, say
from scripts.rules_page import Group, rules_page
from tests.conformance.rules import IDS, Proof, modules, proofs

PAGE = ROOT / "docs" / "reference" / "otp.md"

INTRODUCTION = """\
# OTP's rules, and the tests that prove them

What Erlang/OTP and Elixir promise about processes, supervisors and servers, rule by rule, in our own words; where
actorbook does something else, and why; and for each rule the tests that would fail if it were broken. The page is made
from the marks of those tests by `python -m scripts.otp`: write the mark, not the page.

Where OTP's versions and languages differ, or Python has its own way:

- **Restart intensity** is 3 in 5 seconds unless told, as in Elixir. Erlang's own default is 1 in 5.
- **A failed start** is as in OTP 26 and later: its EXIT is consumed and the child is dead before `start` returns.
- **Messages are copied** when they are sent, so no process sees another one change them. `ab.share` passes what is
  large, or cannot be copied, as it is.
- **One loop cannot preempt.** All processes of a node share one event loop: a callback that computes for a second
  keeps all others waiting for a second. The BEAM would interrupt it. We do not claim to: see ASY-05.
- **Errors are exceptions.** Where Erlang says badarg, a `ValueError` or `TypeError` says what was expected, what came
  and what to do next. Durations are seconds, as floats.

The rules of applications come later. Where a rule has a row for several nodes, it is proven on a simulated cluster.
"""

ERTS = "https://www.erlang.org/doc/apps/erts/"
KERNEL = "https://www.erlang.org/doc/apps/kernel/"
STDLIB = "https://www.erlang.org/doc/apps/stdlib/"
SYSTEM = "https://www.erlang.org/doc/system/"
ELIXIR = "https://hexdocs.pm/elixir/"


GROUPS = {
    "SIG": Group(
        "Exit signals and links",
        "Who dies with whom, who is told instead, and with which reason.",
        {"Erlang: Processes": SYSTEM + "ref_man_processes.html", "erlang:exit/2": ERTS + "erlang.html#exit/2"},
    ),
    "MON": Group(
        "Monitors and aliases",
        "Hearing of an end without dying of it, and addresses that can be given up.",
        {"erlang:monitor/2": ERTS + "erlang.html#monitor/2", "erlang:alias/1": ERTS + "erlang.html#alias/1"},
    ),
    "MBX": Group(
        "Mailboxes and names",
        "In which order messages come and are taken, and whom a name stands for.",
        {"Erlang: Processes": SYSTEM + "ref_man_processes.html", "erlang:register/2": ERTS + "erlang.html#register/2"},
    ),
    "TMR": Group(
        "Timers",
        "Messages that come later, unless they are taken back.",
        {"erlang:send_after/3": ERTS + "erlang.html#send_after/3"},
    ),
    "SUP": Group(
        "Supervisors",
        "Which children start, restart and stop, in which order, and when to give up.",
        {"Erlang: supervisor": STDLIB + "supervisor.html", "Elixir: Supervisor": ELIXIR + "Supervisor.html"},
    ),
    "DYN": Group(
        "Dynamic supervisors",
        "Children that come and go, without an order among them.",
        {"Elixir: DynamicSupervisor": ELIXIR + "DynamicSupervisor.html"},
    ),
    "PRT": Group(
        "Partition supervisors",
        "The same child several times, so that no single one is everybody's bottleneck.",
        {"Elixir: PartitionSupervisor": ELIXIR + "PartitionSupervisor.html"},
    ),
    "GEN": Group(
        "Servers",
        "How a server starts, answers, waits and ends.",
        {"Erlang: gen_server": STDLIB + "gen_server.html", "Elixir: GenServer": ELIXIR + "GenServer.html"},
    ),
    "SYS": Group(
        "System requests",
        "Looking into a running server and steering its loop.",
        {"Erlang: sys": STDLIB + "sys.html"},
    ),
    "FSM": Group(
        "State machines",
        "States, events, postponed events and timeouts.",
        {"Erlang: gen_statem": STDLIB + "gen_statem.html"},
    ),
    "TSK": Group(
        "Tasks",
        "Work that is done once, and its result awaited.",
        {"Elixir: Task": ELIXIR + "Task.html", "Elixir: Task.Supervisor": ELIXIR + "Task.Supervisor.html"},
    ),
    "AGT": Group(
        "Agents",
        "State behind two functions, and nothing more.",
        {"Elixir: Agent": ELIXIR + "Agent.html"},
    ),
    "REG": Group(
        "Registries",
        "Finding processes by any key.",
        {"Elixir: Registry": ELIXIR + "Registry.html"},
    ),
    "PG": Group(
        "Process groups",
        "Finding many processes, on all nodes that can be reached.",
        {"Erlang: pg": KERNEL + "pg.html"},
    ),
    "GLB": Group(
        "Names of the whole cluster",
        "Finding the one process of a name, what becomes of two that got it on both sides of a cut, and locks.",
        {"Erlang: global": KERNEL + "global.html"},
    ),
    "UPG": Group(
        "Upgrades",
        "New code under running processes.",
        {"Erlang: Release handling": SYSTEM + "release_handling.html"},
    ),
    "TEL": Group(
        "Telemetry",
        "Events for whoever measures.",
        {"telemetry": "https://hexdocs.pm/telemetry/telemetry.html"},
    ),
    "ASY": Group(
        "Hazards of one event loop",
        "What a runtime in Python must take care of itself, where the BEAM's scheduler leaves no choice.",
        {"Erlang: Processes": SYSTEM + "ref_man_processes.html"},
    ),
}


def page(found: dict[str, list[Proof]]) -> str:
    """The whole page."""
    return rules_page(INTRODUCTION, GROUPS, found)


if __name__ == "__main__":
    PAGE.write_text(page(proofs(modules(), IDS)), encoding="utf-8")
    say(f"{PAGE.relative_to(ROOT)}")
