"""Plays scenarios on Erlang/OTP: one long-lived `erl`, which reads terms on its input and answers in JSON."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Self

from scripts import erlang
from tests.differential.scenarios import Scenario

SOURCES = sorted((Path(__file__).parent / "erlang").glob("*.erl"))
# All code is loaded before the first scenario: who waits for code is not seen to be at work (see driver.erl).
LOAD = """
[begin
     {ok, Modules} = application:get_key(Library, modules),
     ok = code:ensure_modules_loaded(Modules)
 end || Library <- [kernel, stdlib]],
[begin
     {ok, Module, Code} = compile:file(File, [binary, report, warnings_as_errors]),
     {module, Module} = code:load_binary(Module, File, Code)
 end || File <- init:get_plain_arguments()],
driver:main().
"""


class Otp:
    """A running `erl`. It has no node name, so it opens no port; at the end of its input it halts."""

    def __init__(self) -> None:
        self._command = [str(erlang.require()), "-noshell", "+S", "1:1", "-eval", LOAD, "-extra", *map(str, SOURCES)]
        self._erl = self._start()

    def _start(self) -> subprocess.Popen[str]:
        no_dump = {**os.environ, "ERL_CRASH_DUMP_SECONDS": "0"}
        return subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=no_dump)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._erl.communicate(timeout=10)

    def play(self, scenario: Scenario) -> list[Any]:
        """What could be seen after each step. A failing driver is our bug: the next scenario gets a new one."""
        assert self._erl.stdin is not None
        assert self._erl.stdout is not None
        self._erl.stdin.write(f"{term(scenario)}.\n")
        self._erl.stdin.flush()
        answer = self._erl.stdout.readline()
        if not answer.startswith("["):
            self._erl.communicate()
            self._erl = self._start()
            raise RuntimeError(f"erl failed as it played {scenario}; why, it said on stderr")
        outcomes: list[Any] = [dict(outcome) for outcome in json.loads(answer)]
        return outcomes


def term(value: Any) -> str:
    """A value as Erlang's text: strings are atoms."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f"'{value}'"
    inside = ",".join(map(term, value))
    return f"{{{inside}}}" if isinstance(value, tuple) else f"[{inside}]"
