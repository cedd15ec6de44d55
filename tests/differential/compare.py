"""Compares what two runtimes showed, up to what neither of them promises."""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter
from pprint import pformat
from typing import Any

from tests.differential.scenarios import SUPERVISORS, Scenario

STEP = "step"


def difference(scenario: Scenario, theirs: list[Any], ours: list[Any]) -> str | None:
    """None when both showed the same; else the first step that they differ in, to be read by a person."""
    for number, step in enumerate(scenario):
        one, other = (canonical(outcomes[number]) for outcomes in (theirs, ours))
        if one != other:
            different = [what for what in one if one[what] != other[what]]
            return "\n".join([
                f"scenario = {pformat(scenario, width=110)}",
                f"differs in step {number}, {step!r}:",
                *(f"  {what}\n    OTP  {one[what]!r}\n    ours {other[what]!r}" for what in different),
            ])  # fmt: skip
    return None


def canonical(outcome: dict[str, Any]) -> dict[str, Any]:
    """The outcome of a step with all that is left to chance put in order."""
    plain = json.loads(json.dumps(outcome))
    dead = {key for key, _ in plain["ended"]}
    return {
        "results": _results(plain["results"], dead),
        "log": _log(plain["log"], plain["ended"]),
        "ended": _sorted(plain["ended"]),
        "busy": _sorted(plain["busy"]),
        "links": {key: _sorted(links) for key, links in plain["links"]},
        "watches": dict(plain["watches"]),
        "inbox": {key: _mailbox(messages) for key, messages in plain["inbox"]},
        "names": dict(plain["names"]),
        "trees": dict(plain["trees"]),
    }


def _results(results: list[Any], dead: set[Any]) -> list[Any]:
    """By actor. How far one gets that dies of what it does is a matter of scheduling."""
    return sorted(([key, _result(result)] for key, result in results if key not in dead), key=itemgetter(0))


def _result(result: Any) -> Any:
    flushed = isinstance(result, list) and result[:1] == ["flushed"]
    return _mailbox(result[1:]) if flushed else result


def _log(log: list[Any], ended: list[Any]) -> Any:
    """Starts and ends under a supervisor are in one order; what happens at once is in order only for each.

    At once hear of it: servers whose parent died, and children of a supervisor that was killed.
    """
    supervised = all(isinstance(key, str) for key, _ in log)
    if supervised and not any(key in SUPERVISORS and reason == "killed" for key, reason in ended):
        return log
    return sorted(log, key=lambda entry: str(entry[0]))


def _mailbox(messages: list[Any]) -> list[Any]:
    """Messages step by step. Within a step an order is promised for those of one sender, not across senders."""
    steps = [list(group) for mark, group in groupby(messages, lambda message: message == STEP) if not mark]
    return [_sorted([_from_one(sender, batch) for sender in {_sender(m) for m in batch}]) for batch in steps]


def _sender(message: Any) -> str:
    return json.dumps(message[1])


def _from_one(sender: str, batch: list[Any]) -> list[Any]:
    """In order, but for what one end makes of several links and monitors: that comes in no promised order."""
    mine = [message for message in batch if _sender(message) == sender]
    ordered: list[Any] = []
    for farewell, run in groupby(mine, lambda message: message[0] in ("EXIT", "DOWN") and message[-1]):
        messages = list(run)
        ordered += _sorted(messages) if farewell else messages
    return ordered


def _sorted(items: list[Any]) -> list[Any]:
    return sorted(items, key=json.dumps)
