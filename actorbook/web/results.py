"""What callbacks of channels may return beside `NoReply` and `Stop` of servers: a reply with a status."""

from __future__ import annotations

from typing import Any, ClassVar

from ..behaviours.results import Then, Value

__all__ = ["Reply", "status_and_response"]


class Reply(Value):
    """Answer the client's push: `Reply("ok", {"n": 1})`; the pair `("ok", {"n": 1})` and a bare `"ok"` are the same.

    `status` is `"ok"`, `"error"` or a word of your own, `response` any JSON or bytes; then do `then`.
    """

    __slots__ = ("response", "status", "then")
    __match_args__: ClassVar[tuple[str, ...]] = ("status", "response", "then")

    def __init__(self, status: str, response: Any = None, then: Then = None) -> None:
        self.status, self.response = status_and_response((status, {} if response is None else response))
        self.then = then


def status_and_response(reply: Any) -> tuple[str, Any]:
    """The two parts of a reply, however it was written."""
    if isinstance(reply, str):
        return reply, {}
    if isinstance(reply, Reply):
        return reply.status, reply.response
    if isinstance(reply, tuple) and len(reply) == 2 and isinstance(reply[0], str):
        return reply
    raise TypeError(f'reply: expected a status, or a pair such as ("ok", {{"n": 1}}), got {reply!r}')
