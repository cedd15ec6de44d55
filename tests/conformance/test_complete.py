"""Every rule has a test, and the reference pages tell no more and no less than these tests."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace

import pytest

from scripts import phoenix
from scripts.otp import GROUPS, PAGE, page
from tests.conformance.rules import IDS, KNOWN, PHOENIX_IDS, modules, proofs, rule, unproven


def module_proving(*ids: str) -> ModuleType:
    """A test module with one test for each of these rules."""
    module = ModuleType("tests.conformance.test_planted")
    for number, id in enumerate(ids):
        test = rule(id, f"Words of {id}.", differs="Here | there.")(lambda: None)
        vars(module)[f"test_number_{number}"] = test
    return module


def test_every_rule_has_a_test() -> None:
    assert unproven(modules()) == []


def test_a_planted_rule_without_a_test_is_reported() -> None:
    missing = "SIG-02"
    planted = module_proving(*(id for id in KNOWN if id != missing))

    assert unproven([planted]) == [missing]
    assert unproven([planted, module_proving(missing)]) == []


def test_a_rule_that_is_none_is_refused_at_its_mark() -> None:
    with pytest.raises(ValueError, match=r"rule\('SIG-99'\): expected one of SIG-01"):
        rule("SIG-99", "Anything.")


def test_a_rule_says_in_a_sentence_what_holds() -> None:
    said = [proof.rule for given in proofs(modules()).values() for proof in given]

    assert [rule.id for rule in said if not rule.words.endswith(".")] == []
    assert [rule.id for rule in said if rule.differs and not rule.differs.endswith(".")] == []


def test_the_reference_page_tells_what_the_tests_prove() -> None:
    now = PAGE.read_text(encoding="utf-8")

    assert now == page(proofs(modules(), IDS)), "docs/reference/otp.md is out of date: run `python -m scripts.otp`"


def test_the_reference_page_has_a_place_for_every_rule() -> None:
    assert {id.partition("-")[0] for id in IDS} == set(GROUPS)


def test_the_page_of_phoenix_tells_what_the_tests_prove() -> None:
    now = phoenix.PAGE.read_text(encoding="utf-8")

    assert now == phoenix.page(proofs(modules(), PHOENIX_IDS)), (
        "docs/reference/phoenix.md is out of date: run `python -m scripts.phoenix`"
    )
    assert [id for id in PHOENIX_IDS if f"| {id} |" not in now] == []


def test_a_page_has_a_row_for_a_rule_with_all_its_proofs() -> None:
    text = page(proofs([module_proving("SIG-01", "SIG-01"), SimpleNamespace(__name__="none", test_other=print)]))

    links = "<br>".join(f"[number {n}](../../tests/conformance/test_planted.py)" for n in range(2))
    assert f"| SIG-01 | Words of SIG-01. | Here \\| there. | {links} |" in text
    assert "## Timers" not in text
