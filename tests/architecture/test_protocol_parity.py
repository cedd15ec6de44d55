"""Kernel and picture speak one language: all three tellings name the same messages and fields."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.wire import STRUCTURES, Wire, from_python, from_reference, from_typescript

ROOT = Path(__file__).parents[2]


def reference() -> Wire:
    """The telling that the other two are held to."""
    return from_reference((ROOT / "docs/reference/wire.md").read_text(encoding="utf-8"))


def texts(folder: Path, pattern: str) -> str:
    """What all files of that name say together."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob(pattern)))


def test_the_reference_tells_every_structure_and_both_directions() -> None:
    wire = reference()

    assert set(wire.structures) == set(STRUCTURES)
    assert {"delta", "snapshot", "pong", "result", "found"} <= set(wire.messages)
    assert {"hello", "visible", "bye", "ack", "resync", "ping", "command"} <= set(wire.messages)
    assert {"type", "id", "name", "pid", "args?"} == wire.messages["command"]


def test_typescript_says_what_the_reference_says() -> None:
    wire = from_typescript(texts(ROOT / "js/src", "protocol*.ts"))

    assert wire.structures == reference().structures
    assert wire.messages == reference().messages


def test_python_says_what_the_reference_says() -> None:
    wire = from_python(texts(ROOT / "actorbook/notebook", "protocol*.py"))

    assert wire.structures == reference().structures
    assert wire.messages == reference().messages


def test_a_field_that_one_side_forgot_is_seen() -> None:
    told = from_reference('```\nEvent = {n: int, at: float}\n```\n| `{type: "ack", seq, view?}` | x |')
    python = (
        "class Base(TypedDict):\n    n: int\n"
        "class Event(Base, total=False):\n    at: Required[float]\n    why: str\n"
        "class Ack(TypedDict):\n    type: Literal['ack']\n    seq: int\n    view: NotRequired[str]\n"
    )
    shapes = (
        'const isEvent = shape({ n: isNumber, at: listOf(oneOf("a", "b")) /* , why: x */ });\n'
        'type ToKernel = { readonly type: "ack"; readonly seq: number };'
    )

    assert told == Wire({"Event": frozenset({"n", "at"})}, {"ack": frozenset({"type", "seq", "view?"})})
    assert from_python(python).structures == {"Event": frozenset({"n", "at", "why?"})}
    assert from_python(python).messages == told.messages
    assert from_typescript(shapes).structures == told.structures
    assert from_typescript(shapes).messages == {"ack": frozenset({"type", "seq"})}


def test_interfaces_are_read_as_well_as_shapes() -> None:
    text = "interface Stats extends Base {\n  rate: number;\n  by: Map<string, X>;\n  late?: boolean;\n}"

    assert from_typescript(text).structures == {"Stats": frozenset({"rate", "by", "late?"})}
