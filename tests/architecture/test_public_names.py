"""The front door: the contract's names are there, sorted, and each explains itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from types import ModuleType

import actorbook

CONTRACT = """
    Node Pid Ref Timer spawn self_ send receive flush link unlink monitor demonitor alias unalias exit Exit
    flag register unregister whereis send_after is_alive process_info sleep share EXIT DOWN Crash
    stop GenServer call cast Reply NoReply Stop Ignore Continue Timeout Hibernate CallExit
    Supervisor DynamicSupervisor PartitionSupervisor TaskSupervisor SupervisorError GenStateMachine statem Task Agent
    Registry sys telemetry observe Cluster nodes monitor_nodes pg names Router Pool
    ClusterSupervisor ClusterSingleton web
""".split()


def undocumented(module: ModuleType, names: Iterable[str]) -> list[str]:
    """Classes, functions and modules among the names that say nothing of their own."""
    things = {name: getattr(module, name) for name in names}
    return [name for name, thing in things.items() if _explains(thing) and not _own_doc(thing)]


def order(name: str) -> tuple[int, str]:
    """Ruff's order of `__all__`: CONSTANTS, Classes, functions."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name)


def test_every_name_of_the_contract_is_public() -> None:
    assert set(CONTRACT) - set(actorbook.__all__) == set()


def test_every_public_name_exists_once_and_sorted() -> None:
    names = list(actorbook.__all__)

    assert [name for name in names if not hasattr(actorbook, name)] == []
    assert names == sorted(set(names), key=order)


def test_every_public_object_has_a_docstring() -> None:
    assert undocumented(actorbook, actorbook.__all__) == []


def test_a_planted_silent_class_is_seen() -> None:
    module = ModuleType("planted")
    module.Silent = type("Silent", (ValueError,), {})  # type: ignore[attr-defined]

    assert undocumented(module, ["Silent"]) == ["Silent"]


def _explains(thing: object) -> bool:
    return inspect.isclass(thing) or inspect.isroutine(thing) or inspect.ismodule(thing)


def _own_doc(thing: object) -> str | None:
    """Not inherited: a subclass of ValueError has its own story to tell."""
    return vars(thing).get("__doc__") if inspect.isclass(thing) else getattr(thing, "__doc__", None)
