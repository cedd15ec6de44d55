"""Requests whose answer is fetched later, and requests to many: `send_request`, `multi_call`, `abcast`.

Rules GEN-30, GEN-31. A request is a monitor that is an alias too: the reply ends both, so nothing stays
behind, and an abandoned one is answered into the void.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ..core.context import receive
from ..core.dest import deliver, is_via, whereis
from ..core.errors import MailboxFullError, UnknownNameError
from ..core.ids import Ref
from ..core.isolation import isolate
from ..core.messages import DOWN, is_down
from ..core.relations import demonitor, monitor, unalias
from ..core.running import current
from ..core.timers import check_seconds
from .protocol import Call, Caller, cast

__all__ = ["abcast", "check_response", "multi_call", "receive_response", "send_request", "wait_response"]


def send_request(dest: Any, request: Any) -> Ref:
    """Ask a server and go on: the `Ref` stands for the answer, see `receive_response`."""
    me = current()
    copy = isolate(request)
    target = whereis(dest, me.node) if is_via(dest) else dest
    if target is None:
        ref = me.node.make_ref()
        me.put(DOWN(ref, dest, "noproc"))
        return ref
    ref = monitor(target, alias="reply_demonitor")
    with suppress(UnknownNameError):  # the monitor has said so already
        deliver(me.node, target, Call(Caller(me.pid, ref), copy))
    return ref


def check_response(message: Any, ref: Ref) -> Any:
    """What a message means to a request: `("reply", v)`, `("error", (reason, dest))`, or `"no_reply"`."""
    if is_down(message, ref):
        return "error", (message.reason, message.pid)
    if isinstance(message, tuple) and len(message) == 2 and message[0] is ref:
        return "reply", message[1]
    return "no_reply"


async def wait_response(ref: Ref, timeout: float | None = None) -> Any:
    """Await the answer for up to `timeout` seconds; `"timeout"` leaves the request open, so ask again."""
    try:
        message = await receive(lambda message: check_response(message, ref) != "no_reply", timeout)
    except TimeoutError:
        return "timeout"
    return check_response(message, ref)


async def receive_response(ref: Ref, timeout: float | None = None) -> Any:
    """As `wait_response`, but `"timeout"` gives the request up: a late answer vanishes."""
    result = await wait_response(ref, timeout)
    if result == "timeout":
        demonitor(ref, flush=True)
        unalias(ref)
    return result


async def multi_call(
    nodes: list[str], name: str, request: Any, timeout: float | None = 5.0
) -> tuple[list[tuple[str, Any]], list[str]]:
    """Call the server `name` on several nodes at once: `([(node, reply), …], [node that gave none, …])`."""
    clock = current().node.clock
    deadline = None if timeout is None else clock.now() + check_seconds(timeout, "multi_call(timeout=…)")
    requests = [(node, send_request((name, node), request)) for node in nodes]
    replies: list[tuple[str, Any]] = []
    bad: list[str] = []
    for node, ref in requests:
        left = None if deadline is None else max(0.0, deadline - clock.now())
        match await receive_response(ref, left):
            case ("reply", value):
                replies.append((node, value))
            case _:
                bad.append(node)
    return replies, bad


def abcast(nodes: list[str], name: str, request: Any) -> None:
    """Cast to the server `name` on several nodes; who is not there, or has no room, is no error. Does not wait."""
    for node in nodes:
        with suppress(MailboxFullError):
            cast((name, node), request)
