"""`Endpoint`: sockets and HTTP routes on one port, supervised; itself an ASGI application.

    class Endpoint(ab.web.Endpoint):
        pubsub = "pubsub"
        sockets = {"/socket": UserSocket}
        routes = [Route("/", page)]                       # of Starlette

    await ab.Supervisor.start([ab.web.PubSub.child_spec(name="pubsub"), Endpoint.child_spec(port=4000)])

It serves by uvicorn, on the node's own loop. Or it is part of another application, started without a port:
`Starlette(routes=[Mount("/live", Endpoint.asgi)])`. Each connection, each channel and each HTTP request is a process
below it: a failure ends one of them, never the endpoint. A socket with options is a pair,
`(UserSocket, {"timeout": 30.0, "check_origin": ["//*.example.com"]})`, see `actorbook.web.mounting`.
Source: Phoenix.Endpoint, rules CH-60, CH-74 to CH-76.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from ..behaviours.child_spec import ChildSpec
from ..behaviours.dynamic_supervisor import DynamicSupervisor
from ..behaviours.supervising import server_of
from ..behaviours.supervisor import Supervisor
from ..behaviours.task_supervisor import TaskSupervisor
from ..core.errors import CallExit
from ..core.ids import Pid
from ..core.running import current_node
from .application import Application
from .broadcast import Broadcast
from .drainer import Drainer
from .fastlane import dispatch
from .mounting import Mounted, mounted
from .pubsub import PubSub
from .server import Server
from .speaking import check_payload

__all__ = ["Endpoint"]


class _Asgi:
    """`Endpoint.asgi`: the application of the class, on whichever node runs it."""

    def __get__(self, instance: Any, cls: Any) -> Application:
        return Application(cls, None)


class Endpoint(Supervisor):
    """Subclass it, and start it after its pubsub: `await MyEndpoint.start(port=4000)`."""

    sockets: ClassVar[Mapping[str, Any]] = {}
    """Paths, and the socket that is mounted there; variables (`/ws/:user_id`) become parameters of `connect`."""
    routes: ClassVar[Sequence[Any]] = ()
    """HTTP routes of Starlette. Each request is handled in a process of its own."""
    pubsub: ClassVar[str] = ""
    secret: ClassVar[str] = ""
    """Signs the sessions of long-polling; unless told, one is drawn at the start."""
    check_origin: ClassVar[Any] = True
    host: ClassVar[str] = ""
    """The host that pages may come from; unless told, the one that was asked for."""
    drain_batch: ClassVar[int] = 10_000
    drain_interval: ClassVar[float] = 2.0
    drain_patience: ClassVar[float] = 30.0
    name: ClassVar[str] = ""
    asgi: ClassVar[Any] = _Asgi()
    strategy = "one_for_one"

    # --- starting ---------------------------------------------------------------------------------------

    @classmethod
    async def start(  # type: ignore[override]
        cls, *, port: int | None = None, host: str = "127.0.0.1", node: str | None = None, **options: Any
    ) -> Pid:
        """Start it; with a `port` (0: any that is free) it serves, without one it waits to be mounted.

        `port()` tells the port. Other options are uvicorn's (`ssl_keyfile`, …). Raises `SupervisorError`: its text says
        that the port is taken, or what else is wrong.
        """
        pid = await super().start(port, host, options, name=cls._name(), node=node)
        assert pid is not None
        return pid

    @classmethod
    async def start_link(  # type: ignore[override]
        cls, *, port: int | None = None, host: str = "127.0.0.1", node: str | None = None, **options: Any
    ) -> Pid:
        """As `start`, linked to the calling process, its parent: how supervisors start their children."""
        pid = await super().start_link(port, host, options, name=cls._name(), node=node)
        assert pid is not None
        return pid

    @classmethod
    def child_spec(cls, **options: Any) -> ChildSpec:  # type: ignore[override]
        """How a supervisor is to start it: after its pubsub and its presences. Options are those of `start`."""
        return ChildSpec(cls._name(), (cls.start_link, (), options), type="supervisor", modules=(cls.__name__,))

    @classmethod
    def _name(cls) -> str:
        return cls.name or cls.__name__

    @classmethod
    def children(cls, port: int | None, host: str, options: dict[str, Any]) -> list[ChildSpec]:
        """What it consists of; the last to start is the first to stop."""
        name = cls._name()
        cls.mounts()
        below: list[ChildSpec] = [
            DynamicSupervisor.child_spec(name=f"{name}.channels"),
            DynamicSupervisor.child_spec(name=f"{name}.sockets"),
            TaskSupervisor.child_spec(name=f"{name}.requests"),
        ]
        if port is not None:
            make = partial(_application, cls)
            below.append(Server.child_spec(make, host, port, options, id="server", shutdown=10.0))
        drainer = Drainer.child_spec(
            cls, f"{name}.sockets", cls.drain_batch, cls.drain_interval, id="drainer", shutdown=cls.drain_patience
        )
        return [*below, drainer]

    @classmethod
    def mounts(cls) -> list[Mounted]:
        """The sockets with their options, checked."""
        name = cls._name()
        known = {
            "endpoint": cls, "pubsub": cls.pubsub, "sockets": f"{name}.sockets", "channels": f"{name}.channels",
            "host": cls.host, "check_origin": cls.check_origin, "secret": cls.secret,
        }  # fmt: skip
        return [mounted(path, given, **known) for path, given in cls.sockets.items()]

    @classmethod
    def router(cls) -> Any:
        """What answers requests that are for no socket: an ASGI application, made once; unless told, of `routes`."""
        from starlette.routing import Router

        return Router(routes=list(cls.routes))

    # --- looking ----------------------------------------------------------------------------------------

    @classmethod
    def port(cls) -> int:
        """The port on which it listens. Raises `CallExit` with `"noproc"` when it does not."""
        endpoint = server_of(cls._name(), Endpoint)
        child = endpoint._table.get("server") if endpoint is not None else None
        process = current_node().local(child.pid) if child is not None and child.pid is not None else None
        if process is None:
            raise CallExit("noproc", f"{cls.__name__} does not listen; `await {cls.__name__}.start(port=0)`")
        port: int = process.body.server.port  # type: ignore[attr-defined]
        return port

    @classmethod
    def url(cls) -> str:
        """Where it serves, for people and clients."""
        return f"http://127.0.0.1:{cls.port()}"

    # --- speaking, from outside any channel -------------------------------------------------------------

    @classmethod
    def broadcast(cls, topic: str, event: str, payload: Any) -> None:
        """Send an event to all clients of a topic, on all nodes; `payload` is a dict or bytes (rule CH-60)."""
        PubSub.broadcast(cls.pubsub, topic, Broadcast(topic, event, check_payload(payload)), dispatch)

    @classmethod
    def broadcast_from(cls, from_pid: Pid, topic: str, event: str, payload: Any) -> None:
        """As `broadcast`, to all but the channel (or other subscriber) `from_pid`."""
        PubSub.broadcast_from(cls.pubsub, from_pid, topic, Broadcast(topic, event, check_payload(payload)), dispatch)

    @classmethod
    def local_broadcast(cls, topic: str, event: str, payload: Any) -> None:
        """As `broadcast`, on this node only."""
        PubSub.local_broadcast(cls.pubsub, topic, Broadcast(topic, event, check_payload(payload)), dispatch)

    @classmethod
    def local_broadcast_from(cls, from_pid: Pid, topic: str, event: str, payload: Any) -> None:
        """As `broadcast_from`, on this node only."""
        message = Broadcast(topic, event, check_payload(payload))
        PubSub.local_broadcast_from(cls.pubsub, from_pid, topic, message, dispatch)

    @classmethod
    def subscribe(cls, topic: str) -> None:
        """Have the calling process receive what is broadcast to a topic, as `ab.web.Broadcast`."""
        PubSub.subscribe(cls.pubsub, topic)

    @classmethod
    def unsubscribe(cls, topic: str) -> None:
        """Take that back."""
        PubSub.unsubscribe(cls.pubsub, topic)


def _application(cls: Any) -> Application:
    return Application(cls, current_node())
