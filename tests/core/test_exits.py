"""Exit signals, beyond the rules: what a mistake is told, and what the shell does."""

from __future__ import annotations

import asyncio

import pytest

import actorbook as ab
from tests.running import reason_of_end, settle, virtual


@virtual
async def test_a_process_may_kill_itself_and_does_not_go_on() -> None:
    went_on: list[str] = []

    async def body(went_on: list[str]) -> None:
        try:
            ab.exit(ab.self_(), "kill")
        except Exception:  # noqa: BLE001  the body that catches everything
            went_on.append("caught")
        await ab.receive(timeout=1)
        went_on.append("went on")

    pid = ab.spawn(body, ab.share(went_on))
    assert await reason_of_end(pid) in ("killed", "noproc")
    await asyncio.sleep(5)
    assert went_on == []


@virtual
async def test_the_shell_survives_a_crash_of_what_it_is_linked_to() -> None:
    ab.spawn(lambda: 1 / 0, link=True)
    await settle()
    assert ab.is_alive(ab.self_())


@virtual
async def test_a_bad_target_is_named_with_the_next_step() -> None:
    with pytest.raises(TypeError, match=r"exit: expected a Pid, got 'shop'; ab.whereis\('shop'\)"):
        ab.exit("shop", "boom")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="link: expected a Pid, got 5"):
        ab.link(5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected True or False, got 1"):
        ab.flag(trap_exit=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="spawn: expected a function, got 5; pass the function itself"):
        ab.spawn(5)  # type: ignore[arg-type]
