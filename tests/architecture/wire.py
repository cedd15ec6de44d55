"""Reads the wire out of its three tellings: the reference, Python's TypedDicts and TypeScript's shapes.

Each reader takes text and gives `Wire`: the fields of each named structure (`Row`) and of each message
(`"delta"`). An optional field ends in `?`. Only names are compared; values are tested on each side.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

STRUCTURES = (
    "Snapshot", "Row", "Event", "Stats", "Way", "Details", "State", "Value", "Queue", "Waiting", "Ties", "Tie", "Code",
    "Machine", "Place", "Arrow", "Taken", "Talk", "Lane", "Flight", "Stop", "Bar", "Tick", "Box", "Note", "Rank",
    "Mark", "Moment", "Link",
)  # fmt: skip

Fields = frozenset[str]
MEMBER = re.compile(r"(?:readonly\s+)?(\w+)(\??)\s*(?::\s*(.*))?", re.DOTALL)
LITERAL = re.compile(r'(?:oneOf\()?"(\w+)"\)?')
NAMED = re.compile(r"(?:\bconst is|\binterface |\btype |^)([A-Z]\w*)\b[^{};]*\Z", re.MULTILINE)


@dataclass
class Wire:
    """What one telling says."""

    structures: dict[str, Fields] = field(default_factory=dict)
    messages: dict[str, Fields] = field(default_factory=dict)

    def add(self, name: str, members: dict[str, str]) -> None:
        """A block with a literal `type` is a message; else it counts by its name."""
        kind = LITERAL.fullmatch(members.get("type", ""))
        if kind:
            self.messages[kind[1]] = frozenset(members)
        elif name in STRUCTURES and members:
            self.structures[name] = frozenset(members)


def from_reference(text: str) -> Wire:
    """docs/reference/wire.md: the Row table, and each `{…}` in code."""
    wire = Wire()
    table = text.partition("\n## Row\n")[2].partition("\n## ")[0]
    wire.add("Row", dict.fromkeys(re.findall(r"^\| `(\w+)`", table, re.MULTILINE), ""))
    for code in re.findall(r"```\n(.*?)```|`([^`\n]+)`", text, re.DOTALL):
        _add_blocks(wire, "".join(code))
    return wire


def from_typescript(text: str) -> Wire:
    """js/src/protocol.ts: `const isRow = shape({…})`, interfaces, and literal object types."""
    wire = Wire()
    _add_blocks(wire, re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL))
    return wire


def from_python(text: str) -> Wire:
    """actorbook/notebook/protocol.py: TypedDict classes, inherited fields included."""
    wire = Wire()
    classes = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}
    for name in classes:
        wire.add(name, dict(_typed_fields(name, classes)))
    return wire


def _add_blocks(wire: Wire, code: str) -> None:
    for found in re.finditer(r"\{", code):
        name = NAMED.search(code[: found.start()])
        members = _members(_balanced(code, found.start()))
        if members is not None:
            wire.add(name[1] if name else "", members)


def _balanced(code: str, start: int) -> str:
    """What stands between the brace at `start` and its partner."""
    depth = 0
    for at in range(start, len(code)):
        depth += (code[at] in "{[(") - (code[at] in "}])")
        if depth == 0:
            return code[start + 1 : at]
    return ""


def _members(body: str) -> dict[str, str] | None:
    """`a: X, b?: Y` as {"a": "X", "b?": "Y"}; None when it is no list of members."""
    parsed = [MEMBER.fullmatch(part.strip()) for part in _split(body) if part.strip()]
    if not all(parsed):
        return None
    return {match[1] + match[2]: (match[3] or "").strip() for match in parsed if match}


def _split(body: str) -> Iterator[str]:
    """Parts between the commas and semicolons that stand in no bracket."""
    depth = start = 0
    for at, sign in enumerate(body):
        depth += (sign in "{[(<") - (sign in "}])>")
        if sign in ",;" and depth == 0:
            yield body[start:at]
            start = at + 1
    yield body[start:]


def _typed_fields(name: str, classes: dict[str, ast.ClassDef]) -> Iterator[tuple[str, str]]:
    node = classes[name]
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in classes:
            yield from _typed_fields(base.id, classes)
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            yield _typed_field(item.target.id, ast.unparse(item.annotation), node)


def _typed_field(name: str, annotation: str, node: ast.ClassDef) -> tuple[str, str]:
    partial = any(word.arg == "total" and ast.unparse(word.value) == "False" for word in node.keywords)
    optional = annotation.startswith("NotRequired[") or (partial and not annotation.startswith("Required["))
    literal = re.fullmatch(r"Literal\['(\w+)'\]", annotation)
    return name + "?" * optional, f'"{literal[1]}"' if literal else annotation
