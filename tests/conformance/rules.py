"""The rules of OTP and of Phoenix that the package keeps, each tied to the test that proves it.

    @rule("SIG-01", "A linked process that ends normally does not harm one that traps no exits.")
    @virtual
    async def test_a_normal_end_harms_no_link() -> None: ...

The words are ours; `differs` says where and why the package does something else. The reference pages
`docs/reference/otp.md` and `docs/reference/phoenix.md` are made from these marks, and a check fails when a rule has no
test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

__all__ = ["IDS", "KNOWN", "PHOENIX_IDS", "Proof", "Rule", "modules", "proofs", "rule", "rules_of", "unproven"]

_F = TypeVar("_F", bound=Callable[..., Any])
_SIZES = {
    "SIG": 22, "MON": 14, "MBX": 6, "TMR": 6, "SUP": 55, "DYN": 9, "PRT": 4, "GEN": 33, "SYS": 9,
    "FSM": 27, "TSK": 15, "AGT": 2, "REG": 11, "PG": 7, "GLB": 6, "UPG": 5, "TEL": 3, "ASY": 6,
}  # fmt: skip
IDS = [f"{group}-{number:02}" for group, size in _SIZES.items() for number in range(1, size + 1)]
_PHOENIX = (
    range(1, 53),  # sockets and channels
    range(53, 61),  # PubSub
    range(61, 69),  # Presence
    range(69, 74),  # how its nodes agree
    range(74, 77),  # the endpoint around it
)  # of the 76 rules those that are built
PHOENIX_IDS = [f"CH-{number:02}" for numbers in _PHOENIX for number in numbers]
KNOWN = [*IDS, *PHOENIX_IDS]


class Rule(NamedTuple):
    """One rule as one test proves it."""

    id: str
    words: str
    differs: str


def rule(id: str, words: str, differs: str = "") -> Callable[[_F], _F]:
    """Mark a test as the proof of a rule, said in our own words; `differs` when we do something else, and why."""
    if id not in KNOWN:
        raise ValueError(f"rule({id!r}): expected one of {KNOWN[0]} … {KNOWN[-1]}; see tests/conformance/rules.py")

    def mark(test: _F) -> _F:
        test.__dict__.setdefault("rules", []).insert(0, Rule(id, words, differs))
        return test

    return mark


def rules_of(module: Any) -> Iterator[tuple[Rule, str]]:
    """The rules that the tests of a module prove, each with the test's name."""
    for name, test in vars(module).items():
        if name.startswith("test_"):
            yield from ((rule, name) for rule in getattr(test, "rules", ()))


class Proof(NamedTuple):
    """A rule, and where it is proven."""

    rule: Rule
    file: str
    test: str


def modules() -> list[Any]:
    """Every test module of this folder, imported."""
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    return [import_module(f"tests.conformance.{file.stem}") for file in files]


def proofs(modules: Iterable[Any], ids: Iterable[str] = KNOWN) -> dict[str, list[Proof]]:
    """What these modules prove of these rules: for each id, in the order of the rules, all its proofs."""
    found: dict[str, list[Proof]] = {}
    for module in modules:
        for rule, test in rules_of(module):
            found.setdefault(rule.id, []).append(Proof(rule, f"{module.__name__.rpartition('.')[2]}.py", test))
    return {id: found[id] for id in ids if id in found}


def unproven(modules: Iterable[Any]) -> list[str]:
    """The ids that no test of these modules proves."""
    proven = proofs(modules)
    return [id for id in KNOWN if id not in proven]
