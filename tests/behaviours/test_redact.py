"""`redact = {…}` in a class: attributes that no status, no crash report and no picture shows."""

from __future__ import annotations

from typing import Any

import pytest

import actorbook as ab
from tests.running import virtual


class Account(ab.GenServer):
    redact = frozenset({"password"})

    def init(self) -> None:
        self.owner, self.password = "ada", "s3cr3t"

    @ab.cast
    def crash(self) -> None:
        raise RuntimeError("boom")


class Shouting(Account):
    def format_status(self, status: dict[str, Any]) -> dict[str, Any]:
        owner = status["state"]["owner"].upper()
        return status | {"state": status["state"] | {"owner": owner}}


class Door(ab.GenStateMachine):
    redact = frozenset({"code"})

    def init(self) -> str:
        self.code = "s3cr3t"
        return "locked"

    def locked(self, event: Any) -> None: ...


@virtual
async def test_a_status_does_not_show_what_is_redacted_and_the_owner_still_has_it() -> None:
    pid = await Account.start()

    status = await ab.sys.get_status(pid)
    assert status["state"]["owner"] == "ada"
    assert repr(status["state"]["password"]) == "<redacted>"
    assert (await ab.sys.get_state(pid)).password == "s3cr3t"


@virtual
async def test_a_crash_report_does_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    pid: Any = await Account.start()
    pid.crash()
    await ab.sleep(0.01)

    assert "ada" in caplog.text
    assert "s3cr3t" not in caplog.text


@virtual
async def test_format_status_has_its_say_after_that() -> None:
    status = await ab.sys.get_status(await Shouting.start())

    assert status["state"]["owner"] == "ADA"
    assert "s3cr3t" not in repr(status)


@virtual
async def test_a_state_machine_keeps_its_secrets_too() -> None:
    status = await ab.sys.get_status(await Door.start())

    assert status["state"][0] == "locked"
    assert "s3cr3t" not in repr(status)
