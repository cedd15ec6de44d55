"""A page of rules: for each group a table of what holds, where we differ and what proves it, made from the marks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tests.conformance.rules import Proof

__all__ = ["HEAD", "Group", "rules_page"]

HEAD = "| rule | what holds | where we differ | proven by |\n|---|---|---|---|"


class Group(NamedTuple):
    """Rules that belong together: what they are about, and where that is documented. `numbers`: those of a family."""

    title: str
    about: str
    sources: dict[str, str]
    numbers: range | None = None


def rules_page(introduction: str, groups: dict[str, Group], found: dict[str, list[Proof]]) -> str:
    """The whole page: a table for each group that has proofs."""
    parts = [introduction]
    for prefix, group in groups.items():
        rows = [_row(id, given) for id, given in found.items() if _belongs(id, prefix, group)]
        if rows:
            parts.append("\n".join([_heading(prefix, group), HEAD, *rows, ""]))
    return "\n".join(parts)


def _belongs(id: str, prefix: str, group: Group) -> bool:
    """Whether the rule is one of the group's: by the first letters, or by its number in the family."""
    family, _, number = id.partition("-")
    return family == prefix if group.numbers is None else int(number) in group.numbers


def _heading(prefix: str, group: Group) -> str:
    sources = ", ".join(f"[{title}]({address})" for title, address in group.sources.items())
    return f"## {group.title} ({prefix})\n\n{group.about} Source: {sources}.\n"


def _row(id: str, given: list[Proof]) -> str:
    words = _joined(proof.rule.words for proof in given)
    differs = _joined(proof.rule.differs for proof in given)
    return f"| {id} | {words} | {differs} | {'<br>'.join(map(_link, given))} |"


def _joined(sentences: Iterable[str]) -> str:
    """Each sentence once, as the text of one cell."""
    return " ".join(dict.fromkeys(filter(None, sentences))).replace("|", "\\|")


def _link(proof: Proof) -> str:
    sentence = proof.test.removeprefix("test_").replace("_", " ")
    return f"[{sentence}](../../tests/conformance/{proof.file})"
