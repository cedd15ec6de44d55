"""Writes `docs/reference/phoenix.md` from the marks of the conformance tests: `python -m scripts.phoenix`.

The page tells of the rules that are built, `PHOENIX_IDS`; a test holds that each of them has a place in it.
"""

from __future__ import annotations

from scripts.project import ROOT, say
from scripts.rules_page import Group, rules_page
from tests.conformance.rules import PHOENIX_IDS, Proof, modules, proofs

PAGE = ROOT / "docs" / "reference" / "phoenix.md"

INTRODUCTION = """\
# Phoenix's rules, and the tests that prove them

What Phoenix promises about topics, presence and channels, rule by rule, in our own words; where actorbook does
something else, and why; and for each rule the tests that would fail if it were broken. The page is made from the marks
of those tests by `python -m scripts.phoenix`: write the mark, not the page. The rules of processes, servers and
supervisors are in [otp.md](otp.md).

Errors are exceptions here. Where Phoenix returns `{:error, reason}`, an error says what was expected, what came and
what to do next; so there are no functions with a `!`, and where it returns `:ok` there is nothing to return.
"""

PUBSUB = "https://hexdocs.pm/phoenix_pubsub/"

PHOENIX = "https://hexdocs.pm/phoenix/"

GROUPS = {
    "Sockets": Group(
        "Connections and frames",
        "Who may connect, when a connection is closed, and what its frames look like.",
        {"Phoenix.Socket": PHOENIX + "Phoenix.Socket.html"},
        range(1, 21),
    ),
    "Channels": Group(
        "Channels",
        "Joining, leaving, failing, and what a channel can do. How to: [Serve channels](../how-to/channels.md).",
        {"Phoenix.Channel": PHOENIX + "Phoenix.Channel.html"},
        range(21, 48),
    ),
    "LongPoll": Group(
        "Long-polling",
        "The same without a WebSocket.",
        {"Phoenix.Endpoint": PHOENIX + "Phoenix.Endpoint.html"},
        range(48, 53),
    ),
    "PubSub": Group(
        "Publish and subscribe",
        "Who hears what is said to a topic, on which nodes, and in which order.",
        {"Phoenix.PubSub": PUBSUB + "Phoenix.PubSub.html"},
        range(53, 61),
    ),
    "Presence": Group(
        "Presence and trackers",
        "Who is there, what those hear who are interested, and how the nodes agree. How it works: "
        "[Presence](../explanation/presence.md).",
        {
            "Phoenix.Presence": "https://hexdocs.pm/phoenix/Phoenix.Presence.html",
            "Phoenix.Tracker": PUBSUB + "Phoenix.Tracker.html",
        },
        range(61, 74),
    ),
    "Supervision": Group(
        "What ends with what",
        "The tree around it all, and what a crash takes along.",
        {"Phoenix.PubSub": PUBSUB + "Phoenix.PubSub.html"},
        range(74, 77),
    ),
}
"""By section: the rules with these numbers, for all ids begin alike."""


def page(found: dict[str, list[Proof]]) -> str:
    """The whole page."""
    return rules_page(INTRODUCTION, GROUPS, found)


if __name__ == "__main__":
    PAGE.write_text(page(proofs(modules(), PHOENIX_IDS)), encoding="utf-8")
    say(f"{PAGE.relative_to(ROOT)}")
