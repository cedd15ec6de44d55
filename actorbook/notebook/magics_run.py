"""The part of `%actor` that is about the run as a whole: stand still, go back, break things, save and open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import breaking, halting, runs

if TYPE_CHECKING:
    from .session import Session

__all__ = ["RunMagics"]


class RunMagics:
    """Commands that `ActorMagics` takes up."""

    _session: Session

    def _options(self, command: str, line: str, **options: dict[str, Any]) -> Any:
        raise NotImplementedError  # pragma: no cover

    def _value(self, text: str) -> Any:
        raise NotImplementedError  # pragma: no cover

    def _number(self, text: str) -> int:
        """The number of an event, or an expression that is one."""
        word = text.replace(",", "")
        number = int(word) if word.isdigit() else self._value(text) if text else None
        if type(number) is not int:
            raise ValueError(f"expected the number of an event, got {text!r}; %actor events shows them")
        return number

    def _pause(self, line: str) -> Any:
        return halting.pause()

    def _step(self, line: str) -> Any:
        return halting.step(line or "1")

    def _continue(self, line: str) -> Any:
        return halting.go_on()

    def _at(self, line: str) -> Any:
        return runs.at(self._number(line))

    def _why(self, line: str) -> Any:
        return runs.why(self._number(line))

    def _save(self, line: str) -> Any:
        return runs.save(line)

    def _open(self, line: str) -> Any:
        return runs.open_run(self._session, line)

    def _chaos(self, line: str) -> Any:
        texts = ("kill-every", "drop", "delay", "for")
        given = self._options(
            "chaos", line, only={"action": "append", "default": None}, seed={"default": "0"},
            cell={"action": "store_true"}, stop={"action": "store_true"}, **{word: {"default": None} for word in texts},
        )  # fmt: skip
        if given.stop:
            return breaking.stop(self._session)
        return breaking.begin(self._session, vars(given))
