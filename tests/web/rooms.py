"""A socket whose channels do what rules speak of."""

from __future__ import annotations

from typing import Any, ClassVar

import actorbook as ab

LOG: list[Any] = []


class Room(ab.web.Channel):
    intercept = ("seen",)

    async def join(self, topic: str, payload: Any, socket: ab.web.SocketState) -> Any:
        await _wait(payload.get("sleep"))
        if payload.get("raise"):
            raise RuntimeError("no")
        if "refuse" in payload:
            return "error", {"reason": payload["refuse"]}
        if payload.get("early"):
            ab.web.push(socket, "early", {})
        if payload.get("trap"):
            ab.flag(trap_exit=True)
        if payload.get("other"):
            ab.web.PubSub.subscribe(socket.pubsub, payload["other"])
        return ("ok", {"joined": topic}) if payload.get("say") else None

    @ab.web.on("echo")
    def echo(self, payload: Any, socket: ab.web.SocketState) -> Any:
        return "ok", payload

    @ab.web.on("slow")
    async def slow(self, payload: Any, socket: ab.web.SocketState) -> Any:
        await _wait(payload["sleep"])
        return "ok", payload

    @ab.web.on("status")
    def status(self, payload: Any, socket: ab.web.SocketState) -> Any:
        return ab.web.Reply(payload["status"], payload.get("response"))

    @ab.web.on("bare")
    def bare(self, payload: Any, socket: ab.web.SocketState) -> Any:
        return "ok"

    @ab.web.on("push")
    def push(self, payload: Any, socket: ab.web.SocketState) -> None:
        ab.web.push(socket, "pushed", payload)

    @ab.web.on("wrong")
    def wrong(self, payload: Any, socket: ab.web.SocketState) -> None:
        ab.web.push(socket, "wrong", [1])

    @ab.web.on("shout")
    def shout(self, payload: Any, socket: ab.web.SocketState) -> Any:
        ab.web.broadcast(socket, payload["event"], payload["body"])
        return "ok"

    @ab.web.on("whisper")
    def whisper(self, payload: Any, socket: ab.web.SocketState) -> None:
        ab.web.broadcast_from(socket, "whisper", payload)

    @ab.web.on("stop")
    def stop(self, payload: Any, socket: ab.web.SocketState) -> Any:
        return ab.web.Stop(_reason(payload["reason"]), reply=("ok", {"bye": 1}))

    @ab.web.on("exit")
    def exit(self, payload: Any, socket: ab.web.SocketState) -> None:
        raise ab.Exit(payload["reason"])

    @ab.web.on("kill")
    def kill(self, payload: Any, socket: ab.web.SocketState) -> None:
        ab.exit(ab.self_(), "kill")

    @ab.web.on("timeout")
    def timeout(self, payload: Any, socket: ab.web.SocketState) -> Any:
        return ab.web.NoReply(ab.Timeout(payload["seconds"]))

    @ab.web.on("later")
    def later(self, payload: Any, socket: ab.web.SocketState) -> None:
        ab.spawn(_answer_later, ab.web.socket_ref(socket))

    def handle_out(self, event: str, payload: Any, socket: ab.web.SocketState) -> None:
        ab.web.push(socket, event, {**payload, "by": socket.assigns.get("user")})

    def handle_info(self, message: Any, socket: ab.web.SocketState) -> None:
        ab.web.push(socket, "info", {"got": repr(message)})

    def handle_call(self, request: Any, caller: Any, socket: ab.web.SocketState) -> Any:
        return request, socket.topic

    def handle_cast(self, request: Any, socket: ab.web.SocketState) -> None:
        ab.web.push(socket, "cast", {"got": request})

    def terminate(self, reason: Any, socket: ab.web.SocketState) -> None:
        LOG.append((socket.topic, reason if not isinstance(reason, ab.Crash) else "crash"))


class UserSocket(ab.web.Socket):
    channels: ClassVar[dict[str, Any]] = {"room:exact": Room, "room:*": Room}

    def connect(self, params: Any, socket: ab.web.SocketState, connect_info: Any) -> Any:
        LOG.append(("connect", params, connect_info))
        if "refuse" in params:
            return ("error", params["refuse"]) if params["refuse"] else "error"
        if "crash" in params:
            raise RuntimeError("connect")
        socket.assign(user=params.get("user"))
        return None

    def id(self, socket: ab.web.SocketState) -> str | None:
        user = socket.assigns["user"]
        return f"users:{user}" if user else None


class Endpoint(ab.web.Endpoint):
    pubsub = "pubsub"
    sockets: ClassVar[dict[str, Any]] = {"/socket": UserSocket}


async def _wait(seconds: float | None) -> None:
    if seconds:
        await ab.sleep(seconds)


def _reason(given: Any) -> Any:
    return tuple(given) if isinstance(given, list) else given


def _answer_later(ref: Any) -> None:
    ab.web.reply(ref, ("ok", {"n": 1}))
    ab.web.reply(ref, ("ok", {"n": 2}))
