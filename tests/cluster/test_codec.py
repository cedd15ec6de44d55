"""What travels as it is, what as bytes, and what not at all."""

from __future__ import annotations

import pickle
from types import ModuleType
from typing import Any

import pytest

import actorbook as ab
from actorbook.behaviours.protocol import Call, Caller, Cast, Invoke
from actorbook.cluster import codec
from actorbook.core.ids import Home, home_of
from actorbook.core.signals import Exited, Replied, Sent, Signal, Spawned
from tests.running import virtual


def there_and_back(signal: Signal) -> Any:
    return codec.decode(codec.encode(signal))


@virtual
async def test_plain_immutable_values_are_not_encoded_at_all() -> None:
    me = ab.self_()
    caller = Caller(me, ab.alias())
    for message in (1, "text", None, ("a", (1.5, me)), frozenset({1}), Cast(1), Call(caller, Invoke("add", (1,), {}))):
        signal = Sent(me, message)
        assert codec.encode(signal) is signal


@virtual
async def test_anything_else_is_bytes_even_if_it_could_be_passed_here() -> None:
    me = ab.self_()
    for message in ([1], {"a": 1}, print, ab.Reply(1), Invoke("add", (), {"k": 1}), ("deep", ([],))):
        signal = Sent(me, message)
        assert isinstance(codec.encode(signal), bytes)
        assert repr(there_and_back(signal)) == repr(signal)


@virtual
async def test_pids_refs_and_homes_come_back_as_the_same_objects() -> None:
    me, ref = ab.self_(), ab.alias()
    back = there_and_back(Sent(me, [me, ref, me.home]))

    assert (back.target is me, back.message[0] is me, back.message[1] is ref) == (True, True, True)
    assert back.message[2] is me.home
    assert pickle.loads(pickle.dumps(Home("far", 3))) is home_of("far", 3)


@virtual
async def test_a_module_travels_by_its_name() -> None:
    assert there_and_back(Sent(ab.self_(), ("via", ab.names, "x"))).message[1] is ab.names


@virtual
async def test_a_function_that_nobody_can_import_is_refused_and_the_text_says_what_to_do() -> None:
    me = ab.self_()
    text = r"cannot send to another node: .* got 'x'.*|define the function at the top level"
    for signal in (
        Sent(me, lambda: 1),
        Replied(ab.alias(), lambda: 1),
        Spawned(me, me, print, (lambda: 1,), None, "", False, None),
    ):
        with pytest.raises(ab.MessageError, match=text):
            codec.encode(signal)


@virtual
async def test_where_cloudpickle_is_installed_functions_travel_by_value(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = ModuleType("cloudpickle")
    fake.dumps = lambda value, protocol: pickle.dumps(("by value", type(value).__name__), protocol)  # type: ignore[attr-defined]
    monkeypatch.setitem(__import__("sys").modules, "cloudpickle", fake)

    assert there_and_back(Sent(ab.self_(), lambda: 1)) == ("by value", "Sent")


@virtual
async def test_an_end_is_heard_of_even_if_its_reason_cannot_travel() -> None:
    me = ab.self_()
    back = there_and_back(Exited(me, me, ("odd", lambda: 1), True))

    assert isinstance(back.reason, str)
    assert back.reason.startswith("('odd', <function ")


@virtual
async def test_a_crash_and_an_exit_travel() -> None:
    me = ab.self_()
    ab.spawn(int, "x", monitor=True)
    reason = (await ab.receive()).reason
    back = there_and_back(Exited(me, me, reason, True))

    assert (back.reason, back.reason.traceback) == (reason, reason.traceback)
    assert there_and_back(Sent(me, ab.EXIT(me, reason))).message == ab.EXIT(me, reason)
